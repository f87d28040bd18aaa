package audit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/log"
)

type bundle struct {
	*Service
	wall *clock.Civil // movable
	ring *crypt.Ring
}

func service(t *testing.T, d *db.DB) bundle {
	t.Helper()
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wall := clock.NewCivil(clock.Wall{}, 0)
	return bundle{New(Deps{DB: d, Wall: wall, Log: slog.New(slog.DiscardHandler), Ring: ring}), wall, ring}
}

func staff(t *testing.T) context.Context {
	t.Helper()
	ctx := log.WithRequest(t.Context(), "req-1")
	return access.With(ctx, access.Actor{Kind: access.Staff, ID: 5, Session: "s1"})
}

func record(t *testing.T, ctx context.Context, s bundle, entries ...Entry) {
	t.Helper()
	for _, e := range entries {
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return s.Record(ctx, tx, e) }); err != nil {
			t.Fatal(err)
		}
	}
}

func seal(t *testing.T, s bundle) int {
	t.Helper()
	n, err := s.Seal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func verify(t *testing.T, s bundle) Report {
	t.Helper()
	r, err := s.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func tamper(t *testing.T, d *db.DB, sql string, args ...any) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), sql, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func entries(n int) []Entry {
	var out []Entry
	for i := range n {
		out = append(out, Entry{Verb: "edit", Object: "menu", ID: int64(i + 1), Unit: "/1/4/", Account: 2,
			Detail: map[string]any{"version": i}})
	}
	return out
}

func TestRecordSealVerify(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB) {
		s, ctx := service(t, d), staff(t)
		record(t, ctx, s, entries(5)...)
		if r := verify(t, s); !r.Whole() || r.Unsealed != 5 || r.Oldest == 0 {
			t.Errorf("before the seal: %+v", r)
		}
		if n := seal(t, s); n != 5 {
			t.Fatalf("sealed %d", n)
		}
		if n := seal(t, s); n != 0 {
			t.Errorf("sealed %d again", n)
		}
		record(t, ctx, s, entries(3)...)
		seal(t, s)
		record(t, ctx, s, entries(1)...)
		r := verify(t, s)
		if !r.Whole() || r.Batches != 2 || r.Rows != 8 || r.Unsealed != 1 || r.HeadNo != 2 || len(r.Head) != 64 {
			t.Errorf("%+v", r)
		}
		p, err := s.List(ctx, access.Reach{All: true}, Filter{})
		if err != nil {
			t.Fatal(err)
		}
		got := p.Rows[len(p.Rows)-1]
		got.uid, got.keyID, got.mac, got.At, got.ID = "", "", "", 0, 0
		want := Row{ActorKind: "staff", ActorID: 5, Session: "s1", Request: "req-1", Verb: "edit", Object: "menu", ObjectID: 1,
			Unit: "/1/4/", Account: 2, Outcome: Done, Detail: `{"version":0}`, Batch: 1}
		if d := cmp.Diff(want, got, cmp.AllowUnexported(Row{})); d != "" {
			t.Error(d)
		}
	})
}

// TestTampering plays the clerk with a database console: each deed is found and the row named.
func TestTampering(t *testing.T) {
	t.Parallel()
	const copied = `insert into audit_entry (uid, at, actor_kind, actor_id, session, request, address, verb, object, object_id, unit,
		account_id, outcome, detail, key_id, mac, batch) select %s, at, actor_kind, actor_id, session, request, address, verb, object,
		object_id, unit, account_id, outcome, detail, key_id, mac, %s from audit_entry where id = 2`
	for _, c := range []struct {
		label string
		sql   []string
		want  []Fault
	}{
		{"one byte of a detail", []string{`update audit_entry set detail = '{"version":2}' where id = 2`}, []Fault{{FaultChanged, 1, 2}}},
		{"another actor", []string{`update audit_entry set actor_id = 6 where id = 3`}, []Fault{{FaultChanged, 1, 3}}},
		{"the time", []string{`update audit_entry set at = at + 1 where id = 4`}, []Fault{{FaultChanged, 2, 4}}},
		{"characters moved between columns", []string{`update audit_entry set verb = 'ed', object = 'itmenu' where id = 1`}, []Fault{{FaultChanged, 1, 1}}},
		{"a row is deleted", []string{`delete from audit_entry where id = 2`}, []Fault{{FaultMissing, 1, 2}}},
		{"a row moves to another batch", []string{`update audit_entry set batch = 2 where id = 2`}, []Fault{{FaultMissing, 1, 2}, {FaultInserted, 2, 2}}},
		{"a copy slips into a batch", []string{fmt.Sprintf(copied, "'x'", "1")}, []Fault{{FaultInserted, 1, 7}}},
		{"a copy slips into the tail", []string{fmt.Sprintf(copied, "'x'", "null")}, []Fault{{FaultChanged, 0, 7}}},
		{"a row for a batch that is not", []string{`update audit_entry set batch = 9 where id = 6`}, []Fault{{FaultInserted, 9, 6}}},
		{"two rows are exchanged", []string{`update audit_entry set id = 99 where id = 1`, `update audit_entry set id = 1 where id = 2`,
			`update audit_entry set id = 2 where id = 99`}, []Fault{{FaultBatch, 1, 0}}},
		{"the tail is changed", []string{`update audit_entry set object_id = 7 where id = 6`}, []Fault{{FaultChanged, 0, 6}}},
		{"a batch's list", []string{`update audit_batch set ids = '1-2' where number = 1`, `delete from audit_entry where id = 3`},
			[]Fault{{FaultBatch, 1, 0}, {FaultBatch, 1, 0}}},
		{"a batch is deleted", []string{`delete from audit_entry where batch = 1`, `delete from audit_batch where number = 1`}, []Fault{{FaultChain, 2, 0}}},
		{"a young batch is called purged", []string{`delete from audit_entry where batch = 1`, `update audit_batch set purged_at = 1 where number = 1`},
			[]Fault{{FaultMissing, 1, 0}}},
		{"an unknown key", []string{`update audit_entry set key_id = 'k9' where id = 2`}, []Fault{{FaultKey, 1, 2}}},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB) {
				s, ctx := service(t, d), staff(t)
				record(t, ctx, s, entries(3)...)
				seal(t, s)
				record(t, ctx, s, entries(2)...)
				seal(t, s)
				record(t, ctx, s, entries(1)...)
				for _, q := range c.sql {
					tamper(t, d, q)
				}
				got := verify(t, s).Faults
				if d := cmp.Diff(c.want, got); d != "" {
					t.Error(d)
				}
			})
		})
	}
}

