package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	accounts "weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/flow"
	"weizheng/kernel/matter"
	"weizheng/kernel/org"
	"weizheng/kernel/worktime"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/job"
	"weizheng/platform/web"
)

// The tree of the measured matters: a city, 20 bureaus, 100 streets below them; 50 people in each bureau.
const (
	bureaus = 20
	streets = 100
	peopleN = 1000
)

// waitsFor is the permission for whose holders those in the pool wait; a role of ticket-basic.
const waitsFor = "ticket.register"

// matters is kernel/matter on a database of its own, with the tree and its people made small.
type matters struct {
	*matter.Service
	db    *db.DB
	civil *clock.Civil
	base  time.Time
	n     int
}

// civics answers for the parts around the matters: units, people, calendar and definition.
type civics struct {
	definition *flow.Definition
	calendar   *worktime.Calendar
}

func pathOf(unit int64) string {
	switch {
	case unit == 1:
		return "/1/"
	case unit <= 1+bureaus:
		return fmt.Sprintf("/1/%d/", unit)
	}
	return fmt.Sprintf("/1/%d/%d/", 2+(unit-2-bureaus)%bureaus, unit)
}

func (civics) Unit(_ context.Context, id int64) (org.Unit, error) {
	return org.Unit{ID: id, Path: pathOf(id), Name: "单位" + strconv.FormatInt(id, 10)}, nil
}

func (civics) Units(context.Context, access.Reach) ([]org.Unit, error) {
	return []org.Unit{{ID: 1, Path: "/1/"}}, nil
}

func (civics) Actor(_ context.Context, id int64) (access.Actor, error) { return worker(id), nil }

// Holders are three of the unit's people.
func (civics) Holders(_ context.Context, f org.HolderFilter) ([]org.Holder, error) {
	unit, _ := strconv.ParseInt(f.Unit[strings.LastIndex(strings.TrimSuffix(f.Unit, "/"), "/")+1:len(f.Unit)-1], 10, 64)
	return []org.Holder{{Staff: 1, Unit: unit}, {Staff: 2, Unit: unit}, {Staff: 3, Unit: unit}}, nil
}

func (c civics) Calendar(context.Context, string) (*worktime.Calendar, error) { return c.calendar, nil }

func (c civics) Live(context.Context, string) (*flow.Definition, int64, error) {
	return c.definition, 1, nil
}

// worker is one of the people: they may register and claim.
func worker(id int64) access.Actor {
	unit := pathOf(2 + id%bureaus)
	return access.Actor{Kind: access.Staff, ID: id, Name: "经办", Unit: unit, Grants: []access.Grant{
		{Permission: "matter.read", Unit: "/"}, {Permission: "ticket.register", Unit: "/"},
	}}
}

// openMatters migrates a database and puts the tree and the people into it.
func openMatters(ctx context.Context, url string, n int) (m *matters, err error) {
	quiet := slog.New(slog.DiscardHandler)
	d, err := db.Open(ctx, db.Config{URL: url, Log: quiet})
	if err != nil {
		return nil, err
	}
	m = &matters{db: d, civil: clock.NewCivil(clock.Wall{}, 0), base: time.Now(), n: n}
	fail := func(err error) (*matters, error) { return nil, errors.Join(err, d.Close()) }
	if err := d.Migrate(ctx, []db.Schema{web.Schema(), job.Schema(), audit.Schema(), org.Schema(), accounts.Schema(), citizen.Schema(), matter.Schema()}); err != nil {
		return fail(err)
	}
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		return fail(err)
	}
	c := civics{}
	if c.calendar, err = worktime.NewCalendar(worktime.Data{Years: worktime.Builtin()}); err != nil {
		return fail(err)
	}
	shipped, err := flow.Shipped()
	if err != nil {
		return fail(err)
	}
	for _, one := range shipped {
		if one.Definition.Key == "ticket-basic" {
			plain := *one.Definition
			plain.Form = "" // nothing is filled in here
			c.definition = &plain
		}
	}
	m.Service = matter.New(matter.Deps{
		DB: d, Jobs: job.New(d, quiet, clock.Wall{}), Ring: ring, Wall: clock.Wall{}, Civil: m.civil, Log: quiet,
		Audit: audit.New(audit.Deps{DB: d, Wall: clock.Wall{}, Log: quiet, Ring: ring}), Flows: c, Calendars: c, Units: c, Staff: c, Hints: web.NewHub(d),
		Guards:  func(string) (matter.Guard, bool) { return nil, false },
		Effects: func(string) (matter.Effect, bool) { return nil, false },
	})
	if err := m.populate(ctx); err != nil {
		return fail(err)
	}
	return m, nil
}

func (m *matters) populate(ctx context.Context) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		for id := int64(1); id <= 1+bureaus+streets; id++ {
			var parent any
			if id > 1 {
				parent = 1
			}
			if _, err := tx.Exec(ctx, `insert into unit (id, parent_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
				values ($1, $2, 'city', $3, '', '', $4, 0, $5, 0, 0, 1)`, id, parent, strconv.FormatInt(id, 10), pathOf(id), false); err != nil {
				return err
			}
		}
		for id := int64(1); id <= peopleN; id++ {
			if _, err := tx.Exec(ctx, `insert into staff (id, login, name, title, phone_sealed, phone_index, unit_id, outsourced, until_at, disabled,
				password, password_at, must_change, totp_sealed, totp_next, totp_due, totp_step, last_login_at, created_at, updated_at, version)
				values ($1, $2, '经办', '', '', '', $3, $4, 0, $4, '', 0, $4, '', '', $4, 0, 0, 0, 0, 1)`,
				id, "s"+strconv.FormatInt(id, 10), 2+id%bureaus, false); err != nil {
				return err
			}
		}
		return nil
	})
}

