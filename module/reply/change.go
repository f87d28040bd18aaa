package reply

import (
	"context"

	"weizheng/kernel/matter"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Change replaces a rule by what staff wrote, if version is still the one they saw; else errs.Conflict "db.stale". A
// rule stays in its account. Where a colleague must review it, what is live keeps speaking until they approve; writing
// again before that takes back what waited. While somebody else's wording is open it is errs.Conflict "reply.under_review".
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
		r.ID, r.Account, r.Version, r.PublishedAt = id, old.Account, version, old.PublishedAt
		if err := s.deliverable(ctx, r); err != nil {
			return err
		}
		if err := onlyOne(ctx, tx, r); err != nil {
			return err
		}
		before, found, err := s.open(ctx, tx, id)
		if err != nil {
			return err
		}
		review, err := s.mustReview(ctx, old.Account)
		if err != nil {
			return err
		}
		if review || found {
			return s.amend(ctx, tx, old, r, before)
		}
		return s.replace(ctx, tx, old, r)
	})
	if err != nil {
		return Rule{}, errs.Wrap(err, "change rule %d", id)
	}
	return s.Get(ctx, id)
}

// amend keeps a new wording for review beside what is live.
func (s *Service) amend(ctx context.Context, tx *db.Tx, old, r Rule, before Version) error {
	if old.Version != r.Version {
		return errStale
	}
	if before.State == Waiting {
		if _, err := s.matters.ActIn(ctx, tx, before.Matter, actionDrop, matter.In{Reason: becauseRewritten}); err != nil {
			return err
		}
		before = Version{}
	}
	if err := s.propose(ctx, tx, r, before); err != nil {
		return err
	}
	now, err := byID(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	return s.touch(ctx, tx, now, r)
}

// replace lets a new wording speak at once.
func (s *Service) replace(ctx context.Context, tx *db.Tx, old, r Rule) error {
	if r.PublishedAt.IsZero() {
		r.PublishedAt = s.civil.Now()
	}
	if err := update(ctx, tx, r, clock.Millis(s.wall.Now())); err != nil {
		return err
	}
	if err := s.kept(ctx, tx, r); err != nil {
		return err
	}
	return s.changed(ctx, tx, "change", r, map[string]any{"name": r.Name, "was": old.Name})
}

// Enable lets a rule speak, or silences it. Both are immediate: silencing is the emergency stop, after which a wording that
// waits will not speak by itself either; and what speaks again was live before. A rule whose first wording nobody
// approved yet is errs.Conflict "reply.not_reviewed".
func (s *Service) Enable(ctx context.Context, id, version int64, enabled bool) (Rule, error) {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := byID(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.Enabled == enabled {
			return nil
		}
		if enabled && r.PublishedAt.IsZero() {
			return errs.New(errs.Conflict, "reply.not_reviewed")
		}
		r.Enabled, r.Version = enabled, version
		if !enabled {
			_, err := tx.Exec(ctx, `update reply_version set enabled = $2 where rule_id = $1 and state in ('waiting', 'returned')`, id, false)
			if err != nil {
				return err
			}
		}
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

// Remove takes a rule away, and the wording of it that the same person sent for review; what it said stays in the record.
func (s *Service) Remove(ctx context.Context, id, version int64) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := byID(ctx, tx, id)
		if err != nil {
			return err
		}
		v, found, err := s.open(ctx, tx, id)
		if err != nil {
			return err
		}
		err = db.ExpectOne(tx.Exec(ctx, `update reply_rule set deleted_at=$3, version=version+1
			where id=$1 and version=$2 and deleted_at is null`, id, version, clock.Millis(s.wall.Now())))
		if err != nil {
			return err
		}
		if found {
			if _, err := s.matters.ActIn(ctx, tx, v.Matter, actionDrop, matter.In{Reason: becauseRemoved}); err != nil {
				return err
			}
		}
		return s.changed(ctx, tx, "remove", r, map[string]any{"name": r.Name})
	})
	return errs.Wrap(err, "remove rule %d", id)
}
