package db

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"modernc.org/sqlite"

	"weizheng/platform/errs"
)

// sqliteReaders is how many readers SQLite gets by default: more than cores, so that a slow report does not stop pages.
const sqliteReaders = 8

// openSQLite opens one writing connection and a query-only pool on the file, creating it with mode 0600.
func (d *DB) openSQLite(ctx context.Context, c Config) error {
	u, err := parseURL(c.URL)
	if err != nil {
		return err
	}
	sync := strings.ToLower(u.Query().Get("sync"))
	if sync == "" {
		sync = "full"
	}
	if !slices.Contains([]string{"full", "normal", "off"}, sync) || !filepath.IsAbs(u.Path) {
		return errs.New(errs.Invalid, "db.url").Because(errors.New("want sqlite:/absolute/file.db, sync=full|normal|off"))
	}
	if err := createPrivate(u.Path); err != nil {
		return errs.New(errs.Unavailable, "db.away").Because(err)
	}
	d.dialect = SQLite
	d.dir = filepath.Dir(u.Path)
	d.writes, err = openFile(u.Path, keptWriting, "_txlock=immediate", "journal_mode(WAL)", "synchronous("+sync+")",
		"busy_timeout(10000)", "foreign_keys(1)", "cache_size(-16000)", "journal_size_limit(67108864)",
		"temp_store(memory)") // what a savepoint would restore stays in memory: as a file it cost half of a large closure
	if err != nil {
		return d.fault(err)
	}
	d.writes.SetMaxOpenConns(1)
	// The writer connects first: it is the one that may create the WAL, which a query-only reader cannot.
	if err := d.writes.PingContext(ctx); err != nil {
		return errors.Join(errs.Wrap(d.fault(err), "open %s", u.Path), d.writes.Close())
	}
	d.reads, err = openFile(u.Path, keptReading, "_txlock=deferred", "query_only(1)", "busy_timeout(10000)")
	if err != nil {
		return errors.Join(d.fault(err), d.writes.Close())
	}
	readers := c.MaxReaders
	if readers <= 0 {
		readers = sqliteReaders
	}
	d.reads.SetMaxOpenConns(readers)
	d.reads.SetMaxIdleConns(readers)
	d.wire = newWire(nil)
	d.writer = newGroup(context.WithoutCancel(ctx), d)
	return nil
}

func openFile(path string, keep int, lock string, pragmas ...string) (*sql.DB, error) {
	// We pass no time.Time, but the job queue does, and compares the texts: they must all be in one zone.
	dsn := (&url.URL{Scheme: "file", Path: path}).String() + "?_time_format=sqlite&_timezone=UTC&" + lock
	for _, p := range pragmas {
		dsn += "&_pragma=" + url.QueryEscape(p)
	}
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(preparing{Connector: connector, keep: keep}), nil
}

// createPrivate makes the folder (0700) and an empty file (0600) if they are missing: SQLite itself would create a file
// that everybody may read, and gives its WAL the mode of the file.
func createPrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}
