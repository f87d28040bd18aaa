package matter

import (
	"cmp"
	"context"
	"slices"
	"time"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// wait is a row of matter_wait: a matter that waits for whoever holds a permission under a unit.
type wait struct {
	Unit        int64
	Permission  string // "": whoever works in the unit
	Review      bool
	Yellow, Due int64
}

// waits are the rows of a matter: one for each permission that lets somebody act on what nobody has taken, under the unit
// for which it counts and all above it.
func (s *Service) waits(ctx context.Context, d *flow.Definition, m *Matter, st *standing) ([]wait, error) {
	if m.Sealed {
		return nil, nil
	}
	state, _ := d.State(st.Run.State)
	var out []wait
	for _, w := range flow.Waiting(d, st.Run) {
		if w.Who != "" || w.Unit == 0 {
			continue
		}
		path, err := s.path(ctx, w.Unit)
		if err != nil {
			return nil, errs.Wrap(err, "the path of unit %d", w.Unit)
		}
		role, _ := d.Role(w.Role)
		row, units := wait{Permission: role.Permission, Yellow: m.YellowAt, Due: m.DueAt}, access.Units(path)
		switch {
		case w.Lead: // who leads there: those above would drown in it
			row.Permission, units = Lead, []int64{w.Unit}
		case w.Role == "": // whoever works there
			units = []int64{w.Unit}
		default:
			row.Review = state.Review
		}
		for _, unit := range units {
			row.Unit = unit
			if !slices.ContainsFunc(out, func(o wait) bool { return o.Unit == unit && o.Permission == row.Permission }) {
				out = append(out, row)
			}
		}
	}
	slices.SortFunc(out, compareWaits)
	return out, nil
}

func compareWaits(a, b wait) int {
	return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Permission, b.Permission))
}

// saveWaits makes the rows what they ought to be, and touches none that are so already.
func (s *Service) saveWaits(ctx context.Context, tx *db.Tx, d *flow.Definition, m *Matter, st *standing) error {
	want, err := s.waits(ctx, d, m, st)
	if err != nil {
		return err
	}
	have, err := waitsOf(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	for _, w := range have {
		if slices.Contains(want, w) {
			continue
		}
		if _, err := tx.Exec(ctx, `delete from matter_wait where matter_id = $1 and unit_id = $2 and permission = $3`, m.ID, w.Unit, w.Permission); err != nil {
			return errs.Wrap(err, "matter %d waits no more", m.ID)
		}
	}
	for _, w := range want {
		if slices.Contains(have, w) {
			continue
		}
		if _, err := tx.Exec(ctx, `insert into matter_wait (matter_id, unit_id, permission, review, yellow_at, due_at) values ($1, $2, $3, $4, $5, $6)`,
			m.ID, w.Unit, w.Permission, w.Review, w.Yellow, w.Due); err != nil {
			return errs.Wrap(err, "matter %d waits", m.ID)
		}
	}
	return nil
}

// waitsOf reads for whom a matter waits.
func waitsOf(ctx context.Context, q db.Queryer, matter int64) ([]wait, error) {
	list, err := db.All(ctx, q, func(scan db.Scan) (w wait, err error) {
		return w, scan(&w.Unit, &w.Permission, &w.Review, &w.Yellow, &w.Due)
	}, `select unit_id, permission, review, yellow_at, due_at from matter_wait where matter_id = $1`, matter)
	slices.SortFunc(list, compareWaits)
	return list, errs.Wrap(err, "read for whom matter %d waits", matter)
}

// catchUpBatch is how many matters one transaction of CatchUp looks at.
const catchUpBatch = 200

// CatchUp fills in the rows that an older release did not write, a batch at a time; it returns how many matters it looked
// at, 0 when nothing is missing any more.
func (s *Service) CatchUp(ctx context.Context, _ time.Time) (n int, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n = 0
		after, err := db.One(ctx, tx, db.Value[int64], `select after_id from matter_catchup where name = 'wait'`+tx.Dialect().ForUpdate())
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		ids, err := openAfter(ctx, tx, after)
		if err != nil {
			return err
		}
		for _, id := range ids[:min(len(ids), catchUpBatch)] {
			c, err := s.begin(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := s.saveWaits(ctx, tx, c.d, c.m, &c.before); err != nil {
				return err
			}
			if err := saveAsked(ctx, tx, c.d, c.m, &standing{}, &c.before); err != nil {
				return err
			}
			after, n = id, n+1
		}
		if n == 0 {
			_, err = tx.Exec(ctx, `delete from matter_catchup where name = 'wait'`)
			return err
		}
		_, err = tx.Exec(ctx, `update matter_catchup set after_id = $1 where name = 'wait'`, after)
		return err
	})
	return n, errs.Wrap(err, "catch up with the matters of an older release")
}
