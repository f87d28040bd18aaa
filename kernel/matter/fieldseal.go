package matter

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"weizheng/kernel/form"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

const (
	// kindField marks a hidden value that is a whole field's, as JSON, beside the numbers that crypt.Redact finds.
	kindField = "field"
	// sealedRef stands in an event for the value of a field of class 个人 or 敏感. Nobody can write it: crypt.Redact defuses
	// its brackets.
	sealedRef = "⟦加密⟧"
)

// take makes clean values what an event keeps: of a sealed matter all of them, for it is encrypted whole.
func (c *change) take(values map[string]any) (map[string]any, error) {
	switch {
	case c.m.Sealed || len(values) == 0:
		return values, nil
	case c.paper.form == nil:
		out, _ := c.hide.takeAny("values", values).(map[string]any)
		return out, nil
	}
	return c.hide.takeFields(c.paper.form, values)
}

// takeFields takes what is personal out of clean values: the whole value of a field of class 个人 or 敏感, and the numbers
// that identify people out of everything that is prose. Codes, days, amounts and choices are left alone.
func (h hidden) takeFields(f *form.Form, values map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(values))
	for name, value := range values {
		field, _ := f.Field(name)
		place := "values." + name
		switch {
		case value == nil:
			out[name] = nil
		case field.Sealed():
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			h[place] = []crypt.Found{{Kind: kindField, Value: string(text), Ref: sealedRef}}
			out[name] = sealedRef
		default:
			out[name] = h.takeField(place, field, value)
		}
	}
	return out, nil
}

func (h hidden) takeField(place string, f form.Field, value any) any {
	switch v := value.(type) {
	case string:
		if f.Kind == form.Text || f.Kind == form.Choice {
			return h.take(place, v)
		}
	case []string:
		if f.Kind == form.Choice {
			out := make([]string, len(v))
			for i, one := range v {
				out[i] = h.take(place+"."+strconv.Itoa(i), one)
			}
			return out
		}
	case []form.Values:
		out := make([]form.Values, len(v))
		for i, row := range v {
			out[i] = form.Values{}
			for _, child := range f.Fields {
				if one, ok := row[child.Name]; ok {
					out[i][child.Name] = h.takeField(place+"."+strconv.Itoa(i)+"."+child.Name, child, one)
				}
			}
		}
		return out
	}
	return value
}

// restore puts back what was taken out of a value of JSON's kinds. What is not among h stays a reference.
func (h hidden) restore(place string, value any) (any, error) {
	switch v := value.(type) {
	case string:
		found := h[place]
		if len(found) == 1 && found[0].Kind == kindField {
			var whole any
			err := json.Unmarshal([]byte(found[0].Value), &whole)
			return whole, err
		}
		return crypt.Restore(v, found), nil
	case []any:
		out := make([]any, len(v))
		for i, one := range v {
			var err error
			if out[i], err = h.restore(place+"."+strconv.Itoa(i), one); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, one := range v {
			var err error
			if out[key], err = h.restore(place+"."+key, one); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return value, nil
}

// secrets opens what was taken out of a matter's events, by event. What a person's erasure made unreadable is not there.
func (s *Service) secrets(ctx context.Context, q db.Queryer, m *Matter, list []Event) (map[int64]hidden, error) {
	any := false
	for i := range list {
		any = any || list[i].hidden != ""
	}
	if !any {
		return nil, nil
	}
	wrapped, err := db.One(ctx, q, db.Value[[]byte], `select wrapped from matter_contact where matter_id = $1`, m.ID)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, errs.Wrap(err, "the personal key of matter %d", m.ID)
	}
	key, err := s.Ring.UnwrapDataKey(wrapped)
	if err != nil {
		return nil, err
	}
	out := map[int64]hidden{}
	for i := range list {
		e := &list[i]
		if e.hidden == "" {
			continue
		}
		text, err := key.OpenText(e.hidden, hiddenSeal+m.Number)
		if errors.Is(err, crypt.ErrForged) {
			continue // from before the person was erased: that key is gone
		}
		if err != nil {
			return nil, errs.Wrap(err, "open the numbers of event %d", e.ID)
		}
		found := hidden{}
		if err := json.Unmarshal([]byte(text), &found); err != nil {
			return nil, errs.Wrap(err, "read the numbers of event %d", e.ID)
		}
		out[e.ID] = found
	}
	return out, nil
}

// reals are a matter's events with their values as they were given.
func (s *Service) reals(ctx context.Context, q db.Queryer, m *Matter, list []Event) ([]Event, error) {
	secrets, err := s.secrets(ctx, q, m, list)
	if err != nil || len(secrets) == 0 {
		return list, err
	}
	out := make([]Event, len(list))
	for i := range list {
		out[i] = list[i]
		if h := secrets[list[i].ID]; h != nil && list[i].record.Values != nil {
			whole, err := h.restore("values", list[i].record.Values)
			if err != nil {
				return nil, errs.Wrap(err, "read the values of event %d", list[i].ID)
			}
			out[i].record.Values, _ = whole.(map[string]any)
		}
	}
	return out, nil
}
