package matter

import (
	"context"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/errs"
)

// present gives to whoever takes it what a change would give to somebody who is not there any more: who held a step that a
// matter comes back to may have left since, and nobody may have handed over what they had.
func (s *Service) present(ctx context.Context, c *change) error {
	var more []flow.Event
	for i := range c.record.Events {
		e := &c.record.Events[i]
		to := e.Staff
		if d := c.before.Run.Delegation; e.Kind == flow.EventHandedBack && d != nil {
			to = d.Owner
		} else if e.Kind != flow.EventAssigned {
			continue
		}
		left, err := s.left(ctx, to)
		if err != nil {
			return err
		}
		switch {
		case !left:
		case e.Kind == flow.EventHandedBack:
			more = append(more, flow.Event{Kind: flow.EventAssigned, At: e.At, By: e.By, For: e.For, Action: e.Action, Unit: c.before.Run.Unit})
		default:
			e.Staff = ""
		}
	}
	c.record.Events = append(c.record.Events, more...)
	return nil
}

// left reports whether somebody is staff who is not there any more.
func (s *Service) left(ctx context.Context, who flow.Who) (bool, error) {
	id := who.StaffID()
	if me := access.From(ctx); id == 0 || me.Kind == access.Staff && me.ID == id {
		return false, nil
	}
	_, err := s.Staff.Actor(ctx, id)
	if errs.Is(err, errs.Unauthenticated) || errs.Is(err, errs.NotFound) {
		return true, nil
	}
	return false, err
}
