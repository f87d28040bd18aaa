package job

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

const (
	// maxAttempts with lastPause spans an outage of about four hours.
	maxAttempts = 25
	lastPause   = 15 * time.Minute
)

// worker runs the jobs of one kind.
type worker struct {
	river.WorkerDefaults[envelope]
	jobs *Jobs
	kind string
	run  func(ctx context.Context, body []byte, a Attempt) error
}

// Work runs one attempt and tells River what to do next.
func (w *worker) Work(ctx context.Context, job *river.Job[envelope]) error {
	err := w.begin(ctx, job)
	if err == nil {
		err = w.call(ctx, job)
	}
	if err == nil {
		return nil
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		// The process is stopping: that is nobody's failure, and does not count as a run.
		return river.JobSnooze(0)
	}
	e := errs.As(err)
	final := job.Attempt >= job.MaxAttempts || !again(e.Kind())
	w.report(ctx, job, e, err, final)
	// River stores the text of the error: kind and key, for the cause may hold anything.
	stored := errors.New(e.Kind().String() + " " + e.Key())
	if final {
		return river.JobCancel(stored)
	}
	return stored
}

// again reports whether the kind is worth another run.
func again(k errs.Kind) bool { return k.Retry() || k == errs.Internal }

// begin frees a unique job's key before the job reads anything. Whoever enqueues the same key in a transaction that
// sees it still taken holds the row until its commit, and this statement waits for it: what that transaction changed is
// visible to the run that begins now.
func (w *worker) begin(ctx context.Context, job *river.Job[envelope]) error {
	if job.Args.Key == "" {
		return nil
	}
	return w.jobs.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "update river_job set unique_key = null where id = $1", job.ID)
		return err
	})
}

// call runs the handler; a panic becomes an error.
func (w *worker) call(ctx context.Context, job *river.Job[envelope]) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errs.New(errs.Internal, "job.panic").Because(fmt.Errorf("%v\n%s", p, debug.Stack()))
		}
	}()
	return w.run(ctx, job.Args.Body, Attempt{ID: job.ID, N: job.Attempt, Max: job.MaxAttempts})
}

func (w *worker) report(ctx context.Context, job *river.Job[envelope], e *errs.Error, err error, final bool) {
	attrs := []any{"kind", w.kind, "job", job.ID, "attempt", job.Attempt, "error_kind", e.Kind().String(), "key", e.Key(), "error", err}
	if final {
		w.jobs.log.ErrorContext(ctx, "job given up", attrs...)
		return
	}
	w.jobs.log.InfoContext(ctx, "job failed, will run again", attrs...)
}

// retries is River's retry policy.
type retries struct{ jobs *Jobs }

// NextRetry is called after a run that failed and is not the last.
func (r retries) NextRetry(job *rivertype.JobRow) time.Time {
	p := pause(r.jobs.rules.first, job.Attempt)
	return r.jobs.clock.Now().UTC().Add(p - p/10 + rand.N(p/5+1))
}

// pause doubles from first with every run, up to lastPause.
func pause(first time.Duration, attempt int) time.Duration {
	p := first
	for range attempt - 1 {
		if p >= lastPause {
			return lastPause
		}
		p *= 2
	}
	return min(p, lastPause)
}
