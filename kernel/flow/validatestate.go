package flow

import "slices"

func (v *validator) states() {
	if len(v.d.States) == 0 {
		v.fault("states", "flow.check.no_states", nil)
		return
	}
	if v.d.States[0].End {
		v.fault("states."+v.d.States[0].Name, "flow.check.starts_at_end", nil)
	}
	if !slices.ContainsFunc(v.d.States, func(s State) bool { return s.End }) {
		v.fault("states", "flow.check.no_end", nil)
	}
	for i, s := range v.d.States {
		v.oneState("states."+s.Name, s, i == 0)
	}
	for name := range v.d.Layout {
		if _, ok := v.d.State(name); !ok {
			v.warn("layout."+name, "flow.check.unknown_state", map[string]any{"name": name})
		}
	}
}

func (v *validator) oneState(at string, s State, first bool) {
	v.title(at+".title", s.Title)
	v.selectors(at+".acts", s.Acts)
	v.fields(at+".sees", s.Sees)
	v.fields(at+".edits", s.Edits)
	v.fields(at+".fills", s.Fills)
	v.calls(at+".effects", "flow.check.unknown_effect", s.Effects, v.known.Effects)
	if s.End {
		v.oneOf(at+".outcome", s.Outcome, Granted, Rejected, Completed, Declined, Withdrawn, Forwarded, Void)
		if len(s.Acts) > 0 || s.Review || s.Signing != nil || len(s.Fills) > 0 {
			v.fault(at, "flow.check.end_acts", nil)
		}
		return
	}
	if s.Outcome != "" {
		v.fault(at+".outcome", "flow.check.outcome_not_end", nil)
	}
	if len(s.Acts) == 0 && s.Signing == nil {
		v.fault(at+".acts", "flow.check.nobody", nil)
	}
	if s.Review && first {
		v.fault(at+".review", "flow.check.review_first", nil)
	}
	v.signing(at+".signing", s, first)
}

func (v *validator) signing(at string, s State, first bool) {
	g := s.Signing
	if g == nil {
		return
	}
	v.oneOf(at+".mode", g.Mode, ModeAll, ModeAny, ModeOrder, ModeShare)
	if (g.Mode == ModeShare) != (g.Percent != 0) || g.Percent < 0 || g.Percent > 100 {
		v.fault(at+".percent", "flow.check.percent", nil)
	}
	for field, name := range []string{g.Agreed, g.Refused} {
		to, _ := v.state(at+[]string{".agreed", ".refused"}[field], name)
		if to.Signing != nil && len(to.Signing.Roles) == 0 {
			v.fault(at, "flow.check.signers_unnamed", map[string]any{"name": to.Title})
		}
	}
	for _, r := range g.Roles {
		if _, ok := v.d.Role(r); !ok {
			v.fault(at+".roles", "flow.check.unknown_role", map[string]any{"name": r})
		}
	}
	if !s.Review {
		v.fault(at, "flow.check.signing_review", nil)
	}
	if first {
		v.fault(at, "flow.check.signing_first", nil)
	}
	for _, verb := range []Verb{Agree, Refuses} {
		if !v.offered(s.Name, verb) {
			v.fault(at, "flow.check.signing_verbs", map[string]any{"verb": string(verb)})
		}
	}
}

// offered reports whether some action of the verb can be done in a state.
func (v *validator) offered(state string, verb Verb) bool {
	return slices.ContainsFunc(v.d.Actions, func(a Action) bool { return a.verb() == verb && v.d.from(a, state) })
}

// verb is what the action does; empty is Go.
func (a Action) verb() Verb {
	if a.Does == "" {
		return Go
	}
	return a.Does
}

// from reports whether an action can be done in a state.
func (d *Definition) from(a Action, state string) bool {
	s, _ := d.State(state)
	return slices.Contains(a.From, state) || slices.Contains(a.From, AnyOpen) && !s.End
}
