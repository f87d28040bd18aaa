package matter

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Read is the permission whose reach says which matters somebody may see.
const Read = "matter.read"

// Object says what a matter belongs to, as the actor of ctx may look at it: a party in their own unit, wherever the matter
// lies; others in the unit within their reach under which it hangs. A sealed one is NotFound for all but its parties, and
// the attempt is audited.
func (s *Service) Object(ctx context.Context, id int64) (access.Object, error) {
	m, err := s.Head(ctx, id)
	if err != nil {
		return access.Object{}, err
	}
	who := access.From(ctx)
	if who.Kind == access.Staff {
		party, err := isParty(ctx, s.DB, id, who.ID)
		if err != nil || party {
			return access.Object{Unit: who.Unit, Account: m.Account}, err
		}
	}
	if m.Sealed {
		may, err := s.mayOpen(ctx, s.DB, &m)
		if err != nil {
			return access.Object{}, err
		}
		if !may {
			if err := s.looked(ctx, &m, false); err != nil {
				return access.Object{}, err
			}
			return access.Object{}, errNone
		}
	}
	return s.hangs(ctx, &m, who.Reach(Read))
}

// hangs is the first unit within reach under which a matter hangs, or the one where it lies.
func (s *Service) hangs(ctx context.Context, m *Matter, reach access.Reach) (access.Object, error) {
	units, err := db.All(ctx, s.DB, db.Value[int64], `select unit_id from matter_unit where matter_id = $1 order by unit_id`, m.ID)
	if err != nil {
		return access.Object{}, errs.Wrap(err, "units of matter %d", m.ID)
	}
	var o access.Object
	for _, unit := range append([]int64{m.Unit}, units...) {
		path, err := s.path(ctx, unit)
		if err != nil {
			return access.Object{}, err
		}
		o = access.Object{Unit: path, Account: m.Account}
		if reach.Covers(o) {
			return o, nil
		}
	}
	path, err := s.path(ctx, m.Unit)
	return access.Object{Unit: path, Account: m.Account}, err
}
