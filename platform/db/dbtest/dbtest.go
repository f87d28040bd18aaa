// Package dbtest gives each test a database of its own, on both engines, with the tables of the given parts.
//
// A migrated database is made once for each state of the schemas and copied for each test: a file copy on SQLite,
// "create database … template" on PostgreSQL. All test processes of a user share one PostgreSQL server, found by
// pg_config or in the distribution's folders, started on first use with a socket in a temporary folder (no TCP, no fsync)
// and stopped a minute after its last use; WEIZHENG_TEST_PG names another one to use instead, as the URL of a database
// whose user may create databases. Without any PostgreSQL its tests are skipped and say so, unless CI=true.
package dbtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"weizheng/platform/db"
)

// Each runs f as the parallel subtests "sqlite" and "postgres", each with its own migrated database.
func Each(t *testing.T, schemas []db.Schema, f func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, SQLite(t, schemas))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, Postgres(t, schemas))
	})
}

// SQLite returns a migrated database in a file of its own, closed when the test ends. It does not fsync.
func SQLite(t testing.TB, schemas []db.Schema) *db.DB {
	t.Helper()
	return Open(t, SQLiteURL(t, schemas))
}

// SQLiteURL is the URL of a migrated file that nobody has open, for tests that open it more than once. The file is
// ending with its test's folder.
func SQLiteURL(t testing.TB, schemas []db.Schema) string {
	t.Helper()
	template, err := sqliteTemplate(t.Context(), schemas)
	if err != nil {
		t.Fatalf("dbtest: make the SQLite template: %v", err)
	}
	file := filepath.Join(t.TempDir(), "test.db")
	if err := copyFile(template, file); err != nil {
		t.Fatalf("dbtest: copy the SQLite template: %v", err)
	}
	return "sqlite:" + file + "?sync=off"
}

// Postgres returns a migrated database of its own, dropped when the test ends.
func Postgres(t testing.TB, schemas []db.Schema) *db.DB {
	t.Helper()
	return Open(t, PostgresURL(t, schemas))
}

// PostgresURL is the URL of a migrated database, dropped when the test ends, for tests that open it more than once.
func PostgresURL(t testing.TB, schemas []db.Schema) string {
	t.Helper()
	admin, base := server(t)
	template, err := postgresTemplate(t.Context(), admin, base, schemas)
	if err != nil {
		t.Fatalf("dbtest: make the PostgreSQL template: %v", err)
	}
	name := "test_" + strings.ToLower(rand.Text()[:16])
	if _, err := admin.Exec(t.Context(), fmt.Sprintf("create database %s template %s", name, template)); err != nil {
		t.Fatalf("dbtest: create database: %v", err)
	}
	// The connection stays open for the length of the test: it is what keeps the server alive.
	ctx := context.WithoutCancel(t.Context())
	t.Cleanup(func() {
		if _, err := admin.Exec(ctx, "drop database "+name+" with (force)"); err != nil {
			t.Errorf("dbtest: drop database: %v", err)
		}
		if err := admin.Close(ctx); err != nil {
			t.Errorf("dbtest: close: %v", err)
		}
	})
	return withDatabase(base, name)
}

// Open opens a database with few connections and its warnings in the test's log, and closes it when the test ends.
func Open(t testing.TB, url string) *db.DB {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	d, err := db.Open(t.Context(), db.Config{URL: url, Log: log, MaxReaders: 4, MaxWriters: 8})
	if err != nil {
		t.Fatalf("dbtest: open: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("dbtest: close: %v", err)
		}
	})
	return d
}

// missing ends a test for want of PostgreSQL.
func missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("dbtest: no PostgreSQL, and CI=true: %s", why)
	}
	t.Skipf("dbtest: no PostgreSQL, skipped: %s", why)
}
