package state

import (
	"context"

	"weizheng/platform/db"
)

// What follows fills an account up to its limits, so that nobody needs a hundred thousand calls to see one refused.

// SeedUsed makes n calls of a path count as made on the present civil day, whatever was counted before.
func (s *Store) SeedUsed(account int64, path string, n int64) {
	s.used.mu.Lock()
	defer s.used.mu.Unlock()
	s.turnDay()
	k := usageKey{account, path}
	s.used.used[k], s.used.dirty[k] = n, true
}

// SeedTagging gives a tag to every follower of the account.
func (s *Store) SeedTagging(ctx context.Context, account, tag int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		place, err := nextSerial(ctx, tx, "tagging")
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `insert into tagging (account, tag, contact, place) select account, $2, n, $3 from contact
			where account=$1 and subscribed on conflict do nothing`, account, tag, place); err != nil {
			return err
		}
		return db.ExpectOne(tx.Exec(ctx, `update tag set fans=(select count(*) from tagging where account=$1 and tag=$2)
			where account=$1 and id=$2`, account, tag))
	})
}

// SeedCodes makes the permanent codes of the scenes 1…n that the account does not have yet.
func (s *Store) SeedCodes(ctx context.Context, account int64, n int) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		last, err := nextSerials(ctx, tx, "qr", n)
		if err != nil {
			return err
		}
		// A statement of its own, not rowsOf: a hundred thousand rows of nine values are slow to bind. Tickets look as stamp's.
		_, err = tx.Exec(ctx, `with recursive s(scene) as (select 1 union all select scene+1 from s where scene<$3)
			insert into qr (`+qrColumns+`, made_at)
			select $4+scene, 'gQ' || printf('%08x', $4+scene) || hex(randomblob(42)) || '==', $1, $2, scene, '',
				$5 || '02' || printf('%08x', $4+scene) || hex(randomblob(7)), 0, $6
			from s where not exists (select 1 from qr o where o.account=$1 and o.kind=$2 and o.scene_id=s.scene and o.scene_str='')`,
			account, "QR_LIMIT_SCENE", n, last-int64(n), qrURL, s.Civil())
		return err
	})
}
