package form

import (
	"slices"
	"strconv"
)

// condition judges that every term asks an earlier field something that its kind can answer.
func (v *validator) condition(at string, c *Condition, before []Field) {
	if c == nil {
		return
	}
	if len(c.Terms) == 0 || len(c.Terms) > mostTerms {
		v.fault(at, "form.terms", map[string]any{"max": mostTerms})
	}
	for i, t := range c.Terms {
		place := at + ".terms." + strconv.Itoa(i)
		k := slices.IndexFunc(before, func(f Field) bool { return f.Name == t.Field })
		if k < 0 || !before[k].Asks() {
			v.fault(place+".field", "form.term_later", nil)
			continue
		}
		if !slices.Contains(before[k].Ops(), t.Op) {
			v.fault(place+".op", "form.choose", nil)
			continue
		}
		if key := before[k].termFault(t); key != "" {
			v.fault(place+".value", key, nil)
		}
	}
}

// Ops lists what a condition may ask of the field.
func (f Field) Ops() []Op {
	switch f.Kind {
	case Number, Money:
		return Ops
	case Date:
		if !f.Period {
			return Ops
		}
	case Text, Choice, Place:
		return []Op{Is, IsNot, Filled, Empty}
	}
	return []Op{Filled, Empty}
}

// termFault returns the key of what is wrong with a term's value, or "".
func (f Field) termFault(t Term) string {
	if t.Op == Filled || t.Op == Empty {
		return ""
	}
	switch f.Kind {
	case Number, Money:
		if !decimal.MatchString(t.Value) {
			return "form.number"
		}
	case Date:
		if _, ok := Bound(t.Value, ""); !ok {
			return "form.date"
		}
	case Choice:
		own := f.Other && t.Value == ownWords
		if !own && !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == t.Value }) {
			return "form.choose"
		}
	default:
		if t.Value == "" {
			return "shape.required"
		}
	}
	return ""
}
