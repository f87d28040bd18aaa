package account

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// AskQuota asks WeChat for the true daily allowance of one path, which grows with an account's followers, and keeps it.
// WeChat docs: api_getapiquota.
func (s *Service) AskQuota(ctx context.Context, id int64, path string) (client.Quota, error) {
	if e, ok := wechat.EndpointOf(path); !ok || e.Auth != wechat.AuthToken {
		return client.Quota{}, errs.InvalidFields([]errs.Field{{Field: "path", Key: "account.quota_path"}})
	}
	c, err := s.Client(ctx, id)
	if err != nil {
		return client.Quota{}, err
	}
	q, err := c.Quota(ctx, path)
	if err != nil {
		return client.Quota{}, errs.Wrap(err, "ask for the quota of account %d", id)
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into account_limit (account_id, path, daily, used, at) values ($1,$2,$3,$4,$5)
			on conflict (account_id, path) do update set daily = excluded.daily, used = excluded.used, at = excluded.at`,
			id, path, q.DailyLimit, q.Used, clock.Millis(s.Civil.Now()))
		return err
	})
	return q, errs.Wrap(err, "keep the quota of account %d", id)
}
