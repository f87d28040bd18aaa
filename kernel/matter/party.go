package matter

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// mayOpen reports whether the actor of ctx is a party of a sealed matter: its staff by a row, the outside party by being
// it, the house because its jobs and sweeps keep the clocks. No role opens it.
func (s *Service) mayOpen(ctx context.Context, q db.Queryer, m *Matter) (bool, error) {
	switch who := access.From(ctx); who.Kind {
	case access.System:
		return true, nil
	case access.Citizen:
		return m.Citizen != 0 && m.Citizen == who.ID, nil
	case access.Staff:
		return isParty(ctx, q, m.ID, who.ID)
	}
	return false, nil
}

func isParty(ctx context.Context, q db.Queryer, matter, staff int64) (bool, error) {
	_, err := db.One(ctx, q, db.Value[int64], `select staff_id from matter_party where matter_id = $1 and staff_id = $2`, matter, staff)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil, errs.Wrap(err, "look for a party of matter %d", matter)
}
