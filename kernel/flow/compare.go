package flow

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
)

// Change is one difference between two definitions, for people.
type Change struct {
	Op    string   `json:"op" enum:"added,removed,changed"`
	Noun  string   `json:"noun" enum:"flow,role,state,action,clock,notice"`
	Name  string   `json:"name,omitempty"`
	Title string   `json:"title"`          // as it is called now, or was
	What  []string `json:"what,omitempty"` // members that differ: "to", "by"
}

// Compare tells what changes from one definition to the next, in the order of the next; what was removed comes last in its
// noun. Where the states stand in the drawing does not count.
func Compare(from, to *Definition) []Change {
	changes := []Change{}
	head := members(from, to)
	head = slices.DeleteFunc(head, func(m string) bool {
		return slices.Contains([]string{"roles", "states", "actions", "clocks", "notices", "layout"}, m)
	})
	if len(head) > 0 {
		changes = append(changes, Change{Op: "changed", Noun: "flow", Title: to.Title, What: head})
	}
	changes = append(changes, compare("role", from.Roles, to.Roles)...)
	changes = append(changes, compare("state", from.States, to.States)...)
	changes = append(changes, compare("action", from.Actions, to.Actions)...)
	changes = append(changes, compare("clock", from.Clocks, to.Clocks)...)
	return append(changes, compare("notice", from.Notices, to.Notices)...)
}

func (s State) title() string    { return s.Title }
func (a Action) title() string   { return a.Title }
func (c ClockDef) title() string { return c.Title }
func (r Role) title() string     { return r.Title }
func (n Notice) title() string   { return n.Title }

func compare[T interface {
	name() string
	title() string
}](noun string, from, to []T) []Change {
	var changes []Change
	for _, x := range to {
		was, ok := named(from, x.name())
		if !ok {
			changes = append(changes, Change{Op: "added", Noun: noun, Name: x.name(), Title: x.title()})
		} else if what := members(was, x); len(what) > 0 {
			changes = append(changes, Change{Op: "changed", Noun: noun, Name: x.name(), Title: x.title(), What: what})
		}
	}
	for _, x := range from {
		if _, ok := named(to, x.name()); !ok {
			changes = append(changes, Change{Op: "removed", Noun: noun, Name: x.name(), Title: x.title()})
		}
	}
	return changes
}

// members names the members of two values of one type that differ, as JSON spells them, in alphabetical order.
func members(a, b any) []string {
	was, is := asMap(a), asMap(b)
	all := maps.Clone(was)
	maps.Copy(all, is)
	var names []string
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if !reflect.DeepEqual(was[k], is[k]) {
			names = append(names, k)
		}
	}
	return names
}

// asMap is a value as JSON has it. Definitions are made of what JSON can hold, so it cannot fail.
func asMap(v any) map[string]any {
	m := map[string]any{}
	if raw, err := json.Marshal(v); err == nil {
		_ = json.Unmarshal(raw, &m)
	}
	return m
}
