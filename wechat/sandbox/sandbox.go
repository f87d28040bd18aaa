package sandbox

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"weizheng/platform/clock"
	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/api"
	"weizheng/wechat/sandbox/crowd"
	"weizheng/wechat/sandbox/expect"
	"weizheng/wechat/sandbox/fault"
	"weizheng/wechat/sandbox/later"
	"weizheng/wechat/sandbox/merchant"
	"weizheng/wechat/sandbox/page"
	"weizheng/wechat/sandbox/play"
	"weizheng/wechat/sandbox/push"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

// Config is what a Sandbox needs.
type Config struct {
	Data string // folder of its state, made when missing
	Log  *slog.Logger
	Wall clock.Clock
	// Civil is the clock of windows, allowances and validity. nil: the sandbox has one of its own, which its API moves.
	Civil *clock.Civil
	// MoveClock moves Civil on behalf of the sandbox's API; nil: it cannot be moved from here. Unused without Civil.
	MoveClock func(ctx context.Context, to time.Time) error
	Base      string // the address at which it is reached, such as "http://127.0.0.1:8090"
	Seed      string // ids are functions of it
	// Transport carries callbacks and the pages that phones open; nil: the network.
	Transport http.RoundTripper
}

// flushEvery is how often used quotas are written.
const flushEvery = time.Second

// Sandbox is a local WeChat.
type Sandbox struct {
	store   *state.Store
	push    *push.Engine
	later   *later.Engine
	acts    *act.Acts
	api     *api.Server
	pay     *merchant.Server
	wire    *wire.Log
	faults  *fault.List
	watch   *crowd.Watch
	crowds  *crowd.Home
	expect  *expect.List
	handler http.Handler
	log     *slog.Logger

	stop context.CancelFunc
	done sync.WaitGroup
}

// Open opens or creates the state in c.Data. Nothing is delivered before Start.
func Open(ctx context.Context, c Config) (*Sandbox, error) {
	c.Base = strings.TrimSuffix(c.Base, "/")
	var civil clock.Clock
	if c.Civil != nil {
		civil = c.Civil
	}
	store, err := state.Open(ctx, state.Config{Dir: c.Data, Log: c.Log, Wall: c.Wall, Civil: civil, Seed: c.Seed})
	if err != nil {
		return nil, err
	}
	s := &Sandbox{store: store, faults: &fault.List{}, watch: &crowd.Watch{}, expect: expect.New(c.Wall), log: c.Log}
	s.wire = &wire.Log{Seen: s.expect.Seen}
	s.push = push.New(push.Config{Store: store, Wire: s.wire, Faults: s.faults, Log: c.Log, Wall: c.Wall, Transport: c.Transport,
		Ended: s.watch.Ended})
	s.pay = merchant.New(merchant.Config{Store: store, Wire: s.wire, Faults: s.faults, Log: c.Log, Wall: c.Wall, Base: c.Base, Transport: c.Transport})
	s.acts = &act.Acts{Store: store, Push: s.push, Wall: c.Wall, Base: c.Base, Cashier: s.pay}
	due := s.acts.Later()
	maps.Copy(due, s.pay.Later())
	s.later = later.New(later.Config{Store: store, Log: c.Log, Handlers: due})
	if err := s.assemble(c); err != nil {
		return nil, errors.Join(err, store.Close(ctx))
	}
	return s, nil
}

// assemble makes the faces.
func (s *Sandbox) assemble(c Config) error {
	browser, err := page.New(page.Config{Store: s.store, Acts: s.acts, Wire: s.wire, Log: c.Log, Wall: c.Wall, Base: c.Base, Transport: c.Transport})
	if err != nil {
		return err
	}
	s.api = api.New(api.Config{Store: s.store, Acts: s.acts, Wire: s.wire, Faults: s.faults, Log: c.Log, Wall: c.Wall, Base: c.Base, Paid: s.pay.Has})
	s.crowds = crowd.New(crowd.Config{Store: s.store, Acts: s.acts, Watch: s.watch, Browser: browser, Log: c.Log, Wall: c.Wall})
	own := play.New(play.Config{Store: s.store, Acts: s.acts, Push: s.push, API: s.api, Pay: s.pay, Browser: browser, Wire: s.wire,
		Faults: s.faults, Crowds: s.crowds, Expect: s.expect, Log: c.Log, Wall: c.Wall, Move: s.mover(c)})
	s.handler = route(s.api, s.pay, browser, own)
	if c.Civil != nil {
		c.Civil.Watch(func() { s.store.Hint(state.Hint{Topic: "clock"}) })
	}
	return nil
}

// mover is how the API moves civil time; nil when it may not.
func (s *Sandbox) mover(c Config) func(context.Context, time.Time) error {
	if c.Civil != nil {
		return c.MoveClock
	}
	return func(ctx context.Context, to time.Time) error { return s.store.MoveOwn(ctx, to.Sub(c.Wall.Now())) }
}

// Handler serves everything on one listener.
func (s *Sandbox) Handler() http.Handler { return s.handler }

// Start begins to deliver callbacks and to do what falls due, first what an earlier run left.
func (s *Sandbox) Start(ctx context.Context) error {
	if err := s.push.Start(ctx); err != nil {
		return err
	}
	if err := s.crowds.Start(ctx); err != nil {
		return err
	}
	s.later.Start(ctx)
	s.pay.Start(ctx)
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.done.Go(func() { s.flush(ctx) })
	return nil
}

func (s *Sandbox) flush(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := s.store.Flush(ctx); err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "used quotas were not written", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// Close stops delivering and closes the state; what is under way stays for the next Start.
func (s *Sandbox) Close(ctx context.Context) error {
	s.crowds.Stop()
	s.later.Stop()
	s.pay.Stop()
	s.push.Stop()
	if s.stop != nil {
		s.stop()
	}
	s.done.Wait()
	return s.store.Close(context.WithoutCancel(ctx))
}

// Idle does what is due in civil time and waits until no callback and no payment notice is under way, for tests and demonstrations.
func (s *Sandbox) Idle(ctx context.Context) error {
	if err := s.later.Sweep(ctx); err != nil {
		return err
	}
	if err := s.push.SweepTickets(ctx); err != nil {
		return err
	}
	return errors.Join(s.pay.Idle(ctx), s.push.Idle(ctx))
}
