package matter

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"weizheng/kernel/flow"
	"weizheng/kernel/form"
	"weizheng/platform/db"
)

// Sheet is what the fields of a matter hold, as the actor may see it.
type Sheet struct {
	Form   *form.Form      // nil for a definition without one
	ID     int64           // of the form
	Values map[string]any  // 个人 and 敏感 masked, numbers in prose as references
	Masked []string        // fields whose shown value is not the real one
	Erased []string        // fields whose value is gone with the person
	Shown  map[string]bool // paths that the answers ask for, and whether they must be answered; see form.Visible
	Files  []File

	real map[string]any
}

// sheet reads what the fields hold.
func (s *Service) sheet(ctx context.Context, q db.Queryer, m *Matter, p *paper, list []Event) (Sheet, error) {
	out := Sheet{Form: p.form, ID: p.sheet, Values: valuesOf(list)}
	files, err := s.files(ctx, q, m.ID)
	if err != nil {
		return out, err
	}
	out.Files = files
	if p.form == nil {
		out.real = out.Values
		return out, nil
	}
	reals, err := s.reals(ctx, q, m, list)
	if err != nil {
		return out, err
	}
	raw := valuesOf(reals)
	real, kept := p.form.Shape(raw), p.form.Shape(out.Values)
	out.real, out.Shown, out.Values = real, p.form.Visible(real), map[string]any{}
	for _, f := range p.form.Fields {
		if raw[f.Name] == sealedRef { // nobody can open it any more
			out.Erased = append(out.Erased, f.Name)
			continue
		}
		value, held := real[f.Name]
		switch {
		case !held:
		case own(ctx, m):
			out.Values[f.Name] = value
		case f.Sealed():
			out.Values[f.Name] = f.Masked(value)
		default:
			out.Values[f.Name] = kept[f.Name]
		}
		if shown, ok := out.Values[f.Name]; held && (!ok || !reflect.DeepEqual(shown, value)) {
			out.Masked = append(out.Masked, f.Name)
		}
	}
	return out, nil
}

// Filled is one field that an event changed, with what it held before and holds since, masked where it is personal.
type Filled struct {
	Field    form.Field
	Was, Is  any  // nil: nothing
	WasGone  bool // it was erased with the person
	IsGone   bool
	Personal bool
}

// changes tells what each event did to the fields, in the order of the form.
func (s *Service) changes(ctx context.Context, m *Matter, p *paper, list []Event) (map[int64][]Filled, error) {
	reals, err := s.reals(ctx, s.DB, m, list)
	if err != nil {
		return nil, err
	}
	out := map[int64][]Filled{}
	held := map[string][2]any{} // as kept, as given
	for i := range list {
		for name, value := range list[i].record.Values {
			field, known := form.Field{Name: name, Label: name, Kind: form.Text}, false
			if p.form != nil {
				if f, ok := p.form.Field(name); ok {
					field, known = f, true
				}
			}
			before, now := held[name], [2]any{value, reals[i].record.Values[name]}
			held[name] = now
			x := Filled{Field: field, Personal: known && field.Sealed()}
			x.Was, x.WasGone = told(ctx, m, field, before)
			x.Is, x.IsGone = told(ctx, m, field, now)
			if x.Was != nil || x.Is != nil || x.WasGone || x.IsGone {
				out[list[i].ID] = append(out[list[i].ID], x)
			}
		}
		slices.SortFunc(out[list[i].ID], func(a, b Filled) int { return order(p.form, a.Field.Name, b.Field.Name) })
	}
	return out, nil
}

// told is a value as history may show it.
func told(ctx context.Context, m *Matter, f form.Field, v [2]any) (shown any, gone bool) {
	if v[1] == sealedRef {
		return nil, true
	}
	whole := form.Form{Fields: []form.Field{f}}
	kept, real := whole.Shape(map[string]any{f.Name: v[0]})[f.Name], whole.Shape(map[string]any{f.Name: v[1]})[f.Name]
	switch {
	case real == nil:
		return nil, false
	case own(ctx, m):
		return real, false
	case f.Sealed():
		return f.Masked(real), false
	}
	return kept, false
}

func order(f *form.Form, a, b string) int {
	if f == nil {
		return strings.Compare(a, b)
	}
	at := func(name string) int {
		return slices.IndexFunc(f.Fields, func(x form.Field) bool { return x.Name == name })
	}
	return at(a) - at(b)
}

// Beginning is what opening a matter of a definition asks for.
type Beginning struct {
	Flow  *flow.Definition
	Sheet form.Sheet
	Form  *form.Form // nil for none
	Asked []string   // fields of the first step
	Must  []string   // of them, those that it must have
}

// Beginning returns what whoever opens a matter of a definition is asked: the fields that its first step fills and edits.
func (s *Service) Beginning(ctx context.Context, key string) (Beginning, error) {
	d, _, err := s.Flows.Live(ctx, key)
	if err != nil {
		return Beginning{}, err
	}
	p, err := s.paper(ctx, s.DB, d)
	if err != nil || p.form == nil {
		return Beginning{Flow: d}, err
	}
	sheet, _, err := s.Forms.Live(ctx, s.DB, d.Form)
	first := d.States[0]
	return Beginning{Flow: d, Sheet: sheet, Form: p.form, Asked: slices.Concat(first.Fills, first.Edits), Must: first.Fills}, err
}
