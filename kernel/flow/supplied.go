package flow

import (
	"slices"

	"weizheng/platform/errs"
)

// What an option asks for; see Option.Asks.
const (
	AskReason   = "reason"
	AskEvidence = "evidence"
	AskStaff    = "staff"
	AskUnit     = "unit"
	AskAny      = "any" // a unit or a person
	AskUnits    = "units"
	AskSigners  = "signers"
	AskSlot     = "slot"
	AskWatch    = "watch"
	AskState    = "state"
	AskItems    = "items"
	AskAmount   = "amount"
)

// asks lists what the move must say with the action.
func (c *course) asks() []string {
	var list []string
	if c.needsReason() {
		list = append(list, AskReason)
	}
	if c.a.Evidence {
		list = append(list, AskEvidence)
	}
	switch c.a.Names {
	case NameStaff:
		list = append(list, AskStaff)
	case NameUnit:
		list = append(list, AskUnit)
	case NameAny:
		list = append(list, AskAny)
	}
	if c.needsSigners() {
		list = append(list, AskSigners)
	}
	switch c.a.Does {
	case Assign, Transfer, Reassign:
		if c.a.Names == "" {
			list = append(list, AskAny)
		}
	case Delegate:
		list = append(list, AskStaff)
	case Join:
		list = append(list, AskUnits)
	case AddSigner:
		list = append(list, AskSigners)
	case RemoveSigner:
		list = append(list, AskSlot)
	case Copy, Uncopy:
		list = append(list, AskWatch)
	case Return:
		list = append(list, AskState)
	case Ask:
		list = append(list, AskItems)
	case Extend:
		list = append(list, AskAmount)
	}
	return list
}

// needsReason: what goes against somebody, undoes something or asks for time is never done without a word.
func (c *course) needsReason() bool {
	switch c.a.Does {
	case Return, Decline, Drop, Refuses, Suspend, Extend, Deny, Cancel, Reopen, RemoveSigner:
		return true
	case Go, Mended:
		if c.a.Despite && (c.waits() || c.r.Signing != nil) {
			return true
		}
	}
	return c.a.Reason || c.a.Verdict == Refuse
}

// needsSigners: the state that the action leads to collects signatures of people who are not fixed by role.
func (c *course) needsSigners() bool {
	if c.a.Does == AddSigner || c.a.Does == Mended {
		return false
	}
	if c.a.Names == NameSigners {
		return true
	}
	for _, to := range c.a.targets() {
		if s, ok := c.d.State(to); ok && s.Signing != nil && len(s.Signing.Roles) == 0 {
			return true
		}
	}
	return false
}

// targets are the states that an action may lead to by itself.
func (a Action) targets() []string {
	var list []string
	for _, w := range a.Ways {
		list = append(list, w.To)
	}
	if a.To != "" {
		list = append(list, a.To)
	}
	return list
}

// supplied says what the move lacks: all missing things at once, then the guards.
func (c *course) supplied() error {
	var faults []errs.Field
	missing := func(field string, is bool) {
		if is {
			faults = append(faults, errs.Field{Field: field, Key: "flow.missing"})
		}
	}
	for _, ask := range c.asks() {
		missing(ask, c.lacks(ask))
	}
	if c.a.Does == Suspend && len(c.a.Reasons) > 0 && c.m.Reason != "" && !slices.Contains(c.a.Reasons, c.m.Reason) {
		faults = append(faults, errs.Field{Field: AskReason, Key: "flow.reason_unknown"})
	}
	faults = append(faults, c.fieldFaults()...)
	if err := errs.InvalidFields(faults); err != nil {
		return err
	}
	if err := c.people(); err != nil {
		return err
	}
	return c.guarded()
}

func (c *course) lacks(ask string) bool {
	m := c.m
	switch ask {
	case AskReason:
		return m.Reason == ""
	case AskEvidence:
		return len(m.Evidence) == 0
	case AskStaff:
		return m.Staff == ""
	case AskUnit:
		return m.Unit == 0
	case AskAny:
		return m.Unit == 0 && m.Staff == ""
	case AskUnits:
		return len(m.Units) == 0
	case AskSigners:
		return len(m.Signers) == 0
	case AskSlot:
		return m.Slot == 0
	case AskWatch:
		return len(m.Watch) == 0
	case AskState:
		return !slices.Contains(c.steps(), m.State)
	case AskItems:
		return len(m.Items) == 0 || slices.Contains(m.Items, "")
	case AskAmount:
		return m.Amount <= 0
	}
	return false
}

