// Package later does what falls due in civil time: a publication that is checked for a while, a mass message on its way,
// a notice that is tried again, a right that expires.
//
// Whoever wants something done later writes a row in the transaction of what causes it (state.Store.AddLater: a civil
// instant, a kind, a document) and names a Handler for the kind when the sandbox is put together. Rows are looked for
// every 200 ms of real time, and at once when civil time was moved.
//
// Promises: a row is done once, in one transaction with its removal, never before it is due, in the order of the instants
// at which rows were due; what was not done when the process ended, however it ended, is done by the next one. A handler
// that fails changes nothing, is tried again after a pause that grows to a minute, and holds up no other row.
package later

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

const (
	sweepEvery = 200 * time.Millisecond
	atOnce     = 200 // rows read at a time
	firstPause = time.Second
	longPause  = time.Minute
)

// Handler does what a row asks for, inside the transaction that also removes the row. It may run more than once before it
// commits, so it touches nothing outside of tx but by tx.AfterCommit. The row's DueAt is when it should have happened;
// civil time may be far beyond it after a move. It may add rows, also such as are due already.
type Handler func(ctx context.Context, tx *db.Tx, row state.Later) error

// Config is what an Engine needs.
type Config struct {
	Store    *state.Store
	Log      *slog.Logger
	Handlers map[string]Handler // by kind
}

// Engine does what is due. Start it once, Stop it before the store closes.
type Engine struct {
	Config
	moved chan struct{} // civil time was moved

	stop context.CancelFunc
	done sync.WaitGroup

	sweeping sync.Mutex
	resting  map[int64]rest // rows that failed; those it has forgotten after a restart are tried at once
}

// rest is a pause after a failure, in wall milliseconds.
type rest struct{ until, pause int64 }

// New returns an engine that does nothing before Start.
func New(c Config) *Engine {
	return &Engine{Config: c, moved: make(chan struct{}, 1), resting: map[int64]rest{}}
}

// Start begins, first with what an earlier run left.
func (e *Engine) Start(ctx context.Context) {
	ctx, e.stop = context.WithCancel(context.WithoutCancel(ctx))
	e.Store.WatchClock(func() {
		select {
		case e.moved <- struct{}{}:
		default: // a sweep is coming anyway
		}
	})
	e.done.Go(func() { e.run(ctx) })
}

// Stop waits for what is under way; the rest stays for the next Start.
func (e *Engine) Stop() {
	if e.stop != nil {
		e.stop()
	}
	e.done.Wait()
}

func (e *Engine) run(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := e.Sweep(ctx); err != nil && ctx.Err() == nil {
			e.Log.WarnContext(ctx, "what is due could not be read", "error", err)
		}
		select {
		case <-tick.C:
		case <-e.moved:
		case <-ctx.Done():
		}
	}
}

// Sweep does everything that is due, also what becomes due by doing it, and returns. The error is one of reading.
func (e *Engine) Sweep(ctx context.Context) error {
	e.sweeping.Lock()
	defer e.sweeping.Unlock()
	for {
		did, err := e.round(ctx)
		if err != nil || !did {
			return err
		}
	}
}

// round goes through the due rows once and reports whether any was done.
func (e *Engine) round(ctx context.Context) (did bool, err error) {
	var last state.Later
	for {
		rows, err := e.Store.Due(ctx, last, atOnce)
		if err != nil || len(rows) == 0 {
			return did, err
		}
		for _, row := range rows {
			if e.resting[row.N].until > e.Store.Wall() {
				continue
			}
			if err := e.do(ctx, row); err != nil {
				e.failed(ctx, row, err)
				continue
			}
			delete(e.resting, row.N)
			did = true
		}
		last = rows[len(rows)-1]
	}
}

var errNoHandler = errors.New("later: no handler of this kind")

func (e *Engine) do(ctx context.Context, row state.Later) error {
	h := e.Handlers[row.Kind]
	if h == nil {
		return errNoHandler
	}
	return e.Store.Write(ctx, func(tx *db.Tx) error {
		taken, err := e.Store.TakeLater(ctx, tx, row.N)
		if err != nil || !taken {
			return err
		}
		return h(ctx, tx, row)
	})
}

// failed puts a row aside for a while.
func (e *Engine) failed(ctx context.Context, row state.Later, err error) {
	if ctx.Err() != nil {
		return // not the row's fault
	}
	if !errs.KindOf(err).Retry() {
		e.Log.ErrorContext(ctx, "something that was due failed", "kind", row.Kind, "error", err)
	}
	pause := min(max(2*e.resting[row.N].pause, firstPause.Milliseconds()), longPause.Milliseconds())
	e.resting[row.N] = rest{until: e.Store.Wall() + pause, pause: pause}
}
