package flow

import "weizheng/platform/errs"

// back does the verbs that go back: return with what must be mended, mended work straight to who returned it, withdrawal
// while nobody has acted.
func (c *course) back() {
	switch c.a.Does {
	case Return:
		c.giveBack()
	case Mended:
		c.mended()
	case Withdraw:
		to := *c.r.Sent
		c.did(Event{})
		c.enter(to.From, Event{Back: true})
		if to.Holder == "" {
			to.Holder = to.By
		}
		if to.Holder.StaffID() > 0 {
			c.assign(to.Unit, to.Holder)
		}
	}
}

func (c *course) giveBack() {
	direct := c.m.Direct
	switch c.a.direct() {
	case "must":
		direct = true
	case "never":
		direct = false
	}
	from, unit := c.r.State, c.r.Unit
	c.did(Event{State: c.m.State})
	c.enter(c.m.State, Event{Back: true})
	c.add(Event{Kind: EventReturned, From: from, Unit: unit, Mend: c.m.Mend, Direct: direct})
}

// mended brings the work straight back to who returned it; signatures are collected anew, because what they would sign has
// changed.
func (c *course) mended() {
	back := *c.r.Returned
	to, ok := c.d.State(back.From)
	if !ok || to.End {
		c.refuse(errs.New(errs.Conflict, "flow.nothing"))
		return
	}
	c.did(Event{})
	c.enter(back.From, Event{})
	if to.Signing == nil {
		c.assign(back.Unit, back.By)
	}
}
