package citizenweb

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/org"
	"weizheng/kernel/setting"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/job"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
	"weizheng/wechat"
)

var schemas = []db.Schema{web.Schema(), job.Schema(), audit.Schema(), org.Schema(), account.Schema(), citizen.Schema()}

// canary is in every openid of the tests: it may stand in the answer of a reveal and nowhere else.
const canary = "oCANARY"

// The people of the tests.
const (
	root     = iota + 1 // everything everywhere
	bureau              // everything in the bureau
	reader              // reads everything
	stranger            // nothing
)

// house is the web server with this face, two accounts in two units, and a stand-in for WeChat.
type house struct {
	t        *testing.T
	db       *db.DB
	citizens *citizen.Service
	accounts *account.Service
	jobs     *job.Jobs
	part     part.Part
	civil    *clock.Civil
	url      string
	city     int64 // account of the city: a verified service account, which authorises
	office   int64 // account of the bureau: an unverified subscription account

	mu    sync.Mutex
	said  []string
	log   bytes.Buffer
	codes map[string]string // web authorisation: code → answer
	items []part.Line       // what 我的 lists
	held  []part.Line       // what another part holds of a citizen
	gone  []part.Ref        // what it was told to erase
}

func (h *house) Write(p []byte) (int, error) { h.mu.Lock(); defer h.mu.Unlock(); return h.log.Write(p) }

func (h *house) Int(context.Context, string, setting.At) int64 { return 15 }

func (h *house) Text(context.Context, string, setting.At) string { return "登录" }

func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) { f(t, open(t, d)) })
}

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, db: d, codes: map[string]string{}, civil: clock.NewCivil(clock.Wall{}, 0)}
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(h, &slog.HandlerOptions{Level: slog.LevelDebug}))
	front := httptest.NewUnstartedServer(nil)
	t.Cleanup(front.Close)
	h.url = "http://" + front.Listener.Addr().String()
	record := audit.New(audit.Deps{DB: d, Wall: clock.Wall{}, Log: log, Ring: ring})
	h.jobs = job.New(d, log, clock.Wall{})
	sessions := web.NewSessions(web.SessionConfig{DB: d, Wall: clock.Wall{}, Log: log})
	h.accounts = account.New(account.Deps{DB: d, Ring: ring, Wall: clock.Wall{}, Civil: h.civil, Log: log, Audit: record, HTTP: h, PublicURL: h.url, Replica: "one"})
	h.citizens = citizen.New(citizen.Deps{DB: d, Jobs: h.jobs, Ring: ring, Wall: clock.Wall{}, Civil: h.civil, Log: log, Audit: record,
		Accounts: h.accounts, Settings: h, Sessions: sessions, PublicURL: h.url})
	h.settle()
	h.serve(log, sessions, front)
	t.Cleanup(h.searchCanaries)
	return h
}

