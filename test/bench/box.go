package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"sync/atomic"
	"time"
)

// box is a sandbox on one core, and what is known of its account.
type box struct {
	*house
	plan    *plan
	dir     string
	listen  string
	http    *http.Client
	server  *callee
	appid   string
	secret  string
	token   string
	openids []string // all followers, in the order of following
	people  int      // how many of them, the last, are p-1, p-2, …
	tag     int64    // of all followers
	second  int64    // of some
	article string   // id
	cover   string   // media id
	plate   string   // template id
}

const (
	boxAccount = "city"
	rushConns  = 64
)

// callee is the developer's server: it answers who writes, takes every other callback, and has a page with a form.
type callee struct {
	*httptest.Server
	heard atomic.Int64
}

const calleePage = `<!doctype html><title>预约</title><form method="post"><label for="n">姓名</label><input id="n" name="name" required>
	<label for="p">手机</label><input id="p" name="phone" type="tel" required><button>提交</button></form>`

// calleeReply answers a text; the ids of account and citizen change places.
const calleeReply = `<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime>` +
	`<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[满意吗？<a href="weixin://bizmsgmenu?msgmenucontent=满意&msgmenuid=5">满意</a>]]></Content></xml>`

func newCallee() *callee {
	c := &callee{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		switch {
		case err != nil:
		case r.URL.Path == "/form" && r.Method == http.MethodPost:
			_, _ = io.WriteString(w, "<!doctype html><title>已收到</title>")
		case r.URL.Path == "/form":
			_, _ = io.WriteString(w, calleePage)
		case r.Method == http.MethodGet:
			_, _ = io.WriteString(w, r.URL.Query().Get("echostr"))
		default:
			c.heard.Add(1)
			_, _ = io.WriteString(w, calleeAnswer(string(body)))
		}
	}))
	return c
}

func calleeAnswer(xml string) string {
	if !strings.Contains(xml, "<MsgType><![CDATA[text]]>") {
		return "success"
	}
	return fmt.Sprintf(calleeReply, inside(xml, "FromUserName"), inside(xml, "ToUserName"), time.Now().Unix())
}

func inside(xml, tag string) string {
	_, rest, _ := strings.Cut(xml, "<"+tag+"><![CDATA[")
	text, _, _ := strings.Cut(rest, "]]>")
	return text
}

// newBox starts a sandbox in a fresh folder.
func newBox(ctx context.Context, p *plan, dir string) (*box, error) {
	listen, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	b := &box{plan: p, dir: dir, listen: listen, server: newCallee(),
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: rushConns}}}
	return b, b.start(ctx)
}

// core is the one that the sandbox has for itself; the generator stays on the others.
const core = "0"

// start starts the sandbox, bound to its core if the machine has taskset, and to one running goroutine at a time in any case.
func (b *box) start(ctx context.Context) (err error) {
	program := []string{b.plan.binary}
	if pinned() {
		program = []string{"taskset", "-c", core, b.plan.binary}
	}
	b.house, err = start(ctx, launch{program: program, listen: b.listen, door: "/sandbox/api/clock", env: []string{"GOMAXPROCS=1"},
		args: []string{"sandbox", "--listen", b.listen, "--data", b.dir, "--seed", "bench"}})
	return err
}

func pinned() bool {
	_, err := exec.LookPath("taskset")
	return err == nil
}

// play calls the sandbox's own API.
func (b *box) play(ctx context.Context, method, path string, in, out any) error {
	content, err := json.Marshal(in)
	if err != nil {
		return err
	}
	status, answer, err := b.do(ctx, method, "/sandbox/api"+path, "application/json", content)
	if err != nil {
		return err
	}
	if status >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %d %s", method, path, status, answer)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// api calls WeChat's, with the token.
func (b *box) api(ctx context.Context, path string, in, out any) error {
	content, err := json.Marshal(in)
	if err != nil {
		return err
	}
	_, answer, err := b.do(ctx, http.MethodPost, b.signed(path), "application/json", content)
	if err != nil {
		return err
	}
	return read(path, answer, out)
}

// fetch is api by GET.
func (b *box) fetch(ctx context.Context, path string, out any) error {
	_, answer, err := b.do(ctx, http.MethodGet, b.signed(path), "", nil)
	if err != nil {
		return err
	}
	return read(path, answer, out)
}

func (b *box) signed(path string) string {
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	return path + mark + "access_token=" + url.QueryEscape(b.token)
}

// read takes an answer of WeChat's apart; an errcode is an error.
func read(path string, answer []byte, out any) error {
	if code := codeOf(answer); code != 0 {
		return fmt.Errorf("%s: %s", path, answer)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// codeOf is the errcode of an answer; 0 of one that has none, -2 of what is no JSON.
func codeOf(answer []byte) int {
	if !bytes.Contains(answer[:min(len(answer), 40)], []byte(`"errcode"`)) && bytes.HasPrefix(answer, []byte("{")) {
		return 0
	}
	var failed struct {
		Code int `json:"errcode"`
	}
	if err := json.Unmarshal(answer, &failed); err != nil {
		return -2
	}
	return failed.Code
}

func (b *box) do(ctx context.Context, method, path, kind string, content []byte) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, b.address+path, bytes.NewReader(content))
	if err != nil {
		return 0, nil, err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := b.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close() //nolint:errcheck // it was read; nothing depends on it
	answer, err := io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}
