package flow

import "slices"

// edge is one way from a state to another. by is the action, empty for a legal fiction. back edges lead to a step that was
// passed already.
type edge struct {
	from, to string
	by       Action
	back     bool
	house    bool // a legal fiction: nobody's hand
}

// forward lists the ways that lead on; what goes back is added by edges.
func (v *validator) forward() []edge {
	var list []edge
	for _, s := range v.d.States {
		for _, a := range v.d.Actions {
			if !v.d.from(a, s.Name) {
				continue
			}
			for _, to := range a.targets() {
				list = append(list, edge{from: s.Name, to: to, by: a})
			}
			if g := s.Signing; g != nil && (a.verb() == Agree || a.verb() == Refuses || a.verb() == RemoveSigner) {
				list = append(list, edge{from: s.Name, to: g.Agreed, by: a}, edge{from: s.Name, to: g.Refused, by: a})
			}
		}
	}
	for _, c := range v.d.Clocks {
		for _, x := range c.Due {
			if x.Fiction != nil {
				list = append(list, edge{from: x.Fiction.From, to: x.Fiction.To, house: true})
			}
		}
	}
	return list
}

// edges lists all ways, those back to passed steps included.
func (v *validator) edges() []edge {
	list := v.forward()
	n := len(list)
	for _, a := range v.d.Actions {
		var steps []string
		if a.verb() == Return {
			steps = v.stepsOf(a)
		}
		for _, s := range v.d.States {
			if !v.d.from(a, s.Name) {
				continue
			}
			switch a.verb() {
			case Return:
				for _, to := range steps {
					if to != s.Name {
						list = append(list, edge{from: s.Name, to: to, by: a, back: true})
					}
				}
			case Withdraw:
				for _, e := range list[:n] {
					if e.to == s.Name && !e.house {
						list = append(list, edge{from: s.Name, to: e.from, by: a, back: true})
					}
				}
			case Supply:
				if a.To == "" {
					for _, e := range list[:n] {
						if e.to == s.Name && e.by.verb() == Ask {
							list = append(list, edge{from: s.Name, to: e.from, by: a, back: true})
						}
					}
				}
			}
		}
	}
	for _, e := range list {
		if e.by.verb() == Return && e.by.direct() != "never" {
			for _, a := range v.d.Actions {
				if a.verb() == Mended && v.d.from(a, e.to) {
					list = append(list, edge{from: e.to, to: e.from, by: a})
				}
			}
		}
	}
	return list
}

// leads reports whether the forward ways lead from one state to another.
func (v *validator) leads(from, to string) bool {
	if v.ahead == nil {
		v.ahead = map[string]map[string]bool{}
		next := follow(v.forward(), false)
		for _, s := range v.d.States {
			v.ahead[s.Name] = reach(s.Name, next)
		}
	}
	return v.ahead[from][to]
}

// follow lists what comes after each state, or, backwards, before it.
func follow(edges []edge, backwards bool) map[string][]string {
	next := map[string][]string{}
	for _, e := range edges {
		if backwards {
			next[e.to] = append(next[e.to], e.from)
		} else {
			next[e.from] = append(next[e.from], e.to)
		}
	}
	return next
}

// reach is every state that the ways lead to from one. The state itself is in it.
func reach(start string, next map[string][]string) map[string]bool {
	seen := map[string]bool{start: true}
	for todo := []string{start}; len(todo) > 0; todo = todo[1:] {
		for _, name := range next[todo[0]] {
			if !seen[name] {
				seen[name] = true
				todo = append(todo, name)
			}
		}
	}
	return seen
}

// graph: every state can be reached, and from every one people can bring the matter to an end without voiding it; what
// happens in nobody's hands comes to rest.
func (v *validator) graph() {
	edges := v.edges()
	found := reach(v.d.States[0].Name, follow(edges, false))
	byHand := slices.DeleteFunc(slices.Clone(edges), func(e edge) bool { return e.house || e.by.verb() == Cancel })
	ends, before := map[string]bool{}, follow(byHand, true)
	for _, s := range v.d.States {
		if s.End {
			for name := range reach(s.Name, before) {
				ends[name] = true
			}
		}
	}
	for _, s := range v.d.States {
		if !found[s.Name] {
			v.fault("states."+s.Name, "flow.check.unreachable", map[string]any{"name": s.Title})
		}
		if !ends[s.Name] {
			v.fault("states."+s.Name, "flow.check.no_way_out", map[string]any{"name": s.Title})
		}
	}
	house := slices.DeleteFunc(slices.Clone(edges), func(e edge) bool { return !e.house })
	after := follow(house, false)
	for _, e := range house {
		if reach(e.to, after)[e.from] {
			v.fault("states."+e.from, "flow.check.loop_without_person", nil)
		}
	}
	v.holders()
	for _, a := range v.d.Actions {
		if !slices.ContainsFunc(v.d.States, func(s State) bool { return found[s.Name] && v.d.from(a, s.Name) }) {
			v.fault("actions."+a.Name, "flow.check.never_possible", nil)
		}
	}
}

// holders: where only the holder of an earlier step acts, the matter should have passed it, in the hands of staff. Else it
// falls to the lead of its unit; see Definition.actsNow.
func (v *validator) holders() {
	for _, s := range v.d.States {
		if len(s.Acts) == 0 {
			continue
		}
		step, ok := s.Acts[0].Holder()
		if !ok {
			continue
		}
		from, _ := v.d.State(step)
		past := slices.DeleteFunc(v.forward(), func(e edge) bool { return e.from == step })
		around := reach(v.d.States[0].Name, follow(past, false))[s.Name]
		if around || from.Signing != nil || !slices.ContainsFunc(from.Acts, keepsHolder) {
			v.warn("states."+s.Name+".acts", "flow.check.no_holder", map[string]any{"name": from.Title})
		}
	}
}

// keepsHolder reports whether those selected are staff who can have held a matter.
func keepsHolder(x Selector) bool {
	return x != ByOpener && x != ByOutside && x != BySigner && x != ByWatcher && x != ByBranch
}
