package org

import (
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"weizheng/kernel/audit"
	"weizheng/kernel/setting"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

var schemas = []db.Schema{web.Schema(), audit.Schema(), Schema()}

// values stands for the settings.
type values map[string]int64

func (v values) Int(_ context.Context, name string, _ setting.At) int64 { return v[name] }
func (v values) Bool(_ context.Context, name string, _ setting.At) bool { return v[name] == 1 }

func defaults() values {
	return values{SettingFailures: 5, SettingAddress: 30, SettingLockMinutes: 15, SettingPasswordDays: 90,
		SettingPasswordSize: 8, SettingLinkHours: 72, SettingIdleMinutes: 30, SettingLifeHours: 12}
}

// house is one replica with a root, its three administrators and the unit /1/…/ called 交通局.
type house struct {
	*Service
	audit    *audit.Service
	sessions *web.Sessions
	wall     *clock.Civil
	values   values
	ring     *crypt.Ring
	root     Unit
	bureau   Unit
	admins   map[Duty]Staff
	moves    *[][2]string
}

const goodPassword = "Qing-yun2026"

func replica(t *testing.T, d *db.DB, ring *crypt.Ring, wall *clock.Civil, v values) house {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	h := house{wall: wall, values: v, ring: ring, moves: new([][2]string)}
	h.audit = audit.New(audit.Deps{DB: d, Wall: wall, Log: quiet, Ring: ring})
	h.sessions = web.NewSessions(web.SessionConfig{DB: d, Wall: wall, Log: quiet})
	h.Service = New(Deps{DB: d, Wall: wall, Log: quiet, Ring: ring, Audit: h.audit, Sessions: h.sessions, Settings: v,
		Permissions: func() []string { return allPermissions },
		Holdings:    func() []Holding { return nil },
		Moved: func(_ context.Context, _ *db.Tx, from, to string) error {
			*h.moves = append(*h.moves, [2]string{from, to})
			return nil
		}})
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return h
}

func newRing(t *testing.T) *crypt.Ring {
	t.Helper()
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// setup returns a begun house.
func setup(t *testing.T, d *db.DB) house {
	t.Helper()
	h := replica(t, d, newRing(t), clock.NewCivil(clock.Wall{}, 0), defaults())
	links, err := h.Init(t.Context(), initIn())
	if err != nil {
		t.Fatal(err)
	}
	h.admins = map[Duty]Staff{}
	for i, l := range links {
		p, _, err := h.Activate(t.Context(), l.Token, goodPassword)
		if err != nil {
			t.Fatal(err)
		}
		h.admins[Duties[i]] = p
	}
	units, err := h.Units(t.Context(), access.Reach{All: true})
	if err != nil || len(units) != 1 {
		t.Fatalf("%+v, %v", units, err)
	}
	h.root = units[0]
	h.bureau = h.unit(t, h.root, "交通局", City)
	return h
}

func initIn() InitIn {
	return InitIn{Unit: UnitIn{Level: City, Name: "青云市人民政府"}, Admins: map[Duty]StaffIn{
		SystemDuty: {Login: "sys", Name: "甲"}, SecurityDuty: {Login: "sec", Name: "乙"}, AuditDuty: {Login: "aud", Name: "丙"}}}
}

func (h house) unit(t *testing.T, parent Unit, name string, l Level) Unit {
	t.Helper()
	u, err := h.CreateUnit(t.Context(), UnitIn{ParentID: parent.ID, Level: l, Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// person makes an active person who holds the roles over their unit.
func (h house) person(t *testing.T, login string, u Unit, roles ...string) Staff {
	t.Helper()
	p, link, err := h.CreateStaff(t.Context(), StaffIn{Login: login, Name: "人员" + login, UnitID: u.ID})
	if err != nil {
		t.Fatal(err)
	}
	if p, _, err = h.Activate(t.Context(), link.Token, goodPassword); err != nil {
		t.Fatal(err)
	}
	var list []GrantIn
	for _, r := range roles {
		list = append(list, GrantIn{Role: r, UnitID: u.ID})
	}
	if err := h.PutGrants(t.Context(), p.ID, list, p.Version); err != nil {
		t.Fatal(err)
	}
	return h.again(t, p)
}

func (h house) again(t *testing.T, p Staff) Staff {
	t.Helper()
	p, err := h.Staff(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// as returns a context in which p acts with their real rights.
func (h house) as(t *testing.T, p Staff) context.Context {
	t.Helper()
	a, err := h.Actor(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	return access.With(t.Context(), a)
}

func (h house) pass(t *testing.T, d time.Duration) {
	t.Helper()
	if err := h.wall.SetOffset(h.wall.Offset() + d); err != nil {
		t.Fatal(err)
	}
}

func (h house) login(t *testing.T, login, password, code string) error {
	t.Helper()
	_, err := h.Login(t.Context(), LoginIn{Login: login, Password: password, Code: code, Address: "10.0.0.1"})
	return err
}

func (h house) code(t *testing.T, secret string) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, h.wall.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// trail returns "verb object outcome" of everything audited since the id before, the oldest first.
func (h house) trail(t *testing.T, after int64) []string {
	t.Helper()
	page, err := h.audit.List(t.Context(), access.Reach{All: true}, audit.Filter{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range slices.Backward(page.Rows) {
		if r.ID > after {
			out = append(out, r.Verb+" "+r.Object+" "+r.Outcome)
		}
	}
	return out
}

func (h house) lastAudit(t *testing.T) int64 {
	t.Helper()
	page, err := h.audit.List(t.Context(), access.Reach{All: true}, audit.Filter{Limit: 1})
	if err != nil || len(page.Rows) == 0 {
		t.Fatalf("%v", err)
	}
	return page.Rows[0].ID
}

func wantKey(t *testing.T, label string, err error, kind errs.Kind, key string) {
	t.Helper()
	if !errs.Is(err, kind) || (key != "" && errs.As(err).Key() != key) {
		t.Errorf("%s: %v, want %s %s", label, err, kind, key)
	}
}

func wantField(t *testing.T, label string, err error, field, key string) {
	t.Helper()
	if err != nil {
		for _, f := range errs.As(err).Fields() {
			if f.Field == field && f.Key == key {
				return
			}
		}
	}
	t.Errorf("%s: %v, want %s at %s", label, err, key, field)
}

func each(t *testing.T, f func(t *testing.T, h house)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) { f(t, setup(t, d)) })
}
