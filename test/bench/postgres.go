package main

import (
	"context"
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
	"time"

	"github.com/jackc/pgx/v5"
)

// benchPostgres measures one and three replicas on a PostgreSQL of its own, with the durability it comes with.
func benchPostgres(ctx context.Context, p *plan, r *report) (err error) {
	bin := binaries()
	if bin == "" {
		r.leave("PostgreSQL: no binaries of a server found")
		return nil
	}
	server, database, err := startPostgres(ctx, bin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server()) }()
	dir := filepath.Join(p.dir, "pg")
	h, err := demo(ctx, p, dir, database)
	if err != nil {
		return err
	}
	r.number("PostgreSQL: first start of the demo", h.took.Seconds(), "s")
	accounts := h.accounts
	if err := h.stop(); err != nil {
		return err
	}
	for _, replicas := range []int{1, 3} {
		if err := benchReplicas(ctx, p, r, dir, database, accounts, replicas); err != nil {
			return err
		}
	}
	return nil
}

func benchReplicas(ctx context.Context, p *plan, r *report, dir, database string, accounts map[string]account, replicas int) (err error) {
	var houses []*house
	defer func() {
		for _, h := range houses {
			err = errors.Join(err, h.stop())
		}
	}()
	for n := range replicas {
		h, err := replica(ctx, p, filepath.Join(p.dir, fmt.Sprint("replica", n)), filepath.Join(dir, "weizheng.keys"), database)
		if err != nil {
			return err
		}
		houses = append(houses, h)
	}
	for _, mode := range []string{"plain", "safe"} {
		a := accounts[mode]
		var urls []string
		for _, h := range houses {
			urls = append(urls, h.address+"/wx/"+a.ID)
		}
		s := &side{name: "house on PostgreSQL", url: strings.Join(urls, ",")}
		for round := range 3 {
			if err := s.volley(ctx, p, a, round); err != nil {
				return err
			}
			for _, h := range houses {
				if err := h.rest(ctx); err != nil {
					return err
				}
			}
		}
		rate, beside := median(s.shots, perSecond), median(r.SDK[mode], perSecond)
		r.number(fmt.Sprintf("PostgreSQL, %d replica(s), %s: callbacks a second", replicas, mode), rate, "/s")
		r.number(fmt.Sprintf("PostgreSQL, %d replica(s), %s: house/SDK", replicas, mode), rate/beside, "")
	}
	return nil
}

// binaries is the folder of initdb and postgres, "" when there is none.
func binaries() string {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // only a bad pattern is an error
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	for _, dir := range slices.Backward(dirs) {
		_, err1 := os.Stat(filepath.Join(dir, "initdb"))
		_, err2 := os.Stat(filepath.Join(dir, "postgres"))
		if err1 == nil && err2 == nil {
			return dir
		}
	}
	return ""
}

// startPostgres makes a cluster in a folder of its own, since the server may have to run as another user, and returns what
// ends it, and its URL.
func startPostgres(ctx context.Context, bin string) (stop func() error, database string, err error) {
	home, err := os.MkdirTemp("", "weizheng-bench-pg-")
	if err != nil {
		return nil, "", err
	}
	as := &syscall.SysProcAttr{}
	if os.Getuid() == 0 { // PostgreSQL refuses to run as root
		if as.Credential, err = userOf("postgres"); err != nil {
			return nil, "", err
		}
		if err := os.Chown(home, int(as.Credential.Uid), int(as.Credential.Gid)); err != nil {
			return nil, "", err
		}
	}
	data := filepath.Join(home, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
		"--locale=C", "--no-instructions")
	initdb.Dir, initdb.SysProcAttr = home, as
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, "", fmt.Errorf("initdb: %w\n%s", err, out)
	}
	server := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "-D", data, "-k", home, "-c", "listen_addresses=",
		"-c", "max_connections=200", "-c", "shared_buffers=256MB", "-c", "log_min_messages=fatal")
	server.Dir, server.SysProcAttr = home, as
	server.Cancel = func() error { return server.Process.Signal(syscall.SIGINT) }
	if err := server.Start(); err != nil {
		return nil, "", err
	}
	stop = func() error {
		err := server.Process.Signal(syscall.SIGINT)
		_ = server.Wait() // it was told to end, and says so
		return errors.Join(err, os.RemoveAll(home))
	}
	q := url.Values{"host": {home}, "user": {"postgres"}, "sslmode": {"disable"}}
	database = "postgres:///postgres?" + q.Encode()
	if err := answers(ctx, database); err != nil {
		return nil, "", errors.Join(err, stop())
	}
	return stop, database, nil
}

func answers(ctx context.Context, database string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, database)
		if err == nil {
			return conn.Close(ctx)
		}
		if ctx.Err() != nil {
			return fmt.Errorf("PostgreSQL did not start: %w", err)
		}
		pause(20 * time.Millisecond)
	}
}

func userOf(name string) (*syscall.Credential, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}
