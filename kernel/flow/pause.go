package flow

import "weizheng/platform/errs"

// wait does suspension and correction by the outside party.
func (c *course) wait() {
	switch c.a.Does {
	case Suspend:
		if c.m.Until != 0 && c.m.Until <= c.m.At {
			c.refuse(errs.InvalidFields([]errs.Field{{Field: "until", Key: "flow.until"}}))
			return
		}
		c.did(Event{Until: c.m.Until})
		c.add(Event{Kind: EventHeld, Until: c.m.Until, Reason: c.m.Reason})
	case Resume:
		c.did(Event{})
		c.add(Event{Kind: EventResumed})
	case Ask:
		from, unit := c.r.State, c.r.Unit
		c.did(Event{Items: c.m.Items})
		c.enter(c.way(), Event{})
		c.add(Event{Kind: EventAsked, Items: c.m.Items, From: from, Unit: unit})
	case Supply:
		to, back := c.supplyTo(), c.a.To == ""
		c.did(Event{})
		c.add(Event{Kind: EventSupplied})
		c.enter(to, Event{Back: back})
	}
}

// supplyTo is where the matter goes when the outside party has added: where the action says, else where it was asked.
func (c *course) supplyTo() string {
	if c.a.To != "" {
		return c.a.To
	}
	return c.r.Asked.From
}
