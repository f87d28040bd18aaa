package flow

import "slices"

// Succession is what happens to a matter when somebody leaves: another takes their place in what is still to come.
type Succession struct {
	At      int64
	By      Who // who decided it
	From    Who
	To      Who
	Watches bool // To is given the copies that From was given; else they end
}

// Succeed returns the events by which To takes what From has in a matter: the matter itself, a branch, a delegation on
// either side of it, the signatures that From was asked for, and the copies. No events when there is nothing.
//
// The promises of the package hold: what To must not decide, because it is their own work, goes into the pool, and a
// signature that To must not give stays with who asked for it, to mend. Who signs already does not sign twice; that may
// conclude the signing. What From did and decided stays theirs.
func Succeed(d *Definition, r Run, s Succession) ([]Event, error) {
	if r.Ended != 0 || r.Version == 0 || s.From == s.To || s.From.StaffID() == 0 || s.To.StaffID() == 0 {
		return nil, nil
	}
	c := byHouse(d, r, s.At)
	c.m.By.Who = s.By
	c.succeedHolder(s)
	for _, b := range c.r.Branches {
		if b.Status == BranchOpen && b.Holder == s.From {
			c.add(Event{Kind: EventAssigned, Unit: b.Unit, Staff: s.To, Branch: b.ID})
		}
	}
	if slices.Contains(c.r.Watchers, s.From) {
		c.add(Event{Kind: EventUnwatched, Watch: []Who{s.From}})
		if s.Watches && !slices.Contains(c.r.Watchers, s.To) {
			c.add(Event{Kind: EventWatched, Watch: []Who{s.To}})
		}
	}
	c.succeedSigner(s) // last: it may lead on
	return c.events, c.err
}

// succeedHolder passes on the matter itself, and keeps a delegation that others are part of.
func (c *course) succeedHolder(s Succession) {
	heir := s.To
	if c.d.unbiased(c.r, c.state, heir) != nil {
		heir = ""
	}
	switch d := c.r.Delegation; {
	case d != nil && d.Owner == s.From:
		to := d.To
		c.assign(c.r.Unit, heir)
		if heir != "" && heir != to {
			c.add(Event{Kind: EventDelegated, Staff: to})
		}
	case d != nil && d.To == s.From:
		owner := d.Owner
		c.add(Event{Kind: EventHandedBack})
		if heir != "" && heir != owner {
			c.add(Event{Kind: EventDelegated, Staff: heir})
		}
	case c.r.Holder == s.From:
		c.assign(c.r.Unit, heir)
	}
}

// succeedSigner puts the heir into each signature that is still waited for.
func (c *course) succeedSigner(s Succession) {
	if c.r.Signing == nil || c.d.unbiased(c.r, c.state, s.To) != nil {
		return
	}
	fewer := false
	for _, slot := range c.r.Signing.Slots {
		if slot.Who != s.From || slot.State != SlotWaiting {
			continue
		}
		has := slices.ContainsFunc(c.r.Signing.Slots, func(o Slot) bool { return o.Who == s.To && o.State != SlotRemoved })
		if !has && !c.r.Signing.signed(s.To) {
			c.add(Event{Kind: EventSignerAdded, Added: c.successor(slot, s.To), Blocks: c.behind(slot.ID)})
		} else {
			fewer = true
		}
		c.add(Event{Kind: EventSignerRemoved, Slot: slot.ID})
	}
	if fewer {
		c.m.By.Who = System // what follows is nobody's deed, least of all of who let somebody go
		c.conclude()
	}
}

// successor is a signature in the place of another.
func (c *course) successor(slot Slot, who Who) *Slot {
	return &Slot{ID: len(c.r.Signing.Slots) + 1, Who: who, Waits: slices.Clone(slot.Waits), State: SlotWaiting, Added: slot.Added}
}

// behind are the signatures that wait for one.
func (c *course) behind(id int) []int {
	var list []int
	for _, s := range c.r.Signing.Slots {
		if slices.Contains(s.Waits, id) && s.State == SlotWaiting {
			list = append(list, s.ID)
		}
	}
	return list
}
