package matter

import (
	"context"
	"slices"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/errs"
)

// nameThem keeps in a record how the people and units in it were called at the time: units are renamed, people marry and
// leave, and a history tells what it was like.
func (s *Service) nameThem(ctx context.Context, r *record) error {
	names := map[string]string{}
	me := access.From(ctx)
	for _, e := range r.Events {
		for _, who := range slices.Concat([]flow.Who{e.By, e.For, e.Staff}, e.Watch, signers(e)) {
			id := who.StaffID()
			if id == 0 || names[string(who)] != "" {
				continue
			}
			if me.Kind == access.Staff && me.ID == id {
				names[string(who)] = me.Name
				continue
			}
			a, err := s.Staff.Actor(ctx, id)
			if err != nil && !errs.Is(err, errs.Unauthenticated) && !errs.Is(err, errs.NotFound) {
				return err
			}
			names[string(who)] = a.Name
		}
		if e.Unit == 0 || names[unitKey(e.Unit)] != "" {
			continue
		}
		u, err := s.unit(ctx, e.Unit)
		if err != nil {
			return err
		}
		names[unitKey(e.Unit)] = u.Name
	}
	for key, name := range names {
		if name == "" {
			delete(names, key)
		}
	}
	if len(names) > 0 {
		r.Names = names
	}
	return nil
}

func unitKey(id int64) string { return "unit:" + itoa(int(id)) }

func signers(e flow.Event) []flow.Who {
	var all []flow.Who
	if e.Slots != nil {
		for _, s := range e.Slots.Slots {
			all = append(all, s.Who)
		}
	}
	if e.Added != nil {
		all = append(all, e.Added.Who)
	}
	return all
}
