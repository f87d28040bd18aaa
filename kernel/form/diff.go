package form

import (
	"reflect"
	"slices"
	"strings"
)

// Change is one difference between two versions, for people: what happened to which field.
type Change struct {
	Op    string   `json:"op"`             // added, removed, changed, moved; "form" for title and words of the form
	Name  string   `json:"name"`           // the field's
	Label string   `json:"label"`          // as it is called now, or was
	Was   string   `json:"was,omitempty"`  // the old label, when it changed
	What  []string `json:"what,omitempty"` // members that differ: "required", "options"
}

// Diff tells what changes from one form to the next, in the order of the next; what was removed comes last.
func Diff(from, to Form) []Change {
	var changes []Change
	if what := members(reflect.ValueOf(from), reflect.ValueOf(to), "Key", "Version", "Fields"); len(what) > 0 {
		changes = append(changes, Change{Op: "form", Label: to.Title, What: what})
	}
	return append(changes, diffFields(from.Fields, to.Fields)...)
}

func diffFields(from, to []Field) []Change {
	var changes []Change
	stays := kept(from, to)
	for _, field := range to {
		i := slices.IndexFunc(from, func(f Field) bool { return f.Name == field.Name })
		if i < 0 {
			changes = append(changes, Change{Op: "added", Name: field.Name, Label: field.Label})
			continue
		}
		was := from[i]
		c := Change{Op: "changed", Name: field.Name, Label: field.Label, What: members(reflect.ValueOf(was), reflect.ValueOf(field), "Name", "Fields")}
		if was.Label != field.Label {
			c.Was = was.Label
		}
		if len(c.What) > 0 {
			changes = append(changes, c)
		}
		if !stays[field.Name] {
			changes = append(changes, Change{Op: "moved", Name: field.Name, Label: field.Label})
		}
		changes = append(changes, diffFields(was.Fields, field.Fields)...)
	}
	for _, field := range from {
		if !slices.ContainsFunc(to, func(f Field) bool { return f.Name == field.Name }) {
			changes = append(changes, Change{Op: "removed", Name: field.Name, Label: field.Label})
		}
	}
	return changes
}

// members names the members of two structs of one type that differ, as JSON spells them.
func members(a, b reflect.Value, except ...string) []string {
	var names []string
	for i := range a.NumField() {
		f := a.Type().Field(i)
		if !slices.Contains(except, f.Name) && !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	return names
}

// kept are the fields that did not move: the longest run of common fields in the same order, so that one dragged field
// counts as one moved field.
func kept(from, to []Field) map[string]bool {
	n, m := len(from), len(to)
	best := make([][]int, n+1)
	for i := range best {
		best[i] = make([]int, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for k := m - 1; k >= 0; k-- {
			if from[i].Name == to[k].Name {
				best[i][k] = best[i+1][k+1] + 1
			} else {
				best[i][k] = max(best[i+1][k], best[i][k+1])
			}
		}
	}
	same := map[string]bool{}
	for i, k := 0, 0; i < n && k < m; {
		switch {
		case from[i].Name == to[k].Name:
			same[from[i].Name] = true
			i, k = i+1, k+1
		case best[i+1][k] >= best[i][k+1]:
			i++
		default:
			k++
		}
	}
	return same
}
