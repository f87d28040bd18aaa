package client

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

const (
	testAppID  = "wx0123456789abcdef"
	testSecret = "CANARYsecret0123456789abcdef0123"
	testOpenID = "oCANARYopenid-0123456789_abc"
)

// fake is WeChat as a test needs it: it answers by path and remembers what it was asked.
type fake struct {
	*httptest.Server
	mu    sync.Mutex
	serve map[string]http.HandlerFunc
	seen  []seen
}

type seen struct {
	method, path, query, kind string
	body                      string
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{serve: map[string]http.HandlerFunc{}}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		f.mu.Lock()
		f.seen = append(f.seen, seen{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("Content-Type"), string(body)})
		h := f.serve[r.URL.Path]
		f.mu.Unlock()
		if h == nil {
			http.NotFound(w, r)
			return
		}
		h(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) on(path string, h http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.serve[path] = h
}

// answers makes path give these bodies in turn, the last one for ever.
func (f *fake) answers(path string, bodies ...string) {
	var mu sync.Mutex
	f.on(path, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		w.Header().Set("Content-Type", "application/json; encoding=utf-8")
		io.WriteString(w, bodies[0])
		if len(bodies) > 1 {
			bodies = bodies[1:]
		}
	})
}

func (f *fake) calls(path string) []seen {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []seen
	for _, s := range f.seen {
		if s.path == path {
			all = append(all, s)
		}
	}
	return all
}

// config points a client at the fake, with a transport of its own.
func (f *fake) config() Config {
	return Config{
		AppID: testAppID, Secret: testSecret, HTTP: f.Client().Transport, Tokens: FixedToken("tok"),
		Endpoints: Endpoints{API: f.URL, MP: f.URL, Open: "https://open.test", Res: f.URL, Pay: f.URL},
	}
}

func (f *fake) client() *Client { return New(f.config()) }

// trip is a RoundTripper without a network, for tests in virtual time.
type trip func(*http.Request) (*http.Response, error)

func (t trip) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// setClock stands still until it is set.
type setClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *setClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *setClock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func sameJSON(t *testing.T, label, got, want string) {
	t.Helper()
	var a, b any
	if err := json.Unmarshal([]byte(got), &a); err != nil {
		t.Errorf("%s: %q is not JSON", label, got)
		return
	}
	if err := json.Unmarshal([]byte(want), &b); err != nil {
		t.Fatalf("%s: test expects %q", label, want)
	}
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	if string(x) != string(y) {
		t.Errorf("%s: sent %s, want %s", label, x, y)
	}
}

func short(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}
