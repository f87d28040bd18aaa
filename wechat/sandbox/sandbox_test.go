package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/wechat"
	"weizheng/wechat/sandbox"
)

// movable is a wall clock that tests turn.
type movable struct {
	mu  sync.Mutex
	now time.Time
}

func (m *movable) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

func (m *movable) advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}

// receiver is a developer's server: it keeps what it got, in clear, and answers what the test says.
type receiver struct {
	t      *testing.T
	server *httptest.Server
	wall   clock.Clock
	codecs map[string]*wechat.Codec // by path

	mu     sync.Mutex
	got    []received
	answer func(m *wechat.Message) (wechat.Reply, string) // a reply, or a raw body when the reply is nil
}

type received struct {
	path    string
	query   wechat.Query
	body    string
	message *wechat.Message
}

func (rc *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	codec := rc.codecs[r.URL.Path]
	if codec == nil {
		http.NotFound(w, r)
		return
	}
	q := wechat.ParseQuery(r.URL.Query())
	if r.Method == http.MethodGet {
		echo, err := codec.VerifyURL(q)
		if err != nil {
			http.Error(w, "signature", http.StatusForbidden)
			return
		}
		fmt.Fprint(w, echo)
		return
	}
	body, _ := io.ReadAll(r.Body)
	opened, err := codec.Open(q, body, rc.wall.Now())
	if err != nil {
		rc.t.Errorf("callback to %s does not open: %v", r.URL.Path, err)
		http.Error(w, "signature", http.StatusForbidden)
		return
	}
	m, err := wechat.ParseMessage(opened.Plain)
	if err != nil {
		rc.t.Errorf("callback is not a message: %v\n%s", err, opened.Plain)
		return
	}
	rc.mu.Lock()
	rc.got = append(rc.got, received{r.URL.Path, q, string(body), m})
	answer := rc.answer
	rc.mu.Unlock()
	if answer == nil {
		fmt.Fprint(w, wechat.Success)
		return
	}
	reply, raw := answer(m)
	if reply == nil {
		fmt.Fprint(w, raw)
		return
	}
	plain, err := wechat.EncodeReply(m.FromUserName, m.ToUserName, rc.wall.Now(), reply)
	if err != nil {
		rc.t.Errorf("encode reply: %v", err)
	}
	sealed, err := codec.Seal(plain, opened.Key, rc.wall.Now().Unix(), "nonce", []byte("0123456789abcdef"))
	if err != nil {
		rc.t.Errorf("seal reply: %v", err)
	}
	w.Write(sealed)
}

func (rc *receiver) answers(f func(m *wechat.Message) (wechat.Reply, string)) {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	rc.answer = f
}

// take returns what was received and forgets it.
func (rc *receiver) take() []received {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	got := rc.got
	rc.got = nil
	return got
}

// world is a sandbox with four accounts of each kind, two citizens, and a developer's server.
type world struct {
	*testing.T
	dir     string
	wall    *movable
	civil   *clock.Civil
	box     *sandbox.Sandbox
	server  *httptest.Server
	dev     *receiver
	tokens  map[string]string
	ctx     context.Context
	handler *swap
}

// swap lets a restarted sandbox answer at the old address.
type swap struct {
	mu sync.Mutex
	h  http.Handler
}

func (s *swap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	h := s.h
	s.mu.Unlock()
	h.ServeHTTP(w, r)
}

func (s *swap) set(h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.h = h
}

var accounts = []sandbox.Account{
	{ID: "zhengwu", Name: "青云政务", Kind: wechat.Service, Verified: true, Mode: wechat.Safe, Principal: "qingyun", ASR: true,
		MiniPrograms: []string{"wx0000000000000001"}},
	{ID: "fabu", Name: "青云发布", Kind: wechat.Service, Verified: true, Mode: wechat.Plain, Principal: "qingyun"},
	{ID: "renshe", Name: "青云人社", Kind: wechat.Subscription, Verified: true, Mode: wechat.Compatible},
	{ID: "jiaojing", Name: "青云交警", Kind: wechat.Subscription, Verified: false, Mode: wechat.Plain},
}

