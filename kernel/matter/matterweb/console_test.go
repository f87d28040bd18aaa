package matterweb

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/flow"
	"weizheng/kernel/form"
	"weizheng/kernel/matter"
	"weizheng/kernel/org"
	"weizheng/kernel/worktime"
	"weizheng/kernel/worktime/worktimeweb"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/platform/web"
)

// The people of the tests; the tree is 1 the city, 2 and 3 bureaus, 4 a street below 2.
const (
	deskA  = 11 // desk of the city, may change terms
	deskB  = 12 // as deskA
	handA  = 21 // bureau 2
	handB  = 22 // bureau 2
	handC  = 31 // bureau 3
	street = 41 // reads in the street
	nobody = 51 // works in the city, holds nothing
)

var paths = map[int64]string{1: "/1/", 2: "/1/2/", 3: "/1/3/", 4: "/1/2/4/"}

var unitNames = map[int64]string{1: "青云市", 2: "民政局", 3: "交警支队", 4: "望云街道"}

var people = map[int64]struct {
	name string
	unit int64
	keys []string
}{
	deskA:  {"周主任", 1, []string{read, act, assign, reveal, change, "errand.desk"}},
	deskB:  {"吴主任", 1, []string{read, act, assign, reveal, change, "errand.desk"}},
	handA:  {"李经办", 2, []string{read, act, "errand.hand"}},
	handB:  {"王经办", 2, []string{read, act, "errand.hand"}},
	handC:  {"赵交警", 3, []string{read, act, assign, reveal, "errand.hand"}},
	street: {"钱街道", 4, []string{read, act, assign, reveal}},
	nobody: {"孙闲人", 1, nil},
}

func actorOf(id int64) access.Actor {
	p := people[id]
	a := access.Actor{Kind: access.Staff, ID: id, Name: p.name, Unit: paths[p.unit]}
	for _, key := range p.keys {
		a.Grants = append(a.Grants, access.Grant{Permission: key, Unit: paths[p.unit]})
	}
	return a
}

// monday is 2026-03-02 09:00 in China: a working week ahead.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, clock.Zone)

// hands is a clock that tests set.
type hands struct {
	mu sync.Mutex
	at time.Time
}

func (h *hands) Now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.at }

func (h *hands) forward(d time.Duration) { h.mu.Lock(); defer h.mu.Unlock(); h.at = h.at.Add(d) }

// town stands for the neighbours: units, people, definitions and the calendar.
type town struct{ errand, permit *flow.Definition }

func (town) Unit(_ context.Context, id int64) (org.Unit, error) {
	if paths[id] == "" {
		return org.Unit{}, errs.New(errs.NotFound, "not_found")
	}
	return org.Unit{ID: id, Path: paths[id], Name: unitNames[id]}, nil
}

func (t town) Units(ctx context.Context, _ access.Reach) ([]org.Unit, error) {
	var out []org.Unit
	for id := range int64(len(paths)) {
		u, _ := t.Unit(ctx, id+1)
		out = append(out, u)
	}
	return out, nil
}

func (town) UnitNames(context.Context, []int64) (map[int64]string, error) { return unitNames, nil }

func (town) Names(_ context.Context, ids []int64) (map[int64]string, error) {
	out := map[int64]string{}
	for _, id := range ids {
		out[id] = people[id].name
	}
	return out, nil
}

func (town) ListStaff(_ context.Context, reach access.Reach, f org.StaffFilter) (org.StaffPage, error) {
	var out org.StaffPage
	for _, id := range []int64{deskA, deskB, handA, handB, handC, street, nobody} {
		p := people[id]
		if reach.Covers(access.Object{Unit: paths[p.unit]}) && strings.HasPrefix(paths[p.unit], f.Unit) && strings.Contains(p.name, f.Words) {
			out.Staff = append(out.Staff, org.Staff{ID: id, Name: p.name, Unit: paths[p.unit], UnitID: p.unit, UnitName: unitNames[p.unit]})
		}
	}
	return out, nil
}

func (town) Actor(_ context.Context, id int64) (access.Actor, error) {
	if people[id].name == "" {
		return access.Actor{}, errs.New(errs.Unauthenticated, "unauthenticated")
	}
	return actorOf(id), nil
}

