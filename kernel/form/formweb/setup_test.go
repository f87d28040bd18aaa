package formweb

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/form"
	"weizheng/kernel/org"
	"weizheng/kernel/setting"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/blob"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
	"weizheng/wechat"
)

var schemas = []db.Schema{web.Schema(), job.Schema(), audit.Schema(), org.Schema(), account.Schema(), citizen.Schema(), form.Schema()}

// The people of the tests.
const (
	clerk    = iota + 1 // everything of forms everywhere
	reader              // reads forms
	stranger            // everything in another unit
)

// house is the web server with this face, an account and two citizens.
type house struct {
	t     *testing.T
	db    *db.DB
	forms *form.Service
	part  part.Part
	url   string
	keys  map[int64]crypt.DataKey
}

func (h *house) DataKey(_ context.Context, _ db.Queryer, id int64) (crypt.DataKey, error) {
	if k, ok := h.keys[id]; ok {
		return k, nil
	}
	return crypt.DataKey{}, errs.New(errs.NotFound, "citizen.erased")
}

func (h *house) Same(_ context.Context, _ db.Queryer, id int64) ([]int64, error) {
	return []int64{id}, nil
}

func (h *house) Int(_ context.Context, name string, _ setting.At) int64 {
	return map[string]int64{form.SettingDraftDays: 30, form.SettingSubmissionDays: 1095}[name]
}

func (h *house) UnitNames(context.Context, []int64) (map[int64]string, error) {
	return map[int64]string{1: "青云市民政局", 2: "交警支队"}, nil
}

func (h *house) UnitPath(_ context.Context, id int64) (string, error) {
	return map[int64]string{1: "/1/", 2: "/1/2/"}[id], nil
}

func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) { f(t, open(t, d)) })
}

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, db: d, keys: map[int64]crypt.DataKey{}}
	ring, err := crypt.NewRing(rand.Reader)
	h.must(err)
	for id := range int64(2) {
		_, h.keys[id+1], err = ring.NewDataKey()
		h.must(err)
	}
	folder, err := blob.OpenFolder(t.TempDir(), clock.Wall{})
	h.must(err)
	t.Cleanup(func() { _ = folder.Close() })
	log := slog.New(slog.DiscardHandler)
	record := audit.New(audit.Deps{DB: d, Wall: clock.Wall{}, Log: log, Ring: ring})
	sessions := web.NewSessions(web.SessionConfig{DB: d, Wall: clock.Wall{}, Log: log})
	h.forms = form.New(form.Deps{DB: d, Blobs: folder, Ring: ring, Wall: clock.Wall{}, Civil: clock.Wall{}, Log: log, Audit: record, Citizens: h, Settings: h})
	h.write(`insert into unit (id, parent_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
		values (1,null,'city','青云市','','','/1/',0,false,1,1,1), (2,1,'district','交警支队','','','/1/2/',0,false,1,1,1)`)
	accounts := account.New(account.Deps{DB: d, Ring: ring, Wall: clock.Wall{}, Civil: clock.Wall{}, Log: log, Audit: record, Replica: "one"})
	_, err = accounts.Register(t.Context(), account.RegisterIn{Slug: "qingyun", Kind: wechat.Service, Verified: true, UnitID: 1, Profile: account.Profile{Name: "青云政务"},
		AppID: "wxqingyun00", Secret: strings.Repeat("5", 32), Token: "tokentoken", Mode: wechat.Plain})
	h.must(err)
	h.write(`insert into citizen (id, created_at) values (1,1), (2,1)`)
	h.serve(log, sessions, accounts)
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) write(statement string, args ...any) {
	h.t.Helper()
	h.must(h.db.Write(h.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(h.t.Context(), statement, args...)
		return err
	}))
}

func (h *house) serve(log *slog.Logger, sessions *web.Sessions, accounts *account.Service) {
	h.t.Helper()
	pages, err := web.NewPages(web.PagesConfig{Layouts: look.Templates(), Funcs: look.Funcs(), Style: "/s.css", Script: "/s.js",
		Site: func(_ context.Context, slug string) (web.Site, error) {
			return web.Site{Slug: slug, Name: "青云政务"}, nil
		}})
	h.must(err)
	h.part = Part(Deps{Forms: h.forms, Accounts: accounts, Units: h, Pages: pages, Civil: clock.Wall{}})
	texts, err := web.NewTexts(h.part.Texts)
	h.must(err)
	login := func(face web.Face, path string, kind web.SessionKind) web.Route {
		return web.Raw(face, "POST", path, web.Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
			id, _ := strconv.ParseInt(r.URL.Query().Get("id"), 10, 64)
			if _, err := sessions.Login(r.Context(), kind, id, nil); err != nil {
				web.Fail(w, r, err)
			}
		})
	}
	routes := append([]web.Route{login(web.Console, "/console/api/login", web.StaffSession), login(web.Citizen, "/c/{account}/login", web.CitizenSession)}, h.part.Routes...)
	server, err := web.New(web.Config{Routes: routes, Permissions: []string{read, edit, publish, reveal}, Sessions: sessions, Texts: texts, Log: log, Wall: clock.Wall{},
		ErrorPage: pages.Error, Auth: web.Auth{Staff: staff, Citizen: func(_ context.Context, s web.Session, _ string) (access.Actor, error) {
			return access.Actor{Kind: access.Citizen, ID: s.Subject}, nil
		}}, Limits: map[web.Limit]web.Allowance{}})
	h.must(err)
	front := httptest.NewServer(server.Handler())
	h.t.Cleanup(front.Close)
	h.url = front.URL
}

