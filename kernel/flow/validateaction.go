package flow

import "slices"

func (v *validator) actions() {
	for _, a := range v.d.Actions {
		at := "actions." + a.Name
		v.title(at+".title", a.Title)
		if !slices.Contains(Verbs(), a.verb()) {
			v.oneOf(at+".does", string(a.Does))
			continue
		}
		v.selectors(at+".by", a.By)
		v.fields(at+".fields", a.Fields)
		v.calls(at+".guards", "flow.check.unknown_guard", a.Guards, v.known.Guards)
		v.calls(at+".effects", "flow.check.unknown_effect", a.Effects, v.known.Effects)
		v.noticeNames(at+".notices", a.Notices)
		v.from(at+".from", a)
		v.target(at, a)
		v.details(at, a)
		v.partners(at, a)
		v.somebody(at, a)
	}
}

// from: an action begins somewhere, at an end only where its verb can.
func (v *validator) from(at string, a Action) {
	if len(a.From) == 0 {
		v.fault(at, "flow.check.from_nowhere", nil)
	}
	for _, name := range a.From {
		if name == AnyOpen {
			continue
		}
		s, ok := v.state(at, name)
		verb := a.verb()
		atEnd := verb == Reopen || verb == Note || verb == Copy || verb == Uncopy
		switch {
		case ok && s.End && !atEnd:
			v.fault(at, "flow.check.from_end", map[string]any{"name": name})
		case ok && !s.End && verb == Reopen:
			v.fault(at, "flow.check.reopen_open", map[string]any{"name": name})
		}
	}
}

// target: the verbs that lead somewhere say where, the others do not.
func (v *validator) target(at string, a Action) {
	must := a.verb() == Go || a.verb() == Ask || a.verb() == Cancel || a.verb() == Reopen
	may := must || a.verb() == Assign || a.verb() == Join || a.verb() == Supply
	for _, w := range a.Ways {
		v.calls(at+".ways", "flow.check.unknown_guard", []Call{w.When}, v.known.Guards)
	}
	switch {
	case must && a.To == "" && len(a.Ways) > 0:
		v.fault(at+".to", "flow.check.no_default", nil)
	case must && a.To == "":
		v.fault(at+".to", "flow.check.to_nowhere", nil)
	case !may && len(a.targets()) > 0:
		v.fault(at+".to", "flow.check.to_unused", nil)
	}
	for _, to := range a.targets() {
		s, ok := v.state(at+".to", to)
		switch {
		case ok && a.verb() == Cancel && s.Outcome != Void && s.Outcome != Withdrawn:
			v.fault(at+".to", "flow.check.cancel_to", nil)
		case ok && s.End && (a.verb() == Reopen || a.verb() == Ask || a.verb() == Join || a.verb() == Assign):
			v.fault(at+".to", "flow.check.open_to", nil)
		case ok && a.verb() == Ask && !slices.Contains(s.Acts, ByOutside):
			v.fault(at+".to", "flow.check.ask_to", map[string]any{"name": to})
		}
	}
}

// details: what belongs to single verbs.
func (v *validator) details(at string, a Action) {
	v.oneOf(at+".names", a.Names, "", NameUnit, NameStaff, NameAny, NameSigners)
	v.oneOf(at+".direct", a.Direct, "", "may", "must", "never")
	v.oneOf(at+".verdict", a.Verdict, "", Approve, Refuse)
	for _, s := range a.Steps {
		v.state(at+".steps", s)
	}
	v.clock(at+".clock", a.Clock)
	v.clock(at+".after", a.After)
	if a.Verdict != "" {
		for _, s := range v.d.States {
			if v.d.from(a, s.Name) && !s.Review {
				v.fault(at+".verdict", "flow.check.verdict_review", map[string]any{"name": s.Name})
			}
		}
		if a.verb() != Go {
			v.fault(at+".verdict", "flow.check.verdict_verb", nil)
		}
	}
	if (a.verb() == Child) != (a.Flow != "") || a.Flow != "" && v.known.Flows != nil && !v.known.Flows[a.Flow] {
		v.fault(at+".flow", "flow.check.unknown_flow", map[string]any{"name": a.Flow})
	}
	misplaced := func(field string, is bool) {
		if is {
			v.fault(at+field, "flow.check.not_this_verb", nil)
		}
	}
	misplaced(".steps", len(a.Steps) > 0 && a.verb() != Return)
	misplaced(".direct", a.Direct != "" && a.verb() != Return)
	misplaced(".within_days", a.Within != 0 && a.verb() != Reopen || a.Within < 0)
	misplaced(".times", a.Times < 0)
	misplaced(".along", a.Along && a.Despite)
	misplaced(".clock", a.Clock != "" && a.verb() != Extend)
	misplaced(".reasons", len(a.Reasons) > 0 && a.verb() != Suspend)
	if a.verb() == Reopen && a.Within == 0 {
		v.warn(at+".within_days", "flow.check.reopen_for_ever", nil)
	}
}

