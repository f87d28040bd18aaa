package matter

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// hook is one row of matter_unit: where a matter hangs and what it is filtered by there.
type hook struct {
	Unit   int64
	Facet  int64
	Yellow int64
	Due    int64
}

// hang makes the rows of matter_unit what they ought to be, and touches none that are so already.
func hang(ctx context.Context, tx *db.Tx, m *Matter, want []hook) error {
	have, err := hooksOf(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	old := make(map[int64]hook, len(have))
	for _, h := range have {
		old[h.Unit] = h
	}
	for _, w := range want {
		h, found := old[w.Unit]
		delete(old, w.Unit)
		switch {
		case !found:
			_, err = tx.Exec(ctx, `insert into matter_unit (matter_id, unit_id, facet_id, opened_at, yellow_at, due_at) values ($1, $2, $3, $4, $5, $6)`,
				m.ID, w.Unit, w.Facet, m.OpenedAt, w.Yellow, w.Due)
		case h != w:
			_, err = tx.Exec(ctx, `update matter_unit set facet_id = $3, yellow_at = $4, due_at = $5 where matter_id = $1 and unit_id = $2`,
				m.ID, w.Unit, w.Facet, w.Yellow, w.Due)
		}
		if err != nil {
			return errs.Wrap(err, "hang matter %d under unit %d", m.ID, w.Unit)
		}
	}
	for unit := range old {
		if _, err := tx.Exec(ctx, `delete from matter_unit where matter_id = $1 and unit_id = $2`, m.ID, unit); err != nil {
			return errs.Wrap(err, "unhang matter %d from unit %d", m.ID, unit)
		}
	}
	return nil
}

// hooksOf reads where a matter hangs, by unit.
func hooksOf(ctx context.Context, q db.Queryer, matter int64) ([]hook, error) {
	list, err := db.All(ctx, q, func(scan db.Scan) (h hook, err error) {
		return h, scan(&h.Unit, &h.Facet, &h.Yellow, &h.Due)
	}, `select unit_id, facet_id, yellow_at, due_at from matter_unit where matter_id = $1 order by unit_id`, matter)
	return list, errs.Wrap(err, "read where matter %d hangs", matter)
}
