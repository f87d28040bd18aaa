// Package clock gives the house its two times.
//
// Wall is real time: leases, sessions, freshness of signatures, audit. Civil is the time people live by: deadlines,
// office hours, WeChat's windows and allowances. They are equal except in the demo and in tests, where civil time may
// be moved forward, never back. Code takes the one it means as a Clock and never calls time.Now.
package clock

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	_ "time/tzdata" // servers without a zone database still know Asia/Shanghai
)

// Clock tells a time.
type Clock interface{ Now() time.Time }

// Wall is the machine's clock.
type Wall struct{}

// Now returns the present instant in UTC.
func (Wall) Now() time.Time { return time.Now().UTC() }

// Zone is the zone of every calendar day in the house: Asia/Shanghai (no daylight saving since 1991).
var Zone = mustZone()

func mustZone() *time.Location {
	z, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic("clock: tzdata is embedded, yet Asia/Shanghai is missing: " + err.Error())
	}
	return z
}

// Day returns the calendar day of t in Zone as YYYY-MM-DD.
func Day(t time.Time) string { return t.In(Zone).Format(time.DateOnly) }

// StartOfDay returns the first instant of t's calendar day in Zone.
func StartOfDay(t time.Time) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Zone)
}

// Millis is an instant as the database keeps it: milliseconds since 1970 in UTC.
func Millis(t time.Time) int64 { return t.UnixMilli() }

// FromMillis is the reverse of Millis, in UTC.
func FromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// ErrBackward is returned when a move would turn civil time back.
var ErrBackward = errors.New("clock: civil time only moves forward")

// Civil is a clock ahead of another by an offset that only grows. It is safe for concurrent use.
type Civil struct {
	base   Clock
	offset atomic.Int64 // nanoseconds

	mu      sync.Mutex
	watches []func()
}

// NewCivil returns a civil clock that is offset ahead of base; a negative offset is taken as it is, so that a history
// can be written under a past time.
func NewCivil(base Clock, offset time.Duration) *Civil {
	c := &Civil{base: base}
	c.offset.Store(int64(offset))
	return c
}

// Now returns the civil instant.
func (c *Civil) Now() time.Time { return c.base.Now().Add(time.Duration(c.offset.Load())) }

// Offset returns how far civil time is ahead of its base.
func (c *Civil) Offset() time.Duration { return time.Duration(c.offset.Load()) }

// SetOffset moves the clock to the given offset and calls the watchers; the same offset is no move, a smaller one is
// ErrBackward.
func (c *Civil) SetOffset(offset time.Duration) error {
	c.mu.Lock()
	old := time.Duration(c.offset.Load())
	if offset <= old {
		c.mu.Unlock()
		if offset == old {
			return nil
		}
		return ErrBackward
	}
	c.offset.Store(int64(offset))
	watches := c.watches
	c.mu.Unlock()
	for _, w := range watches {
		w()
	}
	return nil
}

// Watch calls f, in the mover's goroutine, after every move: sweeps look for what fell due.
func (c *Civil) Watch(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watches = append(slices.Clip(c.watches), f)
}
