package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
)

// eventually polls until ok, for 20 seconds at most.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("never: %s", what)
		}
	}
}

// hold occupies n writers until release is called.
func hold(t *testing.T, d *db.DB, n int) (release func()) {
	t.Helper()
	gate := make(chan struct{})
	var in, out sync.WaitGroup
	in.Add(n)
	for range n {
		out.Go(func() {
			if err := d.Write(t.Context(), func(*db.Tx) error { in.Done(); <-gate; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	in.Wait()
	return func() { close(gate); out.Wait() }
}

func names(t *testing.T, d *db.DB) []string {
	t.Helper()
	list, err := db.All(t.Context(), d, db.Value[string], "select name from thing order by name")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func add(ctx context.Context, tx *db.Tx, name string) error {
	_, err := tx.Exec(ctx, "insert into thing(name) values($1)", name)
	return err
}

// The closures are queued behind a held writer, so that on SQLite they form one group.
func TestClosuresDoNotHarmEachOther(t *testing.T) {
	t.Parallel()
	no := errors.New("no")
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		release := hold(t, d, 1)
		ctx := t.Context()
		closures := map[string]func(tx *db.Tx) error{
			"good a": func(tx *db.Tx) error { return add(ctx, tx, "a") },
			"error":  func(tx *db.Tx) error { return errors.Join(no, add(ctx, tx, "b")) },
			"panic":  func(tx *db.Tx) error { panic(fmt.Sprint("p", add(ctx, tx, "c"))) },
			"exit":   func(tx *db.Tx) error { _ = add(ctx, tx, "d"); runtime.Goexit(); return nil },
			"failed statement": func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, "insert into thing(name) values(null)")
				return err
			},
			"open rows": func(tx *db.Tx) error {
				if err := add(ctx, tx, "e"); err != nil {
					return err
				}
				rows, err := tx.Query(ctx, "select name from thing")
				rows.Next()
				return err // and forgets to close
			},
			"deferred key": func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, "insert into part(thing_id) values(12345)")
				return err
			},
			"good f": func(tx *db.Tx) error { return add(ctx, tx, "f") },
		}
		got := map[string]any{}
		var mu sync.Mutex
		var group sync.WaitGroup
		before := d.Gather()
		for label, fn := range closures {
			group.Go(func() {
				var res any = "exited"
				defer func() {
					if p := recover(); p != nil {
						res = p
					}
					mu.Lock()
					defer mu.Unlock()
					got[label] = res
				}()
				res = d.Write(ctx, fn)
			})
		}
		if d.Dialect() == db.SQLite {
			eventually(t, "all wait", func() bool { return d.Gather().Waiting == len(closures) })
		}
		release()
		group.Wait()
		for _, label := range []string{"good a", "good f", "open rows"} {
			if got[label] != nil {
				t.Errorf("%s: %v", label, got[label])
			}
		}
		if err, _ := got["error"].(error); !errors.Is(err, no) {
			t.Errorf("error: %v", got["error"])
		}
		if got["panic"] != "p<nil>" || got["exit"] != "exited" {
			t.Errorf("panic: %v, exit: %v", got["panic"], got["exit"])
		}
		if err, _ := got["failed statement"].(error); !errs.Is(err, errs.Internal) {
			t.Errorf("failed statement: %v", err)
		}
		if err, _ := got["deferred key"].(error); !errors.Is(err, errs.New(errs.Conflict, "db.referenced")) {
			t.Errorf("deferred key: %v", err)
		}
		if list := fmt.Sprint(names(t, d)); list != "[a e f]" {
			t.Errorf("there are %s", list)
		}
		if s := d.Gather(); s.Written-before.Written != 4 || s.Failed-before.Failed < 3 {
			t.Errorf("counted %+v", s)
		}
	})
}

