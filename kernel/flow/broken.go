package flow

import (
	"context"

	"weizheng/platform/access"
)

// Broken is a live flow that has become unsound: a part, a permission or a form that it names is gone.
type Broken struct {
	Sheet    Sheet
	Problems []Problem // the errors only
}

// mostFlows bounds what Broken looks at.
const mostFlows = 1000

// Broken judges every live version again. Matters that run on one go on, but what it names does nothing.
func (s *Service) Broken(ctx context.Context) ([]Broken, error) {
	sheets, err := s.List(ctx, access.Reach{All: true}, 0, mostFlows)
	if err != nil {
		return nil, err
	}
	var list []Broken
	for _, f := range sheets {
		if f.Live == 0 {
			continue
		}
		e, err := s.Edition(ctx, f.ID, f.Live)
		if err != nil {
			return nil, err
		}
		problems, err := s.Check(ctx, &e.Definition)
		if err != nil {
			return nil, err
		}
		b := Broken{Sheet: f}
		for _, p := range problems {
			if p.Severity == Error {
				b.Problems = append(b.Problems, p)
			}
		}
		if len(b.Problems) > 0 {
			list = append(list, b)
		}
	}
	return list, nil
}