func TestKeyRotationKeepsTheChain(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, []db.Schema{Schema()})
	s := service(t, d)
	record(t, t.Context(), s, entries(2)...)
	seal(t, s)
	ring, err := s.ring.Rotate(rand.Reader, crypt.National)
	if err != nil {
		t.Fatal(err)
	}
	next := bundle{New(Deps{DB: d, Wall: s.wall, Log: slog.New(slog.DiscardHandler), Ring: ring}), s.wall, ring}
	record(t, t.Context(), next, entries(2)...)
	seal(t, next)
	if r := verify(t, next); !r.Whole() || r.Rows != 4 {
		t.Errorf("%+v", r)
	}
}

// TestTwoSealers lets two replicas seal what many writers insert: every row once, the chain whole.
func TestTwoSealers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB) {
		s, ctx := service(t, d), staff(t)
		const writers, each = 4, 25
		var busy, sealers sync.WaitGroup
		for range writers {
			busy.Go(func() { record(t, ctx, s, entries(each)...) })
		}
		finished := make(chan struct{})
		var total [2]int
		for i := range total {
			sealers.Go(func() {
				for last := false; !last; {
					select {
					case <-finished:
						last = true // one more round after the last write
					default:
					}
					n, err := s.Seal(ctx)
					if err != nil {
						t.Error(err)
						return
					}
					total[i] += n
				}
			})
		}
		busy.Wait()
		close(finished)
		sealers.Wait()
		total[0] += seal(t, s) // a loser of the last race leaves its rows to the next round
		if got := total[0] + total[1]; got != writers*each {
			t.Errorf("sealed %d rows, want %d", got, writers*each)
		}
		if r := verify(t, s); !r.Whole() || r.Rows != writers*each || r.Unsealed != 0 {
			t.Errorf("%+v", r)
		}
	})
}

func TestLeasedRounds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB) {
		first, second := service(t, d), service(t, d)
		first.round(t.Context())
		record(t, t.Context(), first, entries(1)...)
		second.round(t.Context())
		if r := verify(t, first); r.Unsealed != 1 {
			t.Errorf("sealed without the lease: %+v", r)
		}
		if err := first.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := first.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r := verify(t, first); r.Unsealed != 0 {
			t.Errorf("Stop left a tail: %+v", r)
		}
		record(t, t.Context(), second, entries(1)...)
		second.round(t.Context())
		if r := verify(t, second); r.Unsealed != 0 {
			t.Errorf("the lease was not given back: %+v", r)
		}
	})
}

func TestRecordIsPartOfTheDeed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB) {
		s, ctx := service(t, d), staff(t)
		undone := errors.New("undone")
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := s.Record(ctx, tx, Entry{Verb: "edit", Object: "menu"}); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		for label, bad := range map[string]Entry{
			"no verb":   {Object: "menu"},
			"no object": {Verb: "edit"},
			"too long":  {Verb: "edit", Object: "menu", Detail: map[string]any{"x": make([]int, 9000)}},
			"no JSON":   {Verb: "edit", Object: "menu", Detail: map[string]any{"x": func() {}}},
		} {
			if err := d.Write(ctx, func(tx *db.Tx) error { return s.Record(ctx, tx, bad) }); err == nil {
				t.Errorf("%s: recorded", label)
			}
		}
		if r := verify(t, s); r.Unsealed != 0 {
			t.Errorf("rows of deeds that did not happen: %+v", r)
		}
	})
}