func (town) Holders(_ context.Context, f org.HolderFilter) ([]org.Holder, error) {
	var out []org.Holder
	for _, id := range []int64{deskA, deskB, handA, handB, handC} {
		if a := actorOf(id); len(out) < f.Limit && a.Can(f.Permission, access.Object{Unit: f.Unit}) {
			out = append(out, org.Holder{Staff: id, Unit: people[id].unit})
		}
	}
	return out, nil
}

func (t town) List(context.Context, access.Reach, int64, int) ([]flow.Sheet, error) {
	return []flow.Sheet{{ID: 1, Key: "errand", UnitID: 1, Unit: "/1/", Live: 1, Draft: *t.errand},
		{ID: 2, Key: "permit", UnitID: 2, Unit: "/1/2/", Live: 1, Draft: *t.permit}}, nil
}

func (t town) Live(_ context.Context, key string) (*flow.Definition, int64, error) {
	switch key {
	case "errand":
		return t.errand, 1, nil
	case "permit":
		return t.permit, 1, nil
	}
	return nil, 0, errs.New(errs.NotFound, "flow.none")
}

func calendar(years ...worktime.Year) (*worktime.Calendar, error) {
	return worktime.NewCalendar(worktime.Data{Years: append(worktime.Builtin(), years...)})
}

func (town) Calendar(context.Context, string) (*worktime.Calendar, error) { return calendar() }

func (town) Would(_ context.Context, _ string, list worktime.Year) (*worktime.Calendar, error) {
	kept := slices.DeleteFunc(worktime.Builtin(), func(y worktime.Year) bool { return y.Year == list.Year })
	return worktime.NewCalendar(worktime.Data{Years: append(kept, list)})
}

// house is the web server with this face over a real matter service.
type house struct {
	t     *testing.T
	db    *db.DB
	m     *matter.Service
	forms *form.Service
	civil *hands
	part  part.Part
	url   string
}

var schemas = []db.Schema{web.Schema(), job.Schema(), audit.Schema(), org.Schema(), account.Schema(), citizen.Schema(), form.Schema(), matter.Schema()}

func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) { f(t, open(t, d)) })
}

func definition(t *testing.T, name string) *flow.Definition {
	t.Helper()
	text, err := os.ReadFile("../testdata/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	d, problems := flow.Parse(text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return d
}

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	errand, permit := definition(t, "errand"), definition(t, "permit")
	h := &house{t: t, db: d, civil: &hands{at: monday}}
	log := slog.New(slog.DiscardHandler)
	ring, err := crypt.NewRing(rand.Reader)
	h.must(err)
	h.populate()
	jobs, near := job.New(d, log, clock.Wall{}), town{errand, permit}
	yes := func(context.Context, *db.Tx, int64, map[string]string) (bool, error) { return true, nil }
	nothing := func(context.Context, *db.Tx, int64, map[string]string) error { return nil }
	h.forms = formsOf(t, d, ring, h.civil)
	h.m = matter.New(matter.Deps{DB: d, Jobs: jobs, Ring: ring, Wall: clock.Wall{}, Civil: h.civil, Log: log,
		Audit: audit.New(audit.Deps{DB: d, Wall: clock.Wall{}, Log: log, Ring: ring}), Flows: near, Calendars: near, Units: near, Staff: near,
		Hints: web.NewHub(d), Forms: h.forms, Guards: func(string) (matter.Guard, bool) { return yes, true },
		Effects: func(string) (matter.Effect, bool) { return nothing, true }})
	h.part = Part(Deps{Matters: h.m, Flows: near, Org: near, Forms: h.forms, Calendars: near, Civil: h.civil, Step: worktimeweb.Say})
	texts, err := web.NewTexts(h.part.Texts)
	h.must(err)
	sessions := web.NewSessions(web.SessionConfig{DB: d, Wall: clock.Wall{}, Log: log})
	login := web.Raw(web.Console, "POST", "/console/api/login", web.Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.ParseInt(r.URL.Query().Get("id"), 10, 64)
		if _, err := sessions.Login(r.Context(), web.StaffSession, id, nil); err != nil {
			web.Fail(w, r, err)
		}
	})
	server, err := web.New(web.Config{Routes: append(h.part.Routes, login), Permissions: []string{read, act, assign, reveal, change}, Sessions: sessions,
		Texts: texts, Log: log, Wall: clock.Wall{}, Limits: map[web.Limit]web.Allowance{},
		Auth: web.Auth{Staff: func(_ context.Context, s web.Session) (access.Actor, error) { return actorOf(s.Subject), nil }}})
	h.must(err)
	front := httptest.NewServer(server.Handler())
	t.Cleanup(front.Close)
	h.url = front.URL
	return h
}

