package form

import "strconv"

// Visible tells which fields are shown for shaped values and whether each must be answered: path → required. Headings and
// notes are in it; a group's fields are "group.0.child". A condition sees the fields before it: those of its own row,
// then those outside the group; hidden ones as unanswered.
func (f Form) Visible(values Values) map[string]bool {
	seen := map[string]bool{}
	outer := level{f.Fields, values, nil, nil}
	outer.look("", seen)
	return seen
}

// level is one list of fields being walked: the form's own or one row of a group.
type level struct {
	fields []Field
	values Values
	shown  map[string]bool // of this level, so far
	outer  *level
}

func (l *level) look(prefix string, seen map[string]bool) {
	l.shown = map[string]bool{}
	for _, field := range l.fields {
		if !field.Show.holds(l.answer) {
			continue
		}
		path := prefix + field.Name
		seen[path] = field.Asks() && (field.Required || field.Need != nil && field.Need.holds(l.answer))
		if field.Kind == Group {
			rows, _ := l.values[field.Name].([]Values)
			for i, row := range rows {
				inner := level{field.Fields, row, nil, l}
				inner.look(path+"."+strconv.Itoa(i)+".", seen)
			}
		}
		l.shown[field.Name] = true // after its rows: they cannot ask about their own group
	}
}

// answer finds what a shown field before this one holds.
func (l *level) answer(name string) (Field, any) {
	for at := l; at != nil; at = at.outer {
		if !at.shown[name] {
			continue
		}
		for _, f := range at.fields {
			if f.Name == name {
				return f, at.values[name]
			}
		}
	}
	return Field{}, nil
}
