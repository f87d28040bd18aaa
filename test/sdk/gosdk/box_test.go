package gosdk

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/silenceper/wechat/v2"
	"github.com/silenceper/wechat/v2/cache"
	"github.com/silenceper/wechat/v2/officialaccount"
	"github.com/silenceper/wechat/v2/officialaccount/config"
	"github.com/silenceper/wechat/v2/officialaccount/message"
	"github.com/silenceper/wechat/v2/util"
)

type object = map[string]any

// detour sends what is meant for WeChat's hosts to the sandbox, and phones' hosts to where they really are.
type detour struct{ box *url.URL }

func (d detour) RoundTrip(r *http.Request) (*http.Response, error) {
	out := r.Clone(r.Context())
	switch host := r.URL.Hostname(); {
	case strings.HasSuffix(host, ".weixin.qq.com"):
		out.URL.Scheme, out.URL.Host, out.Host = d.box.Scheme, d.box.Host, d.box.Host
	case strings.HasSuffix(host, ".localhost"):
		out.URL.Host, out.Host = d.box.Host, r.URL.Host
	}
	return http.DefaultTransport.RoundTrip(out)
}

// box is the sandbox that SANDBOX names.
type box struct {
	*testing.T
	base string
	http *http.Client
}

func open(t *testing.T) *box {
	t.Helper()
	base := os.Getenv("SANDBOX")
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		t.Skip("SANDBOX names no running sandbox: use run.sh")
	}
	b := &box{T: t, base: base, http: &http.Client{Transport: detour{u}, Timeout: 20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	once.Do(func() { util.DefaultHTTPClient = b.http })
	return b
}

var once sync.Once

// play calls the sandbox's own API.
func (b *box) play(method, path string, in any) object {
	b.Helper()
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			b.Fatal(err)
		}
		body = bytes.NewReader(raw)
	}
	res, content := b.do(method, b.base+"/sandbox/api"+path, body, "")
	var out object
	if err := json.Unmarshal(content, &out); err != nil || res.StatusCode/100 != 2 {
		b.Fatalf("%s %s: %d %s", method, path, res.StatusCode, content)
	}
	return out
}

func (b *box) do(method, address string, body io.Reader, kind string) (*http.Response, []byte) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), method, address, body)
	if err != nil {
		b.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := b.http.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	return res, content
}

// account is an Official Account in the sandbox whose server is the SDK's handler.
type account struct {
	*box
	id, citizen, openid string
	appid               string
	sdk                 *officialaccount.OfficialAccount
	server              *httptest.Server

	mu     sync.Mutex
	got    []*message.MixMessage
	answer func(*message.MixMessage) *message.Reply
}

// register makes an account with the SDK behind its callback address, and a citizen who follows it.
func register(t *testing.T, id, mode string, stable bool) *account {
	t.Helper()
	a := &account{box: open(t), id: id, citizen: id + "-zhang"}
	a.server = httptest.NewServer(a)
	t.Cleanup(a.server.Close)
	made := a.play("POST", "/accounts", object{"id": id, "name": "青云 " + id, "kind": "service", "verified": true, "mode": mode,
		"principal": "strangers", "miniprograms": []string{"wx00000000000000aa"}})["account"].(object)
	a.appid = made["appid"].(string)
	a.sdk = wechat.NewWechat().GetOfficialAccount(&config.Config{
		AppID: a.appid, AppSecret: made["secret"].(string), Token: made["token"].(string),
		EncodingAESKey: made["encoding_aes_key"].(string), Cache: cache.NewMemory(), UseStableAK: stable,
	})
	// The address is taken only when the SDK answers the echo.
	patched := a.play("PATCH", "/accounts/"+id, object{"callback": a.server.URL + "/wx", "oauth_domain": a.server.Listener.Addr().String(),
		"js_domains": []string{a.server.Listener.Addr().String()}})["account"].(object)
	if patched["callback_state"] != "ok" {
		t.Fatalf("the SDK does not answer the echo: %v", patched)
	}
	a.play("POST", "/citizens", object{"id": a.citizen, "name": "张三"})
	a.openid = a.play("POST", "/follow", object{"account": id, "citizen": a.citizen})["openid"].(string)
	if m := a.next(); m.Event != message.EventSubscribe || m.GetOpenID() != a.openid {
		t.Errorf("subscribe: %+v", m)
	}
	return a
}

// ServeHTTP is the server as the SDK's documents show it; other paths are pages.
func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/wx" {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!doctype html><html><head></head></html>")
		return
	}
	s := a.sdk.GetServer(r, w)
	s.SetMessageHandler(func(m *message.MixMessage) *message.Reply {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.got = append(a.got, m)
		if a.answer == nil {
			return nil
		}
		return a.answer(m)
	})
	if err := s.Serve(); err != nil {
		a.Errorf("%s: the SDK cannot read a callback: %v", a.id, err)
		return
	}
	if err := s.Send(); err != nil {
		a.Errorf("%s: the SDK cannot answer: %v", a.id, err)
	}
}

func (a *account) answers(f func(*message.MixMessage) *message.Reply) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = f
}

// next waits for a callback.
func (a *account) next() *message.MixMessage {
	a.Helper()
	var m *message.MixMessage
	a.until("a callback", func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		if len(a.got) == 0 {
			return false
		}
		m, a.got = a.got[0], a.got[1:]
		return true
	})
	return m
}

// shown waits for the newest item of the chat to be of a type, and returns it.
func (a *account) shown(typ string) object {
	a.Helper()
	var last object
	a.until("a "+typ+" in the chat", func() bool {
		items, _ := a.play("GET", "/chat?account="+a.id+"&citizen="+a.citizen, nil)["items"].([]any)
		if len(items) > 0 {
			last, _ = items[len(items)-1].(object)
		}
		return last["type"] == typ && last["from"] != "citizen"
	})
	return last
}

func (a *account) until(what string, ok func() bool) {
	a.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(15 * time.Second); !ok(); {
		select {
		case <-tick.C:
		case <-deadline:
			a.Fatalf("%s: not within 15 s: %s", a.id, what)
		}
	}
}

func (a *account) say(text string) {
	a.Helper()
	a.play("POST", "/messages", object{"account": a.id, "citizen": a.citizen, "type": "text", "content": text})
}

func (a *account) no(label string, err error) {
	a.Helper()
	if err != nil {
		a.Errorf("%s: %s: %v", a.id, label, err)
	}
}