// populate inserts the units, people and citizens that rows refer to.
func (h *house) populate() {
	h.t.Helper()
	ctx := h.t.Context()
	h.must(h.db.Write(ctx, func(tx *db.Tx) error {
		for _, id := range []int64{1, 2, 3, 4} {
			ids := access.Units(paths[id])
			parent := any(nil)
			if len(ids) > 1 {
				parent = ids[len(ids)-2]
			}
			if _, err := tx.Exec(ctx, `insert into unit (id, parent_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
				values ($1, $2, 'city', $3, '', '', $4, 0, $5, 0, 0, 1)`, id, parent, unitNames[id], paths[id], false); err != nil {
				return err
			}
		}
		for id, p := range people {
			if _, err := tx.Exec(ctx, `insert into staff (id, login, name, title, phone_sealed, phone_index, unit_id, outsourced, until_at, disabled,
				password, password_at, must_change, totp_sealed, totp_next, totp_due, totp_step, last_login_at, created_at, updated_at, version)
				values ($1, $2, $3, '', '', '', $4, $5, 0, $5, '', 0, $5, '', '', $5, 0, 0, 0, 0, 1)`, id, fmt.Sprint("s", id), p.name, p.unit, false); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `insert into citizen (id, created_at) values (501, 0)`)
		return err
	}))
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// desk is somebody who is logged in.
type desk struct {
	h      *house
	client *http.Client
}

func (h *house) desk(who int64) *desk {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	h.must(err)
	d := &desk{h, &http.Client{Jar: jar}}
	d.ask(http.StatusOK, "POST", fmt.Sprint("login?id=", who), nil, nil)
	return d
}

// try makes one request below /console/api/.
func (d *desk) try(method, path string, in any) (status int, answer []byte) {
	d.h.t.Helper()
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		d.h.must(err)
		body = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(d.h.t.Context(), method, d.h.url+"/console/api/"+path, body)
	d.h.must(err)
	r.Header.Set("Content-Type", "application/json")
	got, err := d.client.Do(r)
	d.h.must(err)
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	d.h.must(err)
	return got.StatusCode, raw
}

// ask is try held against the status that is wanted; it reads the answer into out.
func (d *desk) ask(want int, method, path string, in, out any) string {
	d.h.t.Helper()
	status, raw := d.try(method, path, in)
	if status != want {
		d.h.t.Fatalf("%s %s: %d, want %d: %s", method, path, status, want, raw)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			d.h.t.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
	return string(raw)
}

type body = map[string]any

func one(id int64, more string) string { return fmt.Sprintf("matters/%d%s", id, more) }

// errand registers a matter at the city's desk.
func (h *house) errand(title string) int64 {
	h.t.Helper()
	var opened matter.Opened
	h.desk(deskA).ask(200, "POST", "matters", body{"flow": "errand", "title": title, "key": title}, &opened)
	return opened.Matter
}

// given is a matter that somebody of bureau 2 has.
func (h *house) given(title string, to int64) int64 {
	h.t.Helper()
	id := h.errand(title)
	h.desk(deskB).ask(200, "POST", one(id, "/actions/take"), body{"version": 0, "key": ""}, nil)
	h.desk(deskB).ask(200, "POST", one(id, "/assign"), body{"staff_id": to}, nil)
	return id
}

func titles(p pageOut) []string {
	out := []string{}
	for _, m := range p.Items {
		out = append(out, m.Title)
	}
	return out
}
