package state

import (
	"context"

	"weizheng/platform/db"
)

// Grant lets the account send up to n customer messages to the contact until the civil instant; it replaces an earlier
// grant of the same kind. n < 0 means without limit.
func (s *Store) Grant(ctx context.Context, tx *db.Tx, contact int64, kind string, until int64, n int) error {
	_, err := tx.Exec(ctx, `insert into allowance (contact, kind, until_at, remain) values ($1, $2, $3, $4)
		on conflict (contact, kind) do update set until_at=excluded.until_at, remain=excluded.remain`, contact, kind, until, n)
	return err
}

// Touch notes an interaction at the present civil instant.
func (s *Store) Touch(ctx context.Context, tx *db.Tx, contact int64) error {
	_, err := tx.Exec(ctx, "update contact set touched_at=$1, typing_until=0 where n=$2", s.Civil(), contact)
	return err
}

// Spend takes one message from the grant that ends first. open tells whether any grant was open at all.
func (s *Store) Spend(ctx context.Context, tx *db.Tx, contact int64) (spent, open bool, err error) {
	type grant struct {
		kind   string
		remain int
	}
	grants, err := db.All(ctx, tx, func(scan db.Scan) (grant, error) {
		var g grant
		err := scan(&g.kind, &g.remain)
		return g, err
	}, "select kind, remain from allowance where contact=$1 and until_at>$2 order by until_at", contact, s.Civil())
	if err != nil {
		return false, false, err
	}
	for _, g := range grants {
		if g.remain < 0 {
			return true, true, nil
		}
		if g.remain > 0 {
			_, err := tx.Exec(ctx, "update allowance set remain=remain-1 where contact=$1 and kind=$2", contact, g.kind)
			return true, true, err
		}
	}
	return false, len(grants) > 0, nil
}
