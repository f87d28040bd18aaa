package matter

import (
	"context"
	"slices"
	"time"

	"weizheng/kernel/flow"
	"weizheng/kernel/worktime"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

// What turns a clock yellow when its definition says nothing: one working day or a fifth of the term is left
// (电子监察: remaining ≤ 1 working day or ≤ 20 %).
const (
	yellowDays    = 1
	yellowPercent = 20
)

// touched are the clocks that events changed, by id, in their order.
func touched(r flow.Run, events []flow.Event) []string {
	var ids []string
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, e := range events {
		switch e.Kind {
		case flow.EventClockStarted:
			add(flow.RunClock{Name: e.Clock, Branch: e.Branch, Round: max(e.Round, 1)}.ID())
		case flow.EventClockPaused, flow.EventClockResumed, flow.EventClockStopped, flow.EventClockExtended:
			add(e.Clock)
		}
	}
	return slices.DeleteFunc(ids, func(id string) bool { _, ok := r.ClockByID(id); return !ok })
}

// reckon asks the calendar about the clocks that events changed. r is the run after them, st the standing before.
func (s *Service) reckon(ctx context.Context, d *flow.Definition, st *standing, r flow.Run, events []flow.Event, now int64) ([]Reckoning, error) {
	var out []Reckoning
	for _, id := range touched(r, events) {
		k, _ := r.ClockByID(id)
		cal, err := s.calendar(ctx, s.Calendars, r, k)
		if err != nil {
			return nil, err
		}
		before, _ := st.reckoning(id)
		one, err := reckonClock(d, k, ruleOf(d, k, before), before, cal, now)
		if err != nil {
			return nil, errs.Wrap(err, "reckon clock %s", id)
		}
		one.Deadlines = st.deadlines(d, k, before, one, cal, now)
		out = append(out, one)
	}
	return out, nil
}

// calendar is that of the unit whose clock it is.
func (s *Service) calendar(ctx context.Context, from Calendars, r flow.Run, k flow.RunClock) (*worktime.Calendar, error) {
	unit := r.Unit
	if b, ok := r.Branch(k.Branch); ok {
		unit = b.Unit
	}
	path, err := s.path(ctx, unit)
	if err != nil {
		return nil, err
	}
	return from.Calendar(ctx, path)
}

// ruleOf is the rule a clock runs under: that of its definition, or the one that a change of rule gave it since; with what
// was granted on top.
func ruleOf(d *flow.Definition, k flow.RunClock, before Reckoning) worktime.Rule {
	rule := k.Rule(d)
	if before.Clock != "" {
		def, _ := d.Clock(k.Name)
		rule = before.Rule
		rule.Extension = def.Rule.Extension + int64(k.Extended)
	}
	return rule
}

// reckonClock says when a clock turns yellow and red. One that stands still keeps what it had reached; one that stopped
// keeps what it was.
func reckonClock(d *flow.Definition, k flow.RunClock, rule worktime.Rule, before Reckoning, cal *worktime.Calendar, now int64) (Reckoning, error) {
	one := Reckoning{Clock: k.ID(), State: k.Status, Rule: rule, Started: k.Started, Stopped: k.Stopped, Yellow: never, Due: never}
	if before.Clock != "" && k.Status != flow.ClockRunning {
		one.Yellow, one.Due, one.Day, one.Provisional = before.Yellow, before.Due, before.Day, before.Provisional
		if k.Status == flow.ClockPaused {
			one.freeze(now)
		}
		return one, nil
	}
	result, err := worktime.Due(rule, k.StartedAt(), k.Breaks(), cal)
	if err != nil || result.Stopped {
		return one, err
	}
	one.set(d, k, result, cal)
	return one, nil
}

// freeze takes away what has not come yet.
func (c *Reckoning) freeze(now int64) {
	if c.Due > now {
		c.Due, c.Day = never, ""
	}
	if c.Yellow > now {
		c.Yellow = never
	}
}

func (c *Reckoning) set(d *flow.Definition, k flow.RunClock, result worktime.Result, cal *worktime.Calendar) {
	c.Due, c.Day, c.Provisional = clock.Millis(result.Due), result.Date, result.Provisional
	def, _ := d.Clock(k.Name)
	c.Yellow = yellowAt(def.Lights, c.Rule, k, result.Due, cal)
}

// yellowAt is when no more is left than the lights say; the earlier of days and percent.
func yellowAt(l flow.Lights, rule worktime.Rule, k flow.RunClock, due time.Time, cal *worktime.Calendar) int64 {
	days, percent := int64(l.YellowDays), int64(l.YellowPercent)
	if days == 0 && percent == 0 {
		days, percent = yellowDays, yellowPercent
	}
	total := rule.Amount + rule.Extension
	left := total * percent / 100
	if rule.InUnit() != worktime.Hours {
		left = max(left, days)
	} else if left == 0 {
		left = 1 // hours are the finest unit of a rule
	}
	if rule.InUnit() == worktime.Months {
		left = days // of calendar days: see before
	}
	return before(rule, k, due, left, cal)
}

// before is the instant at which so much of a term was left, in the rule's own unit (days where it counts months), never
// earlier than its start.
func before(rule worktime.Rule, k flow.RunClock, due time.Time, left int64, cal *worktime.Calendar) int64 {
	at := due.AddDate(0, 0, int(-left))
	if rule.Kind != worktime.CalendarDays {
		rule.Amount += rule.Extension - left
		rule.Extension = 0
		if rule.Amount < 0 {
			return k.Started
		}
		early, err := worktime.Due(rule, k.StartedAt(), k.Breaks(), cal)
		if err != nil || early.Stopped {
			return k.Started
		}
		at = early.Due
	}
	return max(clock.Millis(at), k.Started)
}

// moment is when a DueDef happens: so much after the due time, in the rule's own unit, or before it.
func moment(rule worktime.Rule, k flow.RunClock, due time.Time, offset int64, cal *worktime.Calendar) int64 {
	switch {
	case offset == 0:
		return clock.Millis(due)
	case rule.InUnit() == worktime.Months:
		return max(clock.Millis(due.AddDate(0, int(offset), 0)), k.Started)
	case rule.Kind == worktime.CalendarDays:
		return max(clock.Millis(due.AddDate(0, 0, int(offset))), k.Started)
	}
	return before(rule, k, due, -offset, cal)
}

// deadlines are what is still to come of a clock: a light that it has not shown yet, a due definition that has not
// happened. A light that was shown comes again only after the clock went back behind it.
func (st *standing) deadlines(d *flow.Definition, k flow.RunClock, old, now Reckoning, cal *worktime.Calendar, at int64) []Deadline {
	if k.Status == flow.ClockStopped {
		return nil
	}
	shown := Green
	if old.Clock != "" {
		if old.Yellow <= at && !st.pending(now.Clock, kindYellow) {
			shown = Yellow
		}
		if old.Due <= at && !st.pending(now.Clock, kindRed) {
			shown = Red
		}
	}
	shown = min(shown, lightAt(at, now.Yellow, now.Due))
	var out []Deadline
	add := func(kind string, when int64) {
		if when < never {
			out = append(out, Deadline{Clock: now.Clock, Kind: kind, At: when})
		}
	}
	if shown < Yellow && now.Yellow < now.Due {
		add(kindYellow, now.Yellow)
	}
	if shown < Red {
		add(kindRed, now.Due)
	}
	def, _ := d.Clock(k.Name)
	for _, due := range def.Due {
		if now.Due < never && !slices.Contains(k.Done, due.Name) {
			add(kindDue+due.Name, moment(now.Rule, k, clock.FromMillis(now.Due), due.Offset, cal))
		}
	}
	return out
}
