package crowd

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/page"
	"weizheng/wechat/sandbox/state"
)

// The states of a crowd.
const (
	Running = "running"
	Done    = "done"
	Stopped = "stopped" // by DELETE
	Cut     = "cut"     // the sandbox ended while it ran
)

// What a crowd may be refused for.
var (
	ErrNoCallback = errs.New(errs.Conflict, "sandbox.no_callback")
	ErrRunning    = errs.New(errs.Conflict, "sandbox.crowd_running")
	errClosed     = errs.New(errs.Unavailable, "sandbox.busy")
)

// atOnce is how many citizens of all crowds act at the same time; keepEvery is how often a running crowd is written.
const (
	atOnce    = 512
	keepEvery = time.Second
)

// Config is what a Home needs.
type Config struct {
	Store   *state.Store
	Acts    *act.Acts
	Watch   *Watch
	Browser *page.Browser
	Log     *slog.Logger
	Wall    clock.Clock
}

// Home starts crowds and knows them all.
type Home struct {
	Config
	browser *browser
	places  chan struct{}

	mu      sync.Mutex
	ctx     context.Context // ends at Stop; nil before Start
	cancel  context.CancelFunc
	running map[int64]*Crowd
	workers sync.WaitGroup
}

// New returns a home without crowds.
func New(c Config) *Home {
	return &Home{Config: c, browser: newBrowser(c.Browser), places: make(chan struct{}, atOnce), running: map[int64]*Crowd{}}
}

// Crowd is a running crowd.
type Crowd struct {
	home    *Home
	account *state.Account
	order   Order
	tally   *tally
	view    View
	stop    context.CancelFunc
	gone    chan struct{} // closed when it has ended

	mu     sync.Mutex
	queues map[int][]deed // by citizen; there while somebody works on it
	people sync.WaitGroup
	known  map[int]bool // who follows by now
}

// View is a crowd as others see it.
type View struct {
	ID        int64  `json:"id"`
	State     string `json:"state"`
	Order     Order  `json:"order"`
	StartedAt int64  `json:"started_at"`          // wall
	EndedAt   int64  `json:"ended_at,omitempty"`  // wall
	Behind    int64  `json:"behind_ms,omitempty"` // how far the slowest act began after its time: the sandbox was the bottleneck
	Report    Report `json:"report"`
}

// Start marks what an earlier run left as cut, and lets crowds begin.
func (h *Home) Start(ctx context.Context) error {
	left, err := h.Store.Crowds(ctx, 1000)
	if err != nil {
		return err
	}
	for _, c := range left {
		if c.State == Running {
			if err := h.cut(ctx, c); err != nil {
				return err
			}
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ctx, h.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return nil
}

func (h *Home) cut(ctx context.Context, c state.Crowd) error {
	v, err := viewOf(c)
	if err != nil {
		return err
	}
	v.State = Cut
	return h.keep(ctx, v)
}

// Stop cuts all crowds short and waits for them.
func (h *Home) Stop() {
	h.mu.Lock()
	if h.cancel != nil {
		h.cancel()
	}
	h.mu.Unlock()
	h.workers.Wait()
}

// Begin makes the citizens and starts the crowd.
func (h *Home) Begin(ctx context.Context, o Order) (View, error) {
	o, err := o.check()
	if err != nil {
		return View{}, err
	}
	a, err := h.Store.Account(o.Account)
	if err != nil {
		return View{}, err
	}
	if !h.Store.Pushes(a) {
		return View{}, ErrNoCallback
	}
	rows := make([]state.Citizen, o.Citizens)
	for i := range rows {
		rows[i] = state.Citizen{ID: idOf(o.Seed, i), Name: nameOf(o.Seed, i)}
	}
	if err := h.Store.SeedCitizens(ctx, rows); err != nil {
		return View{}, err
	}
	n, err := h.Store.NextCrowd(ctx)
	if err != nil {
		return View{}, err
	}
	c := &Crowd{home: h, account: a, order: o, tally: newTally(), gone: make(chan struct{}), queues: map[int][]deed{}, known: map[int]bool{}}
	c.view = View{ID: n, State: Running, Order: o, StartedAt: h.Store.Wall()}
	return h.launch(ctx, c)
}

func (h *Home) launch(ctx context.Context, c *Crowd) (View, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ctx == nil || h.ctx.Err() != nil {
		return View{}, errClosed
	}
	for _, other := range h.running {
		if other.order.Seed == c.order.Seed {
			return View{}, ErrRunning // their citizens are the same people
		}
	}
	v := c.now()
	if err := h.keep(ctx, v); err != nil {
		return v, err
	}
	var run context.Context
	run, c.stop = context.WithCancel(h.ctx)
	h.running[c.view.ID] = c
	h.workers.Go(func() { c.run(run) })
	return v, nil
}

// idOf is the id of a citizen of a crowd; the same seed brings the same people.
func idOf(seed int64, i int) string { return fmt.Sprintf("crowd-%d-%d", seed, i+1) }

// Get is a crowd and its report so far.
func (h *Home) Get(ctx context.Context, id int64) (View, error) {
	h.mu.Lock()
	c := h.running[id]
	h.mu.Unlock()
	if c != nil {
		return c.now(), nil
	}
	kept, err := h.Store.Crowd(ctx, id)
	if err != nil {
		return View{}, err
	}
	return viewOf(kept)
}

// List is the newest crowds, newest first.
func (h *Home) List(ctx context.Context, limit int) ([]View, error) {
	kept, err := h.Store.Crowds(ctx, limit)
	views := make([]View, len(kept))
	for i := range kept {
		if err == nil {
			views[i], err = h.Get(ctx, kept[i].N)
		}
	}
	return views, err
}

// End stops a crowd and waits until its citizens have put their phones away; one that has ended already stays as it is.
func (h *Home) End(ctx context.Context, id int64) (View, error) {
	h.mu.Lock()
	c := h.running[id]
	h.mu.Unlock()
	if c != nil {
		c.mu.Lock()
		c.view.State = Stopped
		c.mu.Unlock()
		c.stop()
		select {
		case <-c.gone:
		case <-ctx.Done():
		}
		return c.now(), nil
	}
	return h.Get(ctx, id)
}

func (h *Home) keep(ctx context.Context, v View) error {
	doc, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return h.Store.KeepCrowd(ctx, state.Crowd{N: v.ID, State: v.State, Doc: doc})
}

func viewOf(c state.Crowd) (v View, err error) {
	err = json.Unmarshal(c.Doc, &v)
	return v, errs.Wrap(err, "read a kept crowd")
}

// now is the crowd with its report so far.
func (c *Crowd) now() View {
	c.mu.Lock()
	v := c.view
	c.mu.Unlock()
	v.Report = c.tally.report()
	return v
}
