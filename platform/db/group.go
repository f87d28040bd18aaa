package db

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// groupSize is how many closures share one commit at most: at 64 the fsync costs each less than its own insert.
	groupSize = 64
	// carefulFor is how many commits after a failed closure put a savepoint before each closure.
	carefulFor = 32
	// slowClosure is when a closure that held up everybody else is worth a line in the log.
	slowClosure = time.Second
)

// group is SQLite's writer: one goroutine that gives the queued closures their turn in one transaction after the other.
// Each runs in its caller's goroutine, so that a panic, runtime.Goexit and the stack are the caller's own.
type group struct {
	db    *DB
	ctx   context.Context
	queue chan *call
	ended chan struct{}

	careful int // commits that are still to use savepoints; only for loop

	mu     sync.RWMutex // guards closed against enqueue
	closed bool
}

// call is one closure waiting for its turn, and then for its commit.
type call struct {
	state atomic.Int32
	word  chan word  // from the group to the caller
	ran   chan error // from the caller to the group: what the closure returned
}

// word is what the group tells a caller: run in this transaction, or the final outcome.
type word struct {
	tx  *Tx
	err error
}

// The states of a call: the caller may leave while it is queued, the group may claim it while the caller is there.
const (
	queued int32 = iota
	claimed
	left
)

func newGroup(ctx context.Context, d *DB) *group {
	g := &group{db: d, ctx: ctx, queue: make(chan *call, queueLimit), ended: make(chan struct{})}
	go g.loop()
	return g
}

func (g *group) waiting() int { return len(g.queue) }

// close refuses new calls and waits until the queued ones are answered.
func (g *group) close() {
	g.mu.Lock()
	first := !g.closed
	g.closed = true
	g.mu.Unlock()
	if first {
		close(g.queue)
	}
	<-g.ended
}

func (g *group) enqueue(c *call) error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.closed {
		return errClosed
	}
	select {
	case g.queue <- c:
		return nil
	default:
		g.db.count.busy.Add(1)
		return errBusy
	}
}

// write is Write on SQLite, in the caller's goroutine.
func (g *group) write(ctx context.Context, fn func(*Tx) error) error {
	c := &call{word: make(chan word, 1), ran: make(chan error)}
	if err := g.enqueue(c); err != nil {
		return err
	}
	inside := context.WithValue(context.WithoutCancel(ctx), inWrite{}, true)
	gone := ctx.Done()
	var tx *Tx
	for {
		select {
		case w := <-c.word:
			if w.tx == nil {
				return g.answer(tx, w.err)
			}
			tx = w.tx
			tx.ctx = inside
			tx.run(fn, func(err error) {
				c.ran <- err
				if err == errUnwound { //nolint:errorlint // this very value, see run
					<-c.word // rolled back; the panic goes on
				}
			})
		case <-gone:
			if c.state.CompareAndSwap(queued, left) {
				g.db.count.late.Add(1)
				return errLate.Because(ctx.Err())
			}
			gone = nil // its turn has come; it will be answered
		}
	}
}

func (g *group) answer(tx *Tx, err error) error {
	if err != nil {
		g.db.count.failed.Add(1)
		return err
	}
	g.db.count.written.Add(1)
	for _, f := range tx.after {
		f()
	}
	return nil
}

// loop takes what is queued, up to groupSize, until the queue is closed.
func (g *group) loop() {
	defer close(g.ended)
	batch := make([]*call, 0, groupSize)
	for c := range g.queue {
		batch = append(batch[:0], c)
	fill:
		for len(batch) < groupSize {
			select {
			case c, ok := <-g.queue:
				if !ok {
					break fill
				}
				batch = append(batch, c)
			default:
				break fill
			}
		}
		g.commit(batch)
	}
}

// commit runs the calls in one transaction. Mostly all of them succeed, so there is nothing between them: a savepoint
// costs two statements, and makes SQLite keep a copy of every page that is changed. When a closure fails after it
// changed something, the transaction is rolled back and the others run again, for a while behind a savepoint each, so
// that many failures do not make many repetitions. When the engine gives up the transaction as a whole, only the guilty
// call gets the error; the others run again, each in a transaction of its own.
func (g *group) commit(batch []*call) {
	batch = claim(batch)
	if len(batch) == 0 {
		return
	}
	raw, err := g.db.writes.BeginTx(g.ctx, nil)
	if err != nil {
		answer(batch, g.db.fault(err))
		return
	}
	careful := g.careful > 0 && len(batch) > 1
	if careful {
		g.careful--
	}
	kept := make([]*call, 0, len(batch))
	txs := make([]*Tx, 0, len(batch))
	for i, c := range batch {
		tx := &Tx{db: g.db, raw: raw}
		rest, err := g.member(raw, c, tx, careful)
		if rest != stands {
			_ = raw.Rollback() // whatever it answers, the connection is free again
			answer(batch[i:i+1], err)
			others := append(kept, batch[i+1:]...)
			if rest == lost {
				g.alone(others)
				return
			}
			g.careful = carefulFor
			g.commit(others)
			return
		}
		if err != nil {
			answer(batch[i:i+1], err)
			continue
		}
		kept, txs = append(kept, c), append(txs, tx)
	}
	err = g.db.fault(raw.Commit())
	g.db.count.commits.Add(1)
	if err != nil {
		g.db.count.commitErrors.Add(1)
		if len(kept) > 1 {
			g.alone(kept) // one may be guilty (a deferred foreign key, a row too large for the disk): find out which
			return
		}
		answer(kept, err)
		return
	}
	for _, tx := range txs {
		g.db.wire.publish(tx.notes)
	}
	answer(kept, nil)
}

// fate is what a closure left of the transaction that it shares.
type fate uint8

const (
	stands  fate = iota // the closure's changes are in it, or nothing of them
	spoiled             // it holds changes of a closure that failed
	lost                // the engine gave it up
)

// member gives one call its turn.
func (g *group) member(raw *sql.Tx, c *call, tx *Tx, careful bool) (fate, error) {
	if careful {
		if _, err := raw.ExecContext(g.ctx, "savepoint closure"); err != nil {
			return lost, g.db.fault(err)
		}
	}
	start := g.db.clock.Now()
	c.word <- word{tx: tx}
	err := <-c.ran
	if took := g.db.clock.Now().Sub(start); took > slowClosure {
		g.db.log.Warn("a write closure held the writer", "took_ms", took.Milliseconds())
	}
	switch {
	case tx.broken != nil:
		return lost, err
	case careful:
		return g.release(raw, err)
	case err != nil && tx.changed:
		return spoiled, err
	}
	return stands, err
}

// release ends a closure's savepoint, with what the closure did or without it.
func (g *group) release(raw *sql.Tx, err error) (fate, error) {
	end := "release closure"
	if err != nil {
		end = "rollback to closure; release closure"
	}
	if _, e := raw.ExecContext(g.ctx, end); e != nil {
		return lost, g.db.fault(e)
	}
	return stands, err
}

// alone runs each call in a transaction of its own.
func (g *group) alone(calls []*call) {
	for _, c := range calls {
		g.commit([]*call{c})
	}
}

// claim drops the calls whose callers have left.
func claim(batch []*call) []*call {
	kept := batch[:0]
	for _, c := range batch {
		if c.state.CompareAndSwap(queued, claimed) || c.state.Load() == claimed {
			kept = append(kept, c)
		}
	}
	return kept
}

func answer(calls []*call, err error) {
	for _, c := range calls {
		c.word <- word{err: err}
	}
}
