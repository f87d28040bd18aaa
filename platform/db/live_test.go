package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
)

// inbox collects what a listener hears.
type inbox struct {
	mu   sync.Mutex
	list []string
}

func (b *inbox) put(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list = append(b.list, s)
}

func (b *inbox) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.list, ",")
}

func (b *inbox) has(s string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Contains(b.list, s)
}

func TestNotify(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		var a, b, stopped inbox
		defer d.Listen("a", a.put)()
		defer d.Listen("b", b.put)()
		d.Listen("a", stopped.put)()
		send := func(fail error, payloads ...string) {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				for _, p := range payloads {
					if err := tx.Notify("a", p); err != nil {
						return err
					}
				}
				if len(a.text()) > 0 && strings.HasSuffix(a.text(), payloads[0]) {
					t.Error("told before the commit")
				}
				return fail
			})
			if !errors.Is(err, fail) {
				t.Error(err)
			}
		}
		send(nil, "1", "2\n二")
		send(errors.New("no"), "rolled back")
		send(nil, "3")
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return tx.Notify("b", "4") }); err != nil {
			t.Error(err)
		}
		eventually(t, "both hear", func() bool { return a.text() == "1,2\n二,3" && b.text() == "4" })
		if s := stopped.text(); s != "" {
			t.Errorf("heard after stop: %q", s)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error { return tx.Notify("a", strings.Repeat("x", 8000)) })
		if !errs.Is(err, errs.Internal) {
			t.Errorf("too long: %v", err)
		}
	})
}

func TestSlowListenerIsToldToLookAtEverything(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		var a inbox
		gate := make(chan struct{})
		defer d.Listen("a", func(p string) { <-gate; a.put(p) })()
		for range 3 {
			if err := d.Write(t.Context(), func(tx *db.Tx) error {
				for i := range 200 {
					if err := tx.Notify("a", fmt.Sprint(i)); err != nil { // PostgreSQL drops equal ones of one transaction
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		eventually(t, "the backlog overflows and is heard", func() bool {
			select {
			case gate <- struct{}{}:
			default:
			}
			return a.has("")
		})
		close(gate)
	})
}

func TestLease(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		lease := func(name, owner string, ttl time.Duration) bool {
			ok, err := d.Lease(t.Context(), name, owner, ttl)
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		var mu sync.Mutex
		var group sync.WaitGroup
		won := 0
		for i := range 8 {
			group.Go(func() {
				if lease("race", fmt.Sprint(i), time.Hour) {
					mu.Lock()
					defer mu.Unlock()
					won++
				}
			})
		}
		group.Wait()
		if won != 1 {
			t.Fatalf("%d won", won)
		}
		if !lease("x", "a", time.Hour) || lease("x", "b", time.Hour) || !lease("x", "a", time.Hour) || !lease("y", "b", time.Hour) {
			t.Error("one holder a name, who may renew")
		}
		for _, owner := range []string{"b", "a"} { // b holds nothing
			if err := d.Release(t.Context(), "x", owner); err != nil {
				t.Fatal(err)
			}
			if got := lease("x", "c", time.Hour); got != (owner == "a") {
				t.Errorf("after release by %s: %v", owner, got)
			}
		}
		if !lease("short", "a", 50*time.Millisecond) || lease("short", "b", time.Hour) {
			t.Error("a short one excludes too")
		}
		eventually(t, "it expires", func() bool { return lease("short", "b", time.Hour) })
		if lease("short", "a", time.Hour) {
			t.Error("the old holder took it back")
		}
		if err := d.FreeLeases(t.Context()); err != nil {
			t.Fatal(err)
		}
		if alone := d.Dialect() == db.SQLite; lease("race", "new", time.Hour) != alone {
			t.Errorf("a start takes over the leases of the dead, where nobody else can live: %v", !alone)
		}
	})
}

func TestHorizon(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		horizon := func() int64 {
			h, err := d.Horizon(ctx, "thing")
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		if h := horizon(); h != 0 {
			t.Errorf("an empty table: %d", h)
		}
		if _, err := d.Horizon(ctx, "thing; drop table thing"); !errs.Is(err, errs.Internal) {
			t.Errorf("a bad name: %v", err)
		}
		// Many writers, some of which roll back; a reader follows as a log and must see every row.
		var group sync.WaitGroup
		ended := make(chan struct{})
		for w := range 6 {
			group.Go(func() {
				for i := range 40 {
					_ = d.Write(ctx, func(tx *db.Tx) error {
						if err := add(ctx, tx, fmt.Sprintf("%d-%d", w, i)); err != nil {
							t.Error(err)
						}
						if i%7 == 3 {
							return errors.New("rolled back")
						}
						return nil
					})
				}
			})
		}
		go func() { group.Wait(); close(ended) }()
		last, seen := int64(0), 0
		read := func() {
			h := horizon()
			n, err := db.One(ctx, d, db.Value[int], "select count(*) from thing where id > $1 and id <= $2", last, h)
			if err != nil {
				t.Fatal(err)
			}
			last, seen = max(last, h), seen+n
		}
		for running := true; running; {
			select {
			case <-ended:
				running = false
			default:
			}
			read()
		}
		if all := len(names(t, d)); seen != all || all != 6*34 {
			t.Errorf("followed %d of %d rows", seen, all)
		}
	})
}

// A transaction that has an id and has not ended holds the horizon back.
func TestHorizonWaitsOnPostgres(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t, things())
	ctx := t.Context()
	inserted, end := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		if err := d.Write(ctx, func(tx *db.Tx) error {
			err := add(ctx, tx, "slow")
			close(inserted)
			<-end
			return err
		}); err != nil {
			t.Error(err)
		}
	})
	<-inserted
	if err := d.Write(ctx, func(tx *db.Tx) error { return add(ctx, tx, "fast") }); err != nil {
		t.Fatal(err)
	}
	soon, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	if h, err := d.Horizon(soon, "thing"); !errs.Is(err, errs.Busy) {
		t.Errorf("while an id is open: %d, %v", h, err)
	}
	close(end)
	group.Wait()
	if h, err := d.Horizon(ctx, "thing"); err != nil || h != 2 {
		t.Errorf("afterwards: %d, %v", h, err)
	}
}

