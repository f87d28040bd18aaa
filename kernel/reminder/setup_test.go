package reminder

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/flow"
	"weizheng/kernel/matter"
	"weizheng/kernel/notify"
	"weizheng/kernel/org"
	"weizheng/kernel/setting"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/platform/web"
	"weizheng/wechat"
)

var schemas = []db.Schema{web.Schema(), job.Schema(), audit.Schema(), org.Schema(), account.Schema(), citizen.Schema(), notify.Schema(), Schema()}

// Staff of the tests and their phones.
const (
	wen, li = 11, 12

	phoneOfWen, phoneOfLi, stray = "oPhoneOfWen0000000000000001", "oPhoneOfLi00000000000000001", "oStray00000000000000000001"
)

// noon is a working day's noon in China.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, clock.Zone)

// hands is a clock that tests set.
type hands struct {
	mu sync.Mutex
	at time.Time
}

func (h *hands) Now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.at }

func (h *hands) forward(d time.Duration) { h.mu.Lock(); h.at = h.at.Add(d); h.mu.Unlock() }

// weixin answers as WeChat does, and keeps what was sent.
type weixin struct {
	mu      sync.Mutex
	answers map[string]string // by path, instead of what is usual
	sent    []string          // bodies of customer messages and templates
	openid  string            // who web authorisation finds
}

func (x *weixin) says(path, answer string) { x.mu.Lock(); x.answers[path] = answer; x.mu.Unlock() }

func (x *weixin) count() int { x.mu.Lock(); defer x.mu.Unlock(); return len(x.sent) }

func (x *weixin) last() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.sent) == 0 {
		return ""
	}
	return x.sent[len(x.sent)-1]
}

// RoundTrip is the network.
func (x *weixin) RoundTrip(r *http.Request) (*http.Response, error) {
	body := []byte{}
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	answer := `{"access_token":"T","expires_in":7200}`
	switch r.URL.Path {
	case qrPath:
		answer = `{"ticket":"t","expire_seconds":300,"url":"http://weixin.qq.com/q/` + fmt.Sprint(len(body)) + `"}`
	case customPath:
		x.sent, answer = append(x.sent, string(body)), `{"errcode":0,"errmsg":"ok"}`
	case templatePath:
		x.sent, answer = append(x.sent, string(body)), `{"errcode":0,"errmsg":"ok","msgid":4711}`
	case "/sns/oauth2/access_token":
		answer = `{"access_token":"U","expires_in":7200,"refresh_token":"R","openid":"` + x.openid + `","scope":"snsapi_base"}`
	}
	if other, ok := x.answers[r.URL.Path]; ok {
		answer = other
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
}

// chosen are the values of settings.
type chosen struct {
	mu sync.Mutex
	m  map[string]string
}

func (c *chosen) set(name, value string) { c.mu.Lock(); c.m[name] = value; c.mu.Unlock() }

func (c *chosen) Text(_ context.Context, name string, _ setting.At) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.m[name]
}

func (c *chosen) Int(_ context.Context, name string, _ setting.At) int64 {
	return map[string]int64{SettingGather: 10, SettingLinkHours: 72, SettingKeepDays: 90, "citizen.forget_days": 15}[name]
}

func (c *chosen) JSON(_ context.Context, _ string, _ setting.At, v any) error {
	*v.(*map[string]string) = map[string]string{"thing1": "title", "character_string2": "number", "thing3": "step", "time4": "at"}
	return nil
}

// people stands for kernel/org's staff.
type people struct {
	mu   sync.Mutex
	gone map[int64]bool
}

func (p *people) Staff(_ context.Context, id int64) (org.Staff, error) {
	return org.Staff{ID: id, Login: fmt.Sprint("s", id), Name: map[int64]string{wen: "文清", li: "李安"}[id], Unit: "/1/", UnitName: "青云市", SecondFactor: id == wen}, nil
}

func (p *people) Actor(_ context.Context, id int64) (access.Actor, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone[id] {
		return access.Actor{}, errs.New(errs.Unauthenticated, "unauthenticated")
	}
	return access.Actor{Kind: access.Staff, ID: id, Unit: "/1/"}, nil
}

func (p *people) LoginCode(_ context.Context, staff int64, code, _ string) (org.LoginOut, error) {
	if code != "246810" {
		return org.LoginOut{}, errs.New(errs.Unauthenticated, "org.code_wrong")
	}
	return org.LoginOut{Staff: org.Staff{ID: staff}}, nil
}

// cases stands for kernel/matter.
type cases struct {
	mu sync.Mutex
	m  map[int64]matter.Matter
}

