package matter

import (
	"context"
	"crypto/rand"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/flow"
	"weizheng/kernel/form"
	"weizheng/kernel/org"
	"weizheng/kernel/worktime"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/platform/web"
)

var schemas = []db.Schema{web.Schema(), job.Schema(), audit.Schema(), org.Schema(), account.Schema(), citizen.Schema(), form.Schema(), Schema()}

// The tree of the tests: 1 the city, 2 and 3 bureaus, 4 a street below 2.
var paths = map[int64]string{1: "/1/", 2: "/1/2/", 3: "/1/3/", 4: "/1/2/4/"}

// Staff of the tests, by unit and permission.
const (
	deskA, deskB       = 11, 12 // desk of the city
	handA, handB       = 21, 22 // bureau 2
	handC              = 31     // bureau 3
	leader             = 25     // of bureau 2
	stranger           = 41     // street 4: reads, does nothing
	spare              = 35     // bureau 3: reads
	wang, zhao   int64 = 501, 502
)

// house is the package in a test, with what it needs made small.
type house struct {
	*Service
	forms *form.Service
	t     testing.TB
	civil *hands
	wall  *hands
	units *tree
	staff people
	told  *[]Told
	ran   *sync.Map // matter → how often its effect ran
	ready *sync.Map // matter → true: the guard holds
	cal   *calendars

	years  map[string]int // years by kind, where they are not 10; 0: nobody can say
	purged []int64        // what the hook heard
}

// hands is a clock that tests set.
type hands struct {
	mu sync.Mutex
	at time.Time
}

func (h *hands) Now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.at }

func (h *hands) forward(d time.Duration) { h.mu.Lock(); h.at = h.at.Add(d); h.mu.Unlock() }

func (h *hands) set(t time.Time) { h.mu.Lock(); h.at = t; h.mu.Unlock() }

// tree stands for kernel/org's units.
type tree struct {
	mu    sync.Mutex
	paths map[int64]string
}

func (t *tree) Unit(_ context.Context, id int64) (org.Unit, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if path, ok := t.paths[id]; ok {
		return org.Unit{ID: id, Path: path}, nil
	}
	return org.Unit{}, errs.New(errs.NotFound, "org.no_unit")
}

func (t *tree) Units(context.Context, access.Reach) ([]org.Unit, error) {
	return []org.Unit{{ID: 1, Path: "/1/"}}, nil
}

// people stands for kernel/org's staff.
type people map[int64]access.Actor

func (p people) Actor(_ context.Context, id int64) (access.Actor, error) {
	if a, ok := p[id]; ok {
		return a, nil
	}
	return access.Actor{}, errs.New(errs.Unauthenticated, "unauthenticated")
}

// Holders goes by the same rights as Actor.
func (p people) Holders(_ context.Context, f org.HolderFilter) ([]org.Holder, error) {
	var out []org.Holder
	units := access.Units(f.Unit)
	for _, unit := range slices.Backward(units) {
		for _, id := range slices.Sorted(maps.Keys(p)) {
			a := p[id]
			given := slices.ContainsFunc(a.Grants, func(g access.Grant) bool { return g.Permission == f.Permission && g.Unit == paths[unit] })
			at := access.Object{Unit: f.Unit, Account: f.Account}
			if given && a.Can(f.Reads, at) && (!f.Within || a.Unit == f.Unit) && len(out) < f.Limit {
				out = append(out, org.Holder{Staff: id, Unit: unit})
			}
		}
	}
	return out, nil
}

func (p people) add(id int64, unit string, permissions ...string) {
	a := access.Actor{Kind: access.Staff, ID: id, Unit: unit}
	for _, key := range permissions {
		a.Grants = append(a.Grants, access.Grant{Permission: key, Unit: unit})
	}
	p[id] = a
}

func crew() people {
	p := people{}
	desk := []string{"matter.read", "matter.act", "errand.desk", "ticket.register", "ticket.dispatch", "ticket.review", "ticket.supervise", "reply.review"}
	hand := []string{"matter.read", "matter.act", "errand.hand", "ticket.handle", "ticket.sign", "reply.edit"}
	p.add(deskA, "/1/", desk...)
	p.add(deskB, "/1/", append(desk, Lead)...)
	p.add(handA, "/1/2/", hand...)
	p.add(handB, "/1/2/", hand...)
	p.add(leader, "/1/2/", "matter.read", Lead)
	p.add(handC, "/1/3/", append(hand, Lead)...)
	p.add(stranger, "/1/2/4/", "matter.read")
	p.add(spare, "/1/3/", "matter.read")
	return p
}

// calendars is one calendar for everybody.
type calendars struct {
	mu  sync.Mutex
	cal *worktime.Calendar
}

func (c *calendars) Calendar(context.Context, string) (*worktime.Calendar, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cal, nil
}

func (c *calendars) put(cal *worktime.Calendar) { c.mu.Lock(); c.cal = cal; c.mu.Unlock() }

// flows are the shipped definitions and the one of testdata.
type flows map[string]*flow.Definition

func (f flows) Live(_ context.Context, key string) (*flow.Definition, int64, error) {
	if d, ok := f[key]; ok {
		return d, 1, nil
	}
	return nil, 0, errs.New(errs.NotFound, "flow.none")
}

