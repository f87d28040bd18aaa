package flow

import (
	"slices"

	"weizheng/platform/errs"
)

// sign collects signatures, adds and removes signers, and goes on when the outcome is clear.
func (c *course) sign() {
	switch c.a.Does {
	case Agree, Refuses:
		slot, _ := c.d.slotFor(c.r, c.actor())
		verdict := Approve
		if c.a.Does == Refuses {
			verdict = Refuse
		}
		c.did(Event{Slot: slot.ID})
		c.add(Event{Kind: EventSigned, Slot: slot.ID, Verdict: verdict})
	case AddSigner:
		c.addSigners()
	case RemoveSigner:
		c.removeSigner()
	}
	c.conclude()
}

// addSigners puts signers before or after a signature: the mover's own, or the one that the move names.
func (c *course) addSigners() {
	beside, ok := c.d.slotFor(c.r, c.actor())
	if c.m.Slot != 0 {
		s := c.r.Signing.slot(c.m.Slot)
		ok = s != nil && s.State == SlotWaiting
		if ok {
			beside = *s
		}
	}
	if !ok {
		c.refuse(errs.New(errs.Invalid, "flow.slot"))
		return
	}
	for i, who := range c.m.Signers {
		twice := slices.ContainsFunc(c.r.Signing.Slots, func(s Slot) bool { return s.Who == who && s.State != SlotRemoved })
		if twice || slices.Contains(c.m.Signers[:i], who) {
			c.refuse(errs.New(errs.Invalid, "flow.signer_twice"))
			return
		}
	}
	c.did(Event{Slot: beside.ID})
	for _, who := range c.m.Signers {
		added := Slot{ID: len(c.r.Signing.Slots) + 1, Who: who, State: SlotWaiting, Added: c.actor().Who}
		blocks := []int{beside.ID}
		if c.m.Before {
			added.Waits = slices.Clone(beside.Waits)
		} else {
			added.Waits = []int{beside.ID}
			blocks = nil
			for _, s := range c.r.Signing.Slots {
				if slices.Contains(s.Waits, beside.ID) && s.State == SlotWaiting {
					blocks = append(blocks, s.ID)
				}
			}
		}
		c.add(Event{Kind: EventSignerAdded, Added: &added, Blocks: blocks})
	}
}

// removeSigner takes an open signature out; somebody must be left to sign or have signed.
func (c *course) removeSigner() {
	gone := c.r.Signing.slot(c.m.Slot)
	left := slices.ContainsFunc(c.r.Signing.Slots, func(s Slot) bool { return s.ID != c.m.Slot && s.State != SlotRemoved })
	if gone == nil || gone.State != SlotWaiting || !left {
		c.refuse(errs.New(errs.Invalid, "flow.slot"))
		return
	}
	c.did(Event{Slot: c.m.Slot, Staff: gone.Who})
	c.add(Event{Kind: EventSignerRemoved, Slot: c.m.Slot})
}

// conclude goes on when the signatures have given an outcome.
func (c *course) conclude() {
	if c.err != nil || c.r.Signing == nil {
		return
	}
	verdict := c.r.Signing.outcome()
	if verdict == "" {
		return
	}
	to := c.state.Signing.Agreed
	if verdict == Refuse {
		to = c.state.Signing.Refused
	}
	c.add(Event{Kind: EventSigningClosed, Verdict: verdict})
	c.enter(to, Event{Verdict: verdict})
}

// outcome is what the signatures say so far: Approve, Refuse, or nothing yet. Under ModeAny a signature counts only when
// those who were added after it have signed as well.
func (g *Slots) outcome() string {
	var n, agreed, refused int
	whole := false
	for _, s := range g.Slots {
		switch s.State {
		case SlotRemoved:
			continue
		case SlotAgreed:
			agreed++
			whole = whole || !g.awaited(s)
		case SlotRefused:
			refused++
		}
		n++
	}
	need := n
	if g.Mode == ModeShare {
		need = max(1, (n*g.Percent+99)/100)
	}
	switch {
	case n == 0:
		return ""
	case g.Mode == ModeAny && whole, g.Mode != ModeAny && agreed >= need:
		return Approve
	case g.Mode == ModeAny && refused == n, g.Mode != ModeAny && refused > n-need:
		return Refuse
	case g.Mode == ModeAny && agreed+refused == n:
		return Refuse
	}
	return ""
}

// awaited reports whether a signature has others after it that have not agreed.
func (g *Slots) awaited(s Slot) bool {
	return slices.ContainsFunc(g.Slots, func(o Slot) bool {
		return slices.Contains(o.Waits, s.ID) && o.State != SlotAgreed && o.State != SlotRemoved
	})
}
