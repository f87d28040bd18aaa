package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

var (
	errUnknown = errs.New(errs.Internal, "job.unknown")
	errArgs    = errs.New(errs.Invalid, "job.args") // nobody can read them: no use in trying again
)

// Option changes how one job is enqueued.
type Option func(*request)

type request struct {
	opts river.InsertOpts
	key  string
}

// Unique drops the job when another of its kind with the same key is still waiting. One that has begun does not count:
// what it may have read is older than what asks for this job now.
func Unique(key string) Option {
	return func(r *request) {
		r.key = key
		r.opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateRunning, rivertype.JobStateScheduled,
		}}
	}
}

// At keeps the job until an instant of wall time, to about 5 seconds.
func At(t time.Time) Option { return func(r *request) { r.opts.ScheduledAt = t.UTC() } }

// MaxAttempts limits the runs; 1 is never again.
func MaxAttempts(n int) Option { return func(r *request) { r.opts.MaxAttempts = n } }

// Enqueue adds a job to the transaction. A kind that nobody handles is Internal "job.unknown".
func (j *Jobs) Enqueue(ctx context.Context, tx *db.Tx, args Args, opts ...Option) error {
	j.mu.RLock()
	q, known := j.queues[args.Kind()]
	j.mu.RUnlock()
	if !known {
		return errUnknown.Because(errors.New("no handler for " + args.Kind()))
	}
	body, err := json.Marshal(args)
	if err != nil {
		return errUnknown.Because(err)
	}
	r := request{opts: river.InsertOpts{Queue: string(q)}}
	for _, o := range opts {
		o(&r)
	}
	err = tx.Lend(func(ctx context.Context, raw *sql.Tx) error {
		_, err := j.insert.InsertTx(ctx, raw, envelope{kind: args.Kind(), Body: body, Key: r.key}, &r.opts)
		return err
	})
	if err != nil {
		return errs.Wrap(err, "enqueue %s", args.Kind())
	}
	tx.AfterCommit(func() { j.poke(ctx, q) })
	return nil
}

// poke makes this process look at once.
func (j *Jobs) poke(ctx context.Context, q Queue) {
	j.mu.RLock()
	wake := j.wake
	j.mu.RUnlock()
	wake(ctx, q)
}
