package citizen

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
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

var schemas = []db.Schema{web.Schema(), job.Schema(), audit.Schema(), org.Schema(), account.Schema(), Schema()}

// hands is a clock that tests set.
type hands struct {
	mu sync.Mutex
	at time.Time
}

func (h *hands) Now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.at }

func (h *hands) forward(d time.Duration) { h.mu.Lock(); h.at = h.at.Add(d); h.mu.Unlock() }

// fan is a follower as the stand-in for WeChat keeps them.
type fan struct {
	gone   bool
	union  string
	remark string
	tags   []int
	scene  string

	blocked bool
}

// weixin stands in for WeChat's server: followers, tags, blacklist, web authorisation.
type weixin struct {
	mu       sync.Mutex
	fans     map[string]*fan
	order    []string
	tags     map[int]string
	page     int            // openids a page
	refuse   map[string]int // errcode by path
	calls    map[string]int
	codes    map[string]string // web authorisation: code → answer
	strange  map[string]bool   // openids of nobody: one of them spoils a batch
	strangle func(path string) // runs before an answer
}

func newWeixin() *weixin {
	return &weixin{fans: map[string]*fan{}, tags: map[int]string{}, page: 10_000, refuse: map[string]int{}, calls: map[string]int{}, codes: map[string]string{}}
}

func (x *weixin) follow(openid string, f fan) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.fans[openid] == nil {
		x.order = append(x.order, openid)
	}
	x.fans[openid] = &f
}

func (x *weixin) fan(openid string) fan { x.mu.Lock(); defer x.mu.Unlock(); return *x.fans[openid] }

func (x *weixin) count(path string) int { x.mu.Lock(); defer x.mu.Unlock(); return x.calls[path] }

func (x *weixin) set(path string, code int) { x.mu.Lock(); x.refuse[path] = code; x.mu.Unlock() }

func (x *weixin) RoundTrip(r *http.Request) (*http.Response, error) {
	if x.strangle != nil {
		x.strangle(r.URL.Path)
	}
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.calls[r.URL.Path]++
	var out any
	if code := x.refuse[r.URL.Path]; code != 0 {
		out = map[string]any{"errcode": code, "errmsg": "no rid: 1-2-3"}
	} else {
		out = x.answer(r, body)
	}
	b, err := json.Marshal(out)
	if raw, ok := out.(string); ok {
		b, err = []byte(raw), nil
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(b)), Request: r}, err
}

func (x *weixin) answer(r *http.Request, body []byte) any {
	var in struct {
		Users []struct {
			OpenID string `json:"openid"`
		} `json:"user_list"`
		OpenIDs []string `json:"openid_list"`
		TagID   int      `json:"tagid"`
		OpenID  string   `json:"openid"`
		Remark  string   `json:"remark"`
		Tag     struct {
			ID   int    `json:"id"`
			Name string `json:"name"`
		} `json:"tag"`
	}
	_ = json.Unmarshal(body, &in)
	ok := map[string]any{"errcode": 0, "errmsg": "ok"}
	switch r.URL.Path {
	case "/cgi-bin/stable_token":
		return map[string]any{"access_token": "T", "expires_in": 7200}
	case "/cgi-bin/user/get":
		return x.list(r.URL.Query().Get("next_openid"))
	case "/cgi-bin/user/info/batchget":
		var list []any
		for _, u := range in.Users {
			if x.strange[u.OpenID] {
				return map[string]any{"errcode": 40003, "errmsg": "invalid openid"}
			}
			list = append(list, x.info(u.OpenID))
		}
		return map[string]any{"user_info_list": list}
	case "/cgi-bin/user/info":
		return x.info(r.URL.Query().Get("openid"))
	case "/cgi-bin/user/info/updateremark":
		x.fans[in.OpenID].remark = in.Remark
		return ok
	case "/cgi-bin/tags/get":
		list := []any{}
		for id, name := range x.tags {
			list = append(list, map[string]any{"id": id, "name": name})
		}
		return map[string]any{"tags": list}
	case "/cgi-bin/tags/create":
		for _, name := range x.tags {
			if name == in.Tag.Name {
				return map[string]any{"errcode": 45157, "errmsg": "invalid tag name"}
			}
		}
		id := 100 + len(x.tags)
		x.tags[id] = in.Tag.Name
		return map[string]any{"tag": map[string]any{"id": id, "name": in.Tag.Name}}
	case "/cgi-bin/tags/update":
		x.tags[in.Tag.ID] = in.Tag.Name
		return ok
	case "/cgi-bin/tags/delete":
		delete(x.tags, in.Tag.ID)
		return ok
	case "/cgi-bin/tags/members/batchblacklist", "/cgi-bin/tags/members/batchunblacklist":
		for _, openid := range in.OpenIDs {
			x.fans[openid].blocked = strings.HasSuffix(r.URL.Path, "/batchblacklist")
		}
		return ok
	case "/cgi-bin/tags/members/getblacklist":
		list := []string{}
		for _, openid := range x.order {
			if x.fans[openid].blocked {
				list = append(list, openid)
			}
		}
		return map[string]any{"total": len(list), "count": len(list), "data": map[string]any{"openid": list}, "next_openid": ""}
	case "/cgi-bin/tags/members/batchtagging", "/cgi-bin/tags/members/batchuntagging":
		for _, openid := range in.OpenIDs {
			if x.fans[openid] == nil {
				return map[string]any{"errcode": 40003, "errmsg": "invalid openid"}
			}
		}
		for _, openid := range in.OpenIDs {
			f := x.fans[openid]
			f.tags = slices.DeleteFunc(f.tags, func(id int) bool { return id == in.TagID })
			if strings.HasSuffix(r.URL.Path, "/batchtagging") {
				f.tags = append(f.tags, in.TagID)
			}
		}
		return ok
	case "/sns/oauth2/access_token":
		if a, ok := x.codes[r.URL.Query().Get("code")]; ok {
			delete(x.codes, r.URL.Query().Get("code"))
			return a
		}
		return map[string]any{"errcode": 40163, "errmsg": "code been used"}
	}
	return map[string]any{"errcode": 48001, "errmsg": "api unauthorized"}
}

