package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/log"
)

var schemas = []db.Schema{Schema()}

// house is a server with the sessions of invented staff and citizens.
type house struct {
	*Server
	sessions *Sessions
	wall     *clock.Civil // real time that a test may move forward
	lines    *lockedBuffer
	mu       sync.Mutex
	denials  []denial
	actors   map[int64]access.Actor // staff by id
}

type denial struct {
	actor  access.Actor
	route  string
	object access.Object
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (h *house) staff(_ context.Context, s Session) (access.Actor, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a, ok := h.actors[s.Subject]
	if !ok {
		return access.Actor{}, errs.New(errs.Unauthenticated, "unauthenticated")
	}
	return a, nil
}

func citizenActor(_ context.Context, s Session, account string) (access.Actor, error) {
	if s.Account != account {
		return access.Actor{}, errs.New(errs.Internal, "a session of another account")
	}
	return access.Actor{Kind: access.Citizen, ID: s.Subject}, nil
}

func (h *house) heard(_ context.Context, actor access.Actor, rt Route, object access.Object) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.denials = append(h.denials, denial{actor, rt.Pattern(), object})
}

// open builds a house on its own SQLite file; change may alter the configuration.
func open(t *testing.T, routes []Route, change ...func(*Config)) *house {
	t.Helper()
	return openOn(t, dbtest.SQLite(t, schemas), routes, change...)
}

func openOn(t *testing.T, d *db.DB, routes []Route, change ...func(*Config)) *house {
	t.Helper()
	h := &house{wall: clock.NewCivil(clock.Wall{}, 0), lines: &lockedBuffer{}, actors: map[int64]access.Actor{
		1: {Kind: access.Staff, ID: 1, Name: "市级", Grants: []access.Grant{{Permission: "ticket.read", Unit: "/"}, {Permission: "ticket.edit", Unit: "/"}}},
		2: {Kind: access.Staff, ID: 2, Name: "区级", Grants: []access.Grant{{Permission: "ticket.read", Unit: "/1/4/"}}},
		3: {Kind: access.Staff, ID: 3, Name: "新人"},
		4: {Kind: access.Staff, ID: 4, Name: "一号", Grants: []access.Grant{{Permission: "ticket.read", Unit: "/", Account: 7}}},
	}}
	logger := log.New(h.lines, slog.LevelDebug, log.JSON)
	texts, err := NewTexts(json.RawMessage(`{"ticket.closed":"工单 {number} 已经办结，不能再改。","ticket.title":"请写标题"}`))
	if err != nil {
		t.Fatal(err)
	}
	c := Config{Permissions: []string{"ticket.read", "ticket.edit"}, Texts: texts, Log: logger, Wall: h.wall,
		Denied: h.heard, Routes: append([]Route{loginRoute(h), citizenLoginRoute(h), logoutRoute(h)}, routes...),
		Auth: Auth{Staff: h.staff, Citizen: citizenActor, Phone: h.phone, Key: keyActor}, Listen: "127.0.0.1:0"}
	for _, f := range change {
		f(&c)
	}
	h.sessions = NewSessions(SessionConfig{DB: d, Wall: h.wall, Log: logger, Secure: strings.HasPrefix(c.PublicURL, "https")})
	c.Sessions = h.sessions
	if h.Server, err = New(c); err != nil {
		t.Fatal(err)
	}
	return h
}

// phone lets those in whose session says that they are bound.
func (h *house) phone(ctx context.Context, s Session) (access.Actor, error) {
	if s.Data["bound"] != "yes" {
		return access.Actor{}, errs.New(errs.Unauthenticated, "unauthenticated")
	}
	return h.staff(ctx, s)
}

func keyActor(_ context.Context, key string) (access.Actor, error) {
	if key != "good" {
		return access.Actor{}, errs.New(errs.Unauthenticated, "unauthenticated")
	}
	return access.Actor{Kind: access.Key, ID: 1, Grants: []access.Grant{{Permission: "ticket.read", Unit: "/"}}}, nil
}

type loginIn struct {
	Body struct {
		Staff int64 `json:"staff"`
	}
}

func loginRoute(h *house) Route {
	return JSON(Console, "POST", "/console/api/login", Anyone, nil, "登录", func(ctx context.Context, in *loginIn) (*Session, error) {
		s, err := h.sessions.Login(ctx, StaffSession, in.Body.Staff, nil)
		return &s, err
	})
}

func logoutRoute(h *house) Route {
	return JSON(Console, "POST", "/console/api/logout", Self, nil, "退出", func(ctx context.Context, _ *struct{}) (*None, error) {
		return nil, h.sessions.Logout(ctx, StaffSession)
	})
}

func citizenLoginRoute(h *house) Route {
	return Raw(Citizen, "GET", "/c/{account}/oauth", Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
		_, err := h.sessions.Login(r.Context(), CitizenSession, 5, nil)
		if err != nil {
			Fail(w, r, err)
		}
	})
}

// browser keeps cookies between requests.
type browser struct {
	t       *testing.T
	h       http.Handler
	cookies map[string]string
	address string
}

func (h *house) browser(t *testing.T) *browser {
	return &browser{t: t, h: h.Handler(), cookies: map[string]string{}, address: "203.0.113.9:4711"}
}

func (b *browser) do(method, path, body string, header ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, path, reader)
	r.RemoteAddr = b.address
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	b.h.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
			continue
		}
		b.cookies[c.Name] = c.Value
	}
	return w
}

func (b *browser) login(staff int64) *browser {
	b.t.Helper()
	body, _ := json.Marshal(map[string]int64{"staff": staff})
	if w := b.do("POST", "/console/api/login", string(body)); w.Code != http.StatusOK {
		b.t.Fatalf("login: %d %s", w.Code, w.Body)
	}
	return b
}

func problemOf(t *testing.T, w *httptest.ResponseRecorder) Problem {
	t.Helper()
	if ct := w.Header().Get("Content-Type"); !strings.HasPrefix(ct, "application/problem+json") {
		t.Fatalf("content type %q, body %s", ct, w.Body)
	}
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return p
}

func (h *house) move(t *testing.T, d time.Duration) {
	t.Helper()
	if err := h.wall.SetOffset(h.wall.Offset() + d); err != nil {
		t.Fatal(err)
	}
}

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func newRecorder() *httptest.ResponseRecorder { return httptest.NewRecorder() }
