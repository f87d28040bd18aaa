package flow

import "slices"

// signing applies the events of counter-signing.
func (r *Run) signing(e Event) bool {
	if e.Kind == EventSigningOpened {
		r.Signing = e.Slots.clone()
		r.noteSigners()
		return r.Signing != nil
	}
	if r.Signing == nil {
		return false
	}
	switch e.Kind {
	case EventSigningClosed:
		r.Signing = nil
		return true
	case EventSignerAdded:
		return r.signerAdded(e)
	}
	slot := r.Signing.slot(e.Slot)
	if slot == nil || slot.State != SlotWaiting {
		return false
	}
	if e.Kind == EventSignerRemoved {
		r.Signing.remove(slot)
		r.noteSigners()
		return true
	}
	slot.State, slot.By, slot.For, slot.At = SlotAgreed, e.By, e.For, e.At
	if e.Verdict == Refuse {
		slot.State = SlotRefused
	}
	return true
}

func (r *Run) signerAdded(e Event) bool {
	if e.Added == nil || r.Signing.slot(e.Added.ID) != nil {
		return false
	}
	added := *e.Added
	added.Waits = slices.Clone(added.Waits)
	r.Signing.Slots = append(r.Signing.Slots, added)
	for _, id := range e.Blocks {
		if s := r.Signing.slot(id); s != nil {
			s.Waits = union(s.Waits, added.ID)
		}
	}
	r.noteSigners()
	return true
}

// noteSigners keeps in the present step who signs there: they are asked again when the matter comes back to it.
func (r *Run) noteSigners() {
	if r.Signing == nil || len(r.Steps) == 0 {
		return
	}
	var list []Who
	for _, s := range r.Signing.Slots {
		if s.Who != "" && s.State != SlotRemoved {
			list = append(list, s.Who)
		}
	}
	r.Steps[len(r.Steps)-1].Signers = list
}

func (g *Slots) slot(id int) *Slot {
	i := slices.IndexFunc(g.Slots, func(s Slot) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &g.Slots[i]
}

// remove takes a signature out; who waited for it waits for those before it.
func (g *Slots) remove(gone *Slot) {
	gone.State = SlotRemoved
	for i := range g.Slots {
		if s := &g.Slots[i]; slices.Contains(s.Waits, gone.ID) {
			s.Waits = slices.DeleteFunc(s.Waits, func(id int) bool { return id == gone.ID })
			s.Waits = union(s.Waits, gone.Waits...)
		}
	}
}

// turned applies returns, suspensions, corrections and requests for more time.
func (r *Run) turned(e Event) bool {
	switch e.Kind {
	case EventReturned:
		r.Returned = &Returned{From: e.From, By: e.By, Unit: e.Unit, Mend: e.Mend, Left: slices.Clone(e.Mend), Direct: e.Direct}
	case EventMended:
		r.Returned = nil
	case EventHeld:
		r.Hold = &Hold{Since: e.At, Until: e.Until, By: e.By, Reason: e.Reason}
	case EventResumed:
		r.Hold = nil
	case EventAsked:
		r.Asked = &Asked{At: e.At, Items: e.Items, From: e.From, Unit: e.Unit, By: e.By}
	case EventSupplied:
		r.Asked = nil
	case EventExtensionAsked:
		r.Extension = &Extension{Clock: e.Clock, Amount: e.Amount, By: e.By, For: e.For, At: e.At, Reason: e.Reason}
	case EventExtensionDenied, EventExtensionGranted:
		r.Extension = nil
	}
	return true
}

// clock applies the events of clocks.
func (r *Run) clock(e Event) bool {
	if e.Kind == EventClockStarted {
		r.Clocks = append(r.Clocks, RunClock{Name: e.Clock, Branch: e.Branch, Round: e.Round, Status: ClockRunning, Started: e.At})
		return true
	}
	c := r.liveClock(e.Clock)
	if c == nil {
		return false
	}
	switch e.Kind {
	case EventClockPaused:
		c.Pauses = append(c.Pauses, Pause{Name: e.Pause, From: e.At, Reason: e.Reason, Evidence: e.Evidence, By: e.By})
	case EventClockResumed:
		c.endPauses(e.Pause, e.At)
	case EventClockStopped:
		c.endPauses("", e.At)
		c.Stopped = e.At
		if r.Extension != nil && r.Extension.Clock == e.Clock {
			r.Extension = nil
		}
	case EventClockExtended:
		c.Extended += e.Amount
		c.Times++
	case EventFellDue:
		c.Done = union(c.Done, e.Due)
	case EventFiction:
		c.Done = union(c.Done, e.Due)
		r.Fictions = append(r.Fictions, e.Title)
	}
	c.settle()
	return true
}

// liveClock returns the clock of that RunClock.ID while it has not stopped.
func (r *Run) liveClock(id string) *RunClock {
	for i := range r.Clocks {
		if c := &r.Clocks[i]; c.Status != ClockStopped && c.ID() == id {
			return c
		}
	}
	return nil
}

// endPauses ends the open pause of that name, or all open ones.
func (c *RunClock) endPauses(name string, at int64) {
	for i := range c.Pauses {
		if p := &c.Pauses[i]; p.To == 0 && (name == "" || p.Name == name) {
			p.To = at
		}
	}
}

func (c *RunClock) settle() {
	switch {
	case c.Stopped != 0:
		c.Status = ClockStopped
	case slices.ContainsFunc(c.Pauses, func(p Pause) bool { return p.To == 0 }):
		c.Status = ClockPaused
	default:
		c.Status = ClockRunning
	}
}