// settle adds two units and their accounts.
func (h *house) settle() {
	h.t.Helper()
	err := h.db.Write(h.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(h.t.Context(), `insert into unit (id, parent_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
			values (1,null,'city','青云市','','','/1/',0,$1,1,1,1), (2,1,'district','交警支队','','','/1/2/',0,$1,1,1,1)`, false)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	register := func(slug, name string, unit int64, kind wechat.Kind, verified bool) int64 {
		a, err := h.accounts.Register(h.t.Context(), account.RegisterIn{Slug: slug, Kind: kind, Verified: verified, UnitID: unit, Profile: account.Profile{Name: name},
			AppID: "wx" + slug + "00", Secret: strings.Repeat("5", 32), Token: "tokentoken", Mode: wechat.Plain, OAuthDomain: verified})
		if err != nil {
			h.t.Fatal(err)
		}
		return a.ID
	}
	h.city = register("qingyun", "青云政务", 1, wechat.Service, true)
	h.office = register("jiaojing", "青云交警", 2, wechat.Subscription, false)
}

func (h *house) serve(log *slog.Logger, sessions *web.Sessions, front *httptest.Server) {
	h.t.Helper()
	built, err := look.Built()
	if err != nil {
		h.t.Fatal(err)
	}
	pages, err := web.NewPages(web.PagesConfig{Layouts: look.Templates(), Funcs: look.Funcs(), Style: built.Style, Script: built.Script,
		Site: func(ctx context.Context, slug string) (web.Site, error) {
			a, err := h.accounts.BySlug(ctx, slug)
			return web.Site{Slug: a.Slug, Name: a.Profile.Name}, err
		}})
	if err != nil {
		h.t.Fatal(err)
	}
	parts := []part.Part{}
	lists := part.NewLists(func() []part.Part { return parts })
	h.part = Part(Deps{Citizens: h.citizens, Accounts: h.accounts, Sessions: sessions, Pages: pages, Lists: lists})
	h.part.Jobs(h.jobs)
	parts = append(parts, h.part, h.neighbour())
	texts, err := web.NewTexts(h.part.Texts)
	if err != nil {
		h.t.Fatal(err)
	}
	login := web.Raw(web.Console, "POST", "/console/api/login", web.Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.ParseInt(r.URL.Query().Get("staff"), 10, 64)
		if _, err := sessions.Login(r.Context(), web.StaffSession, id, nil); err != nil {
			web.Fail(w, r, err)
		}
	})
	server, err := web.New(web.Config{Routes: append([]web.Route{login}, h.part.Routes...), Permissions: []string{read, edit, reveal}, Sessions: sessions, Texts: texts,
		Log: log, Wall: clock.Wall{}, PublicURL: h.url, ErrorPage: pages.Error, Auth: web.Auth{Staff: staff, Citizen: func(ctx context.Context, s web.Session, _ string) (access.Actor, error) {
			return h.citizens.Actor(ctx, s.Subject)
		}}, SignIn: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/c/"+r.PathValue("account")+"/oauth?"+url.Values{"return": {r.URL.RequestURI()}}.Encode(), http.StatusFound)
		}})
	if err != nil {
		h.t.Fatal(err)
	}
	front.Config.Handler = server.Handler()
	front.Start()
}

// neighbour is another part that lists items and holds data.
func (h *house) neighbour() part.Part {
	lines := func(from *[]part.Line) []part.Line { h.mu.Lock(); defer h.mu.Unlock(); return *from }
	return part.Part{
		Name: "ticket",
		MyItems: []part.MyItems{{Name: "ticket", Title: "我的诉求", List: func(context.Context, int64, int) ([]part.Line, error) {
			return lines(&h.items), nil
		}}},
		DataHeld: []part.DataHeld{{Name: "ticket", Title: "诉求",
			Export: func(_ context.Context, subject part.Ref) ([]part.Line, error) {
				if subject.Kind != "citizen" {
					return nil, nil
				}
				return lines(&h.held), nil
			},
			Erase: func(_ context.Context, _ *db.Tx, subject part.Ref) error {
				h.mu.Lock()
				defer h.mu.Unlock()
				h.gone = append(h.gone, subject)
				return nil
			}}},
	}
}

func staff(_ context.Context, s web.Session) (access.Actor, error) {
	a := access.Actor{Kind: access.Staff, ID: s.Subject}
	grant := func(unit string, keys ...string) {
		for _, k := range keys {
			a.Grants = append(a.Grants, access.Grant{Permission: k, Unit: unit})
		}
	}
	switch s.Subject {
	case root:
		grant(access.Everywhere, read, edit, reveal)
	case bureau:
		grant("/1/2/", read, edit, reveal)
	case reader:
		grant(access.Everywhere, read)
	}
	return a, nil
}