func (c *cases) Head(_ context.Context, id int64) (matter.Matter, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m, ok := c.m[id]; ok {
		return m, nil
	}
	return matter.Matter{}, errs.New(errs.NotFound, "matter.none")
}

func (c *cases) change(id int64, f func(*matter.Matter)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, ok := c.m[id]
	if !ok {
		m = matter.Matter{ID: id, Number: fmt.Sprintf("2026112001%05d", id), Held: matter.Pool, Title: "秘密的标题", DueAt: clock.Millis(noon.AddDate(0, 0, 3))}
	}
	f(&m)
	c.m[id] = m
}

func (c *cases) Titles(context.Context, matter.Matter) (kind, state string, err error) {
	return "居住证办理", "待审核", nil
}

func (c *cases) NoticeTitle(_ context.Context, n matter.Notice) (string, error) {
	return map[string]string{"to_review": "有申请待审核", "urged": "催办"}[n.Kind], nil
}

func (c *cases) CountMine(context.Context, access.Actor, matter.Filter) (int, error) { return 3, nil }

// bench is the package in a test.
type bench struct {
	*Service
	t       *testing.T
	db      *db.DB
	wx      *weixin
	chosen  *chosen
	people  *people
	cases   *cases
	civil   *hands
	wall    *hands
	notify  *notify.Service
	account int64
	event   int64
	citizen *citizen.Service
	books   *account.Service
}

func each(t *testing.T, f func(t *testing.T, b *bench)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) { f(t, setup(t, d)) })
}

func setup(t *testing.T, d *db.DB) *bench {
	t.Helper()
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	b := &bench{t: t, db: d, wx: &weixin{answers: map[string]string{}}, people: &people{gone: map[int64]bool{}}, cases: &cases{m: map[int64]matter.Matter{}},
		civil: &hands{at: noon}, wall: &hands{at: noon}, chosen: &chosen{m: map[string]string{
			SettingAccount: "qingyun", SettingTemplate: "tpl", SettingQuietFrom: "21:30", SettingQuietUntil: "07:30",
			"notify.quiet_from": "00:00", "notify.quiet_until": "00:00"}}}
	record := audit.New(audit.Deps{DB: d, Wall: b.wall, Log: quiet, Ring: ring})
	jobs := job.New(d, quiet, clock.Wall{})
	sessions := web.NewSessions(web.SessionConfig{DB: d, Wall: b.wall, Log: quiet})
	accounts := account.New(account.Deps{DB: d, Ring: ring, Wall: b.wall, Civil: b.civil, Log: quiet, Audit: record, HTTP: b.wx, PublicURL: "https://gov.example", Replica: "one"})
	b.citizen = citizen.New(citizen.Deps{DB: d, Jobs: jobs, Ring: ring, Wall: b.wall, Civil: b.civil, Log: quiet, Audit: record, Accounts: accounts,
		Settings: b.chosen, Sessions: sessions, PublicURL: "https://gov.example"})
	b.notify = notify.New(notify.Deps{DB: d, Jobs: jobs, Ring: ring, Wall: b.wall, Civil: b.civil, Log: quiet, Audit: record, Accounts: accounts,
		Citizens: b.citizen, Settings: b.chosen, Outcomes: []notify.Hook{func(ctx context.Context, tx *db.Tx, o notify.Outcome) error { return b.Outcome(ctx, tx, o) }}})
	b.Service = New(Deps{DB: d, Ring: ring, Wall: b.wall, Civil: b.civil, Log: quiet, Audit: record, Settings: b.chosen, Accounts: accounts, Citizens: b.citizen,
		Outbox: b.notify, Staff: b.people, Matters: b.cases, Sessions: sessions, PublicURL: "https://gov.example",
		Say: func(key string, params map[string]any) string {
			for _, name := range slices.Sorted(maps.Keys(params)) {
				key += fmt.Sprintf(" %s=%v", name, params[name])
			}
			return key
		}})
	b.books = accounts
	b.settle(accounts)
	if err := jobs.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := jobs.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return b
}

