package org

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// RemoveUnit deletes a unit that was made by mistake: one that has units, people or grants, or to which anything else
// refers, is Conflict "org.unit_in_use"; such a unit is closed instead.
func (s *Service) RemoveUnit(ctx context.Context, id int64) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := lockTree(ctx, tx); err != nil {
			return err
		}
		u, err := unitByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if u.Root() {
			return errs.New(errs.Conflict, "org.unit_root")
		}
		err = db.ExpectOne(tx.Exec(ctx, "delete from unit where id = $1", id))
		if errs.Is(err, errs.Conflict) && errs.As(err).Key() == "db.referenced" {
			return errs.New(errs.Conflict, "org.unit_in_use").Because(err)
		}
		if err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "remove", Object: "unit", ID: id, Unit: u.Path})
	})
	return errs.Wrap(err, "remove unit %d", id)
}
