package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

// digest names the state that the schemas lead to: the same digest, the same tables.
func digest(schemas []db.Schema) (string, error) {
	h := sha256.New()
	for _, s := range append([]db.Schema{db.Own()}, schemas...) {
		fmt.Fprintf(h, "%d:%s %s\n", db.Release, s.Part, s.Digest)
		if s.FS == nil {
			continue
		}
		names, err := fs.Glob(s.FS, "*.sql")
		if err != nil {
			return "", err
		}
		for _, name := range names {
			text, err := fs.ReadFile(s.FS, name)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(h, "%s %d\n%s", name, len(text), text)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:10]), nil
}

// sqliteTemplate returns a migrated file, making it if it is the first time. Two makers at once make the same file; the
// last rename wins.
func sqliteTemplate(ctx context.Context, schemas []db.Schema) (string, error) {
	sum, err := digest(schemas)
	if err != nil {
		return "", err
	}
	dir, err := shared("sqlite")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, sum+".db")
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	if err := forget(dir); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(dir, "making-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work) //nolint:errcheck // leftovers of a temporary folder
	made := filepath.Join(work, "made.db")
	if err := migrate(ctx, "sqlite:"+made+"?sync=off", schemas); err != nil {
		return "", err
	}
	return file, os.Rename(made, file)
}

// templateAge is when a template is no longer anybody's: schemas change daily while they are worked on.
const templateAge = 7 * 24 * time.Hour

// forget removes templates of old schemas, and what killed makers left.
func forget(dir string) error {
	list, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range list {
		info, err := entry.Info()
		if err != nil || (clock.Wall{}).Now().Sub(info.ModTime()) < templateAge {
			continue // removed meanwhile, or young
		}
		if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// postgresTemplate returns the name of a migrated database, making it if it is the first time. It gets its name only
// when it is complete.
func postgresTemplate(ctx context.Context, admin *pgx.Conn, base string, schemas []db.Schema) (name string, err error) {
	sum, err := digest(schemas)
	if err != nil {
		return "", err
	}
	name = "template_" + sum
	key := fnv.New64a()
	_, _ = key.Write([]byte(name)) // never fails
	if _, err := admin.Exec(ctx, "select pg_advisory_lock($1)", int64(key.Sum64())); err != nil {
		return "", err
	}
	defer func() {
		_, e := admin.Exec(ctx, "select pg_advisory_unlock($1)", int64(key.Sum64()))
		err = errors.Join(err, e)
	}()
	var there bool
	if err := admin.QueryRow(ctx, "select exists(select 1 from pg_database where datname = $1)", name).Scan(&there); err != nil || there {
		return name, err
	}
	making := name + "_making"
	for _, sql := range []string{"drop database if exists " + making + " with (force)", "create database " + making} {
		if _, err := admin.Exec(ctx, sql); err != nil {
			return "", err
		}
	}
	if err := migrate(ctx, withDatabase(base, making), schemas); err != nil {
		return "", err
	}
	_, err = admin.Exec(ctx, fmt.Sprintf("alter database %s rename to %s", making, name))
	return name, err
}

func migrate(ctx context.Context, url string, schemas []db.Schema) error {
	d, err := db.Open(ctx, db.Config{URL: url})
	if err != nil {
		return err
	}
	return errors.Join(d.Migrate(ctx, schemas), d.Close())
}

// withDatabase is base with another database.
func withDatabase(base, name string) string {
	u, err := url.Parse(base)
	if err != nil {
		panic("dbtest: WEIZHENG_TEST_PG is no URL")
	}
	u.Path = "/" + name
	return u.String()
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
