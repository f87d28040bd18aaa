package matter

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Late returns how many milliseconds the sweep is behind: how long the deadline that has waited longest has been due. 0
// when none waits.
func (s *Service) Late(ctx context.Context) (int64, error) {
	now := s.now()
	at, err := db.One(ctx, s.DB, db.Value[int64], `select next_at from matter_deadline where next_at <= $1 order by next_at limit 1`, now)
	if errs.Is(err, errs.NotFound) {
		return 0, nil
	}
	return now - at, errs.Wrap(err, "look for late deadlines")
}

// Titles returns how people call a matter's kind and the state it is in.
func (s *Service) Titles(ctx context.Context, m Matter) (kind, state string, err error) {
	d, err := s.definition(ctx, s.DB, m.FlowID)
	if err != nil {
		return "", "", err
	}
	now, _ := d.State(m.State)
	return d.Title, now.Title, nil
}
