package flow

import (
	"regexp"
	"slices"
)

// Known is what the house has that a definition may name. A nil set is not checked, an empty one knows nothing.
type Known struct {
	Guards      map[string]bool
	Effects     map[string]bool
	Permissions map[string]bool
	Fields      map[string]bool // of the definition's form
	Forms       map[string]bool
	Texts       map[string]bool // of notices
	Flows       map[string]bool // keys of definitions, for sub-matters
}

// Validate lists everything that is wrong with a definition, in the order of its text: errors forbid it to go live.
func Validate(d *Definition, known Known) []Problem {
	v := &validator{d: d, known: known}
	if v.tooMany() {
		return v.problems
	}
	v.head()
	v.states()
	v.actions()
	v.clocks()
	v.notices()
	if Sound(v.problems) {
		v.graph()
	}
	if Sound(v.problems) {
		v.clockPaths()
	}
	return v.problems
}

type validator struct {
	d        *Definition
	known    Known
	problems []Problem
	ahead    map[string]map[string]bool // state → what forward ways lead to; see leads
}

// Limits of one definition: many times what an office can oversee, and what keeps Validate within a second or two for the
// worst text that fits into them.
const (
	maxStates  = 60
	maxActions = 200
	maxClocks  = 20
	maxOthers  = 100 // roles, notices
	maxPauses  = 4   // of one clock
)

func (v *validator) tooMany() bool {
	d, before := v.d, len(v.problems)
	most := func(path string, n, limit int) {
		if n > limit {
			v.fault(path, "flow.check.too_many", map[string]any{"max": limit})
		}
	}
	most("states", len(d.States), maxStates)
	most("actions", len(d.Actions), maxActions)
	most("clocks", len(d.Clocks), maxClocks)
	most("roles", len(d.Roles), maxOthers)
	most("notices", len(d.Notices), maxOthers)
	for _, c := range d.Clocks {
		most("clocks."+c.Name+".pauses", len(c.Pauses), maxPauses)
	}
	return len(v.problems) > before
}

func (v *validator) fault(path, key string, params map[string]any) {
	v.problems = append(v.problems, Problem{Path: path, Severity: Error, Key: key, Params: params})
}

func (v *validator) warn(path, key string, params map[string]any) {
	v.problems = append(v.problems, Problem{Path: path, Severity: Warning, Key: key, Params: params})
}

// Names are words of ASCII: they stand in events, addresses and paths of problems.
var (
	keyShape  = regexp.MustCompile(`^[a-z][a-z0-9-]{1,47}$`)
	nameShape = regexp.MustCompile(`^[a-z][a-z0-9_]{0,47}$`)
)

// maxTitle is how long a title may be: a button must hold it.
const maxTitle = 60

func (v *validator) head() {
	d := v.d
	if !keyShape.MatchString(d.Key) {
		v.fault("key", "flow.check.key", nil)
	}
	if !keyShape.MatchString(d.Kind) {
		v.fault("kind", "flow.check.key", nil)
	}
	v.title("title", d.Title)
	if d.Form != "" && v.known.Forms != nil && !v.known.Forms[d.Form] {
		v.fault("form", "flow.check.unknown_form", map[string]any{"name": d.Form})
	}
	v.unique("states", nameList(d.States))
	v.unique("actions", nameList(d.Actions))
	v.unique("clocks", nameList(d.Clocks))
	v.unique("roles", nameList(d.Roles))
	v.unique("notices", nameList(d.Notices))
	for _, r := range d.Roles {
		at := "roles." + r.Name
		v.title(at+".title", r.Title)
		v.oneOf(at+".at", r.At, "", OwnerUnit, HandlingUnit)
		if v.known.Permissions != nil && !v.known.Permissions[r.Permission] || r.Permission == "" {
			v.fault(at+".permission", "flow.check.unknown_permission", map[string]any{"name": r.Permission})
		}
	}
}

func nameList[T interface{ name() string }](list []T) []string {
	names := make([]string, len(list))
	for i, x := range list {
		names[i] = x.name()
	}
	return names
}

func (v *validator) unique(path string, names []string) {
	for i, n := range names {
		if !nameShape.MatchString(n) {
			v.fault(path+"."+n, "flow.check.name", map[string]any{"name": n})
		} else if slices.Contains(names[:i], n) {
			v.fault(path+"."+n, "flow.check.twice", map[string]any{"name": n})
		}
	}
}

func (v *validator) title(path, text string) {
	if n := len([]rune(text)); n == 0 || n > maxTitle {
		v.fault(path, "flow.check.title", map[string]any{"max": maxTitle})
	}
}

func (v *validator) oneOf(path, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		v.fault(path, "flow.check.choice", map[string]any{"value": value})
	}
}

func (v *validator) state(path, name string) (State, bool) {
	s, ok := v.d.State(name)
	if !ok {
		v.fault(path, "flow.check.unknown_state", map[string]any{"name": name})
	}
	return s, ok
}

func (v *validator) selectors(path string, list []Selector) {
	fixed := []Selector{ByAssignee, ByUnit, ByLead, ByOpener, ByOutside, BySender, ByBranch, BySigner, ByWatcher}
	for _, s := range list {
		role, isRole := s.Role()
		state, isHolder := s.Holder()
		switch {
		case isRole:
			if _, ok := v.d.Role(role); !ok {
				v.fault(path, "flow.check.unknown_role", map[string]any{"name": role})
			}
		case isHolder:
			v.state(path, state)
		case !slices.Contains(fixed, s):
			v.fault(path, "flow.check.unknown_selector", map[string]any{"name": string(s)})
		}
	}
}

func (v *validator) fields(path string, list []string) {
	for _, f := range list {
		if v.known.Fields != nil && !v.known.Fields[f] {
			v.fault(path, "flow.check.unknown_field", map[string]any{"name": f})
		}
	}
}

func (v *validator) calls(path, key string, list []Call, known map[string]bool) {
	for _, c := range list {
		if c.Name == "" || known != nil && !known[c.Name] {
			v.fault(path, key, map[string]any{"name": c.Name})
		}
	}
}

func (v *validator) noticeNames(path string, list []string) {
	for _, n := range list {
		if _, ok := v.d.Notice(n); !ok {
			v.fault(path, "flow.check.unknown_notice", map[string]any{"name": n})
		}
	}
}

func (v *validator) notices() {
	for _, n := range v.d.Notices {
		at := "notices." + n.Name
		v.title(at+".title", n.Title)
		v.selectors(at+".to", n.To)
		if len(n.To) == 0 {
			v.fault(at+".to", "flow.check.nobody", nil)
		}
		if n.Text == "" || v.known.Texts != nil && !v.known.Texts[n.Text] {
			v.fault(at+".text", "flow.check.unknown_text", map[string]any{"name": n.Text})
		}
	}
}
