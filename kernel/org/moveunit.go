package org

import (
	"context"
	"strings"

	"weizheng/kernel/audit"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// MoveUnit hangs a unit with everything below it under another parent, for which the actor needs unit.edit too. All
// paths follow in the same transaction, and everybody's rights are computed anew.
func (s *Service) MoveUnit(ctx context.Context, id, parent, version int64) error {
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
		to, err := placeBelow(ctx, tx, parent, u.Level)
		if err != nil {
			return err
		}
		if strings.HasPrefix(to.Path, u.Path) {
			return errs.InvalidFields([]errs.Field{{Field: "parent_id", Key: "org.unit_below_itself"}})
		}
		return s.rehang(ctx, tx, u, to, version)
	})
	return errs.Wrap(err, "move unit %d", id)
}

func (s *Service) rehang(ctx context.Context, tx *db.Tx, u, to Unit, version int64) error {
	path := to.Path + itoa(u.ID) + "/"
	err := db.ExpectOne(tx.Exec(ctx, "update unit set parent_id = $3, updated_at = $4, version = version + 1 where id = $1 and version = $2",
		u.ID, version, to.ID, s.now()))
	if err != nil {
		return nameTaken(err)
	}
	if path == u.Path {
		return nil
	}
	if _, err := tx.Exec(ctx, "update unit set path = $1 || substr(path, $2) where path like $3",
		path, len(u.Path)+1, u.Path+"%"); err != nil {
		return err
	}
	if s.Moved != nil {
		if err := s.Moved(ctx, tx, u.Path, path); err != nil {
			return err
		}
	}
	if err := s.touched(tx, 0); err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, audit.Entry{Verb: "move", Object: "unit", ID: u.ID, Unit: path,
		Detail: map[string]any{"from": u.Path, "to": path}})
}
