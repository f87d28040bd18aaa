package matter

import (
	"context"

	"weizheng/kernel/flow"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// party is a row of matter_party.
type party struct {
	Staff         int64
	Turn, Watches bool
	Invited       bool
	Acted         int64
	Yellow, Due   int64
}

// parties are the staff who have to do with a matter, by id.
func (st *standing) parties(d *flow.Definition) map[int64]party {
	out := map[int64]party{}
	yellow, due, _ := st.light()
	put := func(id int64, set func(*party)) {
		if id == 0 {
			return
		}
		p := out[id]
		p.Staff, p.Yellow, p.Due = id, yellow, due
		set(&p)
		out[id] = p
	}
	staff, _ := st.turns(d)
	for _, id := range staff {
		put(id, func(p *party) { p.Turn = true })
	}
	for _, w := range st.Run.Watchers {
		put(w.StaffID(), func(p *party) { p.Watches = true })
	}
	put(st.Run.Holder.StaffID(), func(*party) {})
	for _, id := range st.Parties {
		put(id, func(p *party) { p.Invited = true })
	}
	for id, at := range st.Acted {
		put(id, func(p *party) { p.Acted = at })
	}
	return out
}

func saveParties(ctx context.Context, tx *db.Tx, c *change) error {
	have, err := partiesOf(ctx, tx, c.m.ID)
	if err != nil {
		return err
	}
	for id, now := range c.after.parties(c.d) {
		old, found := have[id]
		delete(have, id)
		if found && old == now {
			continue
		}
		_, err := tx.Exec(ctx, `insert into matter_party (matter_id, staff_id, turn, watches, invited, acted_at, opened_at, yellow_at, due_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (matter_id, staff_id) do update set turn = excluded.turn,
			watches = excluded.watches, invited = excluded.invited, acted_at = excluded.acted_at, yellow_at = excluded.yellow_at, due_at = excluded.due_at`,
			c.m.ID, id, now.Turn, now.Watches, now.Invited, now.Acted, c.m.OpenedAt, now.Yellow, now.Due)
		if err != nil {
			return errs.Wrap(err, "save a party of matter %d", c.m.ID)
		}
	}
	for id := range have {
		if _, err := tx.Exec(ctx, `delete from matter_party where matter_id = $1 and staff_id = $2`, c.m.ID, id); err != nil {
			return errs.Wrap(err, "drop a party of matter %d", c.m.ID)
		}
	}
	return nil
}

func partiesOf(ctx context.Context, q db.Queryer, matter int64) (map[int64]party, error) {
	list, err := db.All(ctx, q, func(scan db.Scan) (p party, err error) {
		return p, scan(&p.Staff, &p.Turn, &p.Watches, &p.Invited, &p.Acted, &p.Yellow, &p.Due)
	}, `select staff_id, turn, watches, invited, acted_at, yellow_at, due_at from matter_party where matter_id = $1`, matter)
	out := make(map[int64]party, len(list))
	for _, p := range list {
		out[p.Staff] = p
	}
	return out, errs.Wrap(err, "parties of matter %d", matter)
}