func (v *validator) clock(path, name string) {
	if _, ok := v.d.Clock(name); name != "" && !ok {
		v.fault(path, "flow.check.unknown_clock", map[string]any{"name": name})
	}
}

// partners: what one verb begins another can end.
func (v *validator) partners(at string, a Action) {
	has := func(verbs ...Verb) bool {
		return slices.ContainsFunc(v.d.Actions, func(b Action) bool { return slices.Contains(verbs, b.verb()) })
	}
	need := func(key string, ok bool) {
		if !ok {
			v.fault(at, key, nil)
		}
	}
	switch a.verb() {
	case Suspend:
		for _, s := range v.d.States {
			need("flow.check.never_resumes", !v.d.from(a, s.Name) || v.offered(s.Name, Resume))
		}
	case Resume:
		need("flow.check.no_partner", has(Suspend))
	case Ask:
		for _, to := range a.targets() {
			need("flow.check.never_supplied", v.offered(to, Supply))
		}
	case Supply:
		need("flow.check.no_partner", has(Ask))
	case Extend:
		need("flow.check.never_granted", has(Grant) && has(Deny))
		need("flow.check.nothing_extends", slices.ContainsFunc(v.d.Clocks, func(c ClockDef) bool {
			return c.Extends.Times > 0 && (a.Clock == "" || a.Clock == c.Name)
		}))
	case Grant, Deny:
		need("flow.check.no_partner", has(Extend))
	case HandBack, TakeBack:
		need("flow.check.no_partner", has(Delegate))
	case Answer, Decline, Drop:
		need("flow.check.no_partner", has(Join))
	case Join:
		need("flow.check.never_answered", has(Answer))
	case Uncopy:
		need("flow.check.no_partner", has(Copy))
	case Agree, Refuses, AddSigner, RemoveSigner:
		for _, name := range a.From {
			s, _ := v.d.State(name)
			need("flow.check.no_signing", s.Signing != nil)
		}
	case Return:
		v.mendable(at, a)
	case Mended:
		need("flow.check.no_partner", slices.ContainsFunc(v.d.Actions, func(b Action) bool { return b.verb() == Return && b.direct() != "never" }))
	}
}

// mendable: who gets work back that must come straight back can send it so.
func (v *validator) mendable(at string, a Action) {
	if a.direct() == "never" {
		return
	}
	for _, s := range v.stepsOf(a) {
		if !v.offered(s, Mended) {
			v.fault(at, "flow.check.never_mended", map[string]any{"name": s})
		}
	}
}

// stepsOf are the states that a return may lead to: those it names, else all that come before some state of its own.
func (v *validator) stepsOf(a Action) []string {
	if len(a.Steps) > 0 {
		return a.Steps
	}
	var list []string
	for _, s := range v.d.States {
		before := slices.ContainsFunc(v.d.States, func(from State) bool {
			return s.Name != from.Name && v.d.from(a, from.Name) && v.leads(s.Name, from.Name)
		})
		if !s.End && before {
			list = append(list, s.Name)
		}
	}
	return list
}

// somebody: each action is possible for somebody, and not only for those who may not.
func (v *validator) somebody(at string, a Action) {
	for _, s := range v.d.States {
		if !v.d.from(a, s.Name) {
			continue
		}
		c := &course{d: v.d, a: a, state: s}
		c.a.Does = a.verb()
		by := c.by()
		if len(by) == 0 && a.verb() != Grant && a.verb() != Deny && a.verb() != HandBack && a.verb() != TakeBack {
			by = s.Acts
			if len(by) == 0 {
				v.fault(at+".by", "flow.check.nobody", nil)
				return
			}
		}
		if a.verb() == Claim && !s.pooled() {
			v.fault(at+".from", "flow.check.no_pool", map[string]any{"name": s.Name})
		}
		if s.Review && judges(a.verb()) && len(by) > 0 && !slices.ContainsFunc(by, func(x Selector) bool { return v.impartial(x, s) }) {
			v.fault(at+".by", "flow.check.own_work", map[string]any{"name": s.Name})
		}
	}
}

// impartial reports whether a selector can mean somebody who did not make what is decided in a review state.
func (v *validator) impartial(x Selector, s State) bool {
	if step, ok := x.Holder(); ok {
		of, _ := v.d.State(step)
		return of.Review
	}
	switch x {
	case ByOpener, BySender, ByOutside:
		return false
	case ByAssignee:
		return len(s.Acts) > 0 && s.Acts[0] != ByAssignee || slices.ContainsFunc(v.d.Actions, func(a Action) bool {
			return slices.Contains(a.targets(), s.Name) && (a.Names == NameStaff || a.Names == NameAny || a.verb() == Assign)
		})
	}
	return true
}
