package org

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// ChangeStaff changes what is known of a person, their unit among it; rights stay as they are.
func (s *Service) ChangeStaff(ctx context.Context, id int64, in StaffIn) error {
	if err := in.Validate(s.now(), false); err != nil {
		return err
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		p, _, err := s.manage(ctx, tx, id)
		if err != nil {
			return err
		}
		if in.UnitID != p.UnitID {
			if err := checkUnit(ctx, tx, in.UnitID); err != nil {
				return err
			}
		}
		detail := map[string]any{"unit": in.UnitID, "outsourced": in.Outsourced, "until_at": in.UntilAt, "phone_changed": in.Phone != ""}
		p.Name, p.Title, p.UnitID, p.Outsourced, p.UntilAt, p.Version = in.Name, in.Title, in.UnitID, in.Outsourced, in.UntilAt, in.Version
		if err := s.seal(&p, in.Phone); err != nil {
			return err
		}
		if err := s.saveStaff(ctx, tx, p); err != nil {
			return err
		}
		if err := s.touched(tx, id); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "change", Object: "staff", ID: id, Unit: p.Unit, Detail: detail})
	})
	return errs.Wrap(err, "change staff %d", id)
}
