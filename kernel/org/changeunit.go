package org

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// ChangeUnit changes everything of a unit but its place in the tree. Conflict "db.stale" when in.Version is not the
// present one. A unit with open units below it cannot be closed.
func (s *Service) ChangeUnit(ctx context.Context, id int64, in UnitIn) error {
	if err := in.Validate(); err != nil {
		return err
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := lockTree(ctx, tx); err != nil {
			return err
		}
		u, err := unitByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := checkChange(ctx, tx, u, in); err != nil {
			return err
		}
		u.GuideID, u.Level, u.Name, u.Short, u.Code = in.GuideID, in.Level, in.Name, in.Short, in.Code
		u.Position, u.Closed, u.Version, u.UpdatedAt = in.Position, in.Closed, in.Version, s.now()
		if err := updateUnit(ctx, tx, u); err != nil {
			return nameTaken(err)
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "change", Object: "unit", ID: id, Unit: u.Path,
			Detail: map[string]any{"closed": u.Closed, "level": u.Level, "guide": u.GuideID}})
	})
	return errs.Wrap(err, "change unit %d", id)
}

// checkChange keeps the levels in order upwards and downwards, and open units out of closed ones.
func checkChange(ctx context.Context, tx *db.Tx, u Unit, in UnitIn) error {
	if err := checkGuide(ctx, tx, u.ID, in.GuideID); err != nil {
		return err
	}
	var f faults
	if !u.Root() {
		parent, err := unitByID(ctx, tx, u.ParentID)
		if err != nil {
			return err
		}
		if !in.Level.fits(parent.Level) {
			f.add("level", "org.level_above_parent")
		}
		if parent.Closed && !in.Closed {
			f.add("closed", "org.unit_closed")
		}
	}
	children, err := db.All(ctx, tx, scanUnit, "select "+unitColumns+" from unit where parent_id = $1", u.ID)
	if err != nil {
		return err
	}
	for _, c := range children {
		if !c.Level.fits(in.Level) {
			f.add("level", "org.level_below_child")
			break
		}
	}
	for _, c := range children {
		if in.Closed && !c.Closed {
			f.add("closed", "org.unit_has_open_children")
			break
		}
	}
	if in.Closed && u.Root() {
		f.add("closed", "org.unit_root")
	}
	return errs.InvalidFields(f)
}
