package account

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// ClearQuota has WeChat count all of an account's calls of today anew. It is never done by itself: an account has ten a
// month (48006 beyond that), so an administrator decides. It needs no token, which may itself be used up; every replica may
// call at once what had to rest. WeChat docs: clearQuotaByAppSecret.
func (s *Service) ClearQuota(ctx context.Context, id int64) error {
	a, err := s.Known(ctx, id)
	if err != nil {
		return err
	}
	c, err := s.Client(ctx, id)
	if err != nil {
		return err
	}
	if err := c.ClearQuotaBySecret(ctx); err != nil {
		return errs.Wrap(err, "clear the quota of account %d", id)
	}
	if err := s.Flush(ctx); err != nil { // what is still in memory would be written over it
		return err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `delete from account_spent where account_id = $1`, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update account_limit set used = 0 where account_id = $1`, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update account_call set calls = 0 where account_id = $1 and day = $2`, id, clock.Day(s.Civil.Now())); err != nil {
			return err
		}
		if err := s.announce(tx, id); err != nil {
			return err
		}
		return s.audit(ctx, tx, "clear_quota", a, nil)
	})
	return errs.Wrap(err, "note that the quota of account %d was cleared", id)
}
