package flow

import "slices"

func (r *Run) opened(d *Definition, e Event) bool {
	if _, ok := d.State(e.State); !ok || !e.By.Valid() || e.At <= 0 {
		return false
	}
	r.Flow, r.State, r.Since, r.Opened = d.Key, e.State, e.At, e.At
	r.Owner, r.Unit = e.Unit, e.Unit
	r.Opener, r.Outside = e.By, e.Outside
	r.Filled = union(r.Filled, e.Filled...)
	r.Authors = union(r.Authors, names(e.By, e.For)...)
	r.Steps = []Step{{State: e.State, At: e.At, Unit: e.Unit}}
	return true
}

// passive verbs leave the matter as it lies: they do not count as somebody having begun.
func passive(v Verb) bool {
	return v == Urge || v == Copy || v == Uncopy || v == Note || v == Withdraw
}

// did notes what a person did: counts, fields, authorship and judgement.
func (r *Run) did(d *Definition, e Event) {
	if r.Counts == nil {
		r.Counts = map[string]int{}
	}
	r.Counts[e.Action]++
	if !passive(e.Does) {
		r.Sent = nil
	}
	r.Filled = union(r.Filled, e.Filled...)
	r.Filled = slices.DeleteFunc(r.Filled, func(f string) bool { return slices.Contains(e.Emptied, f) })
	if r.Returned != nil {
		r.Returned.Left = slices.DeleteFunc(r.Returned.Left, func(f string) bool { return slices.Contains(e.Filled, f) })
	}
	r.handled(e)
	state, _ := d.State(r.State)
	switch {
	case state.Review && judges(e.Does):
		r.Judges = append(r.Judges, Judged{State: r.State, Who: e.By, For: e.For, Verdict: e.Verdict, At: e.At})
	case !state.Review && len(e.Filled)+len(e.Emptied) > 0:
		r.Authors = union(r.Authors, names(e.By, e.For)...)
	}
}

// handled notes who moved a matter on straight from the pool: to them it comes back, and they are who held it.
func (r *Run) handled(e Event) {
	moves := e.Does == Go || e.Does == Return || e.Does == Assign || e.Does == Join || e.Does == Ask
	if !moves || r.Holder != "" || e.By.StaffID() == 0 || len(r.Steps) == 0 {
		return
	}
	last := &r.Steps[len(r.Steps)-1]
	last.Holder = e.By
	if e.For != "" {
		last.Holder = e.For
	}
}

// judges reports whether a verb decides in a review state.
func judges(v Verb) bool { return v == Go || v == Return || v == Agree || v == Refuses || v == Mended }

func (r *Run) entered(d *Definition, e Event) bool {
	to, ok := d.State(e.State)
	if !ok {
		return false
	}
	from, _ := d.State(r.State)
	if e.By != System && to.Review && !from.Review && !e.Back {
		r.Authors = union(r.Authors, names(e.By, e.For)...)
	}
	r.Sent = nil
	if !e.Back && e.By != System {
		r.Sent = &Sent{By: e.By, For: e.For, From: r.State, Unit: r.Unit, Holder: r.Holder}
	}
	if e.Back {
		r.undo(e.State)
	}
	r.Steps = append(r.Steps, Step{State: e.State, At: e.At, Unit: r.Unit})
	r.State, r.Since, r.Holder = e.State, e.At, ""
	r.Delegation, r.Signing, r.Returned, r.Asked, r.Hold = nil, nil, nil, nil, nil
	return true
}

// undo marks what lies behind the latest stay in a state as gone back over.
func (r *Run) undo(state string) {
	for i, s := range slices.Backward(r.Steps) {
		if s.State == state && !s.Undone && i < len(r.Steps)-1 {
			for j := i; j < len(r.Steps); j++ {
				r.Steps[j].Undone = true
			}
			return
		}
	}
}

func (r *Run) assigned(e Event) bool {
	if e.Branch != 0 {
		b := r.branch(e.Branch)
		if b == nil || b.Status != BranchOpen {
			return false
		}
		b.Holder = e.Staff
		return true
	}
	r.Unit = e.Unit
	r.Delegation = nil
	r.hold(e.Staff)
	return true
}

// hold puts the matter into somebody's hands, here and in the present step.
func (r *Run) hold(who Who) {
	r.Holder = who
	if len(r.Steps) == 0 {
		return
	}
	last := &r.Steps[len(r.Steps)-1]
	last.Unit = r.Unit
	if who != "" {
		last.Holder = who
	}
}

func (r *Run) handedBack() bool {
	if r.Delegation == nil {
		return false
	}
	r.hold(r.Delegation.Owner)
	r.Delegation = nil
	return true
}

func (r *Run) branch(id int) *Branch {
	i := slices.IndexFunc(r.Branches, func(b Branch) bool { return b.ID == id })
	if i < 0 {
		return nil
	}
	return &r.Branches[i]
}

func (r *Run) branchEnded(e Event) bool {
	b := r.branch(e.Branch)
	if b == nil || b.Status != BranchOpen {
		return false
	}
	b.Status, b.Ended, b.By = BranchState(e.Outcome), e.At, e.By
	if b.Status == BranchAnswered {
		r.Authors = union(r.Authors, names(e.By, e.For)...)
	}
	return true
}

func (r *Run) childEnded(e Event) bool {
	for i := range r.Children {
		if r.Children[i].Ref == e.Child && r.Children[i].Open {
			r.Children[i].Open, r.Children[i].Outcome = false, e.Outcome
			return true
		}
	}
	return false
}

func (r *Run) ended(e Event) {
	r.Ended, r.Outcome, r.Holder = e.At, e.Outcome, ""
	r.Sent, r.Extension, r.Hold = nil, nil, nil
}
