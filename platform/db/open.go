package db

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

// Config says which database, and how much of it one process may use.
type Config struct {
	// URL is "sqlite:/absolute/file.db" or "postgres://user@host/database?…" (a socket folder as ?host=/run/postgresql).
	// SQLite takes ?sync=full (default), normal or off; off is for tests: a power cut may then destroy the file.
	URL string
	// Log receives what no caller is there to be told: a listener that lost its connection, a closure that held the
	// writer for a second. nil is silence.
	Log *slog.Logger
	// Clock measures how long closures take; nil is the wall clock.
	Clock clock.Clock
	// MaxReaders is the number of reading connections; 0 is 8 (SQLite) or 10 (PostgreSQL).
	MaxReaders int
	// MaxWriters is the number of writing connections on PostgreSQL; 0 is 10. SQLite has exactly one.
	MaxWriters int
}

// writer runs closures in transactions.
type writer interface {
	write(ctx context.Context, fn func(*Tx) error) error
	waiting() int
	close()
}

// DB is a database, safe for concurrent use.
type DB struct {
	dialect Dialect
	log     *slog.Logger
	clock   clock.Clock
	dir     string // the folder of an SQLite file, asked for its free space when a write fails; "" on PostgreSQL

	writes *sql.DB
	reads  *sql.DB
	writer writer
	wire   *wire
	count  counters
	closed atomic.Bool
}

// Open opens the database and checks that it answers. It does not migrate. The context bounds the opening only.
func Open(ctx context.Context, c Config) (*DB, error) {
	d := &DB{log: c.Log, clock: c.Clock}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	if d.clock == nil {
		d.clock = clock.Wall{}
	}
	scheme, _, _ := strings.Cut(c.URL, ":")
	var err error
	switch scheme {
	case "sqlite":
		err = d.openSQLite(ctx, c)
	case "postgres", "postgresql":
		err = d.openPostgres(ctx, c)
	default:
		err = errs.New(errs.Invalid, "db.url").Because(errors.New("the URL begins with neither sqlite nor postgres"))
	}
	if err != nil {
		return nil, err
	}
	if err := d.Check(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Close refuses new writes, finishes the queued ones and closes all connections.
func (d *DB) Close() error {
	d.closed.Store(true)
	if d.writer != nil {
		d.writer.close()
	}
	d.wire.close()
	return errors.Join(d.reads.Close(), d.writes.Close())
}

// Dialect says which engine this is, for its named helpers.
func (d *DB) Dialect() Dialect { return d.dialect }

// Check reports whether both pools answer: nil or an error of kind Unavailable. It is meant for readiness.
func (d *DB) Check(ctx context.Context) error {
	for _, pool := range []*sql.DB{d.writes, d.reads} {
		if err := pool.PingContext(ctx); err != nil {
			return errs.Wrap(d.fault(err), "reach the database")
		}
	}
	return nil
}

// Pool returns the writing pool (on SQLite the one writing connection) for libraries that manage their own
// transactions: the job queue and migrations. Nothing else may use it; a transaction on it holds up every Write.
func (d *DB) Pool() *sql.DB { return d.writes }

// parseURL hides the password that a parse error of net/url would repeat.
func parseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, errs.New(errs.Invalid, "db.url").Because(errors.New("the database URL cannot be parsed"))
	}
	return u, nil
}
