package flow

import (
	"slices"

	"weizheng/platform/errs"
)

func (v *validator) clocks() {
	for _, c := range v.d.Clocks {
		at := "clocks." + c.Name
		v.title(at+".title", c.Title)
		v.oneOf(at+".basis", c.Basis, Legal, Promised)
		if c.Basis == Legal && c.Source == "" {
			v.fault(at+".source", "flow.check.no_source", nil)
		}
		if err := c.Rule.Validate(); err != nil {
			for _, f := range errs.As(err).Fields() {
				v.fault(at+".rule."+f.Field, f.Key, f.Params)
			}
		}
		if c.Rule.Extension != 0 {
			v.fault(at+".rule.extension", "flow.check.rule_extension", nil)
		}
		v.starts(at, c)
		v.pauses(at, c)
		v.lights(at, c)
		v.due(at, c)
	}
}

func (v *validator) starts(at string, c ClockDef) {
	v.oneOf(at+".per", c.Per, "", PerBranch)
	v.triggers(at+".starts", c.Starts)
	v.triggers(at+".stops", c.Stops)
	v.triggers(at+".resets", c.Resets)
	if c.Per == PerBranch && len(c.Starts)+len(c.Stops)+len(c.Resets) > 0 {
		v.fault(at, "flow.check.branch_triggers", nil)
	}
	if c.Per == PerBranch {
		if !slices.ContainsFunc(v.d.Actions, func(a Action) bool { return a.verb() == Join }) {
			v.fault(at+".per", "flow.check.no_branches", nil)
		}
		return
	}
	if len(c.Starts) == 0 {
		v.fault(at+".starts", "flow.check.clock_never", nil)
	}
}

func (v *validator) triggers(at string, list []Trigger) {
	for _, t := range list {
		word, name := t.Split()
		ok := t == OnOpen
		switch word {
		case "enter", "leave":
			_, ok = v.d.State(name)
		case "do":
			_, ok = v.d.Action(name)
		}
		if !ok {
			v.fault(at, "flow.check.unknown_trigger", map[string]any{"name": string(t)})
		}
	}
}

func (v *validator) pauses(at string, c ClockDef) {
	var names []string
	for _, p := range c.Pauses {
		at := at + ".pauses." + p.Name
		names = append(names, p.Name)
		v.triggers(at+".on", p.On)
		v.triggers(at+".resumes", p.Resumes)
		if len(p.On) == 0 || len(p.Resumes) == 0 {
			v.fault(at, "flow.check.pause_half", nil)
		}
		if c.Per == PerBranch {
			v.fault(at, "flow.check.branch_triggers", nil)
		}
	}
	v.unique(at+".pauses", names)
}

func (v *validator) lights(at string, c ClockDef) {
	if c.Lights.YellowDays < 0 || c.Lights.YellowPercent < 0 || c.Lights.YellowPercent > 100 {
		v.fault(at+".lights", "flow.check.lights", nil)
	}
	x := c.Extends
	if x.Times < 0 || x.Max < 0 {
		v.fault(at+".extends", "flow.check.extends", nil)
	}
	v.selectors(at+".extends.by", x.By)
	if x.Times > 0 && len(x.By) == 0 {
		v.fault(at+".extends.by", "flow.check.nobody", nil)
	}
	if x.Max > c.Rule.Amount {
		v.warn(at+".extends.max", "flow.check.extends_longer", nil)
	}
}

func (v *validator) due(at string, c ClockDef) {
	var names []string
	for _, x := range c.Due {
		at := at + ".due." + x.Name
		names = append(names, x.Name)
		v.noticeNames(at+".notices", x.Notices)
		if x.Level < 0 || x.Level > 9 {
			v.fault(at+".level", "flow.check.level", nil)
		}
		if x.Fiction == nil && len(x.Notices) == 0 && x.Level == 0 {
			v.fault(at, "flow.check.due_nothing", nil)
		}
		if x.Fiction != nil {
			v.fiction(at+".fiction", c, x)
		}
	}
	v.unique(at+".due", names)
}

// fiction: the law must be named, and what a verdict decides can never come about by silence.
func (v *validator) fiction(at string, c ClockDef, x DueDef) {
	f := x.Fiction
	v.title(at+".title", f.Title)
	if f.Source == "" || c.Basis != Legal {
		v.fault(at+".source", "flow.check.fiction_source", nil)
	}
	if x.Offset < 0 {
		v.fault(at, "flow.check.fiction_early", nil)
	}
	from, _ := v.state(at+".from", f.From)
	to, ok := v.state(at+".to", f.To)
	if from.End || f.From == f.To {
		v.fault(at+".from", "flow.check.fiction_from", nil)
	}
	if c.Per == PerBranch {
		v.fault(at, "flow.check.fiction_branch", nil)
	}
	if ok && to.Signing != nil && len(to.Signing.Roles) == 0 {
		v.fault(at+".to", "flow.check.signers_unnamed", map[string]any{"name": to.Title})
	}
	if ok && v.decided(to) {
		v.fault(at+".to", "flow.check.fiction_decides", map[string]any{"name": f.To})
	}
}

// decided reports whether being in a state means that somebody has decided: an end that grants, rejects or completes, or
// a state that a verdict or signatures lead to.
func (v *validator) decided(s State) bool {
	if s.Outcome == Granted || s.Outcome == Rejected || s.Outcome == Completed {
		return true
	}
	for _, a := range v.d.Actions {
		if a.Verdict != "" && slices.Contains(a.targets(), s.Name) {
			return true
		}
	}
	return slices.ContainsFunc(v.d.States, func(x State) bool {
		return x.Signing != nil && (x.Signing.Agreed == s.Name || x.Signing.Refused == s.Name)
	})
}