func (x *weixin) list(next string) any {
	var living []string
	for _, openid := range x.order {
		if !x.fans[openid].gone {
			living = append(living, openid)
		}
	}
	start := 0
	if next != "" {
		start = slices.Index(living, next) + 1
	}
	end := min(start+x.page, len(living))
	page := living[start:end]
	out := map[string]any{"total": len(living), "count": len(page), "next_openid": ""}
	if len(page) > 0 {
		out["data"] = map[string]any{"openid": page}
		out["next_openid"] = page[len(page)-1]
	}
	return out
}

func (x *weixin) info(openid string) any {
	f := x.fans[openid]
	if f == nil || f.gone {
		return map[string]any{"subscribe": 0, "openid": openid}
	}
	return map[string]any{"subscribe": 1, "openid": openid, "unionid": f.union, "subscribe_time": 1763600000, "remark": f.remark,
		"tagid_list": f.tags, "subscribe_scene": "ADD_SCENE_SEARCH", "qr_scene": 0, "qr_scene_str": f.scene}
}

// days answers every number setting.
type days int64

func (d *days) Int(context.Context, string, setting.At) int64 { return int64(*d) }

// Text is asked by the faces only.
func (d *days) Text(context.Context, string, setting.At) string { return "" }

// bench is a service with everything around it.
type bench struct {
	*Service
	accounts *account.Service
	db       *db.DB
	wall     *hands
	civil    *hands
	wx       *weixin
	log      *lockedBuffer
	forget   *days
	account  int64 // 青云政务, verified service account
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
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) { f(t, newBench(t, d)) })
}

func newBench(t testing.TB, d *db.DB) *bench {
	t.Helper()
	start := time.Date(2026, 11, 20, 1, 30, 0, 0, time.UTC)
	b := &bench{db: d, wall: &hands{at: start}, civil: &hands{at: start}, wx: newWeixin(), log: &lockedBuffer{}, forget: new(days)}
	*b.forget = 15
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	record := audit.New(audit.Deps{DB: d, Wall: b.wall, Log: log, Ring: ring})
	b.accounts = account.New(account.Deps{DB: d, Ring: ring, Wall: b.wall, Civil: b.civil, Log: log, Audit: record, HTTP: b.wx, PublicURL: "https://gov.example", Replica: "one"})
	jobs := job.New(d, log, clock.Wall{})
	b.Service = New(Deps{
		DB: d, Jobs: jobs, Ring: ring, Wall: b.wall, Civil: b.civil, Log: log, Audit: record, Accounts: b.accounts, Settings: b.forget,
		Sessions: web.NewSessions(web.SessionConfig{DB: d, Wall: b.wall, Log: log}), PublicURL: "https://gov.example",
	})
	addUnit(t, d)
	b.account = b.register(t, "qingyun", wechat.Service, true)
	return b
}

func (b *bench) register(t testing.TB, slug string, kind wechat.Kind, verified bool) int64 {
	t.Helper()
	a, err := b.accounts.Register(t.Context(), account.RegisterIn{
		Slug: slug, Kind: kind, Verified: verified, UnitID: 1, Profile: account.Profile{Name: slug}, AppID: "wx" + strings.ReplaceAll(slug, "-", "") + "00",
		Secret: strings.Repeat("5", 32), Token: "tokentoken", Mode: wechat.Plain, OAuthDomain: kind == wechat.Service && verified,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

func addUnit(t testing.TB, d *db.DB) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into unit (id, level, name, short, code, path, position, closed, created_at, updated_at, version)
			values (1,'city','青云市','','','/1/',0,$1,1,1,1)`, false)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// start works jobs until the test ends.
func (b *bench) start(t testing.TB) {
	t.Helper()
	if err := b.Jobs.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		if err := b.Jobs.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

func (b *bench) tx(t testing.TB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := b.db.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// in hands callbacks to the service, all from the test's account.
func (b *bench) in(t testing.TB, batch ...Inbound) {
	t.Helper()
	for i := range batch {
		if batch[i].Account == 0 {
			batch[i].Account = b.account
		}
		if batch[i].At.IsZero() {
			batch[i].At = b.civil.Now()
		}
	}
	b.tx(t, func(tx *db.Tx) error { return b.HandleInbound(t.Context(), tx, batch) })
}

// of returns the follower that an openid is.
func (b *bench) of(t testing.TB, openid string) Follower {
	t.Helper()
	return b.ofAccount(t, b.account, openid)
}

func (b *bench) ofAccount(t testing.TB, account int64, openid string) Follower {
	t.Helper()
	r, err := b.ByPerson(t.Context(), b.db, account, b.Person(account, openid))
	if err != nil {
		t.Fatal(err)
	}
	f, err := b.Get(t.Context(), b.db, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func eventually(t testing.TB, what string, ok func() bool) {
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

func openid(n int) string { return fmt.Sprintf("oCANARY%021s", strconv.Itoa(n)) }