// settle adds the unit, the people and the account.
func (b *bench) settle(accounts *account.Service) {
	b.t.Helper()
	b.tx(func(tx *db.Tx) error {
		_, err := tx.Exec(b.t.Context(), `insert into unit (id, level, name, short, code, path, position, closed, created_at, updated_at, version)
			values (1,'city','青云市','','','/1/',0,$1,1,1,1)`, false)
		if err != nil {
			return err
		}
		for _, id := range []int64{wen, li} {
			if _, err := tx.Exec(b.t.Context(), `insert into staff (id, login, name, title, phone_sealed, phone_index, unit_id, outsourced, until_at, disabled,
				password, password_at, must_change, totp_sealed, totp_next, totp_due, totp_step, last_login_at, created_at, updated_at, version)
				values ($1, $2, $2, '', '', '', 1, $3, 0, $3, '', 0, $3, '', '', $3, 0, 0, 0, 0, 1)`, id, fmt.Sprint("s", id), false); err != nil {
				return err
			}
		}
		return nil
	})
	a, err := accounts.Register(b.t.Context(), account.RegisterIn{Slug: "qingyun", Kind: wechat.Service, Verified: true, UnitID: 1, OAuthDomain: true,
		Profile: account.Profile{Name: "青云政务"}, AppID: "wx0123456789", Secret: strings.Repeat("5", 32), Token: "tokentoken", Mode: wechat.Plain})
	if err != nil {
		b.t.Fatal(err)
	}
	b.account = a.ID
	for _, openid := range []string{phoneOfWen, phoneOfLi, stray} {
		b.tx(func(tx *db.Tx) error {
			return b.citizen.HandleInbound(b.t.Context(), tx, []citizen.Inbound{{Account: b.account, OpenID: openid, At: b.civil.Now(), Event: "subscribe"}})
		})
	}
}

func (b *bench) tx(f func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.db.Write(b.t.Context(), f); err != nil {
		b.t.Fatal(err)
	}
}

// as is the desk of somebody.
func (b *bench) as(staff int64) context.Context {
	return access.With(b.t.Context(), access.Actor{Kind: access.Staff, ID: staff, Unit: "/1/"})
}

func (b *bench) person(openid string) string { return b.citizen.Person(b.account, openid) }

// scans lets a phone scan the code whose word was drawn.
func (b *bench) scans(openid string, d Drawn) Asked {
	b.t.Helper()
	asked, err := b.Look(b.t.Context(), b.account, b.person(openid), "", d.Word)
	if err != nil {
		b.t.Fatal(err)
	}
	b.tx(func(tx *db.Tx) error {
		return b.Scan(b.t.Context(), tx, b.account, openid, "", d.Word, b.civil.Now())
	})
	return asked
}

// agrees lets a phone say yes, and returns the digits.
func (b *bench) agrees(openid string) string {
	b.t.Helper()
	yes, err := b.Yes(b.t.Context(), b.account, b.person(openid))
	if err != nil {
		b.t.Fatal(err)
	}
	b.tx(func(tx *db.Tx) error { return b.Agree(b.t.Context(), tx, yes) })
	return yes.Digits
}

func (b *bench) draws(staff int64) Drawn {
	b.t.Helper()
	d, err := b.Begin(b.as(staff))
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

// binds goes the whole way.
func (b *bench) binds(staff int64, openid string) Binding {
	b.t.Helper()
	if asked := b.scans(openid, b.draws(staff)); asked.Void != "" {
		b.t.Fatal(asked.Void)
	}
	bound, err := b.Confirm(b.as(staff), b.agrees(openid))
	if err != nil {
		b.t.Fatal(err)
	}
	return bound
}

// opens opens WeChat's window for a phone.
func (b *bench) opens(openid string) {
	b.t.Helper()
	b.tx(func(tx *db.Tx) error {
		return b.notify.OpenWindows(b.t.Context(), tx, []notify.Opened{{Account: b.account, Person: b.person(openid), Trigger: notify.ByMessage, At: b.civil.Now()}})
	})
}

// notice is one notice of a new event of a matter.
func (b *bench) notice(matterID, staff int64, kind, text string) matter.Told {
	b.event++
	b.cases.change(matterID, func(*matter.Matter) {})
	return matter.Told{Matter: matterID, Event: b.event, Kind: kind, Text: text, To: flow.Waiter{Who: flow.Staff(staff)}, At: clock.Millis(b.civil.Now())}
}

func (b *bench) tells(list ...matter.Told) {
	b.t.Helper()
	b.tx(func(tx *db.Tx) error { return b.Told(b.t.Context(), tx, list) })
}

// sweeps sends what is due, and works the queue of messages once.
func (b *bench) sweeps() {
	b.t.Helper()
	if _, err := b.Send(b.t.Context(), b.civil.Now()); err != nil {
		b.t.Fatal(err)
	}
	b.rests()
}

// rests waits until no message is under way.
func (b *bench) rests() {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		n, err := db.One(ctx, b.db, db.Value[int64], `select count(*) from outbound where state in ('queued', 'sending')`)
		if err != nil {
			b.t.Fatal(err)
		}
		if n == 0 {
			return
		}
		select {
		case <-ctx.Done():
			b.t.Fatal("messages are under way for 20 s")
		case <-tick.C:
		}
	}
}

func (b *bench) parcels(staff int64) []Parcel {
	b.t.Helper()
	list, err := b.List(b.t.Context(), staff, 0, 50)
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}
