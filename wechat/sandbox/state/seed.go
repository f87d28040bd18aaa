package state

import (
	"context"
	"sort"

	"weizheng/platform/db"
)

// Follow is a follower made without a callback: a past that was there before anybody listened.
type Follow struct {
	Account, Citizen string // ids
	At               int64  // civil
	How              string // subscribe_scene; "" is ADD_SCENE_SEARCH
}

// seedBatch is how many rows one transaction takes: enough to make its commit cheap, few enough not to hold up others.
const seedBatch = 5000

// SeedCitizens makes citizens with the ids given; those that exist are left as they are.
func (s *Store) SeedCitizens(ctx context.Context, list []Citizen) error {
	for _, c := range list {
		if !label.MatchString(c.ID) || c.Name == "" {
			return invalid("id", "slug")
		}
	}
	return s.inBatches(ctx, len(list), func(tx *db.Tx, i int) error {
		c := list[i]
		_, err := tx.Exec(ctx, `insert into citizen (id, name, avatar, snapshot) values ($1, $2, $3, $4)
			on conflict (id) do nothing`, c.ID, c.Name, c.Avatar, c.Snapshot)
		return err
	})
}

// SeedFollows makes followers in the order of their times; who follows already is left as they are.
func (s *Store) SeedFollows(ctx context.Context, list []Follow) error {
	list = append([]Follow(nil), list...)
	sort.SliceStable(list, func(i, j int) bool { return list[i].At < list[j].At })
	accounts := map[string]*Account{}
	for _, f := range list {
		if accounts[f.Account] == nil {
			a, err := s.Account(f.Account)
			if err != nil {
				return err
			}
			accounts[f.Account] = a
		}
	}
	if err := s.inBatches(ctx, len(list), func(tx *db.Tx, i int) error {
		return s.seedFollow(ctx, tx, accounts[list[i].Account], list[i])
	}); err != nil {
		return err
	}
	for _, a := range accounts {
		s.fans.Delete(a.N)
		if err := s.countFans(ctx, a.N); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) seedFollow(ctx context.Context, tx *db.Tx, a *Account, f Follow) error {
	how := f.How
	if how == "" {
		how = "ADD_SCENE_SEARCH"
	}
	_, err := tx.Exec(ctx, `insert into contact (account, citizen, openid, subscribed, seq, subscribed_at, how, qr_scene,
		qr_scene_str, remark, touched_at, typing_until, unread)
		select $1, n, $2, $3, $4, $5, $6, 0, '', '', 0, 0, 0 from citizen where id=$7
		on conflict (citizen, account) do update set subscribed=excluded.subscribed, seq=excluded.seq,
		subscribed_at=excluded.subscribed_at, how=excluded.how where not contact.subscribed`,
		a.N, s.OpenID(a.ID, f.Citizen), true, s.lastSeq.Add(1), f.At, how, f.Citizen)
	return err
}

// inBatches runs row for 0…n-1 in transactions of seedBatch rows.
func (s *Store) inBatches(ctx context.Context, n int, row func(tx *db.Tx, i int) error) error {
	for from := 0; from < n; from += seedBatch {
		to := min(from+seedBatch, n)
		if err := s.db.Write(ctx, func(tx *db.Tx) error {
			for i := from; i < to; i++ {
				if err := row(tx, i); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