func TestListWithinReach(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB) {
		s, ctx := service(t, d), staff(t)
		record(t, ctx, s,
			Entry{Verb: "edit", Object: "menu", ID: 1, Unit: "/1/4/", Account: 2},
			Entry{Verb: "publish", Object: "menu", ID: 1, Unit: "/1/4/9/", Account: 3},
			Entry{Verb: "edit", Object: "reply", ID: 1, Unit: "/1/41/", Account: 2},
			Entry{Verb: "set", Object: "setting"})
		s.Deny(ctx, "menu.edit", "PUT /console/api/menus/{id}", access.Object{Unit: "/1/4/", Account: 2})
		grant := func(unit string, account int64) access.Reach {
			return access.Actor{Kind: access.Staff, Grants: []access.Grant{{Permission: "audit.read", Unit: unit, Account: account}}}.Reach("audit.read")
		}
		for _, c := range []struct {
			label string
			reach access.Reach
			f     Filter
			want  []int64
		}{
			{"everything", access.Reach{All: true}, Filter{}, []int64{5, 4, 3, 2, 1}},
			{"nothing", access.Reach{}, Filter{}, nil},
			{"a subtree", grant("/1/4/", 0), Filter{}, []int64{5, 2, 1}},
			{"one account of it", grant("/1/4/", 2), Filter{}, []int64{5, 1}},
			{"reach and filter", grant("/1/4/", 0), Filter{Unit: "/1/4/9/"}, []int64{2}},
			{"verb and object", access.Reach{All: true}, Filter{Verb: "edit", Object: "menu", ObjectID: 1}, []int64{1}},
			{"refusals", access.Reach{All: true}, Filter{Outcome: Denied}, []int64{5}},
			{"before", access.Reach{All: true}, Filter{Before: 3}, []int64{2, 1}},
			{"of a person", access.Reach{All: true}, Filter{ActorKind: "staff", ActorIDs: []int64{4, 5}, Account: 3}, []int64{2}},
			{"of nobody", access.Reach{All: true}, Filter{ActorKind: "citizen"}, nil},
			{"after now", access.Reach{All: true}, Filter{From: clock.Millis(s.wall.Now()) + 1000}, nil},
			{"until now", access.Reach{All: true}, Filter{Until: clock.Millis(s.wall.Now()) + 1000, Limit: 2}, []int64{5, 4}},
		} {
			p, err := s.List(ctx, c.reach, c.f)
			if err != nil {
				t.Fatalf("%s: %v", c.label, err)
			}
			var ids []int64
			for _, r := range p.Rows {
				ids = append(ids, r.ID)
			}
			if !slices.Equal(ids, c.want) {
				t.Errorf("%s: %v, want %v", c.label, ids, c.want)
			}
			if more := c.f.Limit == 2; (p.Next != 0) != more {
				t.Errorf("%s: next %d", c.label, p.Next)
			}
		}
	})
}

func TestPurge(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB) {
		s := service(t, d)
		record(t, t.Context(), s, entries(3)...)
		seal(t, s)
		move := func(to time.Duration) {
			if err := s.wall.SetOffset(to); err != nil {
				t.Fatal(err)
			}
		}
		move(365 * 24 * time.Hour)
		record(t, t.Context(), s, entries(2)...)
		seal(t, s)
		if n, err := s.Purge(t.Context(), 1); n != 0 || err != nil {
			t.Errorf("purged %d rows within the legal year, %v", n, err)
		}
		move(368 * 24 * time.Hour)
		if n, err := s.Purge(t.Context(), 366); n != 3 || err != nil {
			t.Errorf("purged %d, %v", n, err)
		}
		if r := verify(t, s); !r.Whole() || r.Purged != 3 || r.Rows != 2 || r.Unsealed != 1 {
			t.Errorf("%+v", r)
		}
	})
}

func TestIDRanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ids  []int64
		text string
	}{
		{[]int64{3}, "3"}, {[]int64{3, 4, 5}, "3-5"}, {[]int64{1, 3, 4, 9}, "1,3-4,9"},
	} {
		var rows []Row
		for _, id := range c.ids {
			rows = append(rows, Row{ID: id})
		}
		if got := formatIDs(rows); got != c.text {
			t.Errorf("%v: %s", c.ids, got)
		}
		if got, ok := parseIDs(c.text, 10); !ok || !slices.Equal(got, c.ids) {
			t.Errorf("%s: %v", c.text, got)
		}
	}
	for _, bad := range []string{"", "a", "5-3", "1-99999999999", "1,2,3,4,5,6,7,8,9,10,11", "1-2-3"} {
		if _, ok := parseIDs(bad, 10); ok {
			t.Errorf("%q was read", bad)
		}
	}
}
