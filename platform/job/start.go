package job

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// poll is how often each queue is looked at when nobody calls. An empty look costs SQLite about 0.1 ms of its writer.
var poll = map[Queue]time.Duration{Interactive: 50 * time.Millisecond, Standard: time.Second, Bulk: time.Second}

// width is how many jobs of a queue one process runs at once. They mostly wait for WeChat or for the database. With one
// fetch in 20 ms it is also the limit of short jobs: 50 times the width in a second.
var width = map[Queue]int{Interactive: 50, Standard: 20, Bulk: 10}

const (
	// cooldown is the shortest time between two fetches of a queue.
	cooldown = 20 * time.Millisecond
	// keepCompleted is long enough to look at, short enough to keep the table small.
	keepCompleted = time.Hour
	keepFailed    = 14 * 24 * time.Hour
	// hardStop is the part of Stop's budget in which running jobs are cancelled and put back.
	hardStop = 2 * time.Second
)

// Start begins to work jobs, with contexts that end when ctx does. The tables must be there. It returns when the workers
// run.
func (j *Jobs) Start(ctx context.Context) error {
	if err := j.begin(); err != nil {
		return err
	}
	if j.db.Dialect() == db.SQLite {
		if err := j.takeBack(ctx); err != nil {
			return err
		}
	}
	queues := map[string]river.QueueConfig{}
	for q, every := range poll {
		queues[string(q)] = river.QueueConfig{FetchPollInterval: every, MaxWorkers: width[q]}
	}
	pilot := &pilot{}
	client, err := river.NewClient(newDriver(j.db, pilot), &river.Config{
		Queues: queues, Workers: j.workers, Logger: quiet(j.log, j.clock),
		FetchCooldown: cooldown, PollOnly: true,
		JobTimeout: j.rules.timeout, RescueStuckJobsAfter: j.rules.rescue,
		MaxAttempts: maxAttempts, RetryPolicy: retries{j},
		CompletedJobRetentionPeriod: keepCompleted, CancelledJobRetentionPeriod: keepFailed, DiscardedJobRetentionPeriod: keepFailed,
		// Rebuilding indexes every night is for an administrator to decide, and SQLite has no use for it.
		ReindexerIndexNames: []string{},
	})
	if err != nil {
		return err
	}
	// River asks the database here. Whoever holds the one writer may be about to enqueue, so no lock may be held.
	if err := client.Start(ctx); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.work, j.wake = client, pilot.wake
	return nil
}

// begin closes the list of handlers; a Jobs starts once.
func (j *Jobs) begin() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.begun {
		return errs.New(errs.Internal, "job.started").Because(errors.New("Start twice"))
	}
	if len(j.queues) == 0 {
		return errs.New(errs.Internal, "job.unknown").Because(errors.New("Start without a handler"))
	}
	j.begun = true
	return nil
}

// Stop fetches no more and waits for the running jobs. Two seconds before ctx's deadline it cancels them; they go back
// to their queue without having counted as a run. A job that ignores its context is left behind, and the error says so.
func (j *Jobs) Stop(ctx context.Context) error {
	j.mu.Lock()
	client := j.work
	j.wake = func(context.Context, Queue) {}
	j.mu.Unlock()
	if client == nil {
		return nil
	}
	soft := ctx
	if end, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		soft, cancel = context.WithDeadline(ctx, end.Add(-hardStop))
		defer cancel()
	}
	if client.Stop(soft) == nil {
		return nil
	}
	return errs.Wrap(client.StopAndCancel(ctx), "stop jobs")
}

// takeBack returns to the queue what a dead process left: on SQLite there is no other one. Its jobs are available again, or failed
// if that was their last run, and the leadership over River's housekeeping is free.
func (j *Jobs) takeBack(ctx context.Context) error {
	const now = "strftime('%Y-%m-%d %H:%M:%f', 'now')" // as River's SQLite driver writes instants
	var back, lost int64
	err := j.db.Write(ctx, func(tx *db.Tx) (err error) {
		lost, err = tx.Exec(ctx, "update river_job set state = 'discarded', finalized_at = "+now+
			" where state = 'running' and attempt >= max_attempts")
		if err != nil {
			return err
		}
		back, err = tx.Exec(ctx, "update river_job set state = 'available', scheduled_at = "+now+" where state = 'running'")
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "delete from river_leader")
		return err
	})
	if back+lost > 0 {
		j.log.WarnContext(ctx, "an earlier process left jobs running", "again", back, "given_up", lost)
	}
	return errs.Wrap(err, "take back jobs")
}

// Schema is River's own tables. Its version is part of the digest, so that caches notice an upgrade.
func Schema() db.Schema {
	return db.Schema{Part: "job", Digest: "river v0.34.0", Apply: migrate}
}
