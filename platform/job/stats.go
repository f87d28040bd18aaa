package job

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/riverqueue/river/rivertype"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// QueueStat is a queue at this moment.
type QueueStat struct {
	Queue   Queue
	Waiting int64         // due, not begun
	Later   int64         // scheduled, or waiting to be tried again
	Running int64         // begun
	Failed  int64         // given up within the last two weeks
	Oldest  time.Duration // how long the first of the waiting has been due
}

// Stats counts the jobs of every queue, in a fixed order, queues without jobs included.
func (j *Jobs) Stats(ctx context.Context) ([]QueueStat, error) {
	type row struct {
		queue, state string
		n, first     int64
	}
	rows, err := db.All(ctx, j.db, func(scan db.Scan) (r row, err error) {
		err = scan(&r.queue, &r.state, &r.n, &r.first)
		return r, err
	}, `select queue, cast(state as text), count(*), `+j.millis("min(scheduled_at)")+` from river_job
		where state in ('available','running','retryable','scheduled','discarded','cancelled') group by queue, state`)
	if err != nil {
		return nil, errs.Wrap(err, "count jobs")
	}
	stats := []QueueStat{{Queue: Interactive}, {Queue: Standard}, {Queue: Bulk}}
	now := j.clock.Now()
	for _, r := range rows {
		for i := range stats {
			if string(stats[i].Queue) == r.queue {
				stats[i].add(r.state, r.n, now.Sub(clock.FromMillis(r.first)))
			}
		}
	}
	return stats, nil
}

func (s *QueueStat) add(state string, n int64, age time.Duration) {
	switch state {
	case "available": // also a run to be tried again within seconds, which is not due yet
		s.Waiting += n
		s.Oldest = max(s.Oldest, age)
	case "running":
		s.Running += n
	case "retryable", "scheduled":
		s.Later += n
	default:
		s.Failed += n
	}
}

// Failure is a job that was given up.
type Failure struct {
	ID       int64
	Kind     string
	Queue    Queue
	Attempts int
	At       time.Time // when it was given up
	Key      string    // message key of the last run's error; "job.lost" when the process died in the last run
}

// Failures lists the last n jobs that were given up, the newest first.
func (j *Jobs) Failures(ctx context.Context, n int) ([]Failure, error) {
	last := "json_extract(errors, '$[#-1].error')"
	if j.db.Dialect() == db.Postgres {
		last = "errors[array_length(errors, 1)]->>'error'"
	}
	list, err := db.All(ctx, j.db, func(scan db.Scan) (f Failure, err error) {
		var at int64
		var runs int
		var text string
		err = scan(&f.ID, &f.Kind, &f.Queue, &f.Attempts, &at, &runs, &text)
		f.At = clock.FromMillis(at)
		f.Key = key(text, runs == f.Attempts)
		return f, err
	}, `select id, kind, queue, attempt, `+j.millis("finalized_at")+`, `+j.length("errors")+`, coalesce(`+last+`, '')
		from river_job where state in ('discarded', 'cancelled') order by finalized_at desc, id desc limit $1`, n)
	return list, errs.Wrap(err, "list failed jobs")
}

// millis is a column of River's as milliseconds.
func (j *Jobs) millis(column string) string {
	if j.db.Dialect() == db.Postgres {
		return "cast(extract(epoch from " + column + ") * 1000 as bigint)"
	}
	return "cast(unixepoch(" + column + ", 'subsec') * 1000 as bigint)"
}

// length is the number of elements of a list of River's, 0 for null.
func (j *Jobs) length(column string) string {
	if j.db.Dialect() == db.Postgres {
		return "coalesce(array_length(" + column + ", 1), 0)"
	}
	return "coalesce(json_array_length(" + column + "), 0)"
}

// key finds the message key in the last stored error, which worker.Work wrote as "<kind> <key>". A run without an error
// of its own never ended.
func key(text string, complete bool) string {
	words := strings.Fields(text)
	if !complete || len(words) == 0 {
		return "job.lost"
	}
	return words[len(words)-1]
}

// Again gives a job that was given up one more run. No such job is NotFound "job.none"; one that waits or runs stays as
// it is.
func (j *Jobs) Again(ctx context.Context, id int64) error {
	row, err := j.insert.JobRetry(ctx, id)
	if errors.Is(err, rivertype.ErrNotFound) {
		return errs.New(errs.NotFound, "job.none")
	}
	if err != nil {
		return errs.Wrap(err, "run job %d again", id)
	}
	j.poke(ctx, Queue(row.Queue))
	return nil
}
