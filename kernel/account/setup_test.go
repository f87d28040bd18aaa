package account

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/kernel/audit"
	"weizheng/kernel/org"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

var schemas = []db.Schema{audit.Schema(), org.Schema(), Schema()}

// The secrets of the tests' account: whatever prints or logs one of them fails a test.
const (
	testSecret = "c0ffee00c0ffee00c0ffee00c0ffee00"
	testToken  = "canaryToken7"
	testKey    = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	otherKey   = "ZYXWVUTSRQPONMLKJIHGFEDCBAabcdefghijklmnopq"
	thirdKey   = "0123456789abcdefghijklmnopqABCDEFGHIJKLMNOP"
	accessGift = "ACCESS-CANARY-90817263"
)

// hands is a clock that tests set.
type hands struct {
	mu sync.Mutex
	at time.Time
}

func (h *hands) Now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.at }

func (h *hands) forward(d time.Duration) { h.mu.Lock(); h.at = h.at.Add(d); h.mu.Unlock() }

// weixin answers calls instead of WeChat; answers are JSON by path.
type weixin struct {
	mu      sync.Mutex
	answers map[string]any // string, map, or func(*http.Request) (int, string)
	calls   map[string]int
	date    func() time.Time
}

func newWeixin(wall clock.Clock) *weixin {
	return &weixin{calls: map[string]int{}, date: wall.Now, answers: map[string]any{
		"/cgi-bin/stable_token":  map[string]any{"access_token": accessGift, "expires_in": 7200},
		"/cgi-bin/getcallbackip": map[string]any{"ip_list": []string{"127.0.0.1"}},
	}}
}

func (x *weixin) set(path string, answer any) { x.mu.Lock(); x.answers[path] = answer; x.mu.Unlock() }

func (x *weixin) count(path string) int { x.mu.Lock(); defer x.mu.Unlock(); return x.calls[path] }

func (x *weixin) RoundTrip(r *http.Request) (*http.Response, error) {
	x.mu.Lock()
	x.calls[r.URL.Path]++
	answer := x.answers[r.URL.Path]
	date := x.date()
	x.mu.Unlock()
	status, body := 404, "nothing here"
	switch a := answer.(type) {
	case func(*http.Request) (int, string):
		status, body = a(r)
	case error:
		return nil, a
	case nil:
	default:
		b, err := json.Marshal(a)
		if err != nil {
			return nil, err
		}
		status, body = 200, string(b)
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Date": {date.UTC().Format(http.TimeFormat)}, "Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func refusal(code int, msg string) map[string]any {
	return map[string]any{"errcode": code, "errmsg": msg + " rid: 65f0-1234abcd-0099"}
}

// bench is a service with everything around it.
type bench struct {
	*Service
	db    *db.DB
	wall  *hands
	civil *hands
	wx    *weixin
	log   *bytes.Buffer
	unit  int64
	other int64
}

// locked makes a buffer safe for several goroutines.
type locked struct {
	mu sync.Mutex
	to *bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.to.Write(p) }

func each(t *testing.T, f func(t *testing.T, b *bench)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) { f(t, newBench(t, d)) })
}

func newBench(t *testing.T, d *db.DB) *bench {
	t.Helper()
	b := &bench{db: d, log: &bytes.Buffer{}}
	start := time.Date(2026, 11, 20, 1, 30, 0, 0, time.UTC)
	b.wall, b.civil = &hands{at: start}, &hands{at: start}
	b.wx = newWeixin(b.wall)
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b.Service = b.replica(ring, "one")
	b.unit, b.other = addUnit(t, d, "青云市", 0), 0
	b.other = addUnit(t, d, "人社局", b.unit)
	return b
}

// replica is another process on the same database.
func (b *bench) replica(ring *crypt.Ring, name string) *Service {
	log := slog.New(slog.NewTextHandler(&locked{to: b.log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return New(Deps{
		DB: b.db, Ring: ring, Wall: b.wall, Civil: b.civil, Log: log, HTTP: b.wx, PublicURL: "https://gov.example", Replica: name,
		Audit: audit.New(audit.Deps{DB: b.db, Wall: b.wall, Log: log, Ring: ring}),
	})
}

func addUnit(t *testing.T, d *db.DB, name string, parent int64) int64 {
	t.Helper()
	var id int64
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		var above any
		path := "/"
		if parent != 0 {
			above = parent
			if path, err = db.One(t.Context(), tx, db.Value[string], `select path from unit where id = $1`, parent); err != nil {
				return err
			}
		}
		id, err = db.One(t.Context(), tx, db.Value[int64], `insert into unit (parent_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
			values ($1,$2,$3,'','','',0,$4,1,1,1) returning id`, above, "city", name, false)
		if err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `update unit set path = $2 where id = $1`, id, path+decimal(id)+"/")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func (b *bench) in() RegisterIn {
	return RegisterIn{
		Slug: "qingyun", Kind: wechat.Service, Verified: true, UnitID: b.unit, Profile: Profile{Name: "青云政务"}, OriginalID: "gh_abcdef0123",
		AppID: "wx0123456789abcdef", Secret: testSecret, Token: testToken, Key: testKey, Mode: wechat.Safe, OAuthDomain: true,
	}
}

func (b *bench) register(t *testing.T) Account {
	t.Helper()
	a, err := b.Register(t.Context(), b.in())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (b *bench) client(t *testing.T, id int64) *client.Client {
	t.Helper()
	c, err := b.Client(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// eventually waits for something that another goroutine does.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatal("not within 5 s: " + what)
		case <-tick.C:
		}
	}
}

func (b *bench) inTx(t *testing.T, f func(tx *db.Tx) error) error {
	t.Helper()
	return b.db.Write(t.Context(), f)
}

func sqlite(t *testing.T) *db.DB {
	t.Helper()
	return dbtest.SQLite(t, schemas)
}

// client makes one call with the service's own client.
func (s *Service) client(t *testing.T, id int64) ([]string, error) {
	t.Helper()
	c, err := s.Client(t.Context(), id)
	if err != nil {
		return nil, err
	}
	return c.CallbackIPs(t.Context())
}