func TestFreshIsUpgraded(t *testing.T) {
	t.Parallel()
	one := fstest.MapFS{"0001_a.sql": {Data: []byte("-- +goose Up\ncreate table a (id {id}, name text not null);\n")}}
	two := fstest.MapFS{
		"0001_a.sql":          one["0001_a.sql"],
		"0002_b.sql":          {Data: []byte("-- +goose Up\nalter table a add column open {bool} not null default true;\ncreate index a_name on a(name);\n")},
		"0003_c.sqlite.sql":   {Data: []byte("-- +goose Up\ncreate virtual table c using fts5(body);\n")},
		"0003_c.postgres.sql": {Data: []byte("-- +goose Up\ncreate table c (body tsvector);\n")},
	}
	later := db.Schema{Part: "later", FS: fstest.MapFS{"0001_d.sql": {Data: []byte("-- +goose Up\ncreate table d (a_id {big} references a(id));\n")}}}
	fresh, upgraded := []db.Schema{{Part: "p", FS: two}, later}, []db.Schema{{Part: "p", FS: one}}
	dump := map[db.Dialect]string{
		db.SQLite: "select type || name || coalesce(sql, '') from sqlite_master order by 1",
		db.Postgres: `select table_name || column_name || data_type || is_nullable || coalesce(column_default, '')
			from information_schema.columns where table_schema = 'public' order by 1`,
	}
	dbtest.Each(t, fresh, func(t *testing.T, a *db.DB) {
		b := other(t, a.Dialect(), upgraded)
		var group sync.WaitGroup
		for range 4 { // replicas that start together; on SQLite one after the other
			if a.Dialect() == db.SQLite {
				if err := b.Migrate(t.Context(), fresh); err != nil {
					t.Error(err)
				}
				continue
			}
			group.Go(func() {
				if err := b.Migrate(t.Context(), fresh); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		x, err := db.All(t.Context(), a, db.Value[string], dump[a.Dialect()])
		y, err2 := db.All(t.Context(), b, db.Value[string], dump[a.Dialect()])
		if err != nil || err2 != nil || len(x) < 10 || strings.Join(x, "\n") != strings.Join(y, "\n") {
			t.Errorf("fresh:\n%s\nupgraded:\n%s\n%v %v", strings.Join(x, "\n"), strings.Join(y, "\n"), err, err2)
		}
	})
}

// other is a second database on the engine.
func other(t *testing.T, dialect db.Dialect, schemas []db.Schema) *db.DB {
	t.Helper()
	if dialect == db.Postgres {
		return dbtest.Postgres(t, schemas)
	}
	return dbtest.SQLite(t, schemas)
}
