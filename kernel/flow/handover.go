package flow

import "weizheng/platform/errs"

// handOver does the verbs that change who has the matter, or a branch of it.
func (c *course) handOver() {
	switch c.a.Does {
	case Claim:
		c.did(Event{Branch: c.m.Branch})
		c.give(c.r.unitOf(c.m.Branch), c.actor().Who)
	case Release:
		c.did(Event{Branch: c.m.Branch})
		c.give(c.r.unitOf(c.m.Branch), "")
	case Assign:
		c.assigning()
	case Transfer, Reassign:
		if c.m.Staff != "" && c.m.Staff == c.held() {
			c.refuse(errs.New(errs.Conflict, "flow.same_person"))
			return
		}
		c.did(Event{Branch: c.m.Branch, Staff: c.m.Staff, Unit: c.m.Unit})
		c.give(c.named())
	case Delegate:
		if c.m.Staff == c.r.Holder {
			c.refuse(errs.New(errs.Conflict, "flow.same_person"))
			return
		}
		c.did(Event{Staff: c.m.Staff})
		c.add(Event{Kind: EventDelegated, Staff: c.m.Staff})
	case HandBack, TakeBack:
		c.did(Event{})
		c.add(Event{Kind: EventHandedBack})
	}
}

// assigning gives the matter to whom the mover named, in the next state if the action has one.
func (c *course) assigning() {
	if c.waits() && !c.a.Despite && !c.a.Along && len(c.a.targets()) > 0 {
		c.refuse(errs.New(errs.Conflict, "flow.waits"))
		return
	}
	c.did(Event{Staff: c.m.Staff, Unit: c.m.Unit})
	if len(c.a.targets()) == 0 {
		c.give(c.named())
		return
	}
	if c.a.Names == "" {
		c.a.Names = NameAny
	}
	c.enter(c.way(), Event{})
}

// named is the unit and person that the move names; a person brings their own unit.
func (c *course) named() (int64, Who) {
	switch {
	case c.m.Staff != "" && c.f.People[c.m.Staff].Unit != 0:
		return c.f.People[c.m.Staff].Unit, c.m.Staff
	case c.m.Unit != 0:
		return c.m.Unit, c.m.Staff
	}
	return c.r.unitOf(c.m.Branch), c.m.Staff
}

// give puts the matter, or the branch that the move is about, into somebody's hands. A branch stays with its unit.
func (c *course) give(unit int64, who Who) {
	if b, ok := c.r.Branch(c.m.Branch); ok {
		if unit != b.Unit {
			c.refuse(errs.New(errs.Invalid, "flow.branch_unit"))
			return
		}
		c.add(Event{Kind: EventAssigned, Branch: b.ID, Unit: unit, Staff: who})
		return
	}
	c.assign(unit, who)
}