// fieldFaults: what is filled in must be open to the mover, and what must be filled when the matter goes forward is.
func (c *course) fieldFaults() []errs.Field {
	var faults []errs.Field
	open := slices.Concat(c.state.Edits, c.state.Fills, c.a.Fields)
	if c.r.Returned != nil {
		open = append(open, c.r.Returned.Mend...)
	}
	for _, f := range slices.Concat(c.m.Filled, c.m.Emptied) {
		if !slices.Contains(open, f) {
			faults = append(faults, errs.Field{Field: f, Key: "flow.field_closed"})
		}
	}
	for _, f := range c.missingFields() {
		if !slices.Contains(c.m.Filled, f) {
			faults = append(faults, errs.Field{Field: f, Key: "flow.missing"})
		}
	}
	return faults
}

// missingFields are those that the action needs and that have no value yet.
func (c *course) missingFields() []string {
	need := slices.Clone(c.a.Fields)
	forward := c.a.Does == Go || c.a.Does == Mended
	if forward && !c.a.Bare && c.a.Verdict != Refuse {
		need = append(need, c.state.Fills...)
	}
	var missing []string
	for _, f := range need {
		has := slices.Contains(c.r.Filled, f) && !slices.Contains(c.m.Emptied, f)
		if !has && !slices.Contains(missing, f) {
			missing = append(missing, f)
		}
	}
	if forward && c.r.Returned != nil && !c.a.Bare {
		missing = union(missing, c.r.Returned.Left...)
	}
	return missing
}

// people: everybody whom the move names is known, able to act there and not judge of their own work.
func (c *course) people() error {
	to := c.state
	if t := c.a.targets(); len(t) > 0 {
		name := c.way()
		if c.err != nil {
			return c.err
		}
		to, _ = c.d.State(name)
	}
	named := slices.Clone(c.m.Signers)
	if c.m.Staff != "" {
		named = append(named, c.m.Staff)
	}
	for _, who := range slices.Concat(named, c.m.Watch) {
		if p, ok := c.f.People[who]; !ok || p.Who != who || who.StaffID() == 0 {
			return errs.New(errs.Invalid, "flow.person").With("who", string(who))
		}
	}
	r := c.sentOn(to)
	for _, who := range named {
		if err := c.d.unbiased(r, to, who); err != nil {
			return err
		}
	}
	if c.m.Staff != "" && c.m.Branch == 0 && c.a.Does != Delegate && !c.d.able(r, to, c.f.People[c.m.Staff]) {
		return errs.New(errs.Invalid, "flow.unable")
	}
	units := slices.Clone(c.m.Units)
	if c.m.Unit != 0 {
		units = append(units, c.m.Unit)
	}
	for _, u := range units {
		if !slices.Contains(c.f.Units, u) {
			return errs.New(errs.Invalid, "flow.unit")
		}
	}
	return nil
}

// sentOn is the run with the mover counted among the authors when the move sends it for review.
func (c *course) sentOn(to State) Run {
	r := c.r
	if to.Review && !c.state.Review {
		r.Authors = union(slices.Clone(r.Authors), names(c.m.By.Who, c.of)...)
	}
	return r
}

// able reports whether a person can act in a state: where it is for the holders of roles, they must hold one.
func (d *Definition) able(r Run, state State, p Person) bool {
	roles := false
	for _, s := range state.Acts {
		name, ok := s.Role()
		if !ok {
			continue
		}
		roles = true
		unit := r.Owner
		if def, _ := d.Role(name); def.At == HandlingUnit {
			unit = p.Unit
		}
		if slices.Contains(p.Roles, RoleIn{Role: name, Unit: unit}) {
			return true
		}
	}
	return !roles
}

// guarded: the guards hold, and the clock that must have run out first has.
func (c *course) guarded() error {
	for _, g := range c.a.Guards {
		if !c.f.Guards[g.ID()] {
			return errs.New(errs.Conflict, "flow.guard").With("guard", g.Name)
		}
	}
	if c.a.After == "" {
		return nil
	}
	k, ok := c.r.Clock(c.a.After, 0)
	due, known := c.f.Due[k.ID()]
	if !ok || !known || due > c.m.At {
		return errs.New(errs.Conflict, "flow.too_early")
	}
	return nil
}
