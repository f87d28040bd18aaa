package gateway

import (
	"context"
	"time"

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

// ErasePerson removes what the log holds of a person, within a transaction of the erasure. until is the moment at which
// they were erased (wall): everything received up to then goes, also what no subscriber has seen, and what came later stays.
// A zero until is for somebody who is still known: every row that subscribers have seen goes, the others are theirs to see.
// A callback that is delivered again afterwards is taken for a new one.
func (g *Gateway) ErasePerson(ctx context.Context, tx *db.Tx, account int64, person string, until time.Time) error {
	if until.IsZero() {
		_, err := tx.Exec(ctx, `delete from inbound where account_id=$1 and person=$2 and read_at is not null`, account, person)
		return errs.Wrap(err, "erase a person from the inbound log")
	}
	for _, seen := range []string{"is not null", "is null"} { // each has an index of its own
		_, err := tx.Exec(ctx, `delete from inbound where account_id=$1 and person=$2 and received_at<=$3 and read_at `+seen,
			account, person, clock.Millis(until))
		if err != nil {
			return errs.Wrap(err, "erase a person from the inbound log")
		}
	}
	return nil
}

// CountPerson tells how many callbacks of a person the log holds.
func (g *Gateway) CountPerson(ctx context.Context, account int64, person string) (int64, error) {
	n, err := db.One(ctx, g.DB, db.Value[int64], `select count(*) from inbound where account_id=$1 and person=$2 and read_at is not null`,
		account, person)
	return n, errs.Wrap(err, "count a person's callbacks")
}
