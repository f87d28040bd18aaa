package form

import (
	"context"
	"maps"

	"weizheng/platform/errs"
)

// Prefill fills a fresh form with what is known of the person already, by the sources that its fields name. What cannot be
// found is left out; an answer is never overwritten.
func (s *Service) Prefill(ctx context.Context, who Owner, form Form, values Values) (Values, error) {
	filled := Values{}
	maps.Copy(filled, values)
	for _, field := range form.Fields {
		if _, answered := filled[field.Name]; answered || field.Prefill == "" {
			continue
		}
		for _, source := range s.Sources {
			if source.Name != field.Prefill {
				continue
			}
			v, err := source.Load(ctx, who, field)
			if err != nil {
				return nil, errs.Wrap(err, "prefill from %s", source.Name)
			}
			if v != nil {
				filled[field.Name] = v
			}
		}
	}
	return form.Shape(filled), nil
}

// earlierLooked is how many of a person's last submissions are looked through.
const earlierLooked = 5

// earlier finds what the person last sent in a field of the same name and kind, in any form. Files and signatures belong to
// what they were given for and are never taken over.
func (s *Service) earlier(ctx context.Context, who Owner, f Field) (any, error) {
	if who.Citizen == 0 || f.Kind == File || f.Kind == Signature || f.Kind == Group {
		return nil, nil
	}
	sent, err := s.Sent(ctx, who, earlierLooked)
	if err != nil {
		return nil, err
	}
	for _, x := range sent {
		sheet, err := s.Get(ctx, x.Form)
		if err != nil {
			return nil, err
		}
		e, err := s.Edition(ctx, sheet, x.Number)
		if err != nil {
			return nil, err
		}
		if was, ok := e.Form.Field(f.Name); !ok || was.Kind != f.Kind {
			continue
		}
		values, err := s.Values(ctx, x, e.Form)
		if err != nil {
			return nil, err
		}
		if v, ok := values[f.Name]; ok {
			return v, nil
		}
	}
	return nil, nil
}
