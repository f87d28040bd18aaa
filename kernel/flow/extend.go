package flow

import (
	"slices"

	"weizheng/platform/errs"
)

// moreTime does extension: somebody asks, somebody else grants or denies; as often and as long as the clock's definition
// allows, no longer than its original term unless it says so.
func (c *course) moreTime() {
	if c.a.Does == Extend {
		c.askTime()
		return
	}
	x := *c.r.Extension
	c.did(Event{Clock: x.Clock, Amount: x.Amount})
	if c.a.Does == Deny {
		c.add(Event{Kind: EventExtensionDenied, Clock: x.Clock, Reason: c.m.Reason})
		return
	}
	c.add(Event{Kind: EventExtensionGranted, Clock: x.Clock, Amount: x.Amount})
	c.add(Event{Kind: EventClockExtended, Clock: x.Clock, Amount: x.Amount})
}

func (c *course) askTime() {
	ids := c.extendable()
	id := c.m.Clock
	if id == "" && len(ids) == 1 {
		id = ids[0]
	}
	k, ok := c.r.ClockByID(id)
	if !ok || !slices.Contains(ids, id) {
		c.refuse(errs.InvalidFields([]errs.Field{{Field: "clock", Key: "flow.missing"}}))
		return
	}
	def, _ := c.d.Clock(k.Name)
	if most := def.most(); c.m.Amount > most {
		c.refuse(errs.InvalidFields([]errs.Field{{Field: AskAmount, Key: "flow.too_long", Params: map[string]any{"max": most}}}))
		return
	}
	c.did(Event{Clock: id, Amount: c.m.Amount})
	c.add(Event{Kind: EventExtensionAsked, Clock: id, Amount: c.m.Amount, Reason: c.m.Reason})
}

// most is how much one extension may add, in the rule's own unit: mostly its original amount (延期不超过原期限).
func (def ClockDef) most() int64 {
	if def.Extends.Max > 0 {
		return def.Extends.Max
	}
	return def.Rule.Amount
}

// extendable lists the clocks that the action may still extend.
func (c *course) extendable() []string {
	var ids []string
	for _, k := range c.r.Clocks {
		def, _ := c.d.Clock(k.Name)
		if k.Status != ClockStopped && k.Times < def.Extends.Times && (c.a.Clock == "" || c.a.Clock == k.Name) {
			ids = append(ids, k.ID())
		}
	}
	return ids
}
