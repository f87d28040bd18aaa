package flow

import (
	"slices"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

// fits: the run is such that the verb makes sense.
func (c *course) fits() error {
	r := c.r
	none := func(missing bool) error {
		if missing {
			return errs.New(errs.Conflict, "flow.nothing")
		}
		return nil
	}
	switch c.a.Does {
	case Go, Return, Mended:
		return c.free()
	case Claim:
		return none(c.held() != "")
	case Release:
		return none(c.held() == "" || c.m.Branch == 0 && !c.state.pooled())
	case Transfer, Delegate:
		return none(r.Delegation != nil || c.held() == "")
	case Join:
		return none(r.Signing != nil)
	case Answer, Decline, Drop:
		return none(c.m.Branch == 0)
	case Agree, Refuses:
		_, ok := c.d.slotFor(r, c.actor())
		return none(!ok || c.state.Signing == nil)
	case AddSigner, RemoveSigner:
		return none(r.Signing == nil || c.state.Signing == nil)
	case Withdraw:
		return none(r.Sent == nil)
	case Suspend:
		return none(r.Hold != nil)
	case Resume:
		return none(r.Hold == nil)
	case Supply:
		return none(r.Asked == nil)
	case Extend:
		return none(r.Extension != nil || len(c.extendable()) == 0)
	case Grant, Deny:
		return c.notRequester()
	case Reopen:
		return c.inTerm()
	}
	return nil
}

// held is who holds what the move is about: the branch that it names, else the matter.
func (c *course) held() Who {
	if b, ok := c.r.Branch(c.m.Branch); ok {
		return b.Holder
	}
	return c.r.Holder
}

// pooled reports whether people other than the holder could take the matter up again.
func (s State) pooled() bool {
	return slices.ContainsFunc(s.Acts, func(x Selector) bool {
		_, role := x.Role()
		return role || x == ByUnit || x == ByLead
	})
}

// free: nothing that the step waits for is open, or the action goes on despite it; and what was returned for mending goes
// the way it should.
func (c *course) free() error {
	if c.a.Does != Return && !c.a.Despite && !c.a.Along && c.waits() {
		return errs.New(errs.Conflict, "flow.waits")
	}
	if c.r.Signing != nil && c.a.Does == Go && !c.a.Despite {
		return errs.New(errs.Conflict, "flow.signing")
	}
	direct := c.r.Returned != nil && c.r.Returned.Direct
	switch {
	case c.a.Does == Go && direct:
		return errs.New(errs.Conflict, "flow.mend_direct")
	case c.a.Does == Mended && !direct, c.a.Does == Return && len(c.steps()) == 0:
		return errs.New(errs.Conflict, "flow.nothing")
	}
	return nil
}

// waits reports whether branches or sub-matters are open.
func (c *course) waits() bool {
	return slices.ContainsFunc(c.r.Branches, func(b Branch) bool { return b.Status == BranchOpen }) ||
		slices.ContainsFunc(c.r.Children, func(s SubMatter) bool { return s.Open })
}

// steps are the earlier states that the action may return to: passed, not gone back over, allowed by the definition.
func (c *course) steps() []string {
	var list []string
	for _, s := range c.r.Steps {
		state, _ := c.d.State(s.State)
		allowed := len(c.a.Steps) == 0 || slices.Contains(c.a.Steps, s.State)
		if !s.Undone && s.State != c.r.State && allowed && !state.End && !slices.Contains(list, s.State) {
			list = append(list, s.State)
		}
	}
	return list
}

func (c *course) notRequester() error {
	x := c.r.Extension
	if x == nil {
		return errs.New(errs.Conflict, "flow.nothing")
	}
	for _, who := range names(c.m.By.Who, c.of) {
		if who == x.By || who == x.For {
			return errs.New(errs.Denied, "flow.own_request")
		}
	}
	return nil
}

// inTerm: reopening is possible up to the end of the last day; the day of the end does not count (民法典 201).
func (c *course) inTerm() error {
	if c.r.Ended == 0 {
		return errs.New(errs.Conflict, "flow.nothing")
	}
	if c.a.Within <= 0 {
		return nil
	}
	last := clock.StartOfDay(clock.FromMillis(c.r.Ended)).AddDate(0, 0, c.a.Within+1)
	if !clock.FromMillis(c.m.At).Before(last) {
		return errs.New(errs.Conflict, "flow.term_over").With("days", c.a.Within)
	}
	return nil
}
