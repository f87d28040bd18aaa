package menu

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Tap is one tap on a button, as an event told it.
type Tap struct {
	Account int64
	Day     string // civil, YYYY-MM-DD
	Button  string // key or address; cut to MaxURL bytes by WeChat's own limit
}

// CountTaps adds a batch's taps in the batch's transaction.
func (s *Service) CountTaps(ctx context.Context, tx *db.Tx, taps []Tap) error {
	sums := map[Tap]int64{}
	for _, t := range taps {
		sums[t]++
	}
	for t, n := range sums {
		_, err := tx.Exec(ctx, `insert into menu_tap (account_id, day, button, taps) values ($1,$2,$3,$4)
			on conflict (account_id, day, button) do update set taps = menu_tap.taps + excluded.taps`, t.Account, t.Day, t.Button, n)
		if err != nil {
			return errs.Wrap(err, "count taps")
		}
	}
	return nil
}
