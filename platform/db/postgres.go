package db

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"weizheng/platform/errs"
)

const (
	// postgresConns is the default of each pool. Two pools of ten and a listener make 21 connections a replica: four
	// replicas stay below PostgreSQL's own default of 100.
	postgresConns = 10
	// connectTimeout keeps a dead server from holding callers for the kernel's two minutes.
	connectTimeout = 5 * time.Second
	// idleTime gives connections back after a quiet while.
	idleTime = 5 * time.Minute
)

// openPostgres opens a writing and a read-only pool. Reading has a pool of its own so that a closure that reads through
// the DB by mistake cannot exhaust the connections that writers wait for.
func (d *DB) openPostgres(ctx context.Context, c Config) error {
	base, err := pgx.ParseConfig(c.URL)
	if err != nil {
		// pgx repeats the URL, and with it a password.
		return errs.New(errs.Invalid, "db.url").Because(errors.New("the database URL cannot be parsed"))
	}
	if base.ConnectTimeout == 0 {
		base.ConnectTimeout = connectTimeout
	}
	d.dialect = Postgres
	w, r := base.Copy(), base.Copy()
	// A lock that is not had within 10 s becomes Busy instead of a pile of waiting requests; a transaction left open by
	// a process that hangs must not hold locks for ever.
	w.RuntimeParams["lock_timeout"] = "10s"
	w.RuntimeParams["idle_in_transaction_session_timeout"] = "60s"
	r.RuntimeParams["default_transaction_read_only"] = "on"
	d.writes, d.reads = stdlib.OpenDB(*w), stdlib.OpenDB(*r)
	writers, readers := c.MaxWriters, c.MaxReaders
	if writers <= 0 {
		writers = postgresConns
	}
	if readers <= 0 {
		readers = postgresConns
	}
	d.writes.SetMaxOpenConns(writers)
	d.writes.SetMaxIdleConns(writers)
	d.writes.SetConnMaxIdleTime(idleTime)
	d.reads.SetMaxOpenConns(readers)
	d.reads.SetMaxIdleConns(readers)
	d.reads.SetConnMaxIdleTime(idleTime)
	d.wire = newWire(&remote{config: base, log: d.log, ctx: context.WithoutCancel(ctx)})
	d.writer = &retrier{db: d}
	return nil
}
