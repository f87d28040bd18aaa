package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync/atomic"

	"weizheng/platform/errs"
)

// Tx is the transaction of one closure of Write. It is for that closure's goroutine; after the closure returned every
// method answers an error (kind Internal, "db.tx_done").
type Tx struct {
	ctx  context.Context
	db   *DB
	raw  *sql.Tx
	lent []*Rows // closed when the closure ends, so that a forgotten one cannot hold the connection

	after []func()
	notes []note

	changed bool  // a statement other than a select was tried
	broken  error // the engine rolled the whole transaction back by itself: nothing may run any more
	again   bool  // a serialisation failure or deadlock was seen: worth another run
	done    atomic.Bool
}

// Exec runs a statement and returns how many rows it changed.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx, err := t.enter(ctx)
	if err != nil {
		return 0, err
	}
	t.changed = true
	res, err := t.raw.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, t.fault(err)
	}
	n, err := res.RowsAffected()
	return n, t.fault(err)
}

// Query runs a select (or … returning). Close the rows, or read them to the end, before the next statement: PostgreSQL
// speaks one statement at a time.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	ctx, err := t.enter(ctx)
	if err != nil {
		return nil, err
	}
	t.changed = t.changed || !isSelect(query)
	rows, err := t.raw.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, t.fault(err)
	}
	r := &Rows{rows: rows, fault: t.fault}
	t.lent = append(t.lent, r)
	return r, nil
}

// QueryRow runs a query for one row; its error waits for Scan.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *Row {
	ctx, err := t.enter(ctx)
	if err != nil {
		return &Row{err: err}
	}
	t.changed = t.changed || !isSelect(query)
	return &Row{row: t.raw.QueryRowContext(ctx, query, args...), fault: t.fault}
}

// Lend gives a library that takes a *sql.Tx (the job queue) the transaction underneath, with a context for its
// statements, and translates its error. It must not be committed, rolled back or kept, and on SQLite it is shared with
// other closures of the same commit, which a cancelled statement would roll back: hence the context.
func (t *Tx) Lend(fn func(ctx context.Context, raw *sql.Tx) error) error {
	ctx, err := t.enter(t.ctx)
	if err != nil {
		return err
	}
	t.changed = true
	return t.fault(fn(ctx, t.raw))
}

// Context is the closure's context, for which InWrite is true. On SQLite it is never cancelled, see Lend.
func (t *Tx) Context() context.Context { return t.ctx }

// Dialect says which engine this is, for its named helpers.
func (t *Tx) Dialect() Dialect { return t.db.dialect }

// AfterCommit remembers f to run once in the goroutine of Write's caller, after the commit and before Write returns; in
// the order of the calls. It does not run when the transaction is rolled back. A crash may lose it: what must happen is
// a job, this is for waking somebody up.
func (t *Tx) AfterCommit(f func()) {
	if !t.done.Load() {
		t.after = append(t.after, f)
	}
}

// isSelect reports whether a text surely changes nothing.
func isSelect(query string) bool {
	query = uncommented(query)
	const word = "select"
	return len(query) > len(word) && strings.EqualFold(query[:len(word)], word)
}

// enter says whether a statement may run, and under which context.
func (t *Tx) enter(ctx context.Context) (context.Context, error) {
	switch {
	case t.done.Load():
		return nil, errTxDone
	case t.broken != nil:
		return nil, t.broken
	}
	if err := ctx.Err(); err != nil {
		return nil, errLate.Because(err)
	}
	if t.db.dialect == SQLite {
		// An interrupted statement rolls back the whole transaction, and with it the other closures of the group.
		return context.WithoutCancel(ctx), nil
	}
	return ctx, nil
}

// fault gives a driver's error its kind, and remembers what it means for the transaction.
func (t *Tx) fault(err error) error {
	if err == nil {
		return nil
	}
	if t.done.Load() {
		return errTxDone.Because(err)
	}
	translated := t.db.fault(err)
	if t.db.dialect == SQLite && rollsBack(err) {
		t.broken = translated
	}
	if retryable(err) {
		t.again = true
	}
	return translated
}

// finish ends the use of the Tx and closes what was left open.
func (t *Tx) finish() {
	for _, r := range t.lent {
		// The error would only repeat what the next statement or the commit says.
		_ = r.Close()
	}
	t.done.Store(true)
}

// run runs fn and tells its outcome to ended, also when fn panics or calls runtime.Goexit; then ended returns only
// after the rollback.
func (t *Tx) run(fn func(*Tx) error, ended func(error)) {
	var err error = errUnwound
	defer func() {
		t.finish()
		if err == nil && t.broken != nil {
			err = t.broken // the closure swallowed it, but there is nothing left to commit
		}
		ended(err)
	}()
	err = fn(t)
}

// errUnwound is what the writer is told of a closure that did not return.
var errUnwound = errs.New(errs.Internal, "db.panic").Because(errors.New("the closure panicked"))