func staff(_ context.Context, s web.Session) (access.Actor, error) {
	a := access.Actor{Kind: access.Staff, ID: s.Subject}
	unit, keys := access.Everywhere, []string{read, edit, publish, reveal}
	switch s.Subject {
	case reader:
		keys = keys[:1]
	case stranger:
		unit = "/1/2/"
	}
	for _, k := range keys {
		a.Grants = append(a.Grants, access.Grant{Permission: k, Unit: unit})
	}
	return a, nil
}

// browser is somebody's browser without script.
type browser struct {
	h      *house
	client *http.Client
	page   string // what it shows
	at     string // its address
}

func (h *house) browser(login string) *browser {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	h.must(err)
	b := &browser{h: h, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if status, _ := b.do("POST", login, "", nil); status != http.StatusOK {
		h.t.Fatalf("login: %d", status)
	}
	return b
}

func (h *house) staff(id int) *browser   { return h.browser("/console/api/login?id=" + strconv.Itoa(id)) }
func (h *house) citizen(id int) *browser { return h.browser("/c/qingyun/login?id=" + strconv.Itoa(id)) }

// do makes one request and returns where it leads.
func (b *browser) do(method, path, contentType string, body io.Reader) (status int, location string) {
	b.h.t.Helper()
	r, err := http.NewRequestWithContext(b.h.t.Context(), method, b.h.url+path, body)
	b.h.must(err)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if strings.HasPrefix(path, "/c/") {
		r.Header.Set("Accept", "text/html")
	}
	resp, err := b.client.Do(r)
	b.h.must(err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	b.h.must(err)
	b.page = string(raw)
	return resp.StatusCode, resp.Header.Get("Location")
}

func (b *browser) get(path string) int {
	b.h.t.Helper()
	status, _ := b.do("GET", path, "", nil)
	b.at = path
	return status
}

var hidden = regexp.MustCompile(`name="_token" value="([^"]+)"`)

// send posts a form of the page as a browser does, with its token, and follows the redirect. It returns where it came to.
func (b *browser) send(values url.Values) string {
	b.h.t.Helper()
	if token := hidden.FindStringSubmatch(b.page); token != nil && !values.Has("_token") {
		values.Set("_token", token[1])
	}
	path, _, _ := strings.Cut(b.at, "?")
	status, location := b.do("POST", path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
	if status != http.StatusSeeOther {
		b.h.t.Fatalf("posting to %s: %d %s", path, status, b.page)
	}
	if to, _, _ := strings.Cut(location, "#"); b.get(to) != http.StatusOK {
		b.h.t.Fatalf("%s: %s", location, b.page)
	}
	return location
}

// give posts a form with a file.
func (b *browser) give(values url.Values, field, name string, raw []byte) string {
	b.h.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, list := range values {
		for _, v := range list {
			b.h.must(m.WriteField(k, v))
		}
	}
	part, err := m.CreateFormFile(field, name)
	b.h.must(err)
	_, err = part.Write(raw)
	b.h.must(err)
	b.h.must(m.Close())
	path, _, _ := strings.Cut(b.at, "?")
	status, location := b.do("POST", path, m.FormDataContentType(), &body)
	if status != http.StatusSeeOther {
		b.h.t.Fatalf("giving a file: %d %s", status, b.page)
	}
	to, _, _ := strings.Cut(location, "#")
	b.get(to)
	return location
}

func (b *browser) shows(parts ...string) {
	b.h.t.Helper()
	for _, part := range parts {
		if !strings.Contains(b.page, part) {
			b.h.t.Errorf("%s lacks %q: %s", b.at, part, b.page)
		}
	}
}

func (b *browser) hides(parts ...string) {
	b.h.t.Helper()
	for _, part := range parts {
		if strings.Contains(b.page, part) {
			b.h.t.Errorf("%s has %q", b.at, part)
		}
	}
}

// call makes a JSON request; out may be nil.
func (b *browser) call(method, path string, in, out any) int {
	b.h.t.Helper()
	var body io.Reader
	contentType := ""
	if in != nil {
		raw, err := json.Marshal(in)
		b.h.must(err)
		body, contentType = bytes.NewReader(raw), "application/json"
	}
	status, _ := b.do(method, "/console/api"+path, contentType, body)
	if out != nil && status < 300 {
		b.h.must(json.Unmarshal([]byte(b.page), out))
	}
	return status
}
