package flow

import (
	"slices"
	"strconv"
	"time"

	"weizheng/kernel/worktime"
	"weizheng/platform/clock"
)

// ID names one round of one clock within its matter: "accept#1", of a branch "assist/2#1".
func (c RunClock) ID() string {
	id := c.Name
	if c.Branch > 0 {
		id += "/" + strconv.Itoa(c.Branch)
	}
	return id + "#" + strconv.Itoa(c.Round)
}

// Rule is the term that the clock runs under, what was granted on top included.
func (c RunClock) Rule(d *Definition) worktime.Rule {
	def, _ := d.Clock(c.Name)
	rule := def.Rule
	rule.Extension += c.Extended
	return rule
}

// StartedAt is the start as worktime wants it.
func (c RunClock) StartedAt() time.Time { return clock.FromMillis(c.Started) }

// Breaks are the pauses as worktime wants them.
func (c RunClock) Breaks() []worktime.Pause {
	breaks := make([]worktime.Pause, 0, len(c.Pauses))
	for _, p := range c.Pauses {
		b := worktime.Pause{From: clock.FromMillis(p.From)}
		if p.To != 0 {
			b.To = clock.FromMillis(p.To)
		}
		breaks = append(breaks, b)
	}
	return breaks
}

// Clock returns the newest round of a clock (branch 0: of the matter itself).
func (r Run) Clock(name string, branch int) (RunClock, bool) {
	for _, c := range slices.Backward(r.Clocks) {
		if c.Name == name && c.Branch == branch {
			return c, true
		}
	}
	return RunClock{}, false
}

// ClockByID returns the clock round of that ID.
func (r Run) ClockByID(id string) (RunClock, bool) {
	for _, c := range r.Clocks {
		if c.ID() == id {
			return c, true
		}
	}
	return RunClock{}, false
}
