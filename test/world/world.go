// Package world is the whole system in one process for tests: the house, its sample city and a local WeChat, talking
// over an in-process network, on either database. Tests act as people do: through the console's API with a real login,
// through citizens' phones, through WeChat's callbacks.
package world

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"weizheng/app"
	"weizheng/city"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/web"
)

// World is a running world of one test.
type World struct {
	*app.World
	T   testing.TB
	Log *Log
}

// Log collects what the house writes to its log.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String returns all that was logged so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// plenty keeps the limits out of the way of a test that logs everybody in; limits have tests of their own.
var plenty = web.Allowance{Rate: 1e6, Burst: 1e6}

// Each runs f in a world of its own on SQLite and on PostgreSQL.
func Each(t *testing.T, f func(t *testing.T, w *World)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); f(t, New(t, "")) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); f(t, New(t, dbtest.PostgresURL(t, nil))) })
}

// New opens a world; url "" is SQLite in the test's folder.
func New(t testing.TB, url string) *World {
	t.Helper()
	log := &Log{}
	w, err := app.OpenWorld(t.Context(), app.DemoConfig{
		Listen: "house.test", SandboxListen: "wechat.test", Data: t.TempDir(), Size: city.Sample, Seed: 7, DatabaseURL: url,
		Log: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})), Out: log, Version: "test",
		WebLimits: map[web.Limit]web.Allowance{web.LimitLogin: plenty, web.LimitConsoleAddress: plenty, web.LimitStaff: plenty},
	})
	if err != nil {
		t.Fatalf("open the world: %v", err)
	}
	t.Cleanup(func() {
		if err := w.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("close the world: %v", err)
		}
	})
	return &World{World: w, T: t, Log: log}
}

// Browser is somebody's browser with its cookies.
type Browser struct {
	w      *World
	client *http.Client
	Header http.Header // sent with every request
}

// Stranger is a browser in which nobody is logged in.
func (w *World) Stranger() *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.T.Fatal(err)
	}
	return &Browser{w: w, Header: http.Header{}, client: &http.Client{
		Transport: w.Network, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Staff logs a person of the city in, with password and second factor.
func (w *World) Staff(login string) *Browser {
	w.T.Helper()
	for _, s := range w.City.Staff {
		if s.Login != login {
			continue
		}
		b := w.Stranger()
		code, err := totp.GenerateCode(s.TOTPSecret, time.Now())
		if err != nil {
			w.T.Fatal(err)
		}
		var out struct{ Next string }
		b.Must(http.MethodPost, "/console/api/login", map[string]any{"login": login, "password": s.Password}, &out)
		b.Must(http.MethodPost, "/console/api/login", map[string]any{"login": login, "password": s.Password, "code": code}, &out)
		if out.Next != "ok" {
			w.T.Fatalf("login of %s: %q", login, out.Next)
		}
		return b
	}
	w.T.Fatalf("no staff %q", login)
	return nil
}

// Do sends a request to the house; body is JSON, or nil.
func (b *Browser) Do(method, path string, body any) (status int, answer []byte) {
	b.w.T.Helper()
	status, answer, err := b.Try(b.w.T.Context(), method, path, body)
	if err != nil {
		b.w.T.Fatalf("%s %s: %v", method, path, err)
	}
	return status, answer
}

// Try is Do for a house that may be away: err is a broken connection. It may be called in any goroutine.
func (b *Browser) Try(ctx context.Context, method, path string, body any) (status int, answer []byte, err error) {
	res, err := b.Open(ctx, method, path, body)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err = io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}

// Open sends a request and leaves its answer to be read, for streams. Close its body.
func (b *Browser) Open(ctx context.Context, method, path string, body any) (*http.Response, error) {
	var content io.Reader = http.NoBody
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, b.w.App+path, content)
	if err != nil {
		return nil, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	maps.Copy(r.Header, b.Header)
	return b.client.Do(r)
}

// Must does it, fails the test unless it succeeded, and decodes the answer into out (nil: thrown away).
func (b *Browser) Must(method, path string, body, out any) {
	b.w.T.Helper()
	status, answer := b.Do(method, path, body)
	if status >= http.StatusMultipleChoices {
		b.w.T.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	if out != nil {
		if err := json.Unmarshal(answer, out); err != nil {
			b.w.T.Fatalf("%s %s: %v in %s", method, path, err, answer)
		}
	}
}

// Phone acts for a citizen through the sandbox's API: Phone("xiaohe", "/messages", …).
func (w *World) Phone(path string, in map[string]any, out any) {
	w.T.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		w.T.Fatal(err)
	}
	r, err := http.NewRequestWithContext(w.T.Context(), http.MethodPost, w.WeChat+"/sandbox/api"+path, bytes.NewReader(raw))
	if err != nil {
		w.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := w.Network.RoundTrip(r)
	if err != nil {
		w.T.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		w.T.Fatal(err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		w.T.Fatalf("phone %s: %d %s", path, res.StatusCode, b.Bytes())
	}
	if out != nil {
		if err := json.Unmarshal(b.Bytes(), out); err != nil {
			w.T.Fatalf("phone %s: %v", path, err)
		}
	}
}

// Bubble is one item of a chat as the phone shows it.
type Bubble struct {
	From, Type, Content, Origin, URL string
	Fields                           []struct{ Key, Value string } // of a message by template
}

// Chat returns the newest bubbles of a citizen with an account, oldest first.
func (w *World) Chat(citizen, account string) []Bubble {
	w.T.Helper()
	r, err := http.NewRequestWithContext(w.T.Context(), http.MethodGet,
		fmt.Sprintf("%s/sandbox/api/chat?account=%s&citizen=%s&limit=20", w.WeChat, account, citizen), nil)
	if err != nil {
		w.T.Fatal(err)
	}
	res, err := w.Network.RoundTrip(r)
	if err != nil {
		w.T.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out struct{ Items []Bubble }
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		w.T.Fatal(err)
	}
	return out.Items
}

// Quiet waits until nothing is under way.
func (w *World) Quiet() {
	w.T.Helper()
	if err := w.Idle(w.T.Context()); err != nil {
		w.T.Fatal(err)
	}
}

// Secrets are all values that may never be seen outside: callback tokens, secrets, keys, passwords, openids.
func (w *World) Secrets() []string {
	var all []string
	for _, a := range w.City.Accounts {
		all = append(all, a.Secret, a.Token, a.EncodingAESKey)
	}
	for _, s := range w.City.Staff {
		all = append(all, s.Password, s.TOTPSecret)
	}
	for _, c := range w.City.Citizens {
		for _, openid := range c.OpenIDs {
			all = append(all, openid)
		}
	}
	return all
}

// Without fails the test for each secret that text holds.
func (w *World) Without(where, text string) {
	w.T.Helper()
	for _, secret := range w.Secrets() {
		if secret != "" && strings.Contains(text, secret) {
			w.T.Errorf("%s holds a secret: …%s…", where, around(text, secret))
		}
	}
}

func around(text, secret string) string {
	i := strings.Index(text, secret)
	return text[max(0, i-120):i] + "<SECRET>" + text[i+len(secret):min(len(text), i+len(secret)+40)]
}
