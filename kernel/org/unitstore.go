package org

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

const unitColumns = `id, coalesce(parent_id, 0), coalesce(guide_id, 0), level, name, short, code, path, position, closed,
	created_at, updated_at, version`

func scanUnit(scan db.Scan) (Unit, error) {
	var u Unit
	err := scan(&u.ID, &u.ParentID, &u.GuideID, &u.Level, &u.Name, &u.Short, &u.Code, &u.Path, &u.Position, &u.Closed,
		&u.CreatedAt, &u.UpdatedAt, &u.Version)
	return u, err
}

var errNoUnit = errs.New(errs.NotFound, "org.no_unit")

// Unit returns one unit; NotFound "org.no_unit".
func (s *Service) Unit(ctx context.Context, id int64) (Unit, error) { return unitByID(ctx, s.DB, id) }

func unitByID(ctx context.Context, q db.Queryer, id int64) (Unit, error) {
	u, err := db.One(ctx, q, scanUnit, "select "+unitColumns+" from unit where id = $1", id)
	if errs.Is(err, errs.NotFound) {
		return Unit{}, errNoUnit
	}
	return u, errs.Wrap(err, "load unit %d", id)
}

// UnitPath returns a unit's path: what scopes and other parts need of it.
func (s *Service) UnitPath(ctx context.Context, id int64) (string, error) {
	u, err := s.Unit(ctx, id)
	return u.Path, err
}

// Units returns the units within reach, ordered so that each parent stands before its children.
func (s *Service) Units(ctx context.Context, reach access.Reach) ([]Unit, error) {
	where, args := reach.Where("path", "", 1)
	list, err := db.All(ctx, s.DB, scanUnit, "select "+unitColumns+" from unit where "+where+
		" order by length(path) - length(replace(path, '/', '')), position, id", args...)
	return list, errs.Wrap(err, "list units")
}

// lockTree lets one verb at a time change the tree's shape: two moves at once could hang a unit below itself.
func lockTree(ctx context.Context, tx *db.Tx) error {
	_, err := db.All(ctx, tx, db.Value[int64], "select id from unit where parent_id is null"+tx.Dialect().ForUpdate())
	return errs.Wrap(err, "lock the tree of units")
}

func insertUnit(ctx context.Context, tx *db.Tx, u Unit) (Unit, error) {
	id, err := db.One(ctx, tx, db.Value[int64], `insert into unit
		(parent_id, guide_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
		values ($1, $2, $3, $4, $5, $6, '', $7, false, $8, $8, 1) returning id`,
		orNull(u.ParentID), orNull(u.GuideID), string(u.Level), u.Name, u.Short, u.Code, u.Position, u.CreatedAt)
	if err != nil {
		return Unit{}, err
	}
	u.ID, u.Path, u.UpdatedAt, u.Version = id, u.Path+itoa(id)+"/", u.CreatedAt, 1
	_, err = tx.Exec(ctx, "update unit set path = $2 where id = $1", u.ID, u.Path)
	return u, err
}

func updateUnit(ctx context.Context, tx *db.Tx, u Unit) error {
	return db.ExpectOne(tx.Exec(ctx, `update unit set guide_id = $3, level = $4, name = $5, short = $6, code = $7,
		position = $8, closed = $9, updated_at = $10, version = version + 1 where id = $1 and version = $2`,
		u.ID, u.Version, orNull(u.GuideID), string(u.Level), u.Name, u.Short, u.Code, u.Position, u.Closed, u.UpdatedAt))
}

// orNull keeps a missing reference out of the foreign key.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
