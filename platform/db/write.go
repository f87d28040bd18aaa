package db

import (
	"context"
	"errors"

	"weizheng/platform/errs"
)

// queueLimit is how many closures may wait before Write answers Busy. At the 10,000 writes a second that one SQLite
// file takes it is a tenth of a second of waiting; a longer queue would only turn overload into time-outs.
const queueLimit = 1024

var (
	errBusy   = errs.New(errs.Busy, "db.busy")
	errLate   = errs.New(errs.Busy, "db.late")
	errClosed = errs.New(errs.Unavailable, "db.closed")
	errNested = errs.New(errs.Internal, "db.nested").Because(errors.New("Write inside Write; pass the Tx on"))
)

// Write runs fn in a transaction and returns nil once the change is durable. It is the only way to write.
//
// fn may run more than once (a deadlock on PostgreSQL, a group that has to be split on SQLite); only the last run
// counts, so fn overwrites the variables it sets outside and does nothing else there: no network, no channel, no lock.
// Its error rolls back everything it did and is returned as it is. Its panic rolls back and goes on in the caller.
// More than 1024 waiting callers are answered Busy "db.busy" at once. A caller whose context ends before its turn gets
// Busy "db.late" and nothing happens; one whose context ends during its turn gets the same from its next statement. On
// PostgreSQL the context also ends a statement that runs or waits for a lock, on SQLite it does not.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	if InWrite(ctx) {
		return errNested
	}
	if err := ctx.Err(); err != nil {
		return errLate.Because(err)
	}
	return d.writer.write(ctx, fn)
}

type inWrite struct{}

// InWrite reports whether ctx comes from Tx.Context: whoever would now wait for something slow, such as a call over the
// network, must refuse instead.
func InWrite(ctx context.Context) bool { return ctx.Value(inWrite{}) != nil }
