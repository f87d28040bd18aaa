package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
)

func TestErrorsHaveKinds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		rows := []struct {
			label string
			sql   string
			want  error
		}{
			{"unique", "insert into thing(name) values('a')", errs.New(errs.Conflict, "db.duplicate")},
			{"primary key", "insert into thing(id, name) values(1, 'b')", errs.New(errs.Conflict, "db.duplicate")},
			{"not null", "insert into thing(name) values(null)", errs.New(errs.Internal, "db.defect")},
			{"syntax", "insert onto thing", errs.New(errs.Internal, "db.defect")},
		}
		ctx := t.Context()
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "insert into thing(id, name) values(1, 'a')")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, r.sql)
				return err
			})
			if !errors.Is(err, r.want) {
				t.Errorf("%s: %v", r.label, err)
			}
		}
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := d.Query(gone, "select 1"); !errs.Is(err, errs.Busy) {
			t.Errorf("a dead context: %v", err)
		}
	})
}

// max_page_count makes SQLite's disk full without one.
func TestFullDiskOnSQLite(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, things())
	ctx := t.Context()
	limit := func(pages int) {
		if _, err := d.Pool().ExecContext(ctx, fmt.Sprintf("pragma max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	full := errs.New(errs.Unavailable, "db.full")
	limit(100) // 400 KiB, of which the tables use a quarter
	release := hold(t, d, 1)
	var group sync.WaitGroup
	var mu sync.Mutex
	got := map[string]error{}
	for _, name := range []string{"a", "large", "swallowed", "b"} {
		group.Go(func() {
			err := d.Write(ctx, func(tx *db.Tx) error {
				switch name {
				case "large":
					return add(ctx, tx, strings.Repeat("x", 1<<20))
				case "swallowed":
					if err := add(ctx, tx, strings.Repeat("y", 1<<20)); !errors.Is(err, full) {
						t.Errorf("swallowed: %v", err)
					}
					if err := add(ctx, tx, "outside of any transaction"); !errors.Is(err, full) {
						t.Errorf("after a lost transaction: %v", err)
					}
					return nil
				}
				return add(ctx, tx, name)
			})
			mu.Lock()
			defer mu.Unlock()
			got[name] = err
		})
	}
	eventually(t, "all wait", func() bool { return d.Gather().Waiting == 4 })
	release()
	group.Wait()
	for name, err := range got {
		small := len(name) == 1
		if small && err != nil || !small && !errors.Is(err, full) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Full for everybody, then not any more.
	for i := 0; ; i++ {
		if err := d.Write(ctx, func(tx *db.Tx) error { return add(ctx, tx, fmt.Sprintf("%d %s", i, strings.Repeat("z", 1<<12))) }); err != nil {
			if !errors.Is(err, full) {
				t.Fatal(err)
			}
			break
		}
	}
	before := len(names(t, d))
	limit(1 << 20)
	if err := d.Write(ctx, func(tx *db.Tx) error { return add(ctx, tx, strings.Repeat("x", 1<<20)) }); err != nil {
		t.Fatalf("after a full disk: %v", err)
	}
	if n := len(names(t, d)); n != before+1 {
		t.Errorf("%d rows, then %d", before, n)
	}
}

// A small file system in memory is the honest way to a full disk; it takes the right to mount.
func TestFullFileSystem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("cannot mount a small file system here: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	d := dbtest.Open(t, "sqlite:"+filepath.Join(dir, "x.db"))
	if err := d.Migrate(t.Context(), things()); err != nil {
		t.Fatal(err)
	}
	write := func(name string) error {
		return d.Write(t.Context(), func(tx *db.Tx) error { return add(t.Context(), tx, name+strings.Repeat("x", 1<<14)) })
	}
	wrote := 0
	var err error
	for ; err == nil; wrote++ {
		err = write(fmt.Sprint(wrote))
	}
	for range 3 { // it stays so, in words that say what to do
		if !errors.Is(err, errs.New(errs.Unavailable, "db.full")) {
			t.Fatalf("after %d rows: %v", wrote, err)
		}
		err = write("more")
	}
	if n := len(names(t, d)); n != wrote-1 {
		t.Errorf("%d rows of %d", n, wrote-1)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := write("after"); err != nil {
		t.Fatalf("after a full disk: %v", err)
	}
	if n := len(names(t, d)); n != wrote {
		t.Errorf("%d rows, want %d", n, wrote)
	}
}

// The server says what it would say with a full disk or without memory.
func TestPostgresCodes(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t, things())
	rows := map[string]error{
		"53100": errs.New(errs.Unavailable, "db.full"),
		"53200": errs.New(errs.Unavailable, "db.away"),
		"08006": errs.New(errs.Unavailable, "db.away"),
		"57P01": errs.New(errs.Unavailable, "db.away"),
		"55P03": errs.New(errs.Busy, "db.busy"),
		"57014": errs.New(errs.Busy, "db.late"),
		"23503": errs.New(errs.Conflict, "db.referenced"),
		"XX000": errs.New(errs.Internal, "db.defect"),
	}
	for code, want := range rows {
		runs := 0
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			runs++
			_, err := tx.Exec(t.Context(), "do $$ begin raise exception 'x' using errcode = '"+code+"'; end $$")
			return err
		})
		if !errors.Is(err, want) || runs != 1 {
			t.Errorf("%s: %v after %d runs", code, err, runs)
		}
	}
}

func TestRetriesOnPostgres(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t, things())
	ctx := t.Context()
	raise := func(tx *db.Tx, code string) error {
		_, err := tx.Exec(ctx, "do $$ begin raise exception 'x' using errcode = '"+code+"'; end $$")
		return err
	}
	runs := 0
	if err := d.Write(ctx, func(tx *db.Tx) error {
		runs++
		if err := add(ctx, tx, "once"); err != nil || runs == 3 {
			return err
		}
		return errs.Wrap(raise(tx, []string{"40001", "40P01"}[runs%2]), "wrapped")
	}); err != nil || runs != 3 || len(names(t, d)) != 1 {
		t.Errorf("%v after %d runs, %v", err, runs, names(t, d))
	}
	runs = 0
	err := d.Write(ctx, func(tx *db.Tx) error {
		runs++
		_ = raise(tx, "40001") // swallowed, yet nothing can be committed
		return nil
	})
	if err == nil || runs != 8 || d.Gather().Retried != 9 {
		t.Errorf("%v after %d runs, %d retries", err, runs, d.Gather().Retried)
	}
	runs = 0
	err = d.Write(ctx, func(tx *db.Tx) error { runs++; return raise(tx, "40001") })
	if !errors.Is(err, errs.New(errs.Busy, "db.busy")) || runs != 8 {
		t.Errorf("for ever: %v after %d runs", err, runs)
	}
}

// Two closures lock two rows in opposite order: PostgreSQL kills one, and it runs again.
func TestDeadlockOnPostgres(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t, things())
	ctx := t.Context()
	for _, name := range []string{"a", "b"} {
		if err := d.Write(ctx, func(tx *db.Tx) error { return add(ctx, tx, name) }); err != nil {
			t.Fatal(err)
		}
	}
	var met sync.WaitGroup
	met.Add(2)
	var once [2]sync.Once
	var group sync.WaitGroup
	for i := range 2 {
		group.Go(func() {
			err := d.Write(ctx, func(tx *db.Tx) error {
				for k := range 2 {
					name := []string{"a", "b"}[(i+k)%2]
					if err := db.ExpectOne(tx.Exec(ctx, "update thing set size = size + 1 where name = $1", name)); err != nil {
						return err
					}
					once[i].Do(func() { met.Done(); met.Wait() })
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	total, err := db.One(ctx, d, db.Value[int64], "select cast(sum(size) as bigint) from thing")
	if err != nil || total != 4 || d.Gather().Retried == 0 {
		t.Errorf("sum %d, %d retries, %v", total, d.Gather().Retried, err)
	}
}
