package contract

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"weizheng/platform/clock"
	"weizheng/wechat"
)

// receiver is the accounts' server: it opens callbacks with the codec of the account, keeps them and answers what the
// test says. Its other pages say nothing.
type receiver struct {
	t      *testing.T
	wall   clock.Clock
	codecs map[string]*wechat.Codec // by path

	mu     sync.Mutex
	got    []received
	pages  []string // paths with queries that phones opened
	answer func(m *wechat.Message) wechat.Reply
}

type received struct {
	path  string
	query wechat.Query
	body  string
	*wechat.Message
}

func newReceiver(t *testing.T, wall clock.Clock) *receiver {
	return &receiver{t: t, wall: wall, codecs: map[string]*wechat.Codec{}}
}

// ServeHTTP answers WeChat, and phones.
func (rc *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	codec := rc.codecs[r.URL.Path]
	if codec == nil {
		rc.mu.Lock()
		rc.pages = append(rc.pages, r.URL.RequestURI())
		rc.mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><html><head></head><body></body></html>")
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
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = rc.receive(w, codec, q, r.URL.Path, body)
	}
	if err != nil {
		rc.t.Errorf("callback to %s: %v", r.URL.Path, err)
		http.Error(w, "callback", http.StatusForbidden)
	}
}

func (rc *receiver) receive(w io.Writer, codec *wechat.Codec, q wechat.Query, path string, body []byte) error {
	kept := string(body) // Open decrypts in place
	opened, err := codec.Open(q, body, rc.wall.Now())
	if err != nil {
		return err
	}
	m, err := wechat.ParseMessage(opened.Plain)
	if err != nil {
		return err
	}
	rc.mu.Lock()
	rc.got = append(rc.got, received{path, q, kept, m})
	answer := rc.answer
	rc.mu.Unlock()
	var reply wechat.Reply
	if answer != nil {
		reply = answer(m)
	}
	if reply == nil {
		_, err := io.WriteString(w, wechat.Success)
		return err
	}
	plain, err := wechat.EncodeReply(m.FromUserName, m.ToUserName, rc.wall.Now(), reply)
	if err != nil {
		return err
	}
	sealed, err := codec.Seal(plain, opened.Key, rc.wall.Now().Unix(), "nonce", []byte("0123456789abcdef"))
	if err == nil {
		_, err = w.Write(sealed)
	}
	return err
}

// answers says what callbacks are answered with; nil is success.
func (rc *receiver) answers(f func(m *wechat.Message) wechat.Reply) {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	rc.answer = f
}

// take returns the callbacks since the last take.
func (rc *receiver) take() []received {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	got := rc.got
	rc.got = nil
	return got
}

// opened returns the last page under path that a phone opened.
func (rc *receiver) opened(path string) string {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	for _, page := range slices.Backward(rc.pages) {
		if strings.HasPrefix(page, path) {
			return page
		}
	}
	return ""
}

// next takes the callbacks and wants exactly one.
func (w *world) next(what string) received {
	w.Helper()
	w.settle()
	got := w.dev.take()
	if len(got) != 1 {
		w.Fatalf("%s: %d callbacks", what, len(got))
	}
	return got[0]
}
