package flow

import "slices"

// Waiter is somebody whom a matter concerns: a person, or whoever holds a role for a unit, leads it, or works in it.
type Waiter struct {
	Who    Who    `json:"who,omitempty"`
	Role   string `json:"role,omitempty"`
	Lead   bool   `json:"lead,omitempty"` // who leads Unit
	Unit   int64  `json:"unit,omitempty"`
	Branch int    `json:"branch,omitempty"`
	Slot   int    `json:"slot,omitempty"`
}

// Waiting lists whom the matter waits for now: what stands in 我的待办. Nobody at an end.
func Waiting(d *Definition, r Run) []Waiter {
	if r.Ended != 0 || r.Version == 0 {
		return nil
	}
	var list []Waiter
	if r.Extension != nil {
		k, _ := r.ClockByID(r.Extension.Clock)
		def, _ := d.Clock(k.Name)
		list = append(list, d.whoAll(r, def.Extends.By)...)
	}
	list = append(list, r.branchWaiters()...)
	if r.Signing != nil {
		return append(list, d.signWaiters(r)...)
	}
	if r.Holder != "" {
		return append(list, Waiter{Who: r.Holder, Unit: r.Unit})
	}
	state, _ := d.State(r.State)
	return append(list, d.whoAll(r, d.actsNow(r, state))...)
}

// whoAll resolves selectors, each waiter once.
func (d *Definition) whoAll(r Run, list []Selector) []Waiter {
	var all []Waiter
	for _, s := range list {
		all = union(all, d.who(r, s)...)
	}
	return all
}

// who resolves a selector to people, or to the unit in which they are to be looked up.
func (d *Definition) who(r Run, s Selector) []Waiter {
	switch s {
	case ByUnit:
		return []Waiter{{Unit: r.Unit}}
	case ByLead:
		return []Waiter{{Unit: r.Unit, Lead: true}}
	case ByBranch:
		return r.branchWaiters()
	case BySigner:
		return d.signWaiters(r)
	}
	if role, ok := s.Role(); ok {
		return []Waiter{{Role: role, Unit: d.roleUnit(r, role)}}
	}
	var list []Waiter
	for _, who := range r.people(s) {
		if who != "" {
			list = append(list, Waiter{Who: who})
		}
	}
	return list
}

// people are those whom a selector means by name.
func (r Run) people(s Selector) []Who {
	switch s {
	case ByAssignee:
		return []Who{r.Holder}
	case ByOpener:
		return []Who{r.Opener}
	case ByOutside:
		return []Who{r.Outside}
	case ByWatcher:
		return r.Watchers
	}
	if s == BySender && r.Sent != nil {
		return []Who{r.Sent.By}
	}
	if state, ok := s.Holder(); ok {
		step, _ := r.lastStep(state)
		return []Who{step.Holder}
	}
	return nil
}

func (r Run) branchWaiters() []Waiter {
	var list []Waiter
	for _, b := range r.Branches {
		if b.Status == BranchOpen {
			list = append(list, Waiter{Who: b.Holder, Unit: b.Unit, Branch: b.ID})
		}
	}
	return list
}

func (d *Definition) signWaiters(r Run) []Waiter {
	if r.Signing == nil {
		return nil
	}
	var list []Waiter
	for _, s := range r.Signing.Slots {
		if r.Signing.ready(s) {
			list = append(list, Waiter{Who: s.Who, Role: s.Role, Unit: d.roleUnit(r, s.Role), Slot: s.ID})
		}
	}
	return list
}

// roleUnit is the unit for which a role counts in the matter itself; 0 when there is no such role.
func (d *Definition) roleUnit(r Run, role string) int64 {
	def, ok := d.Role(role)
	switch {
	case !ok:
		return 0
	case def.At == HandlingUnit:
		return r.Unit
	}
	return r.Owner
}

// Sees reports which of the form's fields who acts in the present state may see, and which they may change. all is true
// where the state leaves nothing out.
func Sees(d *Definition, r Run) (sees []string, all bool, edits []string) {
	state, _ := d.State(r.State)
	edits = union(slices.Clone(state.Edits), state.Fills...)
	if r.Returned != nil {
		edits = union(edits, r.Returned.Mend...)
	}
	return union(slices.Clone(state.Sees), edits...), len(state.Sees) == 0, edits
}
