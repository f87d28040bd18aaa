package web

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema returns the tables of this package: sessions and form tokens.
func Schema() db.Schema {
	return db.Embedded("web", schemaFiles)
}

// SessionKind tells the sorts of sessions apart; each has its own cookie.
type SessionKind string

// The kinds.
const (
	StaffSession   SessionKind = "staff"
	CitizenSession SessionKind = "citizen"
	PhoneSession   SessionKind = "phone" // of staff, on the Staff face: listed and ended with their others
)

var sessionKinds = []SessionKind{StaffSession, PhoneSession, CitizenSession}

// Session is one browser's login; a citizen's is for one account, with a cookie of its own. Subject is the id of the staff member or citizen; 0 is a browser that is remembered
// before anybody has logged in (the state of a web authorisation).
type Session struct {
	ID        string            `json:"id" doc:"会话编号"`
	Kind      SessionKind       `json:"kind" doc:"staff、phone 或 citizen"`
	Account   string            `json:"account,omitempty" doc:"公众号"`
	Subject   int64             `json:"-"`
	CreatedAt int64             `json:"created_at" doc:"登录时间，毫秒"`
	SeenAt    int64             `json:"seen_at" doc:"最近使用时间，毫秒"`
	ExpiresAt int64             `json:"expires_at" doc:"最迟失效时间，毫秒"`
	Address   string            `json:"address" doc:"登录地址"`
	Agent     string            `json:"agent" doc:"浏览器"`
	Data      map[string]string `json:"-"`
}

// SessionTimes limit a session: Idle since it was last seen, Life since the login.
type SessionTimes struct{ Idle, Life time.Duration }

// DefaultTimes are the limits when no setting says otherwise: a desk is left alone for half an hour at most and a
// working day ends; a phone is lent and lost, and its owner comes back by the next message; a citizen's phone stays known
// for a month.
func DefaultTimes(kind SessionKind) SessionTimes {
	switch kind {
	case StaffSession:
		return SessionTimes{Idle: 30 * time.Minute, Life: 12 * time.Hour}
	case PhoneSession:
		return SessionTimes{Idle: 15 * time.Minute, Life: 2 * time.Hour}
	}
	return SessionTimes{Idle: 7 * 24 * time.Hour, Life: 30 * 24 * time.Hour}
}

// strangerLife is how long a browser is remembered before anybody logged in: one web authorisation.
const strangerLife = time.Hour

// Sessions keeps logins in the database: each can be listed and revoked, ends after being idle and at its absolute
// limit, and gets a new token at login. When a session was last seen is written in batches, up to a minute late.
type Sessions struct {
	db      *db.DB
	wall    clock.Clock
	log     *slog.Logger
	times   func(context.Context, SessionKind) SessionTimes
	secure  bool
	by      map[SessionKind]*scs.SessionManager
	seen    seenBatch
	unknown map[SessionKind]*atomic.Int64
}

// SessionConfig is what Sessions are made of. Secure says that browsers reach us by TLS. Times may be nil.
type SessionConfig struct {
	DB     *db.DB
	Wall   clock.Clock
	Log    *slog.Logger
	Secure bool
	Times  func(context.Context, SessionKind) SessionTimes
}

// NewSessions makes the sessions of all kinds.
func NewSessions(c SessionConfig) *Sessions {
	s := &Sessions{db: c.DB, wall: c.Wall, log: c.Log, times: c.Times, secure: c.Secure,
		seen:    seenBatch{pending: map[string]int64{}},
		by:      map[SessionKind]*scs.SessionManager{},
		unknown: map[SessionKind]*atomic.Int64{},
	}
	if s.times == nil {
		s.times = func(_ context.Context, kind SessionKind) SessionTimes { return DefaultTimes(kind) }
	}
	for _, kind := range sessionKinds {
		s.by[kind], s.unknown[kind] = s.manager(kind), &atomic.Int64{}
	}
	return s
}

// manager makes scs's part by hand: scs.New starts a goroutine for a store that nobody uses and cannot be stopped without
// a race. What it would add is a context key of its own; without it the kinds share one, and a request loads only one.
func (s *Sessions) manager(kind SessionKind) *scs.SessionManager {
	return &scs.SessionManager{Store: &sessionStore{sessions: s, kind: kind}, Codec: textCodec{}, HashTokenInStore: true,
		Lifetime: strangerLife} // Login sets its own deadline
}

func (s *Sessions) of(kind SessionKind) *scs.SessionManager { return s.by[kind] }

// Unknown returns how many requests since the start brought a token that is no session: forged, ended or revoked.
func (s *Sessions) Unknown(kind SessionKind) int64 { return s.unknown[kind].Load() }

// carrier takes what a store needs to know about the browser past scs, and brings back the row it found.
type carrier struct {
	kind           SessionKind
	account        string
	cookie         string
	subject        int64
	address, agent string
	idle           bool // the browser asks by itself: no use of the session
	writer         http.ResponseWriter
	session        *Session
}

type carrierKey struct{}

// idleHeader marks requests that a page makes by itself, such as the refetch every half minute: they do not keep a
// session alive whose person has left the desk.
const idleHeader = "X-Idle"

// load puts the session that r's cookie names, or an empty one, into the returned context.
func (s *Sessions) load(w http.ResponseWriter, r *http.Request, kind SessionKind, address string, stream bool) (context.Context, error) {
	c := &carrier{kind: kind, address: address, agent: clip(r.UserAgent(), 200), writer: w,
		idle: stream || r.Header.Get(idleHeader) != ""}
	if kind == CitizenSession {
		c.account = r.PathValue("account")
	}
	c.cookie = cookieName(kind, c.account, s.secure)
	ctx := context.WithValue(r.Context(), carrierKey{}, c)
	token := ""
	if cookie, err := r.Cookie(c.cookie); err == nil && len(cookie.Value) <= 64 {
		token = cookie.Value
	}
	ctx, err := s.of(kind).Load(ctx, token)
	if err != nil {
		return nil, err
	}
	if token != "" && c.session == nil {
		s.unknown[kind].Add(1)
	}
	return ctx, nil
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
