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

// FieldPath is where a fault of a form's field stands among the faults of a move: a field may be called "reason".
func FieldPath(field string) string { return "values." + field }

// fieldFaults: what is filled in must be open to the mover, and what must be filled when the matter goes forward is. What the
// form does not ask for nobody must fill in, and it goes whoever's field it is.
func (c *course) fieldFaults() []errs.Field {
	var faults []errs.Field
	open := c.open()
	for _, f := range slices.Concat(c.m.Filled, c.m.Emptied) {
		gone := slices.Contains(c.f.Hidden, f) && !slices.Contains(c.m.Filled, f)
		if !gone && !slices.Contains(open, f) {
			faults = append(faults, errs.Field{Field: FieldPath(f), Key: "flow.field_closed"})
		}
	}
	if c.a.Does == Return {
		to, _ := c.d.State(c.m.State)
		mendable := slices.Concat(c.r.Filled, to.Edits, to.Fills)
		for _, f := range c.m.Mend {
			if !slices.Contains(mendable, f) {
				faults = append(faults, errs.Field{Field: "mend", Key: "flow.field_closed"})
			}
		}
	}
	for _, f := range c.missingFields() {
		if !slices.Contains(c.m.Filled, f) {
			faults = append(faults, errs.Field{Field: FieldPath(f), Key: "flow.missing"})
		}
	}
	return faults
}

// open are the fields that may be given a value with the action.
func (c *course) open() []string {
	open := slices.Concat(c.state.Edits, c.state.Fills, c.a.Fields)
	if c.r.Returned != nil {
		open = append(open, c.r.Returned.Mend...)
	}
	return open
}

// onward: the action leads forward, so that the step's work must be whole.
func (c *course) onward() bool {
	forward := c.a.Does == Go || c.a.Does == Mended || c.a.Does == ""
	return forward && !c.a.Bare && c.a.Verdict != Refuse
}

// Fields lists the fields that may be given values with an action in the present state; whole reports whether the step's
// work must be whole with it, for it leads forward. An action that is not there has none.
func (d *Definition) Fields(r Run, action string) (open []string, whole bool) {
	c := &course{d: d, r: r}
	c.a, _ = d.Action(action)
	c.state, _ = d.State(r.State)
	return c.open(), c.onward()
}

// FieldNames lists the fields of the form that a definition speaks of anywhere.
func (d *Definition) FieldNames() []string {
	var names []string
	for _, s := range d.States {
		names = union(names, slices.Concat(s.Sees, s.Edits, s.Fills)...)
	}
	for _, a := range d.Actions {
		names = union(names, a.Fields...)
	}
	return names
}

// missingFields are those that the action needs and that have no value yet.
func (c *course) missingFields() []string {
	need := slices.Clone(c.a.Fields)
	if c.onward() {
		need = append(need, c.state.Fills...)
	}
	var missing []string
	for _, f := range need {
		has := slices.Contains(c.r.Filled, f) && !slices.Contains(c.m.Emptied, f)
		if !has && !slices.Contains(missing, f) {
			missing = append(missing, f)
		}
	}
	if forward := c.a.Does == Go || c.a.Does == Mended; forward && c.r.Returned != nil && !c.a.Bare {
		missing = union(missing, c.r.Returned.Left...)
	}
	return slices.DeleteFunc(missing, func(f string) bool { return slices.Contains(c.f.Hidden, f) })
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
