package flow

import (
	"errors"
	"maps"
	"slices"
)

// ErrEvent is an event that this version does not know or that does not fit the run; errors.Is tells.
var ErrEvent = errors.New("flow: event does not fit")

// Apply returns the run after an event. It is total and pure: r is left as it is, and an event that it does not know, or
// that speaks of something that is not there, is ErrEvent. Only the first event of a matter (EventOpened) fits the zero Run.
func Apply(d *Definition, r Run, e Event) (Run, error) {
	if (r.Version == 0) != (e.Kind == EventOpened) || e.At < r.At {
		return r, ErrEvent
	}
	next := r.clone()
	next.Version++
	next.At = e.At
	if !next.apply(d, e) {
		return r, ErrEvent
	}
	return next, nil
}

// Replay applies all events of a matter in their order.
func Replay(d *Definition, events []Event) (Run, error) {
	var r Run
	for _, e := range events {
		next, err := Apply(d, r, e)
		if err != nil {
			return r, err
		}
		r = next
	}
	return r, nil
}

// apply changes r, which is its own copy, and reports whether the event fits.
func (r *Run) apply(d *Definition, e Event) bool {
	switch e.Kind {
	case EventOpened:
		return r.opened(d, e)
	case EventDid:
		r.did(d, e)
	case EventEntered:
		return r.entered(d, e)
	case EventAssigned:
		return r.assigned(e)
	case EventDelegated:
		r.Delegation = &Delegation{Owner: r.Holder, To: e.Staff}
		r.hold(e.Staff)
	case EventHandedBack:
		return r.handedBack()
	case EventBranchOpened:
		r.Branches = append(r.Branches, Branch{ID: e.Branch, Unit: e.Unit, Opened: e.At, Status: BranchOpen})
	case EventBranchEnded:
		return r.branchEnded(e)
	case EventSigningOpened, EventSigned, EventSignerAdded, EventSignerRemoved, EventSigningClosed:
		return r.signing(e)
	case EventClockStarted, EventClockPaused, EventClockResumed, EventClockStopped, EventClockExtended, EventFellDue, EventFiction:
		return r.clock(e)
	case EventReturned, EventMended, EventHeld, EventResumed, EventAsked, EventSupplied,
		EventExtensionAsked, EventExtensionDenied, EventExtensionGranted:
		return r.turned(e)
	case EventWatched:
		r.Watchers = union(r.Watchers, e.Watch...)
	case EventUnwatched:
		r.Watchers = slices.DeleteFunc(r.Watchers, func(w Who) bool { return slices.Contains(e.Watch, w) })
	case EventUrged:
		r.Urged++
	case EventChildOpened:
		r.Children = append(r.Children, SubMatter{Ref: e.Child, Flow: e.Flow, Action: e.Action, Open: true})
	case EventChildEnded:
		return r.childEnded(e)
	case EventEnded:
		r.ended(e)
	case EventReopened:
		r.Ended, r.Outcome = 0, ""
	default:
		return false
	}
	return true
}

// clone copies everything that apply changes in place.
func (r Run) clone() Run {
	r.Filled, r.Steps, r.Authors = slices.Clone(r.Filled), slices.Clone(r.Steps), slices.Clone(r.Authors)
	r.Judges, r.Branches, r.Children = slices.Clone(r.Judges), slices.Clone(r.Branches), slices.Clone(r.Children)
	r.Watchers, r.Fictions, r.Counts = slices.Clone(r.Watchers), slices.Clone(r.Fictions), maps.Clone(r.Counts)
	r.Clocks = slices.Clone(r.Clocks)
	for i := range r.Clocks {
		c := &r.Clocks[i]
		c.Pauses, c.Done = slices.Clone(c.Pauses), slices.Clone(c.Done)
	}
	r.Signing = r.Signing.clone()
	if r.Returned != nil {
		back := *r.Returned
		back.Left = slices.Clone(back.Left)
		r.Returned = &back
	}
	return r
}

func (g *Slots) clone() *Slots {
	if g == nil {
		return nil
	}
	c := *g
	c.Slots = slices.Clone(g.Slots)
	for i := range c.Slots {
		c.Slots[i].Waits = slices.Clone(c.Slots[i].Waits)
	}
	return &c
}

// names are those of a deed who count as persons: who did it and in whose name.
func names(by, of Who) []Who {
	if of == "" || of == by {
		return []Who{by}
	}
	return []Who{by, of}
}

func union[T comparable](list []T, more ...T) []T {
	for _, x := range more {
		if !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}
