package matter

import (
	"context"
	"fmt"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// countLimit is where counting ends: nobody reads more than "999+".
const countLimit = 1000

// Count returns how many matters an inbox has, at most 1000. Its period is that of opening, or with a Light that of due times.
func (s *Service) Count(ctx context.Context, reach access.Reach, q Query) (int, error) {
	q.Order, q.After = ByOpened, ""
	if q.Light != "" {
		q.Order = ByDue
	}
	places, err := s.places(ctx, reach, q.Unit)
	if err != nil {
		return 0, err
	}
	low, high, err := q.bounds()
	if err != nil {
		return 0, err
	}
	spans, err := s.spans(ctx, places, q.Filter)
	rows := merge{order: q.Order, low: low, high: high, now: s.now()}
	n := 0
	for _, one := range spans {
		if n >= countLimit {
			break
		}
		r := rows.within(one)
		more, err := db.One(ctx, s.DB, db.Value[int], fmt.Sprintf(`select count(*) from (select 1 from matter_unit where unit_id = $1 and facet_id = $2
			and (%[1]s, matter_id) > ($3, $4) and (%[1]s, matter_id) < ($5, $6) and yellow_at > $7 and yellow_at <= $8 limit $9) counted`, rows.column()),
			one.unit, one.facet, r.low.at, r.low.id, r.high.at, r.high.id, r.after, r.until, countLimit-n)
		if err != nil {
			return 0, errs.Wrap(err, "count the matters of unit %d", one.unit)
		}
		n += more
	}
	return n, err
}
