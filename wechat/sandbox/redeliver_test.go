package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"weizheng/platform/clock"
	"weizheng/wechat/sandbox"
)

// transport is a developer's server without a network: it counts deliveries and answers as told.
type transport struct {
	mu     sync.Mutex
	bodies []string
	at     []time.Duration
	start  time.Time
	answer func(n int, ctx context.Context) (int, string, error)
}

func (tr *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	tr.mu.Lock()
	tr.bodies = append(tr.bodies, string(body))
	tr.at = append(tr.at, time.Since(tr.start))
	n := len(tr.bodies)
	tr.mu.Unlock()
	status, answer, err := tr.answer(n, r.Context())
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(answer)), Header: http.Header{}, Request: r}, nil
}

// silence waits until WeChat loses patience.
func silence(ctx context.Context) (int, string, error) {
	<-ctx.Done()
	return 0, "", ctx.Err()
}

// alone plays one message to a lone account and returns what is then in the chat.
func alone(t *testing.T, dir string, tr *transport) string {
	t.Helper()
	ctx := t.Context()
	box, err := sandbox.Open(ctx, sandbox.Config{Data: dir, Log: slog.New(slog.DiscardHandler), Wall: clock.Wall{},
		Base: "http://127.0.0.1:8090", Seed: "s", Transport: tr})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := box.SeedAccount(ctx, sandbox.Account{ID: "a", Callback: "http://127.0.0.1:1/wx"}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(box.SeedCitizens(ctx, []sandbox.Citizen{{ID: "z", Name: "张"}}),
		box.SeedFollows(ctx, seedFollow("a", "z", time.Now())), box.Start(ctx)); err != nil {
		t.Fatal(err)
	}
	tr.start = time.Now()
	call(t, box.Handler(), "POST", "/sandbox/api/messages", `{"account":"a","citizen":"z","type":"text","content":"你好"}`)
	if err := box.Idle(ctx); err != nil {
		t.Fatal(err)
	}
	chat := call(t, box.Handler(), "GET", "/sandbox/api/chat?account=a&citizen=z", "")
	if err := box.Close(context.WithoutCancel(ctx)); err != nil {
		t.Fatal(err)
	}
	return chat
}

func call(t *testing.T, h http.Handler, method, path, body string) string {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(method, "http://127.0.0.1:8090"+path, bytes.NewReader([]byte(body))))
	if rec.Code/100 != 2 {
		t.Fatalf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
	return rec.Body.String()
}

func TestRedelivery(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label  string
		answer func(n int, ctx context.Context) (int, string, error)
		at     []time.Duration // of the deliveries
		shows  string          // part of the chat
		state  string
	}{
		{"answered at once", func(int, context.Context) (int, string, error) { return 200, "success", nil },
			[]time.Duration{0}, "", `"state":"ok","tries":1`},
		{"never answered", func(_ int, ctx context.Context) (int, string, error) { return silence(ctx) },
			[]time.Duration{0, 5 * time.Second, 10 * time.Second}, outOfService, `"state":"failed","tries":3`},
		{"answered the third time", func(n int, ctx context.Context) (int, string, error) {
			if n < 3 {
				return silence(ctx)
			}
			return 200, "", nil
		}, []time.Duration{0, 5 * time.Second, 10 * time.Second}, "", `"state":"ok","tries":3`},
		{"answered after 4.9 seconds", func(int, context.Context) (int, string, error) {
			time.Sleep(4900 * time.Millisecond)
			return 200, "success", nil
		}, []time.Duration{0}, "", `"state":"ok","tries":1`},
		{"an HTTP error", func(int, context.Context) (int, string, error) { return 500, "", nil },
			[]time.Duration{0, 0, 0}, outOfService, `"state":"failed","tries":3`},
		{"no connection", func(int, context.Context) (int, string, error) { return 0, "", errors.New("refused") },
			[]time.Duration{0, 0, 0}, outOfService, `"state":"failed","tries":3`},
		{"a redirect", func(int, context.Context) (int, string, error) { return 302, "", nil },
			[]time.Duration{0, 0, 0}, outOfService, `"state":"failed","tries":3`},
		{"JSON is an answer, a wrong one", func(int, context.Context) (int, string, error) { return 200, "{}", nil },
			[]time.Duration{0}, outOfService, `"state":"failed","tries":1`},
	} {
		t.Run(c.label, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				tr := &transport{answer: c.answer}
				chat := alone(t, dir, tr)
				if len(tr.at) != len(c.at) {
					t.Fatalf("deliveries at %v, want %v", tr.at, c.at)
				}
				for i := range c.at {
					if tr.at[i] != c.at[i] || tr.bodies[i] != tr.bodies[0] {
						t.Errorf("delivery %d at %v with %q, want at %v", i, tr.at[i], tr.bodies[i], c.at[i])
					}
				}
				if !strings.Contains(chat, c.state) || strings.Contains(chat, outOfService) != (c.shows != "") {
					t.Errorf("chat: %s", chat)
				}
			})
		})
	}
}

func TestStoppedInTheMiddle(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		open := func(tr *transport) *sandbox.Sandbox {
			box, err := sandbox.Open(ctx, sandbox.Config{Data: dir, Log: slog.New(slog.DiscardHandler), Wall: clock.Wall{},
				Base: "http://127.0.0.1:8090", Seed: "s", Transport: tr})
			if err != nil {
				t.Fatal(err)
			}
			return box
		}
		stuck := &transport{start: time.Now(), answer: func(_ int, ctx context.Context) (int, string, error) { return silence(ctx) }}
		box := open(stuck)
		if _, err := box.SeedAccount(ctx, sandbox.Account{ID: "a", Callback: "http://127.0.0.1:1/wx"}); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(box.SeedCitizens(ctx, []sandbox.Citizen{{ID: "z", Name: "张"}}),
			box.SeedFollows(ctx, seedFollow("a", "z", time.Now())), box.Start(ctx)); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"一", "二"} {
			call(t, box.Handler(), "POST", "/sandbox/api/messages", `{"account":"a","citizen":"z","type":"text","content":"`+text+`"}`)
		}
		time.Sleep(7 * time.Second) // in the middle of the second delivery of the first message
		if err := box.Close(ctx); err != nil {
			t.Fatal(err)
		}
		well := &transport{start: time.Now(), answer: func(int, context.Context) (int, string, error) { return 200, "success", nil }}
		box = open(well)
		if err := errors.Join(box.Start(ctx), box.Idle(ctx)); err != nil {
			t.Fatal(err)
		}
		if len(stuck.bodies) != 2 || len(well.bodies) != 2 || well.bodies[0] != stuck.bodies[0] || !strings.Contains(well.bodies[1], "二") {
			t.Errorf("before: %q\nafter: %q", stuck.bodies, well.bodies)
		}
		chat := call(t, box.Handler(), "GET", "/sandbox/api/chat?account=a&citizen=z", "")
		if strings.Count(chat, `"state":"ok"`) != 2 || !strings.Contains(chat, `"tries":3`) {
			t.Errorf("chat: %s", chat)
		}
		if err := box.Close(ctx); err != nil {
			t.Fatal(err)
		}
	})
}
