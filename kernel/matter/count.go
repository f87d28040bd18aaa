package matter

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// countLimit is where counting ends: nobody reads more than "999+".
const countLimit = 1000

// Count returns how many matters an inbox has, at most 1000. Its period, if any, is that of opening.
func (s *Service) Count(ctx context.Context, reach access.Reach, q Query) (int, error) {
	q.Order, q.After = ByOpened, ""
	places, err := s.places(ctx, reach, q.Unit)
	if err != nil {
		return 0, err
	}
	low, high, err := q.bounds()
	if err != nil {
		return 0, err
	}
	spans, err := s.spans(ctx, places, q.Filter)
	n := 0
	for _, one := range spans {
		if n >= countLimit {
			break
		}
		more, err := db.One(ctx, s.DB, db.Value[int], `select count(*) from (select 1 from matter_unit where unit_id = $1 and facet_id = $2
			and opened_at > $3 and opened_at < $4 limit $5) counted`, one.unit, one.facet, low.at, high.at, countLimit-n)
		if err != nil {
			return 0, errs.Wrap(err, "count the matters of unit %d", one.unit)
		}
		n += more
	}
	return n, err
}