// RoundTrip answers instead of WeChat.
func (h *house) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `{"errcode":48001,"errmsg":"api unauthorized"}`
	h.mu.Lock()
	switch r.URL.Path {
	case "/cgi-bin/stable_token":
		body = `{"access_token":"T","expires_in":7200}`
	case "/sns/oauth2/access_token":
		body = `{"errcode":40163,"errmsg":"code been used"}`
		if answer, ok := h.codes[r.URL.Query().Get("code")]; ok {
			body = answer
			delete(h.codes, r.URL.Query().Get("code"))
		}
	case "/cgi-bin/user/get":
		body = `{"total":0,"count":0,"next_openid":""}`
	case "/cgi-bin/tags/get":
		body = `{"tags":[]}`
	}
	h.mu.Unlock()
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// follow makes a follower of an account as the inbound log does.
func (h *house) follow(account int64, openid string) int64 {
	h.t.Helper()
	h.event(account, openid, "subscribe")
	r, err := h.citizens.ByPerson(h.t.Context(), h.db, account, h.citizens.Person(account, openid))
	if err != nil {
		h.t.Fatal(err)
	}
	return r.ID
}

func (h *house) event(account int64, openid, event string) {
	h.t.Helper()
	m := &wechat.Message{FromUserName: openid, MsgType: "event", Event: event}
	err := h.db.Write(h.t.Context(), func(tx *db.Tx) error {
		return h.part.Subscriptions[0].Handle(h.t.Context(), tx, []part.Inbound{{Account: part.Account{ID: account}, CivilAt: h.civil.Now(), Message: m}})
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) searchCanaries() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range append(h.said, h.log.String()) {
		if strings.Contains(s, canary) {
			h.t.Errorf("an openid leaks: %.300s", s)
		}
	}
}

// browser is somebody's browser.
type browser struct {
	h      *house
	client *http.Client
}

func (h *house) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &browser{h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (h *house) as(staff int) *browser {
	h.t.Helper()
	b := h.browser()
	if status, _, body := b.do("POST", "/console/api/login?staff="+strconv.Itoa(staff), "", nil); status != http.StatusOK {
		h.t.Fatalf("login: %d %s", status, body)
	}
	return b
}

func (b *browser) do(method, path, contentType string, body io.Reader) (int, http.Header, string) {
	b.h.t.Helper()
	r, err := http.NewRequestWithContext(b.h.t.Context(), method, b.h.url+path, body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if strings.HasPrefix(path, "/c/") {
		r.Header.Set("Accept", "text/html")
	}
	resp, err := b.client.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	if !strings.HasSuffix(path, "/reveal") {
		b.h.mu.Lock()
		b.h.said = append(b.h.said, string(answer))
		b.h.mu.Unlock()
	}
	return resp.StatusCode, resp.Header, string(answer)
}

// call makes a JSON request and decodes the answer into out, if the status is 2xx.
func (b *browser) call(method, path string, in, out any) int {
	b.h.t.Helper()
	var body io.Reader
	contentType := ""
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			b.h.t.Fatal(err)
		}
		body, contentType = bytes.NewReader(raw), "application/json"
	}
	status, _, answer := b.do(method, path, contentType, body)
	if status < 300 && out != nil {
		if err := json.Unmarshal([]byte(answer), out); err != nil {
			b.h.t.Fatalf("%s %s: %v in %s", method, path, err, answer)
		}
	}
	return status
}

func (b *browser) page(path string) (int, string, string) {
	b.h.t.Helper()
	status, header, body := b.do("GET", path, "", nil)
	return status, header.Get("Location"), body
}

func (h *house) eventually(what string, ok func() bool) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			h.t.Fatal("not within 20 s: " + what)
		case <-tick.C:
		}
	}
}

// work runs the jobs until the test ends.
func (h *house) work() {
	h.t.Helper()
	if err := h.jobs.Start(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(h.t.Context()), 10*time.Second)
		defer cancel()
		if err := h.jobs.Stop(ctx); err != nil {
			h.t.Error(err)
		}
	})
}
