package gateway

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/part"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat"
)

const (
	testToken  = "AAAAA"
	testAppID  = "wxb11529c136998cb6"
	testKey    = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	oldKey     = "ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210zyxwvut"
	testGh     = "gh_0123456789ab"
	testOpenID = "oCanaryOpenID00000000000001x"
)

func schemas() []db.Schema { return []db.Schema{job.Schema(), Schema()} }

// each runs f with a gateway on both engines.
func each(t *testing.T, mode wechat.Mode, responders []part.Responder, f func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, schemas(), func(t *testing.T, d *db.DB) { f(t, newWorld(t, d, mode, responders)) })
}

// world is a gateway with one account, and WeChat's side of it.
type world struct {
	*Gateway
	t     *testing.T
	codec *wechat.Codec
	wall  *stopped
	sent  *outbox
	seen  *sink
	log   *strings.Builder
	mu    sync.Mutex
	serve http.Handler
}

type stopped struct {
	mu sync.Mutex
	at time.Time
}

func (s *stopped) Now() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.at }
func (s *stopped) forward(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
}

type outbox struct {
	mu   sync.Mutex
	said []string
}

func (o *outbox) Queue(_ context.Context, _ *db.Tx, _ part.Account, _, dedupe string, r wechat.Reply) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	text, _ := r.(wechat.Text)
	o.said = append(o.said, dedupe+"="+text.Content)
	return nil
}

// sink is a subscriber that remembers what it was handed.
type sink struct {
	mu  sync.Mutex
	got []part.Inbound
}

func (s *sink) handle(_ context.Context, _ *db.Tx, batch []part.Inbound) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, batch...)
	return nil
}

type syncWriter struct {
	mu *sync.Mutex
	b  *strings.Builder
}

func (w syncWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func newWorld(t *testing.T, d *db.DB, mode wechat.Mode, responders []part.Responder) *world {
	t.Helper()
	w := &world{t: t, wall: &stopped{at: time.Now().UTC()}, sent: &outbox{}, seen: &sink{}, log: &strings.Builder{}}
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w.codec = newCodec(t, mode, testKey, oldKey)
	log := slog.New(slog.NewTextHandler(syncWriter{&w.mu, w.log}, nil))
	account := part.Account{ID: 7, Slug: "qingyun", Unit: "/1/"}
	w.Gateway = New(Config{
		DB: d, Jobs: job.New(d, log, clock.Wall{}), Log: log, Wall: w.wall, Civil: w.wall, Sealer: ring,
		Doors: doors{"qingyun": {Account: account, Codec: w.codec}},
		Account: func(_ context.Context, id int64) (part.Account, error) {
			if id != account.ID {
				return part.Account{}, errs.New(errs.NotFound, "account.none")
			}
			return account, nil
		},
		Person:        func(account int64, openid string) string { return ring.Index("person", fmt.Sprint(account, openid)) },
		Outbox:        w.sent,
		Fallback:      func(context.Context, part.Account) wechat.Reply { return wechat.Text{Content: "稍后答复您"} },
		Responders:    responders,
		Subscriptions: []part.Subscription{{Name: "sink", Handle: w.seen.handle}},
		Limits:        Limits{Budget: 200 * time.Millisecond, Late: 5 * time.Second},
		Replica:       "test",
	})
	mux := http.NewServeMux()
	mux.Handle("/wx/{account}", w.Gateway)
	w.serve = mux
	return w
}

type doors map[string]Door

func (d doors) Door(_ context.Context, slug string) (Door, error) {
	door, ok := d[slug]
	if !ok {
		return Door{}, errs.New(errs.NotFound, "account.none")
	}
	return door, nil
}

func newCodec(t *testing.T, mode wechat.Mode, keys ...string) *wechat.Codec {
	t.Helper()
	c, err := wechat.NewCodec(wechat.CodecConfig{AppID: testAppID, Token: testToken, Mode: mode, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func text(id int64, content string) *wechat.Message {
	return &wechat.Message{
		ToUserName: testGh, FromUserName: testOpenID, CreateTime: 1700000000, MsgType: "text", MsgID: id, Content: content,
	}
}

// push delivers a message as WeChat does and returns the answer.
func (w *world) push(m *wechat.Message) *httptest.ResponseRecorder {
	w.t.Helper()
	plain, err := wechat.EncodeMessage(m)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.pushRaw(w.codec, plain)
}

func (w *world) pushRaw(c *wechat.Codec, plain []byte) *httptest.ResponseRecorder {
	w.t.Helper()
	q, body, err := c.Push(plain, testGh, testOpenID, w.wall.Now().Unix(), "nonce", []byte("0123456789abcdef"))
	if err != nil {
		w.t.Fatal(err)
	}
	return w.send(q, body)
}

func (w *world) send(q wechat.Query, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/wx/qingyun?"+q.Values().Encode(), strings.NewReader(string(body)))
	return w.request(r)
}

func (w *world) request(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	w.serve.ServeHTTP(rec, r)
	return rec
}

// said reads an answer as WeChat would: "" for silence, else the text.
func (w *world) said(rec *httptest.ResponseRecorder) string {
	w.t.Helper()
	if rec.Code != http.StatusOK {
		w.t.Fatalf("status %d: %s", rec.Code, rec.Body)
	}
	body, _ := io.ReadAll(rec.Body)
	plain, err := w.codec.OpenReply(body)
	if err != nil {
		w.t.Fatalf("WeChat cannot open the answer %q: %v", body, err)
	}
	if wechat.NoAnswer(plain) {
		return ""
	}
	to, from, reply, err := wechat.ParseReply(plain)
	if err != nil {
		w.t.Fatalf("WeChat cannot read the answer: %v", err)
	}
	if to != testOpenID || from != testGh {
		w.t.Errorf("answer to %q from %q", to, from)
	}
	text, _ := reply.(wechat.Text)
	return text.Content
}

func (w *world) rows() int {
	w.t.Helper()
	var n int
	if err := w.DB.QueryRow(w.t.Context(), `select count(*) from inbound`).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) logged() string { w.mu.Lock(); defer w.mu.Unlock(); return w.log.String() }

// echoResponder answers every text with its own words.
var echoResponder = part.Responder{Name: "echo", Slot: part.SlotKeyword, Offer: func(_ context.Context, in part.In) (part.Answer, bool, error) {
	if in.Text == "" {
		return part.Answer{}, false, nil
	}
	return part.Answer{Reply: wechat.Text{Content: "您说：" + in.Text}, Source: "reply:1"}, true, nil
}}