func definitions(t testing.TB) flows {
	t.Helper()
	all := flows{}
	for _, name := range []string{"errand", "permit"} {
		text, err := os.ReadFile("testdata/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		d, problems := flow.Parse(text)
		if len(problems) > 0 {
			t.Fatalf("%s.yaml: %+v", name, problems)
		}
		all[d.Key] = d
	}
	shipped, err := flow.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range shipped {
		all[s.Definition.Key] = s.Definition
	}
	return all
}

func national(t testing.TB, local ...worktime.Local) *worktime.Calendar {
	t.Helper()
	cal, err := worktime.NewCalendar(worktime.Data{Years: worktime.Builtin(), Local: local})
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// monday is 2026-03-02 09:00 in China: a working week ahead.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, clock.Zone)

func setup(t testing.TB, d *db.DB) *house {
	t.Helper()
	h := build(t, d)
	populate(t, d, h.staff)
	h.publish("ticket", ticket())
	h.publish("permit", permit())
	return h
}

// build makes a house over a database that has its people.
func build(t testing.TB, d *db.DB) *house {
	t.Helper()
	quiet := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, civil: &hands{at: monday}, wall: &hands{at: monday}, units: &tree{paths: map[int64]string{}}, staff: crew(),
		told: &[]Told{}, ran: &sync.Map{}, ready: &sync.Map{}, years: map[string]int{}, cal: &calendars{cal: national(t)}}
	maps.Copy(h.units.paths, paths)
	var mu sync.Mutex
	h.forms = formsOf(t, d, ring, h.civil, quiet)
	h.Service = New(Deps{DB: d, Jobs: job.New(d, quiet, clock.Wall{}), Ring: ring, Wall: h.wall, Civil: h.civil, Log: quiet,
		Audit: audit.New(audit.Deps{DB: d, Wall: clock.Wall{}, Log: quiet, Ring: ring}), Flows: definitions(t), Calendars: h.cal, Units: h.units,
		Staff: h.staff, Hints: web.NewHub(d), Forms: h.forms,
		Guards: func(string) (Guard, bool) {
			return func(_ context.Context, _ *db.Tx, id int64, _ map[string]string) (bool, error) {
				_, holds := h.ready.Load(id)
				return holds, nil
			}, true
		},
		Effects: func(string) (Effect, bool) {
			return func(_ context.Context, tx *db.Tx, id int64, _ map[string]string) error {
				tx.AfterCommit(func() { h.ran.Store(id, true) })
				return nil
			}, true
		},
		Keeps: func(_ context.Context, kind string) (int, bool) {
			years, own := h.years[kind]
			if !own {
				years = 10
			}
			return years, years != 0
		},
		Purging: []func(context.Context, *db.Tx, []int64) error{func(_ context.Context, tx *db.Tx, ids []int64) error {
			tx.AfterCommit(func() { mu.Lock(); h.purged = append(h.purged, ids...); mu.Unlock() })
			return nil
		}},
		Told: []func(context.Context, *db.Tx, []Told) error{func(_ context.Context, tx *db.Tx, told []Told) error {
			tx.AfterCommit(func() { mu.Lock(); *h.told = append(*h.told, told...); mu.Unlock() })
			return nil
		}},
	})
	return h
}

// populate inserts the units, people and citizens that rows refer to.
func populate(t testing.TB, d *db.DB, staff people) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	err := d.Write(ctx, func(tx *db.Tx) error {
		for _, id := range []int64{1, 2, 3, 4} {
			ids := access.Units(paths[id])
			parent := any(nil)
			if len(ids) > 1 {
				parent = ids[len(ids)-2]
			}
			if _, err := tx.Exec(ctx, `insert into unit (id, parent_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
				values ($1, $2, 'city', $3, '', '', $4, 0, $5, 0, 0, 1)`, id, parent, "单位"+strconv.FormatInt(id, 10), paths[id], false); err != nil {
				return err
			}
		}
		for id, a := range staff {
			ids := access.Units(a.Unit)
			if _, err := tx.Exec(ctx, `insert into staff (id, login, name, title, phone_sealed, phone_index, unit_id, outsourced, until_at, disabled,
				password, password_at, must_change, totp_sealed, totp_next, totp_due, totp_step, last_login_at, created_at, updated_at, version)
				values ($1, $2, $2, '', '', '', $3, $4, 0, $4, '', 0, $4, '', '', $4, 0, 0, 0, 0, 1)`, id, "s"+strconv.FormatInt(id, 10), ids[len(ids)-1], false); err != nil {
				return err
			}
		}
		for _, id := range []int64{wang, zhao} {
			if _, err := tx.Exec(ctx, `insert into citizen (id, created_at) values ($1, 0)`, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// each runs f on both engines with a house of its own.
func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) { f(t, setup(t, d)) })
}

// as is the context in which a member of staff acts.
func (h *house) as(staff int64) context.Context {
	return access.With(context.WithoutCancel(h.t.Context()), h.staff[staff])
}

func (h *house) citizen(id int64) context.Context {
	return access.With(context.WithoutCancel(h.t.Context()), access.Actor{Kind: access.Citizen, ID: id})
}

func (h *house) errand(change ...func(*OpenIn)) Opened {
	h.t.Helper()
	in := OpenIn{Flow: "errand", Unit: 1, Title: "修路灯", Citizen: wang}
	for _, f := range change {
		f(&in)
	}
	o, err := h.Open(h.as(deskA), in)
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

func (h *house) do(staff, matter int64, action string, in In) Done {
	h.t.Helper()
	done, err := h.Act(h.as(staff), matter, action, in)
	if err != nil {
		h.t.Fatalf("%s by %d: %v", action, staff, err)
	}
	return done
}

func (h *house) get(id int64) Matter {
	h.t.Helper()
	m, err := load(h.t.Context(), h.DB, id, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

// sound replays everything.
func (h *house) sound() {
	h.t.Helper()
	if _, err := h.ReplayAll(context.WithoutCancel(h.t.Context()), 0, func(d Difference) { h.t.Errorf("replay: %+v", d) }); err != nil {
		h.t.Error(err)
	}
}