func setup(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, dir: t.TempDir(), wall: &movable{now: time.Date(2026, 11, 20, 1, 30, 0, 0, time.UTC)},
		tokens: map[string]string{}, ctx: t.Context(), handler: &swap{h: http.NotFoundHandler()}}
	w.civil = clock.NewCivil(w.wall, 0)
	w.dev = &receiver{t: t, wall: w.wall, codecs: map[string]*wechat.Codec{}}
	w.dev.server = httptest.NewServer(w.dev)
	w.server = httptest.NewServer(w.handler)
	w.open()
	for _, a := range accounts {
		a.Callback = w.dev.server.URL + "/wx/" + a.ID
		if _, err := w.box.SeedAccount(w.ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range w.box.Accounts() {
		w.dev.codecs["/wx/"+a.ID] = a.Codec()
	}
	if err := w.box.SeedCitizens(w.ctx, []sandbox.Citizen{{ID: "zhang", Name: "张三"}, {ID: "li", Name: "李四"}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.close()
		w.server.Close()
		w.dev.server.Close()
	})
	return w
}

func (w *world) open() {
	w.Helper()
	box, err := sandbox.Open(w.ctx, sandbox.Config{Data: w.dir, Log: slog.New(slog.DiscardHandler), Wall: w.wall, Civil: w.civil,
		MoveClock: func(_ context.Context, to time.Time) error { return w.civil.SetOffset(to.Sub(w.wall.Now())) },
		Base:      w.server.URL, Seed: "test"})
	if err != nil {
		w.Fatal(err)
	}
	if err := box.Start(w.ctx); err != nil {
		w.Fatal(err)
	}
	w.box = box
	w.handler.set(box.Handler())
}

func (w *world) close() {
	if err := w.box.Close(context.WithoutCancel(w.ctx)); err != nil {
		w.Errorf("close: %v", err)
	}
}

// restart closes the sandbox and opens it again on the same folder.
func (w *world) restart() {
	w.Helper()
	w.close()
	w.open()
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

// object is a JSON answer.
type object = map[string]any

// do sends a request to the sandbox and returns status and body.
func (w *world) do(method, path string, body io.Reader, header ...string) (*http.Response, []byte) {
	w.Helper()
	req, err := http.NewRequestWithContext(w.ctx, method, w.server.URL+path, body)
	if err != nil {
		w.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
			continue
		}
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	return res, content
}

// asObject decodes a JSON answer.
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
	status, out := w.tryPlay(method, path, in)
	if status/100 != 2 {
		w.Fatalf("%s %s: %d %v", method, path, status, out)
	}
	return out
}

func (w *world) tryPlay(method, path string, in any) (int, object) {
	w.Helper()
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			w.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	res, content := w.do(method, "/sandbox/api"+path, body)
	return res.StatusCode, w.asObject(content)
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

// token returns a stable token of the account.
func (w *world) token(account string) string {
	w.Helper()
	if t := w.tokens[account]; t != "" {
		return t
	}
	a := w.account(account)
	out := w.raw("POST", "/cgi-bin/stable_token",
		object{"grant_type": "client_credential", "appid": a.AppID, "secret": a.Secret})
	token, _ := out["access_token"].(string)
	if token == "" {
		w.Fatalf("no token: %v", out)
	}
	w.tokens[account] = token
	return token
}

// raw calls WeChat's API without a token of the test's.
func (w *world) raw(method, path string, in any) object {
	w.Helper()
	var body io.Reader
	switch in := in.(type) {
	case nil:
	case string:
		body = strings.NewReader(in)
	default:
		b := &bytes.Buffer{}
		enc := json.NewEncoder(b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(in); err != nil {
			w.Fatal(err)
		}
		body = b
	}
	res, content := w.do(method, path, body)
	if res.StatusCode != http.StatusOK {
		w.Fatalf("%s %s: HTTP %d %.300s", method, path, res.StatusCode, content)
	}
	return w.asObject(content)
}

// api calls WeChat's API with the account's token.
func (w *world) api(account, method, path string, in any) object {
	w.Helper()
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return w.raw(method, path+sep+"access_token="+url.QueryEscape(w.token(account)), in)
}

func codeOf(o object) int {
	c, _ := o["errcode"].(float64)
	return int(c)
}

// want fails unless the answer has the code; errors must carry a rid.
func (w *world) want(label string, out object, code int) {
	w.Helper()
	if got := codeOf(out); got != code {
		w.Errorf("%s: errcode %d, want %d (%v)", label, got, code, out)
	}
	if msg, _ := out["errmsg"].(string); code != 0 && !ridForm.MatchString(msg) {
		w.Errorf("%s: errmsg %q has no rid", label, msg)
	}
}

func (w *world) follow(account string, citizens ...string) {
	w.Helper()
	for _, c := range citizens {
		w.play("POST", "/follow", object{"account": account, "citizen": c})
	}
	w.settle()
}

func (w *world) say(account, citizen, text string) object {
	w.Helper()
	return w.play("POST", "/messages", object{"account": account, "citizen": citizen, "type": "text", "content": text})
}

// chat returns the items of a chat.
func (w *world) chat(account, citizen string) []object {
	w.Helper()
	out := w.play("GET", "/chat?account="+account+"&citizen="+citizen, nil)
	items, _ := out["items"].([]any)
	list := make([]object, len(items))
	for i, item := range items {
		list[i] = maps.Clone(item.(object))
	}
	return list
}

// form makes a multipart body with one file.
func form(field, name string, content []byte) (io.Reader, string) {
	b := &bytes.Buffer{}
	m := multipart.NewWriter(b)
	part, err := m.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		panic(err)
	}
	return b, m.FormDataContentType()
}
