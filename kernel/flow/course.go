package flow

import (
	"weizheng/platform/errs"
)

// course is one decision on its way: each event is applied as soon as it is found, so that what follows sees the run as
// it will be, and Decide and Apply cannot disagree.
type course struct {
	d      *Definition
	r      Run
	m      Move
	f      Facts
	a      Action
	state  State // where the move finds the matter
	of     Who   // in whose name
	events []Event
	err    error
}

// stamp fills in what every event of the move shares.
func (c *course) stamp(e Event) Event {
	e.At = c.m.At
	if e.By == "" {
		e.By = c.m.By.Who
		e.For = c.of
	}
	if e.Action == "" {
		e.Action = c.a.Name
	}
	return e
}

// add applies an event and fires the triggers that lie in it. The first failure ends the course.
func (c *course) add(e Event) {
	if c.err != nil {
		return
	}
	e = c.stamp(e)
	next, err := Apply(c.d, c.r, e)
	if err != nil {
		c.err = errs.New(errs.Internal, "internal").Because(errs.Wrap(err, "event %s of %s", e.Kind, c.d.Key))
		return
	}
	c.r = next
	c.events = append(c.events, e)
	switch e.Kind {
	case EventOpened:
		c.fire(OnOpen)
		c.fire(OnEnter(e.State))
	case EventDid:
		c.fire(OnDo(e.Action))
	case EventEntered:
		c.fire(OnLeave(e.From))
		c.fire(OnEnter(e.State))
	case EventBranchOpened:
		c.startBranchClocks(e.Branch)
	case EventBranchEnded:
		c.stopBranchClocks(e.Branch)
	}
}

func (c *course) refuse(err error) {
	if c.err == nil {
		c.err = err
	}
}

// enter brings the matter into a state, closes what the old one had open, settles who has it there, and ends it at an
// end.
func (c *course) enter(to string, e Event) {
	c.closeOpen(to)
	e.Kind, e.State, e.From = EventEntered, to, c.r.State
	holder, delegation := c.r.Holder, c.r.Delegation
	if delegation != nil {
		holder = delegation.Owner
	}
	c.add(e)
	if c.err != nil {
		return
	}
	state, _ := c.d.State(to)
	if state.End {
		c.add(Event{Kind: EventEnded, Outcome: state.Outcome})
		c.stopAll()
		return
	}
	c.settle(state, holder, e.Back)
	c.openSigning(state)
}

// closeOpen drops what the present state still waits for. Branches and sub-matters go along where the action says so, and
// where a legal fiction moves the matter; nothing goes along into an end.
func (c *course) closeOpen(to string) {
	if c.r.Signing != nil {
		c.add(Event{Kind: EventSigningClosed})
	}
	next, _ := c.d.State(to)
	if (c.a.Along || c.m.By.Who == System) && !next.End {
		return
	}
	for _, b := range c.r.Branches {
		if b.Status == BranchOpen {
			c.add(Event{Kind: EventBranchEnded, Branch: b.ID, Outcome: string(BranchDropped), Reason: c.m.Reason})
		}
	}
	for _, child := range c.r.Children {
		if child.Open {
			c.add(Event{Kind: EventChildEnded, Child: child.Ref, Outcome: string(BranchDropped), Reason: c.m.Reason})
		}
	}
}

// settle says who has the matter in the state that it just entered: whom the mover named, on the way back who had it
// there, else whom the state's first selector means. Nobody named is the pool.
func (c *course) settle(state State, before Who, back bool) {
	switch {
	case c.a.Names != "" && c.a.Names != NameSigners && c.m.Staff != "":
		c.assign(c.f.People[c.m.Staff].Unit, c.m.Staff)
		return
	case c.a.Names != "" && c.a.Names != NameSigners && c.m.Unit != 0:
		c.assign(c.m.Unit, "")
		return
	case back:
		if step, ok := c.before(state.Name); ok {
			c.assign(step.Unit, step.Holder)
			return
		}
	}
	unit, who := c.r.Unit, Who("")
	var first Selector
	if len(state.Acts) > 0 {
		first = state.Acts[0]
	}
	holder, isHolder := first.Holder()
	switch {
	case first == ByAssignee && before != "":
		who = before
	case first == ByAssignee && c.m.By.Who.StaffID() > 0:
		who = c.actor().Who
	case first == ByAssignee:
		who, unit = c.r.lastStaff()
	case first == ByOpener && c.r.Opener.StaffID() > 0:
		who, unit = c.r.Opener, c.r.Owner
	case first == ByOutside:
		who = c.r.Outside
	case isHolder:
		if step, ok := c.r.lastStep(holder); ok {
			who, unit = step.Holder, step.Unit
		}
	}
	c.assign(unit, who)
}

// before is the stay in a state before the present one.
func (c *course) before(state string) (Step, bool) {
	past := c.r
	past.Steps = past.Steps[:len(past.Steps)-1]
	return past.lastStep(state)
}

func (c *course) assign(unit int64, who Who) {
	c.add(Event{Kind: EventAssigned, Unit: unit, Staff: who})
}

// openSigning asks for the signatures of a state: one of each role, or of those whom the mover named; where the matter
// comes back to it, of those who signed there before. A mover names nobody beside fixed roles unless the action says so.
func (c *course) openSigning(state State) {
	if state.Signing == nil || c.err != nil {
		return
	}
	g := &Slots{Mode: state.Signing.Mode, Percent: state.Signing.Percent}
	slot := func(s Slot) {
		s.ID, s.State = len(g.Slots)+1, SlotWaiting
		if g.Mode == ModeOrder && s.ID > 1 {
			s.Waits = []int{s.ID - 1}
		}
		g.Slots = append(g.Slots, s)
	}
	for _, role := range state.Signing.Roles {
		slot(Slot{Role: role})
	}
	var signers []Who
	if len(state.Signing.Roles) == 0 || c.a.Names == NameSigners {
		signers = c.m.Signers
	}
	if len(g.Slots)+len(signers) == 0 || !c.needsSigners() && len(state.Signing.Roles) == 0 {
		step, _ := c.before(state.Name)
		signers = step.Signers
	}
	for _, who := range signers {
		slot(Slot{Who: who})
	}
	c.add(Event{Kind: EventSigningOpened, Slots: g})
}
