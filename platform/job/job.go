// Package job runs work outside of the request that asked for it: River behind a few functions of ours.
//
// Promises:
//
//   - A job is enqueued in the transaction that makes it necessary, and by nothing else: rolled back, it never was;
//     committed, it runs at least once, also after a crash. So every job is idempotent.
//   - A job committed in this process is fetched at once (within 20 ms of the last fetch); another process finds it by
//     polling, after 50 ms in the interactive queue and 1 s in the others.
//   - A job has 30 seconds. One that runs on is believed dead after 60 to 90 and runs again, maybe beside itself; split
//     what takes longer. On SQLite, whose one process holds the data folder, what an earlier process left running runs again
//     at Start.
//   - The kind of the error decides: Busy, Unavailable and Internal (also a panic) are tried again after 1, 2, 4 …
//     seconds, at most 15 minutes apart, 25 times unless the job says otherwise: an outage of four hours. Any other kind
//     ends the job. A job that ended in failure is logged once, with its kind and the error, never with its arguments,
//     and kept for the console for two weeks.
//
// Arguments are stored readable: ids, never personal data. Time here is wall time; what falls due in civil time is a row
// and a sweep, see package clock.
package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

// Args are a job's arguments: a struct that JSON keeps. Kind names the job, "<module>.<verb>"; it stays in the database
// across releases.
type Args interface{ Kind() string }

// Queue is where a kind of job waits.
type Queue string

// The queues. A full one does not hold up the others.
const (
	Interactive Queue = "interactive" // somebody is waiting: answers, messages, payments
	Standard    Queue = "standard"    // soon: events to other parts, notifications
	Bulk        Queue = "bulk"        // when there is time: mass sends, imports, purges
)

// Attempt tells a job which run this is.
type Attempt struct {
	ID  int64 // the job's, the same in every run: an idempotency key
	N   int   // 1 for the first run
	Max int   // the last run has N == Max
}

// Jobs enqueues and works jobs. Make one, Handle every kind, then Start; Enqueue works from the beginning.
type Jobs struct {
	db     *db.DB
	log    *slog.Logger
	clock  clock.Clock
	rules  rules
	insert *river.Client[*sql.Tx]

	mu      sync.RWMutex
	queues  map[string]Queue // by kind
	workers *river.Workers
	begun   bool                   // Start was called: no more handlers
	work    *river.Client[*sql.Tx] // nil until Start has finished
	wake    func(context.Context, Queue)
}

// rules are the numbers that tests make smaller.
type rules struct {
	timeout time.Duration // of one run
	rescue  time.Duration // from the start of a run to the belief that it died
	first   time.Duration // pause before the second run
}

// New prepares the queue on a database that has the tables of Schema.
func New(d *db.DB, log *slog.Logger, wall clock.Clock) *Jobs {
	j := &Jobs{
		db: d, log: log, clock: wall,
		rules:   rules{timeout: 30 * time.Second, rescue: time.Minute, first: time.Second},
		queues:  map[string]Queue{},
		workers: river.NewWorkers(),
		wake:    func(context.Context, Queue) {},
	}
	insert, err := river.NewClient(newDriver(d, nil), &river.Config{Logger: quiet(log, wall), MaxAttempts: maxAttempts})
	if err != nil {
		panic("job: River refuses a fixed configuration: " + err.Error())
	}
	j.insert = insert
	return j
}

// Handle says what runs a kind of job, and where it waits. It panics when it comes after Start or twice for a kind:
// both are mistakes in the program.
func Handle[T Args](j *Jobs, q Queue, fn func(ctx context.Context, args T, a Attempt) error) {
	var none T
	j.handle(none.Kind(), q, func(ctx context.Context, body []byte, a Attempt) error {
		var args T
		if err := json.Unmarshal(body, &args); err != nil {
			return errArgs.Because(err)
		}
		return fn(ctx, args, a)
	})
}

func (j *Jobs) handle(kind string, q Queue, run func(context.Context, []byte, Attempt) error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.begun {
		panic("job: Handle after Start: " + kind)
	}
	if _, ok := poll[q]; !ok {
		panic("job: no such queue: " + string(q))
	}
	river.AddWorkerArgs(j.workers, envelope{kind: kind}, &worker{jobs: j, kind: kind, run: run}) // panics on a second one
	j.queues[kind] = q
}

// envelope is what River stores: the arguments, and the key of a unique job.
type envelope struct {
	kind string
	Body json.RawMessage `json:"args"`
	Key  string          `json:"key,omitempty" river:"unique"`
}

// Kind names the job.
func (e envelope) Kind() string { return e.kind }
