package matter

import (
	"context"
	"time"

	"weizheng/kernel/audit"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Keeping says how many years matters of a kind are kept after they ended; false keeps them for now, because what was set
// cannot be read.
type Keeping func(ctx context.Context, kind string) (years int, known bool)

// purgeBatch is how many matters one transaction removes: a tenth of a second's work.
const purgeBatch = 100

// ended is a matter whose time may be over.
type ended struct {
	kind string
	at   int64 // when the oldest ended, civil ms
}

// Purge removes matters whose keeping is over: those that ended more than their kind's years ago, a batch of a kind at a
// time; it returns how many it removed. Nothing of such a matter is left but audit rows and its number, which is not given
// again. An open matter is never removed, nor one whose sub-matter is still there: who reads that reads on in its parent.
func (s *Service) Purge(ctx context.Context, now time.Time) (n int, err error) {
	ctx = system(ctx)
	kinds, err := db.All(ctx, s.DB, func(scan db.Scan) (e ended, err error) { return e, scan(&e.kind, &e.at) },
		`select kind, oldest from (select s.kind, (select min(m.closed_at) from matter m where m.kind = s.kind and m.closed_at > 0) as oldest
			from matter_series s) kinds where oldest is not null order by kind`)
	if err != nil {
		return 0, errs.Wrap(err, "look for matters whose keeping is over")
	}
	for _, e := range kinds {
		years, known := s.Keeps(ctx, e.kind)
		before := clock.Millis(now.In(clock.Zone).AddDate(-years, 0, 0))
		if !known || years < 1 || e.at > before {
			continue
		}
		did, err := s.purgeKind(ctx, e.kind, years, before)
		n += did
		if err != nil {
			return n, errs.Wrap(err, "purge matters of %s", e.kind)
		}
	}
	return n, nil
}

// purgeKind removes a batch of those of a kind that ended up to an instant.
func (s *Service) purgeKind(ctx context.Context, kind string, years int, before int64) (n int, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n = 0
		ids, err := db.All(ctx, tx, db.Value[int64], `select id from matter m where kind = $1 and closed_at > 0 and closed_at <= $2
			and not exists (select 1 from matter child where child.parent_id = m.id)
			order by closed_at, id limit $3`+tx.Dialect().SkipLocked(), kind, before, purgeBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		gone, err := heads(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, hook := range s.Purging {
			if err := hook(ctx, tx, ids); err != nil {
				return errs.Wrap(err, "tell of matters that are purged")
			}
		}
		if err := s.drop(ctx, tx, ids); err != nil {
			return err
		}
		for i := range gone {
			if err := s.auditPurge(ctx, tx, &gone[i], years); err != nil {
				return err
			}
		}
		n = len(ids)
		return nil
	})
	return n, err
}

// perMatter are the tables whose rows go with a matter, those before that refer to others.
var perMatter = []string{"matter_unit", "matter_party", "matter_asked", "matter_wait", "matter_clock", "matter_deadline", "matter_contact",
	"matter_notice", "matter_event"}

// drop deletes all rows of matters, and makes their files unreadable.
func (s *Service) drop(ctx context.Context, tx *db.Tx, ids []int64) error {
	in, args := inList(1, ids)
	if err := s.discard(ctx, tx, `matter_id in `+in, args...); err != nil {
		return err
	}
	for _, table := range perMatter {
		if _, err := tx.Exec(ctx, `delete from `+table+` where matter_id in `+in, args...); err != nil {
			return errs.Wrap(err, "empty %s", table)
		}
	}
	_, err := tx.Exec(ctx, `delete from matter where id in `+in, args...)
	return errs.Wrap(err, "remove %d matters", len(ids))
}

// auditPurge notes that a matter was there and is not any more: its number, kind and days.
func (s *Service) auditPurge(ctx context.Context, tx *db.Tx, m *Matter, years int) error {
	path, err := s.path(ctx, m.Unit)
	if err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, audit.Entry{Verb: "purge", Object: "matter", ID: m.ID, Unit: path, Account: m.Account, Detail: map[string]any{
		"number": m.Number, "kind": m.Kind, "outcome": m.Outcome, "ended": clock.Day(clock.FromMillis(m.ClosedAt)), "years": years}})
}