// A closure that fails after it changed something makes those of its group run again; one that only read does not; and
// for a while afterwards a failure disturbs nobody.
func TestFailuresInAGroup(t *testing.T) {
	t.Parallel()
	no := errors.New("no")
	read := func(tx *db.Tx) error {
		_, err := db.One(t.Context(), tx, db.Value[int], "select count(*) from thing")
		return errors.Join(no, err)
	}
	change := func(tx *db.Tx) error {
		_, err := db.One(t.Context(), tx, db.Value[int], "insert into thing(name) values('spoiled') returning id")
		return errors.Join(no, err)
	}
	d := dbtest.SQLite(t, things())
	for i, row := range []struct {
		label string
		fails func(tx *db.Tx) error
		runs  int
	}{
		{"only read", read, 1}, {"changed something", change, 2}, {"again, soon after", change, 1},
	} {
		release := hold(t, d, 1)
		var group sync.WaitGroup
		queued := 0
		queue := func(fn func(tx *db.Tx) error, want error) {
			group.Go(func() {
				if err := d.Write(t.Context(), fn); !errors.Is(err, want) {
					t.Errorf("%s: %v", row.label, err)
				}
			})
			queued++
			eventually(t, "it waits", func() bool { return d.Gather().Waiting == queued })
		}
		before, after := 0, 0
		queue(func(tx *db.Tx) error { before++; return add(t.Context(), tx, fmt.Sprint("before", i)) }, nil)
		queue(row.fails, no)
		queue(func(tx *db.Tx) error { after++; return add(t.Context(), tx, fmt.Sprint("after", i)) }, nil)
		release()
		group.Wait()
		if before != row.runs || after != 1 {
			t.Errorf("%s: the one before ran %d times, the one after %d", row.label, before, after)
		}
	}
	if got := fmt.Sprint(names(t, d)); got != "[after0 after1 after2 before0 before1 before2]" {
		t.Errorf("there are %s", got)
	}
}

func TestGroupsCommits(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, things())
	release := hold(t, d, 1)
	before := d.Gather()
	var group sync.WaitGroup
	for i := range 128 {
		group.Go(func() {
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return add(t.Context(), tx, fmt.Sprint(i)) }); err != nil {
				t.Error(err)
			}
		})
	}
	eventually(t, "all wait", func() bool { return d.Gather().Waiting == 128 })
	release()
	group.Wait()
	if s := d.Gather(); s.Commits-before.Commits != 3 || len(names(t, d)) != 128 { // the holder's, and two full groups
		t.Errorf("%d commits for 128 closures and the holder", s.Commits-before.Commits)
	}
}

func TestBusyAndLate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		writers := d.Gather().Writers.MaxOpenConnections
		release := hold(t, d, writers)
		waiting := 1024
		if d.Dialect() == db.Postgres {
			waiting -= writers // those in a transaction count
		}
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for i := range waiting {
			group.Go(func() {
				err := d.Write(ctx, func(tx *db.Tx) error { return add(ctx, tx, fmt.Sprint(i)) })
				if !errors.Is(err, errs.New(errs.Busy, "db.late")) || !errors.Is(err, context.Canceled) {
					t.Errorf("left: %v", err)
				}
			})
		}
		eventually(t, "the queue is full", func() bool { return d.Gather().Waiting == waiting })
		ran := false
		err := d.Write(t.Context(), func(*db.Tx) error { ran = true; return nil })
		if !errors.Is(err, errs.New(errs.Busy, "db.busy")) || ran {
			t.Errorf("a full queue: %v, ran %v", err, ran)
		}
		cancel()
		group.Wait()
		release()
		if err := d.Write(ctx, func(*db.Tx) error { ran = true; return nil }); !errs.Is(err, errs.Busy) || ran {
			t.Errorf("a dead context: %v, ran %v", err, ran)
		}
		eventually(t, "it writes again", func() bool { // once those that left are out of the queue
			err := d.Write(t.Context(), func(tx *db.Tx) error { return add(t.Context(), tx, "after") })
			if err != nil && !errs.Is(err, errs.Busy) {
				t.Error(err)
			}
			return err == nil
		})
		if list := names(t, d); len(list) != 1 || list[0] != "after" {
			t.Errorf("there are %v", list)
		}
	})
}

func TestTxAfterItsClosure(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var leaked *db.Tx
		var rows *db.Rows
		if err := d.Write(ctx, func(tx *db.Tx) (err error) {
			leaked = tx
			if err := add(ctx, tx, "a"); err != nil {
				return err
			}
			rows, err = tx.Query(ctx, "select name from thing")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		done := errs.New(errs.Internal, "db.tx_done")
		_, e1 := leaked.Exec(ctx, "delete from thing")
		_, e2 := leaked.Query(ctx, "select 1")
		e3 := leaked.QueryRow(ctx, "select 1").Scan(new(int))
		for i, err := range []error{e1, e2, e3, leaked.Notify("a", "b"), leaked.Lend(nil)} {
			if !errors.Is(err, done) {
				t.Errorf("use %d: %v", i, err)
			}
		}
		leaked.AfterCommit(func() { t.Error("ran") })
		if rows.Next() {
			t.Error("rows go on after the closure")
		}
		if list := names(t, d); len(list) != 1 {
			t.Errorf("there are %v", list)
		}
	})
}

func TestInsideWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		if db.InWrite(t.Context()) {
			t.Error("InWrite outside")
		}
		order := ""
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			order = ""
			if !db.InWrite(tx.Context()) || tx.Dialect() != d.Dialect() {
				t.Error("not InWrite inside")
			}
			if err := d.Write(tx.Context(), func(*db.Tx) error { return nil }); !errors.Is(err, errs.New(errs.Internal, "db.nested")) {
				t.Errorf("nested: %v", err)
			}
			tx.AfterCommit(func() { order += "1" + fmt.Sprint(len(names(t, d))) })
			tx.AfterCommit(func() { order += " 2" })
			return add(tx.Context(), tx, "a")
		})
		if err != nil || order != "11 2" {
			t.Errorf("after commit: %q, %v", order, err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			tx.AfterCommit(func() { t.Error("ran after a rollback") })
			return add(tx.Context(), tx, "a")
		})
		if !errors.Is(err, errs.New(errs.Conflict, "db.duplicate")) {
			t.Errorf("duplicate: %v", err)
		}
	})
}

func TestReadersSeeCommittedRowsAndCannotWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := add(t.Context(), tx, "a"); err != nil {
				return err
			}
			inside, err := db.One(t.Context(), tx, db.Value[int], "select count(*) from thing")
			if outside := len(names(t, d)); inside != 1 || outside != 0 {
				t.Errorf("inside %d, outside %d", inside, outside)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		rows, err := d.Query(t.Context(), "insert into thing(name) values('b') returning id")
		if err == nil { // the engine may say so only now
			rows.Next()
			err = errors.Join(rows.Err(), rows.Close())
		}
		if err == nil || len(names(t, d)) != 1 {
			t.Errorf("a reader wrote: %v", err)
		}
	})
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		var leaked db.Queryer
		err := d.Snapshot(t.Context(), func(q db.Queryer) error {
			leaked = q
			for _, name := range []string{"a", "b"} {
				n, err := db.One(t.Context(), q, db.Value[int], "select count(*) from thing")
				if err != nil || n != 0 {
					t.Errorf("before %s: %d rows, %v", name, n, err)
				}
				if err := d.Write(t.Context(), func(tx *db.Tx) error { return add(t.Context(), tx, name) }); err != nil {
					t.Error(err)
				}
			}
			list, err := db.All(t.Context(), q, db.Value[string], "select name from thing")
			if err != nil || len(list) != 0 {
				t.Errorf("in the end: %v, %v", list, err)
			}
			return errs.New(errs.Denied, "x.mine")
		})
		if !errors.Is(err, errs.New(errs.Denied, "x.mine")) || len(names(t, d)) != 2 {
			t.Errorf("%v, %v", err, names(t, d))
		}
		if _, err := leaked.Query(t.Context(), "select 1"); !errors.Is(err, errs.New(errs.Internal, "db.tx_done")) {
			t.Errorf("after the snapshot: %v", err)
		}
	})
}

func TestExpectOne(t *testing.T) {
	t.Parallel()
	no := errors.New("no")
	rows := []struct {
		label string
		n     int64
		err   error
		want  error
	}{
		{"one row", 1, nil, nil},
		{"no row", 0, nil, errs.New(errs.Conflict, "db.stale")},
		{"an error", 0, no, no},
	}
	for _, r := range rows {
		if err := db.ExpectOne(r.n, r.err); !errors.Is(err, r.want) {
			t.Errorf("%s: %v", r.label, err)
		}
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		release := hold(t, d, 1)
		queued := make(chan error)
		go func() {
			queued <- d.Write(t.Context(), func(tx *db.Tx) error { return add(t.Context(), tx, "queued") })
		}()
		if d.Dialect() == db.SQLite {
			eventually(t, "it waits", func() bool { return d.Gather().Waiting == 1 })
		} else if err := <-queued; err != nil {
			t.Error(err)
		}
		closed := make(chan error)
		go func() { closed <- d.Close() }()
		release()
		if d.Dialect() == db.SQLite {
			if err := <-queued; err != nil {
				t.Errorf("queued before Close: %v", err)
			}
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
		if err := d.Write(t.Context(), func(*db.Tx) error { return nil }); !errors.Is(err, errs.New(errs.Unavailable, "db.closed")) {
			t.Errorf("after Close: %v", err)
		}
		if _, err := d.Query(t.Context(), "select 1"); !errors.Is(err, errs.New(errs.Unavailable, "db.closed")) {
			t.Errorf("reading after Close: %v", err)
		}
	})
}
