package flow

import (
	"slices"

	"weizheng/platform/errs"
)

// joint does joint handling: one unit leads, others assist in branches with clocks of their own, and the lead waits for
// them or goes on without, saying why.
func (c *course) joint() {
	switch c.a.Does {
	case Join:
		c.join()
	case Answer:
		c.did(Event{Branch: c.m.Branch})
		c.add(Event{Kind: EventBranchEnded, Branch: c.m.Branch, Outcome: string(BranchAnswered)})
	case Decline:
		c.did(Event{Branch: c.m.Branch})
		c.add(Event{Kind: EventBranchEnded, Branch: c.m.Branch, Outcome: string(BranchDeclined), Reason: c.m.Reason})
	case Drop:
		c.did(Event{Branch: c.m.Branch})
		c.add(Event{Kind: EventBranchEnded, Branch: c.m.Branch, Outcome: string(BranchDropped), Reason: c.m.Reason})
	}
}

// join opens a branch for each assisting unit, after giving the matter to the lead unit where the action does so.
func (c *course) join() {
	lead := c.r.Unit
	if c.m.Unit != 0 {
		lead = c.m.Unit
	}
	for i, u := range c.m.Units {
		open := slices.ContainsFunc(c.r.Branches, func(b Branch) bool { return b.Unit == u && b.Status == BranchOpen })
		if u == lead || open || slices.Contains(c.m.Units[:i], u) {
			c.refuse(errs.New(errs.Invalid, "flow.unit_twice"))
			return
		}
	}
	c.did(Event{Unit: c.m.Unit})
	if len(c.a.targets()) > 0 {
		if c.waits() && !c.a.Despite && !c.a.Along {
			c.refuse(errs.New(errs.Conflict, "flow.waits"))
			return
		}
		c.enter(c.way(), Event{})
	}
	for _, u := range c.m.Units {
		c.add(Event{Kind: EventBranchOpened, Branch: len(c.r.Branches) + 1, Unit: u})
	}
}
