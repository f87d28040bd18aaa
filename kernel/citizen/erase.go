package citizen

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// Erased is whom an erasure concerns: what other parts hold of these they erase too.
type Erased struct {
	Citizens  []int64 // the person and everybody joined into it
	Followers []int64
}

// Erase erases a citizen for good: the data keys are deleted, so that nothing sealed with them can be read here any
// more; all followers are blanked and leave tombstones, by which Bury erases them again after a backup from before was
// restored; logins end. after runs in the same transaction, to
// enqueue the erasure of what other parts hold. Erasing an erased citizen changes nothing. PIPL art. 47.
func (s *Service) Erase(ctx context.Context, citizen int64, reason string, after func(tx *db.Tx, e Erased) error) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		ids, err := s.Same(ctx, tx, citizen)
		if err != nil {
			return err
		}
		e := Erased{Citizens: ids}
		if e.Followers, err = s.blankAll(ctx, tx, ids); err != nil {
			return err
		}
		n, err := s.deleteKeys(ctx, tx, ids)
		if err != nil || n == 0 {
			return err
		}
		if err := after(tx, e); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "erase", Object: "citizen", ID: citizen,
			Detail: map[string]any{"reason": reason, "followers": len(e.Followers)}})
	})
	return errs.Wrap(err, "erase citizen %d", citizen)
}

// blankAll blanks every follower that is, or began as, one of the citizens; their sealed columns need those keys.
func (s *Service) blankAll(ctx context.Context, tx *db.Tx, citizens []int64) ([]int64, error) {
	var blanked []int64
	for _, id := range citizens {
		list, err := db.All(ctx, tx, scanFollower, `select `+columns+from+`where (f.citizen_id = $1 or f.origin_id = $1)`, id)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			if f.Erased {
				continue
			}
			if err := s.blank(ctx, tx, f); err != nil {
				return nil, err
			}
			blanked = append(blanked, f.ID)
		}
	}
	return blanked, nil
}

// deleteKeys deletes the data keys, the unionids and the logins of the citizens; n is how many still had a key.
func (s *Service) deleteKeys(ctx context.Context, tx *db.Tx, citizens []int64) (n int64, err error) {
	for _, id := range citizens {
		changed, err := tx.Exec(ctx, `update citizen set key_wrapped = null, erased_at = $2 where id = $1 and key_wrapped is not null`, id, clock.Millis(s.Wall.Now()))
		if err != nil {
			return 0, err
		}
		n += changed
		if _, err := tx.Exec(ctx, `delete from citizen_union where citizen_id = $1`, id); err != nil {
			return 0, err
		}
		if _, err := s.Sessions.RevokeAll(ctx, tx, web.CitizenSession, id, ""); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// Bury erases again, after a restore from a backup, every follower who has a tombstone and a row from before it. It
// returns how many there were; run it until it returns 0.
func (s *Service) Bury(ctx context.Context, limit int) (int, error) {
	var n int
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		list, err := db.All(ctx, tx, scanFollower, `select `+columns+from+`join citizen_tombstone t on t.account_id = f.account_id and t.person = f.person
			where f.created_at < t.erased_at order by f.id limit $1`, limit)
		if err != nil {
			return err
		}
		n = len(list)
		for _, f := range list {
			if err := s.blank(ctx, tx, f); err != nil {
				return err
			}
		}
		return nil
	})
	return n, errs.Wrap(err, "bury restored followers")
}
