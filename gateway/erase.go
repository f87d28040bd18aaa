package gateway

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// EraseBefore removes rows that were received before an instant (wall), the oldest limit at a time, and returns how many.
// Rows that no subscriber has seen stay.
func (g *Gateway) EraseBefore(ctx context.Context, before int64, limit int) (int, error) {
	var n int64
	err := g.DB.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = tx.Exec(ctx, `delete from inbound where id <= (select coalesce(min(id),0) from inbound) + $2
			and received_at < $1 and read_at is not null`, before, limit)
		return err
	})
	return int(n), errs.Wrap(err, "purge the inbound log before %s", clock.FromMillis(before))
}

// ErasePerson removes what the log holds of a person, within the transaction that erases them. A callback that is
// delivered again afterwards is taken for a new one.
func (g *Gateway) ErasePerson(ctx context.Context, tx *db.Tx, account int64, person string) error {
	_, err := tx.Exec(ctx, `delete from inbound where account_id=$1 and person=$2 and read_at is not null`, account, person)
	return errs.Wrap(err, "erase a person from the inbound log")
}

// CountPerson tells how many callbacks of a person the log holds.
func (g *Gateway) CountPerson(ctx context.Context, account int64, person string) (int64, error) {
	n, err := db.One(ctx, g.DB, db.Value[int64], `select count(*) from inbound where account_id=$1 and person=$2 and read_at is not null`,
		account, person)
	return n, errs.Wrap(err, "count a person's callbacks")
}
