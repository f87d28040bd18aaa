package flow

import (
	"slices"

	"weizheng/platform/errs"
)

// The functions below are what time and the house itself may do to a matter. None of them decides.

// Fall is what happens when a deadline of a clock comes: id is the RunClock.ID, due the DueDef's name, at the civil time at
// which the sweep found it. No events means that it no longer matters: the clock has stopped, stands still, or it happened
// already.
func Fall(d *Definition, r Run, id, due string, at int64) ([]Event, error) {
	k, ok := r.ClockByID(id)
	def, known := d.Clock(k.Name)
	i := slices.IndexFunc(def.Due, func(x DueDef) bool { return x.Name == due })
	if !ok || !known || i < 0 {
		return nil, errs.New(errs.NotFound, "flow.deadline")
	}
	if k.Status != ClockRunning || slices.Contains(k.Done, due) || r.Ended != 0 {
		return nil, nil
	}
	x := def.Due[i]
	c := byHouse(d, r, at)
	c.add(Event{Kind: EventFellDue, Clock: id, Due: due, Level: x.Level, Names: x.Notices})
	if f := x.Fiction; f != nil && r.State == f.From {
		c.add(Event{Kind: EventFiction, Clock: id, Due: due, Title: f.Title, Source: f.Source})
		c.enter(f.To, Event{})
	}
	return c.events, c.err
}

// Wake ends a suspension whose day has come. It resumes what a person suspended until then; it decides nothing.
func Wake(d *Definition, r Run, at int64) ([]Event, error) {
	if r.Hold == nil || r.Hold.Until == 0 || r.Hold.Until > at {
		return nil, nil
	}
	c := byHouse(d, r, at)
	c.add(Event{Kind: EventResumed})
	for _, a := range d.Actions {
		if a.Does == Resume {
			c.fire(OnDo(a.Name))
		}
	}
	return c.events, c.err
}

// ChildEnded tells a matter that one of its sub-matters came to its end.
func ChildEnded(d *Definition, r Run, ref, outcome string, at int64) ([]Event, error) {
	if !slices.ContainsFunc(r.Children, func(s SubMatter) bool { return s.Ref == ref && s.Open }) {
		return nil, nil
	}
	c := byHouse(d, r, at)
	c.add(Event{Kind: EventChildEnded, Child: ref, Outcome: outcome})
	return c.events, c.err
}

// byHouse is a course in nobody's hands. The civil clock may be behind the last move by a hair on another replica; time
// never runs backwards in a matter.
func byHouse(d *Definition, r Run, at int64) *course {
	state, _ := d.State(r.State)
	return &course{d: d, r: r, m: Move{At: max(at, r.At), By: Person{Who: System}}, state: state}
}
