package matter

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// mostChildren bounds how many sub-matters a page shows.
const mostChildren = 100

// Family returns the matter that one was opened under, if any, and those opened under it, the oldest first, as far as the
// actor of ctx may look at them: what is sealed or lies beyond their reach is left out.
func (s *Service) Family(ctx context.Context, m *Matter) (parent *Matter, children []Matter, err error) {
	list, err := db.All(ctx, s.DB, scanHead, `select `+matterColumns+` from matter m where m.parent_id = $1 or m.id = $2 order by m.id limit $3`,
		m.ID, m.Parent, mostChildren)
	if err != nil {
		return nil, nil, errs.Wrap(err, "family of matter %d", m.ID)
	}
	who := access.From(ctx)
	for i := range list {
		one := list[i]
		if one.Sealed {
			continue
		}
		o, err := s.Object(ctx, one.ID)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case !who.Can(Read, o):
		case one.ID == m.Parent:
			parent = &one
		default:
			children = append(children, one)
		}
	}
	return parent, children, nil
}
