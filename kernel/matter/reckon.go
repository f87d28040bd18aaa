package matter

import (
	"context"
	"slices"

	"weizheng/kernel/flow"
	"weizheng/kernel/worktime"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
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
		one, err := st.reckonClock(d, k, before, cal, now)
		if err != nil {
			return nil, errs.Wrap(err, "reckon clock %s", id)
		}
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

// reckonClock says when a clock turns yellow and red, and what is still to come of it. One that stands still keeps what it
// had reached; one that stopped keeps what it was.
func (st *standing) reckonClock(d *flow.Definition, k flow.RunClock, before Reckoning, cal *worktime.Calendar, now int64) (Reckoning, error) {
	one := Reckoning{Clock: k.ID(), State: k.Status, Rule: ruleOf(d, k, before), Started: k.Started, Stopped: k.Stopped, Yellow: never, Due: never}
	if before.Clock != "" && k.Status != flow.ClockRunning {
		one.Yellow, one.Due, one.Day, one.Provisional = before.Yellow, before.Due, before.Day, before.Provisional
		if k.Status == flow.ClockPaused {
			one.freeze(now)
			one.Deadlines = st.standingStill(k, one)
		}
		return one, nil
	}
	plan, err := planOf(d, k, one.Rule, cal)
	if err != nil {
		return one, err
	}
	one.follow(plan)
	one.Deadlines = st.deadlines(k, before, one, plan, now)
	return one, nil
}

// planOf is flow's plan of a clock, under the rule that counts for it.
func planOf(d *flow.Definition, k flow.RunClock, rule worktime.Rule, cal *worktime.Calendar) (flow.Schedule, error) {
	if rule != k.Rule(d) {
		changed := *d
		changed.Clocks = slices.Clone(d.Clocks)
		for i := range changed.Clocks {
			if changed.Clocks[i].Name == k.Name {
				changed.Clocks[i].Rule = rule
				changed.Clocks[i].Rule.Extension -= k.Extended
			}
		}
		d = &changed
	}
	return flow.Plan(d, k, cal)
}

// follow takes over what a plan says.
func (c *Reckoning) follow(plan flow.Schedule) {
	c.Yellow, c.Due, c.Day, c.Provisional = never, never, plan.Date, plan.Provisional
	if !plan.Due.IsZero() {
		c.Yellow, c.Due = clock.Millis(plan.Yellow), clock.Millis(plan.Due)
	}
}

// freeze takes away an end that has not come: while a clock stands still nothing presses. What is overdue stays so.
func (c *Reckoning) freeze(now int64) {
	if c.Due > now {
		c.Yellow, c.Due, c.Day = never, never, ""
	}
}

// deadlines are what is still to come of a clock that runs: a light that it has not shown yet, a due definition that has
// not happened. A light that was shown comes again only after the clock went back behind it.
func (st *standing) deadlines(k flow.RunClock, old, now Reckoning, plan flow.Schedule, at int64) []Deadline {
	shown := min(st.shown(old, at), lightAt(at, now.Yellow, now.Due))
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
	for _, m := range plan.Moments {
		if !slices.Contains(k.Done, m.Due) {
			add(kindDue+m.Due, clock.Millis(m.At))
		}
	}
	return out
}

// shown is the light that a clock has shown so far.
func (st *standing) shown(c Reckoning, at int64) Light {
	switch {
	case c.Clock == "":
		return Green
	case c.Due <= at && !st.pending(c.Clock, kindRed):
		return Red
	case c.Yellow <= at && !st.pending(c.Clock, kindYellow):
		return Yellow
	}
	return Green
}

// standingStill are the lights of a paused clock that came before the pause and have not been shown yet.
func (st *standing) standingStill(k flow.RunClock, now Reckoning) []Deadline {
	return slices.DeleteFunc(slices.Clone(st.Deadlines), func(d Deadline) bool {
		return d.Clock != k.ID() || now.Due == never || d.Kind != kindYellow && d.Kind != kindRed
	})
}
