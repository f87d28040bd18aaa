package db

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

const (
	// attempts is how often a closure runs on PostgreSQL before a deadlock or serialisation failure is the caller's.
	attempts = 8
	// firstPause doubles up to lastPause; half of it is chance, so that two that collided do not meet again.
	firstPause = 2 * time.Millisecond
	lastPause  = 100 * time.Millisecond
)

// retrier is PostgreSQL's writer: each closure is a transaction, run again when the server asks for it.
type retrier struct {
	db     *DB
	inside atomic.Int64 // callers in write
	closed atomic.Bool
}

// waiting is how many callers are beyond the connections: an estimate, for metrics.
func (r *retrier) waiting() int {
	return max(0, int(r.inside.Load())-r.db.writes.Stats().MaxOpenConnections)
}

// close refuses new calls; closing the pool then waits for the running ones.
func (r *retrier) close() { r.closed.Store(true) }

func (r *retrier) write(ctx context.Context, fn func(*Tx) error) error {
	if r.closed.Load() {
		return errClosed
	}
	defer r.inside.Add(-1)
	if r.inside.Add(1) > queueLimit {
		r.db.count.busy.Add(1)
		return errBusy
	}
	inside := context.WithValue(ctx, inWrite{}, true)
	pause := firstPause
	for n := 1; ; n++ {
		tx, err := r.once(ctx, inside, fn)
		if err == nil {
			r.db.count.written.Add(1)
			for _, f := range tx.after {
				f()
			}
			return nil
		}
		if tx == nil || !tx.again || n == attempts || !sleep(ctx, pause/2+rand.N(pause/2)) {
			r.db.count.failed.Add(1)
			return err
		}
		r.db.count.retried.Add(1)
		pause = min(2*pause, lastPause)
	}
}

// once runs fn in one transaction. Each way out but the commit rolls back, also a panic.
func (r *retrier) once(ctx, inside context.Context, fn func(*Tx) error) (*Tx, error) {
	raw, err := r.db.writes.BeginTx(ctx, nil)
	if err != nil {
		return nil, r.db.fault(err)
	}
	tx := &Tx{ctx: inside, db: r.db, raw: raw}
	var failed error
	tx.run(fn, func(err error) {
		if failed = err; err != nil {
			// Its own error says less than the one that led here.
			_ = raw.Rollback()
		}
	})
	if failed != nil {
		return tx, failed
	}
	if err := ctx.Err(); err != nil {
		_ = raw.Rollback() // for all we know database/sql did it already
		return tx, errLate.Because(err)
	}
	err = raw.Commit()
	r.db.count.commits.Add(1)
	if err != nil {
		r.db.count.commitErrors.Add(1)
		tx.again = tx.again || retryable(err)
	}
	return tx, r.db.faultCommit(err)
}

// sleep waits, or returns false when the context ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
