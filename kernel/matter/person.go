package matter

import (
	"context"
	"slices"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/errs"
)

// Lead is the permission that makes somebody the leader of a unit in the eyes of a definition.
const Lead = "matter.lead"

// whoOf says who an actor is in a flow's words. The house itself, keys and visitors are nobody who could act.
func whoOf(a access.Actor) flow.Who {
	switch a.Kind {
	case access.Staff:
		return flow.Staff(a.ID)
	case access.Citizen:
		return flow.Citizen(a.ID)
	case access.System:
		return flow.System
	}
	return ""
}

// person is an actor as one matter sees them: which of the definition's roles they hold, and what they lead, for each of
// the units that count there. Whether they may know of a sealed matter at all is not asked here.
func (s *Service) person(ctx context.Context, a access.Actor, d *flow.Definition, r flow.Run, account int64) (flow.Person, error) {
	p := flow.Person{Who: whoOf(a)}
	if a.Kind != access.Staff {
		return p, nil
	}
	p.Unit = access.UnitID(a.Unit)
	units := r.Units()
	if p.Unit != 0 && !slices.Contains(units, p.Unit) {
		units = append(units, p.Unit) // they may be given the matter there
	}
	for _, unit := range units {
		path, err := s.path(ctx, unit)
		if err != nil {
			return p, errs.Wrap(err, "the path of unit %d", unit)
		}
		o := access.Object{Unit: path, Account: account}
		for _, role := range d.Roles {
			if a.Can(role.Permission, o) {
				p.Roles = append(p.Roles, flow.RoleIn{Role: role.Name, Unit: unit})
			}
		}
		if a.Can(Lead, o) {
			p.Leads = append(p.Leads, unit)
		}
	}
	return p, nil
}

// people looks up everybody whom a move names. Who is gone is left out, which flow refuses.
func (s *Service) people(ctx context.Context, d *flow.Definition, r flow.Run, account int64, named []flow.Who) (map[flow.Who]flow.Person, error) {
	out := map[flow.Who]flow.Person{}
	for _, who := range named {
		id := who.StaffID()
		if id == 0 {
			continue
		}
		a, err := s.Staff.Actor(ctx, id)
		if errs.Is(err, errs.Unauthenticated) || errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if out[who], err = s.person(ctx, a, d, r, account); err != nil {
			return nil, err
		}
	}
	return out, nil
}
