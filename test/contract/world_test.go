package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/wechat"
	"weizheng/wechat/client"
	"weizheng/wechat/sandbox"
)

// object is a JSON object.
type object = map[string]any

// turned is a wall clock that tests turn.
type turned struct {
	mu  sync.Mutex
	now time.Time
}

func (c *turned) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *turned) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// The accounts: each kind, verified or not, and each callback mode.
var accounts = []sandbox.Account{
	{ID: "zhengwu", Name: "青云政务", Kind: wechat.Service, Verified: true, Mode: wechat.Safe, Principal: "qingyun", ASR: true,
		MiniPrograms: []string{"wx0000000000000001"}},
	{ID: "xinqu", Name: "新区政务", Kind: wechat.Service, Verified: false, Mode: wechat.Plain},
	{ID: "renshe", Name: "青云人社", Kind: wechat.Subscription, Verified: true, Mode: wechat.Compatible},
	{ID: "jiaojing", Name: "青云交警", Kind: wechat.Subscription, Verified: false, Mode: wechat.Plain},
}

// main is the account that rows are played with.
const main = "zhengwu"

// world is a sandbox with accounts, two citizens, the accounts' server, and clients.
type world struct {
	*testing.T
	ctx   context.Context
	wall  *turned
	civil *clock.Civil
	net   *network
	dir   string // the sandbox's data
	box   *sandbox.Sandbox
	dev   *receiver
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldAt(t, time.Date(2026, 11, 20, 1, 30, 0, 0, time.UTC))
}

// newWorldAt is a world that begins at another time.
func newWorldAt(t *testing.T, now time.Time) *world {
	t.Helper()
	w := &world{T: t, ctx: t.Context(), wall: &turned{now: now},
		net: &network{hosts: map[string]http.Handler{}}, dir: t.TempDir()}
	w.civil = clock.NewCivil(w.wall, 0)
	w.begin()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), 30*time.Second)
		defer cancel()
		if err := firstOf(w.box.Idle(ctx), w.box.Close(ctx)); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	box := w.box
	w.dev = newReceiver(t, w.wall)
	for _, a := range accounts {
		a.Callback = "https://" + devHost + "/wx/" + a.ID
		made, err := box.SeedAccount(w.ctx, a)
		if err != nil {
			t.Fatal(err)
		}
		w.dev.codecs["/wx/"+a.ID] = made.Codec()
	}
	if err := box.SeedCitizens(w.ctx, []sandbox.Citizen{{ID: "zhang", Name: "张三"}, {ID: "li", Name: "李四"}}); err != nil {
		t.Fatal(err)
	}
	w.net.set(devHost, w.dev)
	return w
}

// begin starts the sandbox on its data, at its address.
func (w *world) begin() {
	w.Helper()
	box, err := sandbox.Open(w.ctx, sandbox.Config{Data: w.dir, Log: slog.New(slog.DiscardHandler), Wall: w.wall, Civil: w.civil,
		MoveClock: func(_ context.Context, to time.Time) error { return w.civil.SetOffset(to.Sub(w.wall.Now())) },
		Base:      "http://" + boxHost, Seed: "contract", Transport: w.net})
	if err != nil {
		w.Fatal(err)
	}
	w.box = box
	if err := box.Start(w.ctx); err != nil {
		w.Fatal(err)
	}
	w.net.set(boxHost, box.Handler())
}

func (w *world) account(id string) *sandbox.Account {
	w.Helper()
	for _, a := range w.box.Accounts() {
		if a.ID == id {
			return a
		}
	}
	w.Fatalf("no account %s", id)
	return nil
}

// config is that of a new client of the account, with tokens of its own.
func (w *world) config(account string) client.Config {
	w.Helper()
	a := w.account(account)
	base := "http://" + boxHost
	cfg := client.Config{AppID: a.AppID, Secret: a.Secret, HTTP: w.net, Wall: w.wall, Civil: w.civil,
		Endpoints: client.Endpoints{API: base, MP: base, Open: base, Res: base, Pay: base}}
	cfg.Tokens = client.StableTokens(cfg, client.NewMemoryStore())
	return cfg
}

