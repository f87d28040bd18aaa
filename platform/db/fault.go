package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sys/unix"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"weizheng/platform/errs"
)

var (
	errNone       = errs.New(errs.NotFound, "db.none")
	errDuplicate  = errs.New(errs.Conflict, "db.duplicate")
	errReferenced = errs.New(errs.Conflict, "db.referenced")
	errFull       = errs.New(errs.Unavailable, "db.full")
	errAway       = errs.New(errs.Unavailable, "db.away")
	errUncertain  = errs.New(errs.Unavailable, "db.uncertain")
	errDefect     = errs.New(errs.Internal, "db.defect")
)

// fault gives an error of a driver its kind. It goes by types and codes, never by text. An error that has a kind
// already, and nil, stay what they are.
func (d *DB) fault(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*errs.Error](err); ok {
		return err
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return d.faultSQLite(e).Because(err)
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return faultPostgres(e).Because(err)
	}
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return errNone.Because(err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return errLate.Because(err)
	case d.closed.Load(): // database/sql has no error value for a closed pool
		return errClosed.Because(err)
	case disconnected(err):
		return errAway.Because(err)
	}
	return errDefect.Because(err)
}

// disconnected recognises the many shapes of a lost connection.
func disconnected(err error) bool {
	for _, e := range []error{driver.ErrBadConn, sql.ErrConnDone, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, pgconn.ErrConnClosed} {
		if errors.Is(err, e) {
			return true
		}
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	_, ok := errors.AsType[net.Error](err)
	return ok
}

// faultSQLite knows SQLite's result codes (sqlite.org/rescode.html).
func (d *DB) faultSQLite(e *sqlite.Error) *errs.Error {
	switch e.Code() {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY, lib.SQLITE_CONSTRAINT_ROWID:
		return errDuplicate
	case lib.SQLITE_CONSTRAINT_FOREIGNKEY:
		return errReferenced
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_FULL:
		return errFull
	case lib.SQLITE_IOERR, lib.SQLITE_CANTOPEN:
		// ENOSPC and EDQUOT reach us as FULL from a write to the file, but as IOERR from its shared memory, a truncation
		// or an fsync. SQLite keeps errno to itself, so the file system is asked.
		if d.noSpace() {
			return errFull
		}
		return errAway
	case lib.SQLITE_NOMEM:
		return errAway
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return errBusy
	case lib.SQLITE_INTERRUPT:
		return errLate
	}
	return errDefect
}

// spaceLeft is the free space below which an I/O error is put down to a full disk: one WAL frame of SQLite's shared
// memory is 32 KiB, so a file system with less than 1 MiB is full for our purposes.
const spaceLeft = 1 << 20

func (d *DB) noSpace() bool {
	var s unix.Statfs_t
	if d.dir == "" || unix.Statfs(d.dir, &s) != nil {
		return false
	}
	return s.Bavail*uint64(s.Bsize) < spaceLeft || (s.Files > 0 && s.Ffree == 0)
}

// faultPostgres knows SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html).
func faultPostgres(e *pgconn.PgError) *errs.Error {
	switch e.Code {
	case "23505":
		return errDuplicate
	case "23503":
		return errReferenced
	case "53100":
		return errFull
	case "40001", "40P01", "55P03": // serialisation failure, deadlock, lock_timeout
		return errBusy
	case "57014": // cancelled by us, or by statement_timeout
		return errLate
	case "57P01", "57P02", "57P03", "57P05", "25P03": // shut down, crashed, starting up, idle sessions ended
		return errAway
	}
	switch {
	case strings.HasPrefix(e.Code, "08"), strings.HasPrefix(e.Code, "53"): // connection; no memory, no connections left
		return errAway
	}
	return errDefect
}

// retryable reports whether PostgreSQL asks for the transaction to be run again.
func retryable(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01")
}

// rollsBack reports whether SQLite may have rolled back the whole transaction by itself (sqlite.org/lang_transaction.html,
// "Response To Errors Within A Transaction"). What follows would run outside of any transaction.
func rollsBack(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_FULL, lib.SQLITE_IOERR, lib.SQLITE_NOMEM, lib.SQLITE_BUSY, lib.SQLITE_INTERRUPT, lib.SQLITE_CORRUPT,
		lib.SQLITE_CANTOPEN:
		return true
	}
	return false
}

// faultCommit is fault for the answer to COMMIT on PostgreSQL. Without an answer of the server's nobody knows what it
// did; pgx may even call such an error safe to retry (pgconn.ErrConnClosed after the statement was sent).
func (d *DB) faultCommit(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrTxCommitRollback):
		return errDefect.Because(err) // a statement failed and the closure returned nil all the same
	case errors.Is(err, sql.ErrTxDone):
		return errLate.Because(err) // the context ended, and database/sql rolled back, before COMMIT was sent
	}
	if _, said := errors.AsType[*pgconn.PgError](err); said {
		return d.fault(err)
	}
	return errUncertain.Because(err)
}
