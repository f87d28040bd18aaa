package org

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// ChangePassword gives the actor a new password; the present one is asked for and counts like a login. All their other
// sessions end.
func (s *Service) ChangePassword(ctx context.Context, current, next string) error {
	actor := access.From(ctx)
	p, err := s.Staff(ctx, actorStaff(actor))
	if err != nil {
		return err
	}
	if err := CheckPassword(next, p.Login, s.number(ctx, SettingPasswordSize)); err != nil {
		return err
	}
	if current == next {
		return errs.InvalidFields([]errs.Field{{Field: "password", Key: "org.password_same"}})
	}
	if err := s.provePassword(ctx, p, current); err != nil {
		return err
	}
	phc, err := s.hash(ctx, next)
	if err != nil {
		return err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		fresh, err := s.lockStaff(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		if fresh.password != p.password {
			return errs.New(errs.Conflict, "db.stale")
		}
		return s.setPassword(ctx, tx, fresh, phc, "change_password", actor.Session)
	})
	return errs.Wrap(err, "change password")
}
