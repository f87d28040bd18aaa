package citizen

import (
	"context"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// DueToForget lists followers whose time has come: they unsubscribed long enough ago or withdrew their authorisation.
func (s *Service) DueToForget(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	list, err := db.All(ctx, s.DB, db.Value[int64], `select id from follower where forget_at > 0 and forget_at <= $1 order by forget_at limit $2`,
		clock.Millis(now), limit)
	return list, errs.Wrap(err, "list followers to forget")
}

// Forget erases what this package knows of one follower and leaves a tombstone; what other parts hold of the follower
// they erase beforehand through DataHeld. last tells that the citizen has no other follower, so that Erase may follow if
// nothing else is held. A follower who came back since is left alone (forgotten is false); a second time does nothing.
func (s *Service) Forget(ctx context.Context, follower int64) (forgotten, last bool, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		forgotten, last = false, false
		f, err := s.Get(ctx, tx, follower)
		if err != nil || f.Erased {
			return err
		}
		if f.ForgetAt.IsZero() || f.ForgetAt.After(s.Civil.Now()) {
			return nil
		}
		if err := s.blank(ctx, tx, f); err != nil {
			return err
		}
		others, err := s.Of(ctx, tx, f.Citizen)
		if err != nil {
			return err
		}
		forgotten, last = true, len(others) == 0
		return s.record(ctx, tx, "forget", f, nil)
	})
	return forgotten, last, errs.Wrap(err, "forget follower %d", follower)
}

// blank empties a follower's row and puts up its tombstone. The row itself stays: other parts' rows refer to it.
func (s *Service) blank(ctx context.Context, tx *db.Tx, f Follower) error {
	_, err := tx.Exec(ctx, `insert into citizen_tombstone (account_id, person, erased_at, follower_id) values ($1,$2,$3,$4)
		on conflict (account_id, person) do update set erased_at = excluded.erased_at, follower_id = excluded.follower_id`,
		f.Account, f.person, clock.Millis(s.Wall.Now()), f.ID)
	if err != nil {
		return err
	}
	for _, table := range []string{"follower_tag", "citizen_code"} {
		if _, err := tx.Exec(ctx, `delete from `+table+` where follower_id = $1`, f.ID); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `update follower set person = null, openid_sealed = null, unionid = null, remark_sealed = null, remark_index = null,
		subscribed = $2, important = $2, blocked = $2, detail_due = $2, scene = '', scene_key = '', subscribed_at = 0, last_seen_at = 0,
		forget_at = 0, version = version + 1 where id = $1`, f.ID, false)
	return err
}
