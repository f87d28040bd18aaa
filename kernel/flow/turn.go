package flow

import (
	"slices"

	"weizheng/platform/errs"
)

// fire lets the clocks of the matter follow a trigger: first what ends, then what begins.
func (c *course) fire(t Trigger) {
	for _, def := range c.d.Clocks {
		if def.Per != PerBranch {
			c.turn(def, t)
		}
	}
}

func (c *course) turn(def ClockDef, t Trigger) {
	now, started := c.r.Clock(def.Name, 0)
	live := started && now.Status != ClockStopped
	if live && slices.Contains(def.Stops, t) {
		c.add(Event{Kind: EventClockStopped, Clock: now.ID()})
		live = false
	}
	if live {
		c.pause(def, now, t)
	}
	if live && slices.Contains(def.Resets, t) {
		c.add(Event{Kind: EventClockStopped, Clock: now.ID()})
		c.add(Event{Kind: EventClockStarted, Clock: def.Name, Round: now.Round + 1})
		return
	}
	if slices.Contains(def.Starts, t) && !live && (!started || def.Again) {
		c.add(Event{Kind: EventClockStarted, Clock: def.Name, Round: now.Round + 1})
	}
}

// pause lets the pauses of a clock follow a trigger.
func (c *course) pause(def ClockDef, now RunClock, t Trigger) {
	for _, p := range def.Pauses {
		open := slices.ContainsFunc(now.Pauses, func(x Pause) bool { return x.Name == p.Name && x.To == 0 })
		switch {
		case open && slices.Contains(p.Resumes, t):
			c.add(Event{Kind: EventClockResumed, Clock: now.ID(), Pause: p.Name})
		case !open && slices.Contains(p.On, t):
			if !c.mayPause(p) {
				return
			}
			c.add(Event{Kind: EventClockPaused, Clock: now.ID(), Pause: p.Name, Reason: c.m.Reason, Evidence: c.m.Evidence})
		}
	}
}

// mayPause refuses a pause without the reason or the evidence that the definition asks for.
func (c *course) mayPause(p PauseDef) bool {
	switch {
	case len(p.Reasons) > 0 && !slices.Contains(p.Reasons, c.m.Reason):
		c.refuse(errs.New(errs.Invalid, "flow.pause_reason").With("clock", p.Title))
	case p.Evidence && len(c.m.Evidence) == 0:
		c.refuse(errs.New(errs.Invalid, "flow.evidence"))
	}
	return c.err == nil
}

func (c *course) startBranchClocks(branch int) {
	for _, def := range c.d.Clocks {
		if def.Per == PerBranch {
			c.add(Event{Kind: EventClockStarted, Clock: def.Name, Branch: branch, Round: 1})
		}
	}
}

func (c *course) stopBranchClocks(branch int) {
	for _, k := range c.r.Clocks {
		if k.Branch == branch && k.Status != ClockStopped {
			c.add(Event{Kind: EventClockStopped, Clock: k.ID()})
		}
	}
}

// stopAll stops every clock: at an end all stand still, whatever the definition forgot.
func (c *course) stopAll() {
	for _, k := range c.r.Clocks {
		if k.Status != ClockStopped {
			c.add(Event{Kind: EventClockStopped, Clock: k.ID()})
		}
	}
}
