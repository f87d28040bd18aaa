package notify

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/org"
	"weizheng/kernel/setting"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/job"
	"weizheng/platform/web"
	"weizheng/wechat"
)

var schemas = []db.Schema{web.Schema(), job.Schema(), audit.Schema(), org.Schema(), account.Schema(), citizen.Schema(), Schema()}

const (
	openid = "oCANARY0000000000000000000001"
	words  = "CANARY-WORDS 您的事项已受理"
)

// hands is a clock that tests set.
type hands struct {
	mu sync.Mutex
	at time.Time
}

func (h *hands) Now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.at }

func (h *hands) forward(d time.Duration) { h.mu.Lock(); h.at = h.at.Add(d); h.mu.Unlock() }

// weixin answers sends: what says the JSON, or an error instead of an answer.
type weixin struct {
	mu    sync.Mutex
	what  []any // one for each send; the last one stays
	token any
	sent  []string
}

var errCut = errors.New("read: connection reset")

var errDial = &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}

func (x *weixin) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	x.mu.Lock()
	defer x.mu.Unlock()
	var answer any = `{"access_token":"T","expires_in":7200}`
	switch r.URL.Path {
	case sendPath, templatePath:
		x.sent = append(x.sent, string(body))
		answer = x.what[0]
		if len(x.what) > 1 {
			x.what = x.what[1:]
		}
	case "/cgi-bin/stable_token":
		if x.token != nil {
			answer = x.token
		}
	}
	if err, ok := answer.(error); ok {
		return nil, err
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(answer.(string))), Request: r}, nil
}

func (x *weixin) answers(what ...any) { x.mu.Lock(); x.what = what; x.mu.Unlock() }

func (x *weixin) sends() int { x.mu.Lock(); defer x.mu.Unlock(); return len(x.sent) }

func code(n string) string { return `{"errcode":` + n + `,"errmsg":"no ` + openid + ` rid: 1a-2b-3c"}` }

// quiet are the settings: quiet hours, and no number.
type quiet struct{ from, until string }

func (q *quiet) Text(_ context.Context, name string, _ setting.At) string {
	if name == "notify.quiet_from" {
		return q.from
	}
	return q.until
}

func (*quiet) Int(context.Context, string, setting.At) int64 { return 15 }

// bench is a service with everything around it, one account and one follower.
type bench struct {
	*Service
	db       *db.DB
	citizens *citizen.Service
	accounts *account.Service
	wall     *hands
	civil    *hands
	wx       *weixin
	quiet    *quiet
	log      *lockedBuffer
	account  int64
	follower int64
	mu       sync.Mutex
	heard    []Outcome
	hookErr  error
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }

func each(t *testing.T, f func(t *testing.T, b *bench)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		ring, err := crypt.NewRing(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		b := newBench(t, d, ring, nil)
		b.settle(t)
		f(t, b)
	})
}

// newBench builds the services on a database. transport nil is the stand-in for WeChat.
func newBench(t *testing.T, d *db.DB, ring *crypt.Ring, transport http.RoundTripper) *bench {
	t.Helper()
	start := time.Date(2026, 11, 20, 1, 30, 0, 0, time.UTC)
	b := &bench{db: d, wall: &hands{at: start}, civil: &hands{at: start}, wx: &weixin{what: []any{`{"errcode":0,"errmsg":"ok"}`}}, quiet: &quiet{}, log: &lockedBuffer{}}
	if transport == nil {
		transport = b.wx
	}
	log := slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	record := audit.New(audit.Deps{DB: d, Wall: b.wall, Log: log, Ring: ring})
	jobs := job.New(d, log, clock.Wall{})
	b.accounts = account.New(account.Deps{DB: d, Ring: ring, Wall: b.wall, Civil: b.civil, Log: log, Audit: record, HTTP: transport, PublicURL: "https://gov.example", Replica: "one"})
	b.citizens = citizen.New(citizen.Deps{DB: d, Jobs: jobs, Ring: ring, Wall: b.wall, Civil: b.civil, Log: log, Audit: record, Accounts: b.accounts, Settings: b.quiet,
		Sessions: web.NewSessions(web.SessionConfig{DB: d, Wall: b.wall, Log: log}), PublicURL: "https://gov.example"})
	b.Service = New(Deps{DB: d, Jobs: jobs, Ring: ring, Wall: b.wall, Civil: b.civil, Log: log, Audit: record, Accounts: b.accounts, Citizens: b.citizens, Settings: b.quiet,
		Outcomes: []Hook{func(_ context.Context, _ *db.Tx, o Outcome) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			if b.hookErr != nil {
				return b.hookErr
			}
			b.heard = append(b.heard, o)
			return nil
		}}})
	return b
}

// settle adds the unit, the account and a follower.
func (b *bench) settle(t *testing.T) {
	t.Helper()
	b.tx(t, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into unit (id, level, name, short, code, path, position, closed, created_at, updated_at, version)
			values (1,'city','青云市','','','/1/',0,$1,1,1,1)`, false)
		return err
	})
	a, err := b.accounts.Register(t.Context(), account.RegisterIn{
		Slug: "qingyun", Kind: wechat.Service, Verified: true, UnitID: 1, Profile: account.Profile{Name: "青云政务"}, AppID: "wx0123456789",
		Secret: strings.Repeat("5", 32), Token: "tokentoken", Mode: wechat.Plain,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.account = a.ID
	b.follower = b.addFollower(t, openid)
}

func (b *bench) addFollower(t *testing.T, openid string) int64 {
	t.Helper()
	var r citizen.Ref
	b.tx(t, func(tx *db.Tx) (err error) {
		if err = b.citizens.HandleInbound(t.Context(), tx, []citizen.Inbound{{Account: b.account, OpenID: openid, At: b.civil.Now()}}); err != nil {
			return err
		}
		r, err = b.citizens.ByPerson(t.Context(), tx, b.account, b.citizens.Person(b.account, openid))
		return err
	})
	return r.ID
}

func (b *bench) tx(t *testing.T, f func(tx *db.Tx) error) {
	t.Helper()
	if err := b.db.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) opens(t *testing.T, trigger Trigger) {
	t.Helper()
	b.tx(t, func(tx *db.Tx) error {
		return b.OpenWindows(t.Context(), tx, []Opened{{Account: b.account, Person: b.citizens.Person(b.account, openid), Trigger: trigger, At: b.civil.Now()}})
	})
}

// queue queues a text under a key.
func (b *bench) queue(t *testing.T, key string) (id int64, err error) {
	t.Helper()
	err = b.db.Write(t.Context(), func(tx *db.Tx) error {
		id, err = b.QueueText(t.Context(), tx, b.account, b.follower, key, words)
		return err
	})
	return id, err
}

func (b *bench) must(t *testing.T, key string) int64 {
	t.Helper()
	id, err := b.queue(t, key)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// run runs the send job of a message once.
func (b *bench) run(t *testing.T, id int64) error {
	t.Helper()
	return b.send(t.Context(), sendArgs{id}, job.Attempt{})
}

func (b *bench) load(t *testing.T, id int64) Outbound {
	t.Helper()
	o, err := b.Get(t.Context(), b.db, id)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (b *bench) left(t *testing.T) map[Trigger]int {
	t.Helper()
	list, err := b.Windows(t.Context(), b.follower)
	if err != nil {
		t.Fatal(err)
	}
	left := map[Trigger]int{}
	for _, w := range list {
		left[w.Trigger] = w.Left
	}
	return left
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatal("not within 20 s: " + what)
		case <-tick.C:
		}
	}
}
