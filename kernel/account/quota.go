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
		if err != nil || q.DailyLimit == 0 || q.Used >= q.DailyLimit {
			return err
		}
		if n, err := writeSpent(ctx, tx, id, path, nil); err != nil || n == 0 {
			return err
		}
		return s.announce(tx, id) // somebody cleared the count in WeChat: it may be called again
	})
	return q, errs.Wrap(err, "keep the quota of account %d", id)
}

// limits are the daily allowances that WeChat told, by path.
func (s *Service) limits(ctx context.Context, id int64) (map[string]int64, error) {
	type limit struct {
		path  string
		daily int64
	}
	list, err := db.All(ctx, s.DB, func(scan db.Scan) (l limit, err error) {
		err = scan(&l.path, &l.daily)
		return l, err
	}, `select path, daily from account_limit where account_id = $1`, id)
	told := make(map[string]int64, len(list))
	for _, l := range list {
		told[l.path] = l.daily
	}
	return told, errs.Wrap(err, "list limits of account %d", id)
}
