package web

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema returns the tables of this package: sessions and form tokens.
func Schema() db.Schema {
	sub, err := fs.Sub(schemaFiles, "schema")
	if err != nil {
		panic("web: the embedded schema folder is missing: " + err.Error())
	}
	return db.Schema{Part: "web", FS: sub}
}

// SessionKind tells the two sorts of sessions apart; each has its own cookie.
type SessionKind string

// The kinds.
const (
	StaffSession   SessionKind = "staff"
	CitizenSession SessionKind = "citizen"
)

// Session is one browser's login; a citizen's is for one account, with a cookie of its own. Subject is the id of the staff member or citizen; 0 is a browser that is remembered
// before anybody has logged in (the state of a web authorisation).
type Session struct {
	ID        string            `json:"id" doc:"会话编号"`
	Kind      SessionKind       `json:"kind" doc:"staff 或 citizen"`
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
// working day ends; a citizen's phone stays known for a month.
func DefaultTimes(kind SessionKind) SessionTimes {
	if kind == StaffSession {
		return SessionTimes{Idle: 30 * time.Minute, Life: 12 * time.Hour}
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
	staff   *scs.SessionManager
	citizen *scs.SessionManager
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

// NewSessions makes the sessions of both kinds.
func NewSessions(c SessionConfig) *Sessions {
	s := &Sessions{db: c.DB, wall: c.Wall, log: c.Log, times: c.Times, secure: c.Secure,
		seen:    seenBatch{pending: map[string]int64{}},
		unknown: map[SessionKind]*atomic.Int64{StaffSession: {}, CitizenSession: {}},
	}
	if s.times == nil {
		s.times = func(_ context.Context, kind SessionKind) SessionTimes { return DefaultTimes(kind) }
	}
	s.staff = s.manager(StaffSession)
	s.citizen = s.manager(CitizenSession)
	return s
}

func (s *Sessions) manager(kind SessionKind) *scs.SessionManager {
	m := scs.New()
	if unused, ok := m.Store.(*memstore.MemStore); ok {
		unused.StopCleanup() // scs starts a goroutine for the store it assumes
	}
	m.Store = &sessionStore{sessions: s, kind: kind}
	m.HashTokenInStore = true
	m.Codec = textCodec{}
	m.ErrorFunc = nil // we never let scs answer requests
	return m
}

func (s *Sessions) of(kind SessionKind) *scs.SessionManager {
	if kind == StaffSession {
		return s.staff
	}
	return s.citizen
}

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

var errNoSession = errs.New(errs.Internal, "web.no_session")

// carried returns the carrier of ctx when the session of this kind was loaded for the request.
func carried(ctx context.Context, kind SessionKind) (*carrier, error) {
	c, ok := ctx.Value(carrierKey{}).(*carrier)
	if !ok || c.kind != kind {
		return nil, errNoSession
	}
	return c, nil
}

// Login makes the browser of this request the subject's, under a new token, forgetting whatever it was before. It works
// in handlers of the kind's own face and sets the cookie itself, so it comes before the answer is written.
func (s *Sessions) Login(ctx context.Context, kind SessionKind, subject int64, data map[string]string) (Session, error) {
	c, err := carried(ctx, kind)
	if err != nil {
		return Session{}, err
	}
	m := s.of(kind)
	if err := m.Clear(ctx); err != nil {
		return Session{}, err
	}
	if err := m.RenewToken(ctx); err != nil {
		return Session{}, err
	}
	c.subject, c.session = subject, nil
	for key, value := range data {
		m.Put(ctx, key, value)
	}
	m.SetDeadline(ctx, s.wall.Now().Add(s.times(ctx, kind).Life))
	if err := s.commit(ctx, m, c); err != nil {
		return Session{}, err
	}
	return *c.session, nil
}

// Logout ends the session of this request and removes its cookie.
func (s *Sessions) Logout(ctx context.Context, kind SessionKind) error {
	c, err := carried(ctx, kind)
	if err != nil {
		return err
	}
	m := s.of(kind)
	if err := m.Destroy(ctx); err != nil {
		return err
	}
	c.session = nil
	s.setCookie(c, "", 0)
	return nil
}

// Put remembers a value with this browser; one that is not logged in gets a session of subject 0 for an hour.
func (s *Sessions) Put(ctx context.Context, kind SessionKind, key, value string) error {
	c, err := carried(ctx, kind)
	if err != nil {
		return err
	}
	m := s.of(kind)
	m.Put(ctx, key, value)
	if c.session == nil {
		m.SetDeadline(ctx, s.wall.Now().Add(strangerLife))
	}
	return s.commit(ctx, m, c)
}

// Get returns a value remembered with this browser, or "".
func (s *Sessions) Get(ctx context.Context, kind SessionKind, key string) string {
	if _, err := carried(ctx, kind); err != nil {
		return ""
	}
	return s.of(kind).GetString(ctx, key)
}

// Pop returns a remembered value and forgets it.
func (s *Sessions) Pop(ctx context.Context, kind SessionKind, key string) (string, error) {
	c, err := carried(ctx, kind)
	if err != nil {
		return "", err
	}
	m := s.of(kind)
	if !m.Exists(ctx, key) {
		return "", nil
	}
	value := m.PopString(ctx, key)
	return value, s.commit(ctx, m, c)
}

// commit writes the session now, not when the answer is written: the handler learns whether it worked.
func (s *Sessions) commit(ctx context.Context, m *scs.SessionManager, c *carrier) error {
	token, expires, err := m.Commit(ctx)
	if err != nil {
		return err
	}
	s.setCookie(c, token, expires.Sub(s.wall.Now()))
	if v := visitOf(ctx); v != nil {
		v.session = c.session
	}
	return nil
}

// actorSession is the id that an actor carries.
func actorSession(a access.Actor, s Session) access.Actor {
	a.Session = s.ID
	return a
}
