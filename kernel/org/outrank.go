package org

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/db"
)

// mayManage decides whether the actor may reset, disable or change a person: never themselves; only where staff.edit
// covers the person's unit and the place of each of their grants, else a desk's administrator could take over somebody
// of the city who happens to sit there; and an administrator only if the actor is one too.
func mayManage(actor access.Actor, own []Grant, p Staff, theirs []Grant, now int64) error {
	if actor.Kind == access.System {
		return nil
	}
	if actor.Kind == access.Staff && actor.ID == p.ID {
		return errSelf
	}
	if !actor.Can("staff.edit", access.Object{Unit: p.Unit}) {
		return errBeyond
	}
	for _, g := range theirs {
		if g.alive(now) && !actor.Can("staff.edit", access.Object{Unit: g.Unit, Account: g.Account}) {
			return errBeyond
		}
	}
	if _, admin := administers(theirs); admin {
		if _, too := administers(own); !too {
			return errBeyond
		}
	}
	return nil
}

// manage locks a person and checks that the actor may manage them.
func (s *Service) manage(ctx context.Context, tx *db.Tx, staff int64) (Staff, []Grant, error) {
	p, err := s.lockStaff(ctx, tx, staff)
	if err != nil {
		return Staff{}, nil, err
	}
	theirs, err := grantsOf(ctx, tx, staff)
	if err != nil {
		return Staff{}, nil, err
	}
	own, err := grantsOf(ctx, tx, actorStaff(access.From(ctx)))
	if err != nil {
		return Staff{}, nil, err
	}
	return p, theirs, mayManage(access.From(ctx), own, p, theirs, s.now())
}
