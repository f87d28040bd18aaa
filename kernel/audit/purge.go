package audit

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// minimumDays is the least that the log is kept (互联网政务应用安全管理规定 art. 20), whatever a setting says.
const minimumDays = 366

// purgeStep is how many batches one transaction purges.
const purgeStep = 20

// Purge deletes the rows of whole batches that were sealed more than days ago, oldest first, and returns how many rows.
// The purge is an audited deed itself.
func (s *Service) Purge(ctx context.Context, days int64) (int64, error) {
	limit := clock.Millis(s.wall.Now().AddDate(0, 0, -int(max(days, minimumDays))))
	var total int64
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		total = 0
		old, err := db.All(ctx, tx, scanBatch, "select "+batchColumns+` from audit_batch
			where purged_at is null and sealed_at < $1 order by number limit $2`, limit, purgeStep)
		if err != nil || len(old) == 0 {
			return err
		}
		for _, b := range old {
			n, err := tx.Exec(ctx, "delete from audit_entry where batch = $1", b.number)
			if err != nil {
				return err
			}
			total += n
			if _, err := tx.Exec(ctx, "update audit_batch set purged_at = $2 where number = $1", b.number, clock.Millis(s.wall.Now())); err != nil {
				return err
			}
		}
		return s.Record(ctx, tx, Entry{Verb: "purge", Object: "audit", Detail: map[string]any{
			"rows": total, "first_batch": old[0].number, "last_batch": old[len(old)-1].number}})
	})
	return total, errs.Wrap(err, "purge audit rows")
}
