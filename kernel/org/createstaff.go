package org

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// CreateStaff makes an account without any right in a unit where the actor holds staff.edit, and a link by which the
// person sets their password.
func (s *Service) CreateStaff(ctx context.Context, in StaffIn) (Staff, Invitation, error) {
	if err := in.Validate(s.now(), true); err != nil {
		return Staff{}, Invitation{}, err
	}
	var p Staff
	var link Invitation
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if err := checkUnit(ctx, tx, in.UnitID); err != nil {
			return err
		}
		if p, err = s.addStaff(ctx, tx, in); err != nil {
			return err
		}
		link, err = s.invite(ctx, tx, p)
		return err
	})
	return p, link, errs.Wrap(err, "create staff")
}

func (s *Service) addStaff(ctx context.Context, tx *db.Tx, in StaffIn) (Staff, error) {
	_, err := s.staffByLogin(ctx, tx, in.Login)
	switch {
	case err == nil:
		return Staff{}, errs.InvalidFields([]errs.Field{{Field: "login", Key: "org.login_taken"}})
	case !errs.Is(err, errs.NotFound):
		return Staff{}, err
	}
	id, err := insertStaff(ctx, tx, Staff{Login: in.Login, Name: in.Name, Title: in.Title, UnitID: in.UnitID,
		Outsourced: in.Outsourced, UntilAt: in.UntilAt, CreatedAt: s.now()})
	if err != nil {
		return Staff{}, err
	}
	p, err := s.staffByID(ctx, tx, id)
	if err != nil {
		return Staff{}, err
	}
	if in.Phone != "" {
		if err := s.seal(&p, in.Phone); err != nil {
			return Staff{}, err
		}
		if err := s.saveStaff(ctx, tx, p); err != nil {
			return Staff{}, err
		}
		if p, err = s.staffByID(ctx, tx, id); err != nil {
			return Staff{}, err
		}
	}
	return p, s.Audit.Record(ctx, tx, audit.Entry{Verb: "create", Object: "staff", ID: id, Unit: p.Unit})
}

// checkUnit makes sure that people are put only where the actor may, and not into a closed unit.
func checkUnit(ctx context.Context, tx *db.Tx, unit int64) error {
	u, err := unitByID(ctx, tx, unit)
	switch {
	case errs.Is(err, errs.NotFound), err == nil && !access.From(ctx).Can("staff.edit", access.Object{Unit: u.Path}):
		return errs.InvalidFields([]errs.Field{{Field: "unit_id", Key: "org.no_unit"}})
	case err == nil && u.Closed:
		return errs.InvalidFields([]errs.Field{{Field: "unit_id", Key: "org.unit_closed"}})
	}
	return err
}
