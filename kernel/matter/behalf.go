package matter

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/errs"
)

var errNoDeputy = errs.New(errs.Denied, "matter.no_deputy")

// away is somebody as they may act, for whoever stands in for them now. Denied "matter.no_deputy" when the actor of ctx does
// not.
func (s *Service) away(ctx context.Context, staff int64) (access.Actor, error) {
	ok, err := delegated(ctx, s.DB, staff, access.From(ctx).ID, s.now())
	if err != nil {
		return access.Actor{}, err
	}
	if !ok {
		return access.Actor{}, errNoDeputy
	}
	a, err := s.Staff.Actor(ctx, staff)
	return a, errs.Wrap(err, "load staff %d", staff)
}

// MineFor is Mine of somebody who is away, for their deputy. What sealed matters are about a deputy learns only as a party.
func (s *Service) MineFor(ctx context.Context, staff int64, f Filter, cursor string, limit int) (Page, error) {
	a, err := s.away(ctx, staff)
	if err != nil {
		return Page{}, err
	}
	p, err := s.Mine(ctx, a, f, cursor, limit)
	for i := range p.Items {
		if p.Items[i].Sealed {
			p.Items[i].Title = ""
		}
	}
	return p, err
}

// CountFor is CountMine of somebody who is away, for their deputy.
func (s *Service) CountFor(ctx context.Context, staff int64) (int, error) {
	a, err := s.away(ctx, staff)
	if err != nil {
		return 0, err
	}
	return s.CountMine(ctx, a, Filter{})
}
