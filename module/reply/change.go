package reply

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Change replaces a rule by what staff wrote, if version is still the one they saw; else errs.Conflict "db.stale". A
// rule stays in its account.
func (s *Service) Change(ctx context.Context, id, version int64, in In) (Rule, error) {
	r, err := in.Rule()
	if err != nil {
		return Rule{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := byID(ctx, tx, id)
		if err != nil {
			return err
		}
		r.ID, r.Account, r.Version = id, old.Account, version
		if err := onlyOne(ctx, tx, r); err != nil {
			return err
		}
		if err := update(ctx, tx, r, clock.Millis(s.wall.Now())); err != nil {
			return err
		}
		return s.changed(ctx, tx, "change", r, map[string]any{"name": r.Name, "was": old.Name})
	})
	if err != nil {
		return Rule{}, errs.Wrap(err, "change rule %d", id)
	}
	return s.Get(ctx, id)
}

// Enable lets a rule speak, or silences it.
func (s *Service) Enable(ctx context.Context, id, version int64, enabled bool) (Rule, error) {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := byID(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.Enabled == enabled {
			return nil
		}
		r.Enabled, r.Version = enabled, version
		if err := onlyOne(ctx, tx, r); err != nil {
			return err
		}
		if err := update(ctx, tx, r, clock.Millis(s.wall.Now())); err != nil {
			return err
		}
		verb := "disable"
		if enabled {
			verb = "enable"
		}
		return s.changed(ctx, tx, verb, r, map[string]any{"name": r.Name})
	})
	if err != nil {
		return Rule{}, errs.Wrap(err, "enable rule %d", id)
	}
	return s.Get(ctx, id)
}

// Remove takes a rule away; what it said stays in the record.
func (s *Service) Remove(ctx context.Context, id, version int64) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := byID(ctx, tx, id)
		if err != nil {
			return err
		}
		err = db.ExpectOne(tx.Exec(ctx, `update reply_rule set deleted_at=$3, version=version+1
			where id=$1 and version=$2 and deleted_at is null`, id, version, clock.Millis(s.wall.Now())))
		if err != nil {
			return err
		}
		return s.changed(ctx, tx, "remove", r, map[string]any{"name": r.Name})
	})
	return errs.Wrap(err, "remove rule %d", id)
}
