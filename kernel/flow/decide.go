package flow

import "weizheng/platform/errs"

// Opening is what a matter begins with. By opened it (staff or citizen); Unit is whose matter it is.
type Opening struct {
	At      int64    `json:"at"`
	By      Person   `json:"by"`
	For     Who      `json:"for,omitempty"`     // in whose name (代办)
	Outside Who      `json:"outside,omitempty"` // the party outside; By when empty and a citizen
	Unit    int64    `json:"unit"`
	Filled  []string `json:"filled,omitempty"`
	Staff   Who      `json:"staff,omitempty"` // who has it first; empty: as the first state says
}

// Start returns the events that begin a matter.
func Start(d *Definition, o Opening) ([]Event, error) {
	if len(d.States) == 0 || d.States[0].End {
		return nil, errs.New(errs.Internal, "internal")
	}
	if o.Unit <= 0 || !o.By.Who.Valid() || o.At <= 0 {
		return nil, errs.New(errs.Invalid, "flow.opening")
	}
	if o.Outside == "" && o.By.Who.CitizenID() > 0 {
		o.Outside = o.By.Who
	}
	c := &course{d: d, m: Move{At: o.At, By: o.By}, of: o.For, state: d.States[0]}
	c.add(Event{Kind: EventOpened, State: c.state.Name, Unit: o.Unit, Outside: o.Outside, Flow: d.Key, Filled: o.Filled})
	if o.Staff != "" {
		c.assign(o.Unit, o.Staff)
	} else {
		c.settle(c.state, "", false)
	}
	return c.events, c.err
}

// Decide turns a move into events, or says why it may not be. It holds the package's promises whatever was asked; the
// events have been applied once already, so that Apply takes them all. Errors: Denied for who may not, Conflict for what
// is not possible now, Invalid with fields for what is missing.
func Decide(d *Definition, r Run, m Move, f Facts) ([]Event, error) {
	a, ok := d.Action(m.Action)
	if !ok {
		return nil, errs.New(errs.NotFound, "flow.action")
	}
	c, err := newCourse(d, r, m, f)
	if err != nil {
		return nil, err
	}
	c.about(a, m.Branch)
	for _, step := range []func() error{c.possible, c.supplied, c.run} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return c.events, nil
}

// newCourse checks who asks and when.
func newCourse(d *Definition, r Run, m Move, f Facts) (*course, error) {
	state, ok := d.State(r.State)
	if r.Version == 0 || !ok || r.Flow != d.Key {
		return nil, errs.New(errs.NotFound, "flow.run")
	}
	if m.At < r.At {
		return nil, errs.New(errs.Conflict, "flow.earlier")
	}
	if !m.By.Who.Valid() || m.By.Who == System {
		return nil, errs.New(errs.Denied, "flow.nobody")
	}
	if m.For != nil && (!f.Delegated || m.For.Who == m.By.Who || m.For.Who.StaffID() == 0 || m.By.Who.StaffID() == 0) {
		return nil, errs.New(errs.Denied, "flow.not_delegated")
	}
	return &course{d: d, r: r, m: m, f: f, state: state}, nil
}

// about sets the action that the course is about, and with it in whose name it is done: of a standing delegation's owner,
// or of who delegated this very matter.
func (c *course) about(a Action, branch int) {
	if a.Does == "" {
		a.Does = Go
	}
	c.a, c.m.Branch, c.of = a, branch, ""
	switch {
	case c.m.For != nil:
		c.of = c.m.For.Who
	case c.r.Delegation != nil && c.r.Delegation.To == c.m.By.Who && branch == 0:
		c.of = c.r.Delegation.Owner
	}
}

// actor is whose rights count: those of the person in whose name a standing delegate acts, else the mover's own.
func (c *course) actor() Person {
	if c.m.For != nil {
		return *c.m.For
	}
	return c.m.By
}

// did records the move itself, with everything that was said in it.
func (c *course) did(e Event) {
	e.Kind, e.Does, e.Verdict, e.Reason, e.Evidence = EventDid, c.a.Does, c.a.Verdict, c.m.Reason, c.m.Evidence
	e.Filled, e.Emptied, e.Names = c.m.Filled, c.m.Emptied, c.a.Notices
	if e.Verdict == "" && c.a.Does == Agree {
		e.Verdict = Approve
	}
	if e.Verdict == "" && c.a.Does == Refuses {
		e.Verdict = Refuse
	}
	c.add(e)
}

// run does what the verb says.
func (c *course) run() error {
	switch c.a.Does {
	case Go:
		c.goOn()
	case Claim, Release, Assign, Transfer, Reassign, Delegate, HandBack, TakeBack:
		c.handOver()
	case Join, Answer, Decline, Drop:
		c.joint()
	case Agree, Refuses, AddSigner, RemoveSigner:
		c.sign()
	case Return, Mended, Withdraw:
		c.back()
	case Suspend, Resume, Ask, Supply:
		c.wait()
	case Extend, Grant, Deny:
		c.moreTime()
	case Urge, Copy, Uncopy, Note, Child:
		c.beside()
	case Cancel, Reopen:
		c.closing()
	default:
		return errs.New(errs.Internal, "internal")
	}
	return c.err
}

// goOn goes where the first open way leads.
func (c *course) goOn() {
	c.did(Event{})
	c.enter(c.way(), Event{})
}

// way is where the action leads, seen with the guards' answers.
func (c *course) way() string {
	for _, w := range c.a.Ways {
		if c.f.Guards[w.When.ID()] {
			return w.To
		}
	}
	if c.a.To == "" {
		c.refuse(errs.New(errs.Conflict, "flow.no_way"))
	}
	return c.a.To
}