func (w *world) client(account string) *client.Client {
	w.Helper()
	return client.New(w.config(account))
}

// openid is by what the account knows the citizen.
func (w *world) openid(account, citizen string) string { return w.box.OpenID(account, citizen) }

// exchange sends a request over the network and reads the answer.
func (w *world) exchange(method, address string, body io.Reader, header http.Header) (*http.Response, []byte) {
	w.Helper()
	req, err := http.NewRequestWithContext(w.ctx, method, address, body)
	if err != nil {
		w.Fatal(err)
	}
	if header != nil {
		req.Header = header
	}
	res, err := w.net.RoundTrip(req)
	if err != nil {
		w.Fatalf("%s %s: %v", method, address, err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatalf("%s %s: %v", method, address, err)
	}
	return res, content
}

func (w *world) asObject(content []byte) object {
	w.Helper()
	var o object
	if err := json.Unmarshal(content, &o); err != nil {
		w.Fatalf("not JSON: %v: %.300s", err, content)
	}
	return o
}

// play calls the sandbox's own API and wants a 2xx.
func (w *world) play(method, path string, in any) object {
	w.Helper()
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			w.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	res, content := w.exchange(method, "http://"+boxHost+"/sandbox/api"+path, body, nil)
	if res.StatusCode/100 != 2 {
		w.Fatalf("%s %s: %d %s", method, path, res.StatusCode, content)
	}
	return w.asObject(content)
}

// raw calls WeChat's API as no client of ours would, with a living token; the answer is the errcode.
func (w *world) raw(account, method, path, body string) wechat.Code {
	w.Helper()
	return w.rawWith(account, method, path, strings.NewReader(body), nil)
}

func (w *world) rawWith(account, method, path string, body io.Reader, header http.Header) wechat.Code {
	w.Helper()
	token, err := w.config(account).Tokens.Token(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	_, content := w.exchange(method, "http://"+boxHost+path+sep+"access_token="+url.QueryEscape(token), body, header)
	code, _ := w.asObject(content)["errcode"].(float64)
	return wechat.Code(code)
}

// settle waits until all callbacks are done.
func (w *world) settle() {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 30*time.Second)
	defer cancel()
	if err := w.box.Idle(ctx); err != nil {
		w.Fatal("callbacks do not end")
	}
}

func (w *world) follow(account string, citizens ...string) {
	w.Helper()
	for _, c := range citizens {
		w.play("POST", "/follow", object{"account": account, "citizen": c})
	}
	w.settle()
}

// say lets a citizen write, which opens the window of 48 hours.
func (w *world) say(account, citizen, text string) {
	w.Helper()
	w.play("POST", "/messages", object{"account": account, "citizen": citizen, "type": "text", "content": text})
	w.settle()
}

// moveCivil moves the time of windows and days.
func (w *world) moveCivil(d time.Duration) {
	w.Helper()
	w.play("POST", "/clock", object{"advance_ms": d.Milliseconds()})
}

// chat returns the items of a chat, the oldest first.
func (w *world) chat(account, citizen string) []object {
	w.Helper()
	return w.list(w.play("GET", "/chat?limit=500&account="+account+"&citizen="+citizen, nil)["items"])
}

// last returns the newest item of a chat.
func (w *world) last(account, citizen string) object {
	w.Helper()
	items := w.chat(account, citizen)
	if len(items) == 0 {
		return object{}
	}
	return items[len(items)-1]
}

func (w *world) list(v any) []object {
	w.Helper()
	items, _ := v.([]any)
	out := make([]object, len(items))
	for i, item := range items {
		out[i], _ = item.(object)
	}
	return out
}

// calls counts the calls of a path that the sandbox has seen.
func (w *world) calls(path string) int {
	w.Helper()
	n := 0
	for _, e := range w.list(w.play("GET", "/wire?limit=2000", nil)["entries"]) {
		seen, _ := e["path"].(string)
		if before, _, _ := strings.Cut(seen, "?"); before == path && e["dir"] != "callback" {
			n++
		}
	}
	return n
}
