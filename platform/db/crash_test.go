package db_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
)

const childURL = "WEIZHENG_DB_TEST_CHILD"

// TestChild is not a test of its own: TestKill runs it in a process that it kills. It prints every name once its Write
// returned.
func TestChild(t *testing.T) {
	if os.Getenv(childURL) == "" {
		t.Skip("runs inside TestKill")
	}
	d, err := db.Open(t.Context(), db.Config{URL: os.Getenv(childURL)})
	if err != nil {
		t.Fatal(err)
	}
	for w := range 8 {
		go func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("%d-%d", w, i)
				if err := d.Write(t.Context(), func(tx *db.Tx) error { return add(t.Context(), tx, name) }); err != nil {
					fmt.Println("error", err)
					return
				}
				fmt.Println("ack", name)
			}
		}()
	}
	select {}
}

func TestKill(t *testing.T) {
	t.Parallel()
	urls := map[string]func(t testing.TB, s []db.Schema) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL}
	for engine, makeURL := range urls {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			where := strings.TrimSuffix(makeURL(t, things()), "?sync=off")
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
			child.Env = append(os.Environ(), childURL+"="+where)
			out, err := child.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			var acked []string
			lines := bufio.NewScanner(out)
			for lines.Scan() {
				name, ok := strings.CutPrefix(lines.Text(), "ack ")
				if !ok {
					t.Fatal(lines.Text())
				}
				if acked = append(acked, name); len(acked) == 500 {
					_ = child.Process.Kill() // and go on reading what it had said by then
				}
			}
			_ = child.Wait() // killed
			d := dbtest.Open(t, where)
			have := map[string]bool{}
			for _, name := range names(t, d) {
				have[name] = true
			}
			for _, name := range acked {
				if !have[name] {
					t.Errorf("%s was acknowledged and is lost", name)
				}
			}
			if len(acked) < 500 {
				t.Errorf("only %d acknowledged", len(acked))
			}
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return add(t.Context(), tx, "after") }); err != nil {
				t.Errorf("after the kill: %v", err)
			}
		})
	}
}

// line is a way to the test server that can be cut.
type line struct {
	listener net.Listener
	mu       sync.Mutex
	conns    []net.Conn
	down     bool
	cutAt    string // cut when the client sends this
}

// tap returns a line to the server of base, and the URL that leads over it.
func tap(t *testing.T, base string) (*line, string) {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	dir, err := os.MkdirTemp("", "line") // t.TempDir may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := "/.s.PGSQL.5432"
	listener, err := net.Listen("unix", dir+socket)
	if err != nil {
		t.Fatal(err)
	}
	l := &line{listener: listener}
	t.Cleanup(func() { _ = listener.Close(); l.cut() })
	go l.serve(filepath.Join(q.Get("host"), socket))
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	return l, u.String()
}

func (l *line) serve(server string) {
	for {
		client, err := l.listener.Accept()
		if err != nil {
			return
		}
		upstream, err := net.Dial("unix", server)
		l.mu.Lock()
		if l.down || err != nil {
			_ = client.Close()
			l.mu.Unlock()
			continue
		}
		l.conns = append(l.conns, client, upstream)
		l.mu.Unlock()
		go l.copy(client, upstream)
		go l.copy(upstream, client)
	}
}

func (l *line) copy(to, from net.Conn) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		l.mu.Lock()
		stop := l.cutAt != "" && strings.Contains(string(buf[:n]), l.cutAt)
		l.mu.Unlock()
		if stop {
			l.cut()
			return
		}
		if _, e := to.Write(buf[:n]); e != nil || err != nil {
			_ = to.Close()
			return
		}
	}
}

// cut ends all connections and refuses new ones until mend.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = true
	for _, c := range l.conns {
		_ = c.Close()
	}
	l.conns = nil
}

func (l *line) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down, l.cutAt = false, ""
}

func TestConnectionLossOnPostgres(t *testing.T) {
	t.Parallel()
	l, where := tap(t, dbtest.PostgresURL(t, things()))
	d := dbtest.Open(t, where)
	ctx := t.Context()
	away, uncertain := errs.New(errs.Unavailable, "db.away"), errs.New(errs.Unavailable, "db.uncertain")
	write := func(name string) error {
		return d.Write(ctx, func(tx *db.Tx) error { return add(ctx, tx, name) })
	}
	var heard inbox
	defer d.Listen("a", heard.put)()
	if err := write("before"); err != nil {
		t.Fatal(err)
	}

	// when the line breaks inside of a closure
	err := d.Write(ctx, func(tx *db.Tx) error { l.cut(); return add(ctx, tx, "lost") })
	if !errors.Is(err, away) {
		t.Errorf("inside: %v", err)
	}
	// and stays away
	if err := write("lost"); !errors.Is(err, away) {
		t.Errorf("away: %v", err)
	}
	if _, err := d.Query(ctx, "select 1"); !errors.Is(err, away) {
		t.Errorf("reading: %v", err)
	}
	if err := d.Check(ctx); !errs.Is(err, errs.Unavailable) {
		t.Errorf("check: %v", err)
	}

	// then it is back by itself, and listeners know that they missed something
	l.mend()
	if err := write("after"); err != nil {
		t.Errorf("after: %v", err)
	}
	if err := d.Check(ctx); err != nil {
		t.Errorf("check: %v", err)
	}
	eventually(t, "the listener hears of it", func() bool { return heard.has("") })
	if err := d.Write(ctx, func(tx *db.Tx) error { return tx.Notify("a", "hello") }); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the listener hears again", func() bool { return heard.text() == ",hello" })

	// an answer to COMMIT that never comes
	l.mu.Lock()
	l.cutAt = "commit\x00"
	l.mu.Unlock()
	if err := write("perhaps"); !errors.Is(err, uncertain) {
		t.Errorf("during the commit: %v", err)
	}
	l.mend()
	if err := write("last"); err != nil {
		t.Errorf("last: %v", err)
	}
	if list := fmt.Sprint(names(t, d)); list != "[after before last]" {
		t.Errorf("there are %s", list)
	}
}

// A context that ends while PostgreSQL waits for a lock ends the wait.
func TestCancelledLockWaitOnPostgres(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t, things())
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return add(t.Context(), tx, "a") }); err != nil {
		t.Fatal(err)
	}
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec(t.Context(), "update thing set size = 1"); err != nil {
			return err
		}
		ctx, cancel := context.WithCancel(t.Context())
		waiting := make(chan error)
		go func() {
			waiting <- d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(tx.Context(), "update thing set size = 2")
				return err
			})
		}()
		eventually(t, "it waits", func() bool {
			n, err := db.One(t.Context(), d, db.Value[int], "select count(*) from pg_locks where not granted and database is not null or not granted and locktype = 'transactionid'")
			return err == nil && n > 0
		})
		cancel()
		if err := <-waiting; !errors.Is(err, errs.New(errs.Busy, "db.late")) {
			t.Errorf("cancelled: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
