package db

import (
	"database/sql"
	"sync/atomic"
)

type counters struct {
	written, failed, late, busy, retried, commits, commitErrors atomic.Uint64
}

// Stats are counts since Open, for metrics.
type Stats struct {
	Waiting      int    // callers in Write's queue now; from 1024 on they are refused
	Written      uint64 // closures that were committed
	Failed       uint64 // closures that returned an error, or whose commit failed
	Late         uint64 // callers that gave up before their turn
	Busy         uint64 // callers refused because the queue was full
	Retried      uint64 // runs repeated after a deadlock or serialisation failure
	Commits      uint64 // commits tried; Written/Commits is how well grouping works on SQLite
	CommitErrors uint64
	Writers      sql.DBStats // the writing pool
	Readers      sql.DBStats // the reading pool
}

// Gather returns the counts.
func (d *DB) Gather() Stats {
	return Stats{
		Waiting: d.writer.waiting(),
		Written: d.count.written.Load(), Failed: d.count.failed.Load(), Late: d.count.late.Load(),
		Busy: d.count.busy.Load(), Retried: d.count.retried.Load(),
		Commits: d.count.commits.Load(), CommitErrors: d.count.commitErrors.Load(),
		Writers: d.writes.Stats(), Readers: d.reads.Stats(),
	}
}
