package expect

import (
	"context"
	"slices"
	"sync"
	"time"

	"weizheng/platform/clock"
	"weizheng/wechat/sandbox/wire"
)

// List is all expectations. It is safe for concurrent use.
type List struct {
	wall clock.Clock

	mu   sync.Mutex
	all  []*Expectation // oldest first
	last int64
}

// New returns an empty list.
func New(wall clock.Clock) *List { return &List{wall: wall} }

// Add begins to wait; what went over the wire before does not count.
func (l *List) Add(x Expectation) (Expectation, error) {
	if err := x.prepare(); err != nil {
		return x, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.all) >= maxKept {
		return x, ErrFull
	}
	l.last++
	x.ID, x.State, x.MadeAt = l.last, Waiting, clock.Millis(l.wall.Now())
	x.AfterMS, x.By, x.Instead, x.settled = 0, nil, nil, make(chan struct{})
	l.all = append(l.all, &x)
	return x, nil
}

// Seen is for wire.Log: it is told of every exchange when it has ended.
func (l *List) Seen(e wire.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.expire()
	for _, x := range l.all {
		if x.State != Waiting || e.At < x.MadeAt || !x.about(e) {
			continue
		}
		if why := x.differs(e); why != "" {
			x.Instead = append(x.Instead, cameOf(e, why))
			x.Instead = x.Instead[max(0, len(x.Instead)-maxCame):]
			continue
		}
		by := cameOf(e, "")
		x.By, x.AfterMS, x.Instead = &by, now-x.MadeAt, nil
		x.settle(Met)
	}
}

func (x *Expectation) settle(state string) {
	x.State = state
	close(x.settled)
}

// expire marks what was missed by now; it needs the lock.
func (l *List) expire() (now int64) {
	now = clock.Millis(l.wall.Now())
	for _, x := range l.all {
		if x.State == Waiting && now > x.MadeAt+x.WithinMS {
			x.settle(Missed)
		}
	}
	return now
}

// All lists them, oldest first.
func (l *List) All() []Expectation {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.expire()
	list := make([]Expectation, len(l.all))
	for i, x := range l.all {
		list[i] = x.copied()
	}
	return list
}

func (x *Expectation) copied() Expectation {
	c := *x
	c.Instead = slices.Clone(x.Instead)
	return c
}

// Get is one of them; it waits up to the given time for it to be met or missed.
func (l *List) Get(ctx context.Context, id int64, wait time.Duration) (Expectation, error) {
	x := l.find(id)
	if x == nil {
		return Expectation{}, ErrNone
	}
	tick := time.NewTicker(50 * time.Millisecond) // an expectation that is missed is noticed by who looks
	defer tick.Stop()
	for ends := time.After(wait); ; {
		l.mu.Lock()
		l.expire()
		c := x.copied()
		l.mu.Unlock()
		if c.State != Waiting {
			return c, nil
		}
		select {
		case <-x.settled:
		case <-tick.C:
		case <-ends:
			return c, nil
		case <-ctx.Done():
			return c, nil
		}
	}
}

func (l *List) find(id int64) *Expectation {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range l.all {
		if x.ID == id {
			return x
		}
	}
	return nil
}

// Clear forgets all; ids go on.
func (l *List) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range l.all {
		if x.State == Waiting {
			x.settle(Missed)
		}
	}
	l.all = nil
}
