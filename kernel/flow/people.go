package flow

import (
	"slices"

	"weizheng/platform/errs"
)

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
