// Package db is the only way to the database: SQLite inside the process, or PostgreSQL, behind one SQL text with $1.
//
// Promises:
//
//   - Write is the only way to change anything. Its closure runs in a transaction, may run again, and must touch nothing
//     outside the transaction but variables that it overwrites each time. When Write returns nil the change is on disk.
//   - On SQLite one goroutine owns the one writing connection and commits up to 64 queued closures at once: an error or
//     panic of one leaves the others unharmed, though they may have to run again. The writing connection runs with WAL and
//     synchronous=FULL. On PostgreSQL each closure is a transaction of its own, READ COMMITTED, run again after a
//     serialisation failure or a deadlock.
//   - Reading through a *DB sees committed rows only, and cannot write.
//   - Every error that leaves this package has a kind of package errs: Conflict "db.duplicate", "db.referenced" and
//     "db.stale"; NotFound "db.none"; Busy "db.busy" (the queue is full) and "db.late" (the caller's context ended
//     first); Unavailable "db.full" (no space), "db.away" (no connection) and "db.uncertain" (the connection broke
//     during the commit). Anything else is Internal. After "db.full" and "db.away" the same *DB works again as soon as
//     the cause is gone.
//   - Migrate brings the tables of all parts forward and refuses a database that is more than one release newer.
//
// Instants are BIGINT milliseconds (UTC), days are TEXT, money is fen: see the type words in Schema.
package db
