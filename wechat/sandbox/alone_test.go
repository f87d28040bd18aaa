package sandbox_test

import (
	"bytes"
	"context"
	"image"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/wechat/sandbox"
)

// lines collects what a sandbox says when it starts.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
	said chan struct{}
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.text.Write(b)
	close(l.said)
	return n, err
}

// runAlone starts a sandbox of its own and returns its address and how to stop it.
func runAlone(t *testing.T, dir string) (base string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out := &lines{said: make(chan struct{})}
	ended := make(chan error, 1)
	go func() {
		ended <- sandbox.Run(ctx, sandbox.RunConfig{Listen: "127.0.0.1:0", Data: dir, Seed: "x", Log: slog.New(slog.DiscardHandler), Out: out})
	}()
	select {
	case <-out.said:
	case err := <-ended:
		t.Fatalf("it ended: %v", err)
	}
	_, rest, _ := strings.Cut(out.text.String(), "http://")
	address, _, _ := strings.Cut(rest, "/")
	return "http://" + address, func() error {
		cancel()
		return <-ended
	}
}

func ask(t *testing.T, method, address, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(answer)
}

func TestAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	base, stop := runAlone(t, dir)
	if status, answer := ask(t, "POST", base+"/sandbox/api/accounts", `{"id":"a","kind":"service","verified":true}`); status != 201 {
		t.Fatalf("account: %d %s", status, answer)
	}
	if status, answer := ask(t, "POST", base+"/sandbox/api/clock", `{"advance_ms":86400000}`); status != 200 ||
		!strings.Contains(answer, `"offset_ms":86400000`) && !strings.Contains(answer, `"offset_ms":86399`) { // less what passed meanwhile
		t.Errorf("clock: %d %s", status, answer)
	}
	if status, page := ask(t, "GET", base+"/", ""); status != 200 || !strings.Contains(page, "<html") {
		t.Errorf("the phone: %d %.200s", status, page)
	}
	if status, _ := ask(t, "GET", base+"/assets/none.js", ""); status != 404 {
		t.Errorf("no such file: %d", status)
	}
	// A stream that is open does not hold up the end.
	req, err := http.NewRequestWithContext(t.Context(), "GET", base+"/sandbox/api/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	start := time.Now()
	if err := stop(); err != nil || time.Since(start) > 4*time.Second {
		t.Fatalf("stop: %v after %v", err, time.Since(start))
	}
	base, stop = runAlone(t, dir)
	if _, answer := ask(t, "GET", base+"/sandbox/api/clock", ""); !strings.Contains(answer, `"movable":true`) ||
		strings.Contains(answer, `"offset_ms":0`) {
		t.Errorf("the clock after a restart: %s", answer)
	}
	if _, answer := ask(t, "GET", base+"/sandbox/api/accounts", ""); !strings.Contains(answer, `"id":"a"`) {
		t.Errorf("accounts after a restart: %s", answer)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestFaultsArePlanned(t *testing.T) {
	t.Parallel()
	w := setup(t)
	list := func(out object) []any { return out["faults"].([]any) }
	out := w.play("PUT", "/faults", object{"faults": []object{
		{"path": "/cgi-bin/user/*", "kind": "code", "code": -1, "times": 5}, {"path": "callback", "kind": "drop"}}})
	first := list(out)[0].(object)
	if len(list(out)) != 2 || first["left"] != float64(5) {
		t.Fatalf("planned: %v", out)
	}
	w.want("a prefix", w.api("fabu", "GET", "/cgi-bin/user/get", nil), -1)
	if left := list(w.play("GET", "/faults", nil))[0].(object)["left"]; left != float64(4) {
		t.Errorf("left: %v", left)
	}
	if status, _ := w.tryPlay("PUT", "/faults", object{"faults": []object{{"path": "x", "kind": "drop"}}}); status != 422 {
		t.Errorf("a wrong list: %d", status)
	}
	if n := len(list(w.play("GET", "/faults", nil))); n != 2 {
		t.Errorf("a wrong list changed the plan: %d", n)
	}
	w.play("DELETE", "/faults/1", nil)
	if status, _ := w.tryPlay("DELETE", "/faults/1", nil); status != 404 {
		t.Errorf("removed twice: %d", status)
	}
	if n := len(list(w.play("DELETE", "/faults", nil))); n != 0 {
		t.Errorf("after all were removed: %d", n)
	}
	// The connection opens, the body follows later, still within the five seconds.
	w.follow("fabu", "zhang")
	w.dev.take()
	w.play("POST", "/faults", object{"path": "callback", "kind": "delay", "delay_ms": 200})
	w.say("fabu", "zhang", "慢")
	w.settle()
	if got := w.dev.take(); len(got) != 1 {
		t.Errorf("delayed: %d deliveries", len(got))
	}
	entries := w.play("GET", "/wire?account=fabu&citizen=zhang&limit=1", nil)["entries"].([]any)
	if entries[0].(object)["status"] != float64(200) {
		t.Errorf("delayed: %v", entries)
	}
}

func TestAnAccountsOwnCode(t *testing.T) {
	t.Parallel()
	w := setup(t)
	view := w.play("GET", "/accounts/fabu", nil)["account"].(object)
	for _, path := range []string{view["qr"].(string), view["avatar"].(string)} {
		if _, content := w.do("GET", path, nil); !isPicture(content) {
			t.Errorf("%s is no picture", path)
		}
	}
	says := view["qr_url"]
	scan := func(more object) object {
		more["citizen"], more["url"] = "zhang", says
		out := w.play("POST", "/scan", more)
		w.settle()
		return out
	}
	if out := scan(object{"follow": false}); out["kind"] != "profile" || out["account"] != "fabu" {
		t.Errorf("looked at: %v", out)
	}
	if out := scan(object{}); out["event"] != "subscribe" {
		t.Errorf("followed: %v", out)
	}
	got := w.dev.take()
	if len(got) != 1 || got[0].message.EventKey != "" || got[0].message.Ticket != "" {
		t.Errorf("subscribe: %v", got)
	}
	if out := scan(object{}); out["kind"] != "profile" || len(w.dev.take()) != 0 {
		t.Errorf("a follower scans it: %v", out)
	}
	if _, script := w.visit("zhang", "GET", "/__wechat/browser.js"); !strings.Contains(script, "__weizheng_agent") ||
		!strings.Contains(script, "MicroMessenger") || !strings.Contains(script, "\n;\n") {
		t.Error("the browser's script lacks a part")
	}
}

func isPicture(content []byte) bool {
	_, kind, err := image.Decode(bytes.NewReader(content))
	return err == nil && kind == "png"
}
