package org

import (
	"context"
	"strconv"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// CreateUnit adds a unit below in.ParentID, for which the actor needs unit.edit. The first unit, the root of everything,
// is made by Init alone.
func (s *Service) CreateUnit(ctx context.Context, in UnitIn) (Unit, error) {
	if err := in.Validate(); err != nil {
		return Unit{}, err
	}
	var created Unit
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := lockTree(ctx, tx); err != nil {
			return err
		}
		parent, err := placeBelow(ctx, tx, in.ParentID, in.Level)
		if err != nil {
			return err
		}
		if err := checkGuide(ctx, tx, 0, in.GuideID); err != nil {
			return err
		}
		created, err = insertUnit(ctx, tx, Unit{ParentID: parent.ID, GuideID: in.GuideID, Level: in.Level, Name: in.Name,
			Short: in.Short, Code: in.Code, Path: parent.Path, Position: in.Position, CreatedAt: s.now()})
		if err != nil {
			return nameTaken(err)
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "create", Object: "unit", ID: created.ID, Unit: created.Path})
	})
	return created, errs.Wrap(err, "create unit")
}

// placeBelow returns the parent if the actor may put a unit of the level below it. One out of reach is one that is not
// there.
func placeBelow(ctx context.Context, tx *db.Tx, parent int64, l Level) (Unit, error) {
	p, err := unitByID(ctx, tx, parent)
	switch {
	case errs.Is(err, errs.NotFound), err == nil && !access.From(ctx).Can("unit.edit", access.Object{Unit: p.Path}):
		return Unit{}, errs.InvalidFields([]errs.Field{{Field: "parent_id", Key: "org.no_unit"}})
	case err != nil:
		return Unit{}, err
	case p.Closed:
		return Unit{}, errs.InvalidFields([]errs.Field{{Field: "parent_id", Key: "org.unit_closed"}})
	case !l.fits(p.Level):
		return Unit{}, errs.InvalidFields([]errs.Field{{Field: "level", Key: "org.level_above_parent"}})
	}
	return p, nil
}

func checkGuide(ctx context.Context, tx *db.Tx, unit, guide int64) error {
	if guide == 0 {
		return nil
	}
	if guide == unit {
		return errs.InvalidFields([]errs.Field{{Field: "guide_id", Key: "org.guide_self"}})
	}
	_, err := unitByID(ctx, tx, guide)
	if errs.Is(err, errs.NotFound) {
		return errs.InvalidFields([]errs.Field{{Field: "guide_id", Key: "org.no_unit"}})
	}
	return err
}

// nameTaken makes the database's duplicate a fault of the field: siblings have different names.
func nameTaken(err error) error {
	if errs.Is(err, errs.Conflict) && errs.As(err).Key() == "db.duplicate" {
		return errs.InvalidFields([]errs.Field{{Field: "name", Key: "org.unit_name_taken"}})
	}
	return err
}
