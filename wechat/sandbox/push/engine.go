// Package push delivers callbacks to accounts' servers as WeChat does: signed, encrypted in the account's mode, in order
// for each citizen of an account, with five seconds of patience and three deliveries at most.
//
// Promises: a callback that was recorded is delivered even after a restart; an answer is shown in the chat exactly as
// WeChat would show it, or the system line 「该公众号暂时无法提供服务，请稍后再试」 is.
package push

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/fault"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

// The numbers of WeChat's delivery. WeChat docs: Passive_user_reply_message.
const (
	patience  = 5 * time.Second // then the connection is cut
	maxTries  = 3               // "3 times in total"
	atOnce    = 256             // callbacks under way together; ours: WeChat publishes none
	retryIdle = 100 * time.Millisecond
)

// Config is what an Engine needs.
type Config struct {
	Store     *state.Store
	Wire      *wire.Log
	Faults    *fault.List
	Log       *slog.Logger
	Wall      clock.Clock
	Transport http.RoundTripper // nil: the network
	Ended     func(Ended)       // told of every delivery that has ended; must return at once; nil: nobody
}

// Ended is what became of one callback after all its tries.
type Ended struct {
	Account, Citizen int64
	Item             int64         // the citizen's item that it carried; 0 for an event
	Cue              string        // the message's type, or "event:" and the event
	Failed           bool          // nothing that WeChat understands came: the citizen reads 「该公众号暂时无法提供服务」
	Reply            wechat.Reply  // nil: no answer to show
	Took             time.Duration // of all tries
	Tries            int
}

// Engine delivers. Start it before its deliveries are expected, Stop it before the store closes.
type Engine struct {
	Config
	client *http.Client
	inside bool // callbacks do not go over the network
	places chan struct{}

	mu      sync.Mutex
	ctx     context.Context // ends at Stop; nil before Start
	cancel  context.CancelFunc
	queues  map[key][]task
	busy    int // deliveries not finished
	idle    chan struct{}
	workers sync.WaitGroup
}

// key is the unit of order.
type key struct{ account, citizen, component int64 }

// task is a delivery in its queue.
type task struct {
	state.Delivery
	postponed bool         // a fault has held it back once
	told      chan<- error // hears how a notice ended; nil: nobody waits
}

// New returns an engine that is not started.
func New(c Config) *Engine {
	inside := c.Transport != nil
	if !inside {
		// No proxy of the environment: callbacks go to addresses near by, and straight.
		c.Transport = &http.Transport{MaxIdleConnsPerHost: atOnce, IdleConnTimeout: 30 * time.Second}
	}
	return &Engine{
		Config: c, inside: inside,
		client: &http.Client{Transport: c.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // WeChat does not follow; a redirect is an error
		}},
		places: make(chan struct{}, atOnce),
		queues: map[key][]task{},
	}
}

// Start begins with what an earlier run left.
func (e *Engine) Start(ctx context.Context) error {
	left, err := e.Store.Pending(ctx)
	if err != nil {
		return errs.Wrap(err, "read pending callbacks")
	}
	e.mu.Lock()
	e.ctx, e.cancel = context.WithCancel(context.WithoutCancel(ctx))
	ctx = e.ctx
	e.mu.Unlock()
	for _, d := range left {
		e.submit(task{Delivery: d})
	}
	e.workers.Go(func() { e.tickets(ctx) })
	return nil
}

// Stop cuts what is under way, which stays recorded, and waits for it.
func (e *Engine) Stop() {
	e.mu.Lock()
	if e.cancel != nil {
		e.cancel()
	}
	e.mu.Unlock()
	e.workers.Wait()
	e.client.CloseIdleConnections()
}

// Send records a message of a citizen (or, with an empty contact, of the platform) in tx and delivers it after the
// commit, to the account's own address and to each third-party platform that was given its messages. item is the chat's
// item that it carries, or 0.
func (e *Engine) Send(ctx context.Context, tx *db.Tx, a *state.Account, c state.Contact, m *wechat.Message, item int64) error {
	m.ToUserName, m.CreateTime = a.OriginalID, e.Wall.Now().Unix()
	if m.FromUserName == "" {
		m.FromUserName = c.OpenID
	}
	xml, err := wechat.EncodeMessage(m)
	if err != nil {
		return err
	}
	d := state.Delivery{Account: a.N, Citizen: c.Citizen, OpenID: c.OpenID, Item: item, Cue: cueOf(m), XML: string(xml)}
	hosts := e.Store.Hosts(a.N)
	if a.Pushes() || len(hosts) == 0 {
		if err := e.queue(ctx, tx, task{Delivery: d}); err != nil {
			return err
		}
		d.Item = 0
	}
	for _, h := range hosts {
		d.Component = h.N
		if err := e.queue(ctx, tx, task{Delivery: d}); err != nil {
			return err
		}
		d.Item = 0
	}
	return nil
}

// queue records a delivery in tx and makes it after the commit.
func (e *Engine) queue(ctx context.Context, tx *db.Tx, t task) error {
	d, err := e.Store.AddDelivery(ctx, tx, t.Delivery)
	if err != nil {
		return err
	}
	t.Delivery = d
	tx.AfterCommit(func() { e.submit(t) })
	return nil
}

// cueOf is what decides how an answer is treated: the event's name, or the message's type.
func cueOf(m *wechat.Message) string {
	if m.MsgType == "event" {
		return "event:" + m.Event
	}
	return m.MsgType
}

// submit puts a delivery at the end of its queue. Before Start and after Stop it only stays recorded.
func (e *Engine) submit(t task) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ctx == nil || e.ctx.Err() != nil {
		t.tell(errStopped)
		return
	}
	e.busy++
	e.enqueue(t)
}

// enqueue needs the lock.
func (e *Engine) enqueue(t task) {
	k := key{t.Account, t.Citizen, t.Component}
	queue, working := e.queues[k]
	e.queues[k] = append(queue, t)
	if !working {
		e.workers.Add(1)
		go e.work(e.ctx, k)
	}
}

// work delivers one queue until it is empty.
func (e *Engine) work(ctx context.Context, k key) {
	defer e.workers.Done()
	for {
		e.mu.Lock()
		queue := e.queues[k]
		if len(queue) == 0 || ctx.Err() != nil {
			delete(e.queues, k)
			e.mu.Unlock()
			return
		}
		t := queue[0]
		e.queues[k] = queue[1:]
		e.mu.Unlock()
		select {
		case e.places <- struct{}{}:
			if done := e.deliver(ctx, t); done {
				e.finished()
			}
			<-e.places
		case <-ctx.Done():
		}
	}
}

// finished counts a delivery as done and wakes who waits for silence.
func (e *Engine) finished() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.busy--
	if e.busy == 0 && e.idle != nil {
		close(e.idle)
		e.idle = nil
	}
}

// Idle waits until no callback is under way.
func (e *Engine) Idle(ctx context.Context) error {
	for {
		e.mu.Lock()
		if e.busy == 0 {
			e.mu.Unlock()
			return nil
		}
		if e.idle == nil {
			e.idle = make(chan struct{})
		}
		idle := e.idle
		e.mu.Unlock()
		select {
		case <-idle:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
