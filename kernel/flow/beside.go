package flow

import (
	"slices"
	"strconv"
)

// beside does what leaves the matter where it lies.
func (c *course) beside() {
	switch c.a.Does {
	case Urge:
		c.did(Event{})
		c.add(Event{Kind: EventUrged})
	case Copy:
		c.did(Event{Watch: c.m.Watch})
		c.add(Event{Kind: EventWatched, Watch: c.m.Watch})
	case Uncopy:
		c.did(Event{Watch: c.m.Watch})
		c.add(Event{Kind: EventUnwatched, Watch: c.m.Watch})
	case Note:
		c.did(Event{})
	case Child:
		c.did(Event{})
		c.add(Event{Kind: EventChildOpened, Child: strconv.Itoa(len(c.r.Children) + 1), Flow: c.a.Flow})
	}
}

// closing voids the matter or takes it up again.
func (c *course) closing() {
	c.did(Event{})
	if c.a.Does == Reopen {
		c.add(Event{Kind: EventReopened})
	}
	c.enter(c.way(), Event{Back: c.a.Does == Reopen && slices.ContainsFunc(c.r.Steps, func(s Step) bool { return s.State == c.a.To })})
}
