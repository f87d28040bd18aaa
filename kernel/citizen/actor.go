package citizen

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Actor turns a citizen session's subject into who acts: the person as they are joined today. An erased one is
// errs.Unauthenticated.
func (s *Service) Actor(ctx context.Context, subject int64) (access.Actor, error) {
	type state struct {
		id     int64
		erased bool
	}
	c, err := db.One(ctx, s.DB, func(scan db.Scan) (c state, err error) {
		err = scan(&c.id, &c.erased)
		return c, err
	}, `select now.id, now.key_wrapped is null from citizen c join citizen now on now.id = coalesce(c.joined_into, c.id) where c.id = $1`, subject)
	if errs.Is(err, errs.NotFound) || err == nil && c.erased {
		return access.Actor{}, errs.New(errs.Unauthenticated, "unauthenticated")
	}
	return access.Actor{Kind: access.Citizen, ID: c.id}, errs.Wrap(err, "load citizen %d", subject)
}
