package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"modernc.org/sqlite"
)

// counting is SQLite's driver with a count of its statements.
type counting struct {
	driver.Connector
	prepared, closed atomic.Int64
}

type countingConn struct {
	sqliteConn
	count *counting
}

type countingStmt struct {
	sqliteStmt
	count *counting
}

func (c *counting) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &countingConn{conn.(sqliteConn), c}, nil
}

func (c *countingConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	s, err := c.sqliteConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	c.count.prepared.Add(1)
	return &countingStmt{s.(sqliteStmt), c.count}, nil
}

func (s *countingStmt) Close() error {
	s.count.closed.Add(1)
	return s.sqliteStmt.Close()
}

// openCounted opens a database of one connection that keeps so many statements, with a table thing(id, name unique).
func openCounted(t *testing.T, keep int) (*sql.DB, *counting) {
	t.Helper()
	connector, err := sqlite.NewConnector("file:" + filepath.Join(t.TempDir(), "x.db") + "?_pragma=journal_mode(WAL)")
	if err != nil {
		t.Fatal(err)
	}
	count := &counting{Connector: connector}
	pool := sql.OpenDB(preparing{Connector: count, keep: keep})
	pool.SetMaxOpenConns(1)
	t.Cleanup(func() {
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
		if p, c := count.prepared.Load(), count.closed.Load(); p != c {
			t.Errorf("%d statements were prepared, %d closed", p, c)
		}
	})
	run(t, pool, "create table thing (id integer primary key, name text unique)")
	return pool, count
}

func run(t *testing.T, pool *sql.DB, text string, args ...any) {
	t.Helper()
	if _, err := pool.ExecContext(t.Context(), text, args...); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func value[T any](t *testing.T, pool *sql.DB, text string, args ...any) (v T) {
	t.Helper()
	if err := pool.QueryRowContext(t.Context(), text, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestPreparedOnce(t *testing.T) {
	t.Parallel()
	pool, count := openCounted(t, 8)
	for i := range 100 {
		run(t, pool, "insert into thing(name) values($1)", fmt.Sprint("n", i))
		if got := value[string](t, pool, "select name from thing where id = $1", i+1); got != fmt.Sprint("n", i) {
			t.Fatalf("row %d is %q", i+1, got)
		}
	}
	if got := count.prepared.Load(); got != 2 {
		t.Errorf("two texts were prepared %d times", got)
	}
}

// While rows of a text are read the same text runs beside them, and neither disturbs the other.
func TestPreparedWhileRowsAreOpen(t *testing.T) {
	t.Parallel()
	pool, _ := openCounted(t, 8)
	for i := range 5 {
		run(t, pool, "insert into thing(name) values($1)", fmt.Sprint("n", i))
	}
	tx, err := pool.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	const text = "select id from thing where id > $1 order by id"
	outer, err := tx.QueryContext(t.Context(), text, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer outer.Close()
	var got []int
	for outer.Next() {
		var id, next int
		if err := outer.Scan(&id); err != nil {
			t.Fatal(err)
		}
		if err := tx.QueryRowContext(t.Context(), text, id-2).Scan(&next); err != nil {
			t.Fatal(err)
		}
		got = append(got, id, next)
	}
	if err := outer.Err(); err != nil {
		t.Fatal(err)
	}
	if want := "[2 1 3 2 4 3 5 4]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestPreparedIsBounded(t *testing.T) {
	t.Parallel()
	pool, count := openCounted(t, 8)
	for i := range 50 {
		if got := value[int](t, pool, fmt.Sprintf("select %d + $1", i), 1); got != i+1 {
			t.Fatalf("got %d", got)
		}
		value[int](t, pool, "select $1", i) // always in use: stays
	}
	if open := count.prepared.Load() - count.closed.Load(); open != 8 {
		t.Errorf("%d statements are kept, not 8", open)
	}
	if got := count.prepared.Load(); got != 51 {
		t.Errorf("51 texts were prepared %d times", got)
	}
}

func TestPreparedAndChangedTables(t *testing.T) {
	t.Parallel()
	pool, _ := openCounted(t, 8)
	columns := func() string {
		t.Helper()
		rows, err := pool.QueryContext(t.Context(), "select * from thing")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		names, err := rows.Columns()
		for rows.Next() {
		}
		if err != nil || rows.Err() != nil {
			t.Fatal(err, rows.Err())
		}
		return fmt.Sprint(names)
	}
	run(t, pool, "insert into thing(name) values('a')")
	if got := columns(); got != "[id name]" {
		t.Fatal(got)
	}
	run(t, pool, "alter table thing add column size integer")
	if got := columns(); got != "[id name size]" {
		t.Error(got)
	}
	run(t, pool, "drop table thing")
	if _, err := pool.ExecContext(t.Context(), "insert into thing(name) values('a')"); err == nil {
		t.Error("a dropped table was written to")
	}
	run(t, pool, "create table thing (name text)")
	run(t, pool, "insert into thing(name) values('a')")
	if got := columns(); got != "[name]" {
		t.Error(got)
	}
	run(t, pool, "vacuum")
}

func TestPreparedAfterAnError(t *testing.T) {
	t.Parallel()
	pool, count := openCounted(t, 8)
	const text = "insert into thing(name) values($1) returning id"
	value[int](t, pool, text, "a")
	var id int
	if err := pool.QueryRowContext(t.Context(), text, "a").Scan(&id); err == nil {
		t.Fatal("the same name twice")
	}
	if got := value[int](t, pool, text, "b"); got != 2 {
		t.Errorf("id %d", got)
	}
	if p, c := count.prepared.Load(), count.closed.Load(); p != 2 || c != 1 {
		t.Errorf("prepared %d, closed %d: the failed statement was kept", p, c)
	}
}

// A query that is given up half-way leaves a connection that works.
func TestPreparedAndCancelled(t *testing.T) {
	t.Parallel()
	pool, _ := openCounted(t, 8)
	for i := range 200 {
		run(t, pool, "insert into thing(name) values($1)", fmt.Sprint(i))
	}
	const text = "select a.id from thing a, thing b, thing c, thing d order by a.name || b.name || c.name || d.name"
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			var id int
			done <- pool.QueryRowContext(ctx, text).Scan(&id)
		}()
		for pool.Stats().InUse == 0 && len(done) == 0 { // the connection is taken before the statement runs
			runtime.Gosched()
		}
		cancel()
		if err := <-done; err == nil {
			t.Fatal("200^4 rows were sorted")
		}
		if got := value[int](t, pool, "select count(*) from thing"); got != 200 {
			t.Errorf("%d rows", got)
		}
	}
}

func TestKeepable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"select 1": true, "  INSERT into x values(1)": true, "with a as (select 1) select * from a": true,
		"-- name: JobInsert :one\nUPDATE x set y=1": true, "/* why */ delete from x": true, "savepoint closure": true,
		"create table x(y)": false, "pragma user_version": false, "begin": false, "rollback to closure; release closure": false,
		"": false, "-- nothing": false, "/* open": false, "select": false,
		"select '" + string(make([]byte, keptText)) + "'": false,
	} {
		if got := keepable(text); got != want {
			t.Errorf("%.40q: %v", text, got)
		}
	}
}
