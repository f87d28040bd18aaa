package matter

import (
	"context"
	"slices"

	"weizheng/kernel/flow"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// asked are the staff who are named in what is still to come although it is not their turn, by id.
func (st *standing) asked(d *flow.Definition) []int64 {
	if st.Run.Ended != 0 {
		return nil
	}
	turns, _ := st.turns(d)
	var out []int64
	put := func(who flow.Who) {
		if id := who.StaffID(); id != 0 && !slices.Contains(turns, id) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	if g := st.Run.Signing; g != nil {
		for _, slot := range g.Slots {
			if slot.State == flow.SlotWaiting {
				put(slot.Who)
			}
		}
	}
	if st.Run.Delegation != nil {
		put(st.Run.Delegation.Owner)
	}
	slices.Sort(out)
	return out
}

// saveAsked makes the rows what they ought to be.
func saveAsked(ctx context.Context, tx *db.Tx, d *flow.Definition, m *Matter, before, after *standing) error {
	old, now := before.asked(d), after.asked(d)
	for _, id := range old {
		if slices.Contains(now, id) {
			continue
		}
		if _, err := tx.Exec(ctx, `delete from matter_asked where matter_id = $1 and staff_id = $2`, m.ID, id); err != nil {
			return errs.Wrap(err, "staff %d is asked no more in matter %d", id, m.ID)
		}
	}
	for _, id := range now {
		if slices.Contains(old, id) {
			continue
		}
		if _, err := tx.Exec(ctx, `insert into matter_asked (matter_id, staff_id) values ($1, $2) on conflict do nothing`, m.ID, id); err != nil {
			return errs.Wrap(err, "staff %d is asked in matter %d", id, m.ID)
		}
	}
	return nil
}

// askedOf reads who is asked in a matter.
func askedOf(ctx context.Context, q db.Queryer, matter int64) ([]int64, error) {
	ids, err := db.All(ctx, q, db.Value[int64], `select staff_id from matter_asked where matter_id = $1 order by staff_id`, matter)
	return ids, errs.Wrap(err, "who is asked in matter %d", matter)
}
