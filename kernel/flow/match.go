package flow

import "slices"

// matches reports whether p is whom s selects in r. branch is the branch that is looked at, 0 the matter itself; pool says
// that s is one of the state's Acts, where a claim shuts the other holders of the role out.
func (d *Definition) matches(r Run, p Person, s Selector, branch int, pool bool) bool {
	if !p.Who.Valid() || p.Who == System {
		return false
	}
	switch s {
	case ByAssignee:
		return r.Holder == p.Who
	case ByUnit:
		return r.Holder == "" && p.Who.StaffID() > 0 && p.Unit == r.Unit
	case ByLead:
		return slices.Contains(p.Leads, r.unitOf(branch))
	case ByOpener:
		return r.Opener == p.Who
	case ByOutside:
		return r.Outside == p.Who
	case BySender:
		return r.Sent != nil && (r.Sent.By == p.Who || r.Sent.For == p.Who)
	case ByBranch:
		return slices.ContainsFunc(r.Branches, func(b Branch) bool { return (branch == 0 || b.ID == branch) && b.mine(p) })
	case BySigner:
		_, ok := d.slotFor(r, p)
		return ok
	case ByWatcher:
		return slices.Contains(r.Watchers, p.Who)
	}
	if state, ok := s.Holder(); ok {
		step, found := r.lastStep(state)
		return found && step.Holder == p.Who
	}
	if name, ok := s.Role(); ok {
		if pool && branch == 0 && r.Holder != "" {
			return r.Holder == p.Who
		}
		return d.holds(r, p, name, branch)
	}
	return false
}

// matchesAny reports whether p is one of those selected.
func (d *Definition) matchesAny(r Run, p Person, list []Selector, branch int, pool bool) bool {
	return slices.ContainsFunc(list, func(s Selector) bool { return d.matches(r, p, s, branch, pool) })
}

// holds reports whether p holds the role for the unit that counts.
func (d *Definition) holds(r Run, p Person, role string, branch int) bool {
	def, ok := d.Role(role)
	if !ok {
		return false
	}
	unit := r.Owner
	if def.At == HandlingUnit {
		unit = r.unitOf(branch)
	}
	return slices.Contains(p.Roles, RoleIn{Role: role, Unit: unit})
}

// mine reports whether an open branch is p's to act in.
func (b Branch) mine(p Person) bool {
	if b.Status != BranchOpen {
		return false
	}
	return b.Holder == p.Who || b.Holder == "" && p.Who.StaffID() > 0 && p.Unit == b.Unit
}

// Branch returns the branch of that id.
func (r Run) Branch(id int) (Branch, bool) {
	for _, b := range r.Branches {
		if b.ID == id {
			return b, true
		}
	}
	return Branch{}, false
}

func (r Run) unitOf(branch int) int64 {
	if b, ok := r.Branch(branch); ok {
		return b.Unit
	}
	return r.Unit
}

// lastStep is the latest stay in a state.
func (r Run) lastStep(state string) (Step, bool) {
	for _, s := range slices.Backward(r.Steps) {
		if s.State == state {
			return s, true
		}
	}
	return Step{}, false
}

// lastStaff is the member of staff who held the matter last, and where.
func (r Run) lastStaff() (Who, int64) {
	for _, s := range slices.Backward(r.Steps) {
		if s.Holder.StaffID() > 0 {
			return s.Holder, s.Unit
		}
	}
	return "", r.Unit
}

// Units lists the units in whose respect a person's roles and leadership count: where the matter was opened, where it
// lies, where its open branches are.
func (r Run) Units() []int64 {
	units := []int64{r.Owner}
	if r.Unit != r.Owner {
		units = append(units, r.Unit)
	}
	for _, b := range r.Branches {
		if b.Status == BranchOpen && !slices.Contains(units, b.Unit) {
			units = append(units, b.Unit)
		}
	}
	return units
}

// slotFor returns the signature that p can give now.
func (d *Definition) slotFor(r Run, p Person) (Slot, bool) {
	if r.Signing == nil {
		return Slot{}, false
	}
	for _, s := range r.Signing.Slots {
		if r.Signing.ready(s) && (s.Who == p.Who || s.Role != "" && d.holds(r, p, s.Role, 0)) {
			return s, true
		}
	}
	return Slot{}, false
}

// ready reports whether a signature is waited for now: it is open and those before it have agreed or are gone.
func (g *Slots) ready(s Slot) bool {
	if s.State != SlotWaiting {
		return false
	}
	return !slices.ContainsFunc(g.Slots, func(o Slot) bool {
		return slices.Contains(s.Waits, o.ID) && o.State == SlotWaiting
	})
}
