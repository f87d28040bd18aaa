package dbtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
)

// startTime is how long a server may take to start on a machine that is busy with other tests.
const startTime = 60 * time.Second

// errNoPostgres says why there is no server to be had.
var errNoPostgres = errors.New("no PostgreSQL binaries (pg_config --bindir, /usr/lib/postgresql/*/bin)")

// server returns a connection to a server, and its URL, or skips the test.
func server(t testing.TB) (*pgx.Conn, string) {
	t.Helper()
	base, err := os.Getenv("WEIZHENG_TEST_PG"), error(nil)
	given := base != ""
	for range 3 { // a server that has been unused for a minute may end between the answer and the connection
		if !given {
			base, err = cluster(t.Context())
		}
		if errors.Is(err, errNoPostgres) {
			missing(t, err.Error())
		}
		var conn *pgx.Conn
		if err == nil {
			if conn, err = pgx.Connect(t.Context(), base); err == nil {
				return conn, base
			}
		}
	}
	t.Fatalf("dbtest: no PostgreSQL server: %v", err)
	return nil, ""
}

// cluster finds the running server of this user or starts one. The file "current" names its folder; a lock keeps two
// processes from starting two.
func cluster(ctx context.Context) (string, error) {
	dir, err := shared("pg")
	if err != nil {
		return "", err
	}
	current := filepath.Join(dir, "current")
	if base, ok := running(ctx, current); ok {
		return base, nil
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	defer lock.Close() //nolint:errcheck // closing is unlocking
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		return "", err
	}
	if base, ok := running(ctx, current); ok {
		return base, nil
	}
	if err := tidy(ctx, dir); err != nil {
		return "", err
	}
	home := filepath.Join(dir, "c"+strings.ToLower(rand.Text()[:8]))
	if err := start(ctx, home); err != nil {
		return "", err
	}
	return serverURL(home, "weizheng"), os.WriteFile(current, []byte(home), 0o600)
}

// tidy removes the folders of servers that ended, whose keeper may not remove the folder itself, or was killed.
func tidy(ctx context.Context, dir string) error {
	homes, err := filepath.Glob(filepath.Join(dir, "c????????"))
	if err != nil {
		return err
	}
	for _, home := range homes {
		if answers(ctx, serverURL(home, "weizheng")) == nil {
			continue // somebody removed "current", or another temporary folder was in use
		}
		if err := os.RemoveAll(home); err != nil {
			return err
		}
	}
	return nil
}

// running tells whether the server in the named folder takes connections.
func running(ctx context.Context, current string) (string, bool) {
	home, err := os.ReadFile(current)
	if err != nil {
		return "", false
	}
	base := serverURL(string(home), "weizheng")
	return base, answers(ctx, base) == nil
}

func answers(ctx context.Context, base string) error {
	conn, err := pgx.Connect(ctx, base)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func serverURL(home, role string) string {
	q := url.Values{"host": {home}, "user": {role}, "sslmode": {"disable"}}
	return "postgres:///postgres?" + q.Encode()
}

// start makes a cluster in home and a keeper that runs its server and stops it when it has been unused for a minute.
func start(ctx context.Context, home string) error {
	bin, err := binaries()
	if err != nil {
		return err
	}
	owner, err := unprivileged()
	if err != nil {
		return err
	}
	if err := os.Mkdir(home, 0o700); err != nil {
		return err
	}
	if owner != nil {
		if err := os.Chown(home, int(owner.Uid), int(owner.Gid)); err != nil {
			return err
		}
	}
	as := &syscall.SysProcAttr{Credential: owner, Setsid: true}
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", filepath.Join(home, "data"), "-U", "postgres",
		"--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	initdb.Dir, initdb.SysProcAttr = home, as
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	// Not CommandContext: it has to outlive this process.
	keeper := exec.Command("/bin/sh", "-c", keep, "keeper", bin, home)
	keeper.Dir, keeper.SysProcAttr = home, as
	if err := keeper.Start(); err != nil {
		return err
	}
	if err := keeper.Process.Release(); err != nil {
		return err
	}
	return prepare(ctx, home)
}

// keep runs the server ($1 binaries, $2 folder). Tests connect as "weizheng", which leaves the reserved connections to
// the keeper's own question.
const keep = `
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
	-c max_connections=500 -c shared_buffers=64MB -c autovacuum=off -c log_min_messages=fatal >"$2/log" 2>&1 &
server=$!
unused=0
while kill -0 $server 2>/dev/null && [ $unused -lt 30 ]; do
	sleep 2
	n=$("$1/psql" -h "$2" -U postgres -d postgres -Atqc "select count(*) from pg_stat_activity
		where backend_type = 'client backend' and pid <> pg_backend_pid()" 2>/dev/null)
	case "$n" in
	0 | "") unused=$((unused + 1)) ;;
	*) unused=0 ;;
	esac
done
kill -INT $server 2>/dev/null
wait $server
rm -rf "$2"
`

// prepare waits for the server and makes the role of the tests.
func prepare(ctx context.Context, home string) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	admin := serverURL(home, "postgres")
	for {
		conn, err := pgx.Connect(ctx, admin)
		if err == nil {
			_, err = conn.Exec(ctx, "create role weizheng login createdb")
			return errors.Join(err, conn.Close(ctx))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server did not start: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// binaries finds the folder of initdb, postgres and psql.
func binaries() (string, error) {
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	for _, dir := range slices.Backward(dirs) {
		complete := true
		for _, name := range []string{"initdb", "postgres", "psql"} {
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
				complete = false
			}
		}
		if complete {
			return dir, nil
		}
	}
	return "", errNoPostgres
}

// unprivileged is the user "postgres" when we are root, as whom PostgreSQL refuses to run; else nil, ourselves.
func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("%w: running as root, and there is no user postgres", errNoPostgres)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// shared is a folder that all test processes of this user share. Others may pass through it (the server runs as
// somebody else) but not write; a folder that somebody else put there is refused.
func shared(name string) (string, error) {
	base := filepath.Join(os.TempDir(), "weizheng-test-"+strconv.Itoa(os.Getuid()))
	dir := filepath.Join(base, name)
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return "", err
	}
	info, err := os.Lstat(base)
	if err != nil {
		return "", err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); !ok || int(s.Uid) != os.Getuid() || !info.IsDir() {
		return "", fmt.Errorf("%s belongs to somebody else", base)
	}
	return dir, nil
}
