package form

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Amendment is values that somebody gives for some fields of a form of which others are answered already: a matter's form
// is filled in step by step, by several people.
type Amendment struct {
	Held  map[string]any // what the fields hold
	Given map[string]any // what is given now; nil and what reads as nothing empties a field
	Asked []string       // fields that must be answered now if the form requires them
	Must  []string       // fields that must be answered now in any case, while they are shown
}

// Amended is what comes of an amendment.
type Amended struct {
	Set     Values   // the fields whose value is another now, clean
	Emptied []string // those that lost theirs: given as nothing, or hidden by what was given
	Hidden  []string // fields that the answers do not ask for
	All     Values   // what all fields hold afterwards
}

// Amend judges what is given beside what is held. Conditions look at both. Held values are not judged again: they passed
// under this form, and who amends another field cannot mend them. What is hidden is dropped, given or held. Only without
// faults may the result be used; what is in Set passes again unchanged.
func (f Form) Amend(a Amendment, env Env) (Amended, []errs.Field) {
	held := f.Shape(a.Held)
	shaped := f.over(held, a.Given)
	j := &judge{env: env, seen: f.Visible(shaped), faults: f.strangers(a.Given)}
	out := Amended{Set: Values{}, All: Values{}}
	for _, field := range f.Fields {
		if !field.Asks() {
			continue
		}
		required, shown := j.seen[field.Name]
		if !shown {
			out.Hidden = append(out.Hidden, field.Name)
		}
		_, given := a.Given[field.Name]
		value := shaped[field.Name]
		if !shown || value == nil {
			if held[field.Name] != nil {
				out.Emptied = append(out.Emptied, field.Name)
			}
			if shown && (slices.Contains(a.Must, field.Name) || required && (given || slices.Contains(a.Asked, field.Name))) {
				j.fault(field.Name, missing(field), nil)
			}
			continue
		}
		if given {
			value = j.clean(field, value)
			if !reflect.DeepEqual(value, held[field.Name]) {
				out.Set[field.Name] = value
			}
		}
		out.All[field.Name] = value
	}
	return out, j.faults
}

// over is the held values with the given ones in their place.
func (f Form) over(held Values, given map[string]any) Values {
	shaped := maps.Clone(held)
	for _, field := range f.Fields {
		raw, touched := given[field.Name]
		if !touched || !field.Asks() {
			continue
		}
		delete(shaped, field.Name)
		if v := field.shape(raw); v != nil {
			shaped[field.Name] = v
		}
	}
	return shaped
}

// strangers are the names given that are no questions of the form.
func (f Form) strangers(given map[string]any) []errs.Field {
	var faults []errs.Field
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.ContainsFunc(f.Fields, func(field Field) bool { return field.Name == name && field.Asks() }) {
			faults = append(faults, errs.Field{Field: name, Key: "form.unknown_field"})
		}
	}
	return faults
}

// clean judges one field's value and returns what is kept of it.
func (j *judge) clean(f Field, value any) any {
	if f.Kind == Group {
		return j.rows(f.Name, f, value)
	}
	j.value(f.Name, f, value)
	return value
}

// Amend judges an amendment for a person: places by the table, files by what they uploaded and have not sent elsewhere, or
// by what hung says is kept with the same thing already.
func (s *Service) Amend(ctx context.Context, q db.Queryer, who Owner, f Form, a Amendment, hung func(code string) bool) (Amended, []errs.Field, error) {
	env, failed := s.env(ctx, q)
	env.File = func(code string) (Kept, bool) {
		var file Filed
		var err error
		if hung(code) {
			file, err = s.filed(ctx, q, code)
		} else if who != (Owner{}) {
			file, err = s.own(ctx, q, who, code)
		}
		return file.Kept, failed.note(err) && file.Code != "" && (hung(code) || !file.sent)
	}
	out, faults := f.Amend(a, env)
	return out, faults, failed.err
}

// failure keeps the first error that is not a plain "there is none".
type failure struct{ err error }

func (f *failure) note(err error) bool {
	if err != nil && !errs.Is(err, errs.NotFound) && f.err == nil {
		f.err = err
	}
	return err == nil
}

// env is what judging needs of the database, but for files.
func (s *Service) env(ctx context.Context, q db.Queryer) (Env, *failure) {
	failed := &failure{}
	return Env{
		Today: s.today(),
		Area:  func(code string) (Area, bool) { a, err := area(ctx, q, code); return a, failed.note(err) },
	}, failed
}
