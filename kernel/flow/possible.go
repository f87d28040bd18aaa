package flow

import (
	"slices"

	"weizheng/platform/errs"
)

// possible says whether the mover may do the action now, whatever they would say with it: Options asks the same.
func (c *course) possible() error {
	for _, check := range []func() error{c.here, c.allowed, c.others, c.fits} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// here: the action belongs to this state, and the matter is neither over nor suspended for it.
func (c *course) here() error {
	if !c.d.from(c.a, c.state.Name) {
		return errs.New(errs.Conflict, "flow.not_here")
	}
	beside := c.a.Does == Note || c.a.Does == Copy || c.a.Does == Uncopy
	if b, ok := c.r.Branch(c.m.Branch); c.m.Branch != 0 && (!c.a.Does.ofBranch() || !ok || b.Status != BranchOpen) {
		return errs.New(errs.Conflict, "flow.nothing")
	}
	if c.r.Ended != 0 && c.a.Does != Reopen && !beside {
		return errs.New(errs.Conflict, "flow.ended")
	}
	if c.r.Hold != nil && c.a.Does != Resume && c.a.Does != Cancel && c.a.Does != Urge && !beside {
		return errs.New(errs.Conflict, "flow.held")
	}
	if most := c.a.most(); most > 0 && c.r.Counts[c.a.Name] >= most {
		return errs.New(errs.Conflict, "flow.times").With("max", most)
	}
	return nil
}

// most is how often an action may be done in one matter; 0 has no limit. The law allows one complete request for what is
// missing (行政许可法 32), and a matter is reopened once unless the definition says otherwise.
func (a Action) most() int {
	if a.Times == 0 && (a.Does == Ask || a.Does == Reopen) {
		return 1
	}
	return a.Times
}

// allowed: the mover is one of those whom the action is for.
func (c *course) allowed() error {
	p, branch := c.actor(), c.m.Branch
	ok := false
	switch by := c.by(); {
	case c.a.Does == HandBack:
		ok = c.r.Delegation != nil && c.r.Delegation.To == p.Who
	case c.a.Does == TakeBack:
		ok = c.r.Delegation != nil && c.r.Delegation.Owner == p.Who
	case branch != 0 && c.a.Does != Drop && c.a.Does != Reassign:
		b, _ := c.r.Branch(branch)
		ok = b.mine(p)
	case len(by) > 0:
		ok = c.d.matchesAny(c.r, p, by, branch, false)
	default:
		ok = c.d.acts(c.r, p, c.state)
	}
	if !ok {
		return errs.New(errs.Denied, "flow.not_yours")
	}
	return nil
}

// acts reports whether p is who has to act in the state: who holds it; while nobody does, whom its Acts select.
func (d *Definition) acts(r Run, p Person, state State) bool {
	if r.Holder != "" {
		return r.Holder == p.Who
	}
	return d.matchesAny(r, p, d.actsNow(r, state), 0, true)
}

// actsNow is who has to act in a state while nobody holds the matter. Where the definition means somebody who is not there
// (the holder of a step that was skipped), it falls to the lead of the unit, who does it or gives it to somebody: no matter
// is ever nobody's.
func (d *Definition) actsNow(r Run, state State) []Selector {
	if !state.End && state.Signing == nil && len(d.whoAll(r, state.Acts)) == 0 {
		return []Selector{ByLead}
	}
	return state.Acts
}

// by is whom an action is for; none: who acts in the state.
func (c *course) by() []Selector {
	if len(c.a.By) > 0 {
		return c.a.By
	}
	switch c.a.Does {
	case Release, Transfer, Delegate:
		return []Selector{ByAssignee}
	case Reassign:
		return []Selector{ByLead}
	case Answer, Decline:
		return []Selector{ByBranch}
	case Agree, Refuses, AddSigner:
		return []Selector{BySigner}
	case RemoveSigner, Withdraw:
		return []Selector{BySender}
	case Urge:
		return []Selector{ByOpener, ByOutside}
	case Supply:
		return []Selector{ByOutside}
	case Grant, Deny:
		return c.granters()
	}
	return nil
}

// granters may allow the extension that is asked for.
func (c *course) granters() []Selector {
	if c.r.Extension == nil {
		return nil
	}
	k, _ := c.r.ClockByID(c.r.Extension.Clock)
	def, _ := c.d.Clock(k.Name)
	return def.Extends.By
}

// others keeps people from deciding on their own work, and from taking it up for a decision.
func (c *course) others() error {
	if !c.state.Review || !judges(c.a.Does) && c.a.Does != Claim {
		return nil
	}
	for _, who := range names(c.m.By.Who, c.of) {
		if err := c.d.unbiased(c.r, c.state, who); err != nil {
			return err
		}
		if c.r.Signing != nil && (c.a.Does == Agree || c.a.Does == Refuses) && c.r.Signing.signed(who) {
			return errs.New(errs.Denied, "flow.signed")
		}
	}
	return nil
}

// unbiased says why who may not decide in a review state: it is their own work, or, where stages are kept apart, they
// decided in another one.
func (d *Definition) unbiased(r Run, state State, who Who) error {
	if !state.Review {
		return nil
	}
	if slices.Contains(r.Authors, who) {
		return errs.New(errs.Denied, "flow.own_work")
	}
	if d.Separate && slices.ContainsFunc(r.Judges, func(j Judged) bool {
		return j.State != state.Name && (j.Who == who || j.For == who)
	}) {
		return errs.New(errs.Denied, "flow.judged")
	}
	return nil
}

func (g *Slots) signed(who Who) bool {
	return slices.ContainsFunc(g.Slots, func(s Slot) bool {
		return (s.State == SlotAgreed || s.State == SlotRefused) && (s.By == who || s.For == who)
	})
}