// heap fills the tables with matters as lists and the sweep see them: ten kinds in eight states, a quarter in the pool, a
// quarter held, the others over; opened within sixty days, due ten to forty days later. It writes no lives.
func (m *matters) heap(ctx context.Context) error {
	const day = 24 * 3600 * 1000
	base := m.base.UnixMilli()
	return m.db.Write(ctx, func(tx *db.Tx) error {
		for _, step := range []struct {
			text string
			args []any
		}{
			{`insert into matter_flow (digest, key, version, definition) values ('heap', 'heap', 1, '{}')`, nil},
			{`insert into matter_facet (account_id, kind, state, held, light)
				with recursive n(i) as (select 0 union all select i + 1 from n where i < 239)
				select 0, 'kind' || (i / 24), 's' || (i / 3 % 8), i % 3, 0 from n`, nil},
			{`insert into matter_span (kind, span) with recursive n(i) as (select 0 union all select i + 1 from n where i < 9)
				select 'kind' || i, cast($1 as bigint) from n`, []any{int64(day)}},
			{`insert into matter (number, code, kind, flow_id, state, held, version, account_id, owner_id, unit_id, assignee_id, opener_kind, opener_id,
				citizen_id, subject, subject_id, parent_id, parent_ref, sealed, opened_at, yellow_at, due_at, closed_at, worst, outcome, updated_at, title, seal, run)
				with recursive n(i) as (select 0 union all select i + 1 from n where i < cast($1 as bigint) - 1)
				select 'heap' || i, 'ABCDEFGH', 'kind' || (i % 10), (select id from matter_flow where digest = 'heap'), 's' || (i / 10 % 8), case i / 80 % 4 when 0 then 0 when 1 then 1 else 2 end, 1, null, 1,
					22 + (i * 7) % 100, case i / 80 % 4 when 1 then 1 + i % 1000 end, 'staff', 1, null, '', 0, null, '', $2,
					cast($3 as bigint) - cast($4 as bigint) + cast($4 as bigint) * i / cast($1 as bigint), cast($3 as bigint) - cast($4 as bigint) + cast($4 as bigint) * i / cast($1 as bigint) + cast($5 as bigint) * (9 + i % 31), cast($3 as bigint) - cast($4 as bigint) + cast($4 as bigint) * i / cast($1 as bigint) + cast($5 as bigint) * (10 + i % 31),
					case when i / 80 % 4 > 1 then $3 else 0 end, 0, '', $3, 'one of a heap of matters, with a title of the usual length', null, '{}' from n order by i`,
				[]any{int64(m.n), false, base, int64(60 * day), int64(day)}},
			{`insert into matter_unit (matter_id, unit_id, facet_id, opened_at, yellow_at, due_at)
				select m.id, case w.way when 0 then 1 when 1 then m.unit_id else 2 + (m.unit_id - 22) % 20 end, f.id, m.opened_at, m.yellow_at, m.due_at from matter m
				join matter_facet f on f.kind = m.kind and f.state = m.state and f.held = m.held and f.light = 0 and f.account_id = 0
				join (select 0 as way union all select 1 union all select 2) w on 1 = 1`, nil},
			{`insert into matter_party (matter_id, staff_id, turn, watches, invited, acted_at, opened_at, yellow_at, due_at)
				select id, assignee_id, $1, $2, $2, 0, opened_at, yellow_at, due_at from matter where assignee_id is not null`, []any{true, false}},
			{`insert into matter_wait (matter_id, unit_id, permission, review, yellow_at, due_at)
				select m.id, case w.way when 0 then 1 when 1 then m.unit_id else 2 + (m.unit_id - 22) % 20 end, $1, $2, m.yellow_at, m.due_at from matter m
				join (select 0 as way union all select 1 union all select 2) w on 1 = 1 where m.held = 0`, []any{waitsFor, false}},
			{`insert into matter_deadline (matter_id, clock, kind, at, next_at) select id, 'handle#1', 'yellow', yellow_at, yellow_at from matter where closed_at = 0`, nil},
			{`insert into matter_deadline (matter_id, clock, kind, at, next_at) select id, 'handle#1', 'red', due_at, due_at from matter where closed_at = 0`, nil},
			{`analyze`, nil}, // a database that grew by day would know by now what it holds
		} {
			if _, err := tx.Exec(ctx, step.text, step.args...); err != nil {
				return fmt.Errorf("%.60s: %w", step.text, err)
			}
		}
		return nil
	})
}

// work lets many people claim and put back tickets of their own, for so long, and returns how many actions they did.
func (m *matters) work(ctx context.Context, hands int, long time.Duration) (float64, error) {
	ids := make([]int64, hands)
	for i := range ids {
		o, err := m.Open(access.With(ctx, worker(int64(1+i))), matter.OpenIn{Flow: "ticket-basic", Unit: 1, Title: "路灯不亮"})
		if err != nil {
			return 0, err
		}
		ids[i] = o.Matter
	}
	var done atomic.Int64
	failed := make(chan error, hands)
	begun := time.Now()
	for i, id := range ids {
		go func() {
			ctx := access.With(ctx, worker(int64(1+i)))
			for n := 0; time.Since(begun) < long; n++ {
				if _, err := m.Act(ctx, id, []string{"claim", "release"}[n%2], matter.In{Key: fmt.Sprint(id, "-", n)}); err != nil {
					failed <- err
					return
				}
				done.Add(1)
			}
			failed <- nil
		}()
	}
	var err error
	for range ids {
		err = errors.Join(err, <-failed)
	}
	return float64(done.Load()) / time.Since(begun).Seconds(), err
}
