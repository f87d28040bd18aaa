package matter

import (
	"context"
	"encoding/json"
	"slices"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// change is one event of one matter on its way into the database.
type change struct {
	m      *Matter
	d      *flow.Definition
	box    box
	before standing
	after  standing
	record record
	act    string
	behalf int64
	child  *Child
	hide   hidden // what was taken out of the record's texts
	at     int64  // civil
	event  int64  // its id, once it was kept
}

// keep writes an event and everything that follows from it.
func (s *Service) keep(ctx context.Context, tx *db.Tx, c *change) error {
	if err := s.insertEvent(ctx, tx, c); err != nil {
		return err
	}
	if err := s.saveMatter(ctx, tx, c); err != nil {
		return err
	}
	if err := saveClocks(ctx, tx, c); err != nil {
		return err
	}
	if err := saveDeadlines(ctx, tx, c); err != nil {
		return err
	}
	if err := saveParties(ctx, tx, c); err != nil {
		return err
	}
	return s.rehang(ctx, tx, c.m, &c.after)
}

func (s *Service) insertEvent(ctx context.Context, tx *db.Tx, c *change) error {
	payload, hidden, err := s.sealRecord(ctx, tx, c)
	if err != nil {
		return err
	}
	who := actorOf(ctx)
	c.event, err = db.One(ctx, tx, db.Value[int64], `insert into matter_event
		(matter_id, version, act, actor_kind, actor_id, behalf_id, civil_at, wall_at, payload, hidden)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
		c.m.ID, c.m.Version+1, c.act, who.Kind, who.ID, c.behalf, c.at, s.Wall.Now().UnixMilli(), payload, hidden)
	return errs.Wrap(err, "keep an event of matter %d", c.m.ID)
}

// derive fills in what of a matter's row follows from its standing.
func (m *Matter) derive(d *flow.Definition, st *standing) {
	r := st.Run
	m.State, m.Held, m.Unit = r.State, st.held(d), r.Unit
	m.Assignee = r.Holder.StaffID()
	m.ClosedAt, m.Outcome = r.Ended, r.Outcome
	m.YellowAt, m.DueAt, m.Worst = st.light()
}

func (s *Service) saveMatter(ctx context.Context, tx *db.Tx, c *change) error {
	run, err := encode(c.after.Run)
	if err != nil {
		return err
	}
	if run, err = c.box.close(runSeal, run); err != nil {
		return err
	}
	m := c.m
	m.derive(c.d, &c.after)
	m.Updated, m.run = c.at, run
	err = db.ExpectOne(tx.Exec(ctx, `update matter set state = $3, held = $4, unit_id = $5, assignee_id = $6, yellow_at = $7, due_at = $8,
		closed_at = $9, worst = $10, outcome = $11, updated_at = $12, run = $13, version = version + 1 where id = $1 and version = $2`,
		m.ID, m.Version, m.State, m.Held, m.Unit, orNull(m.Assignee), m.YellowAt, m.DueAt, m.ClosedAt, m.Worst, m.Outcome, m.Updated, run))
	m.Version++
	return errs.Wrap(err, "save matter %d", m.ID)
}

func saveClocks(ctx context.Context, tx *db.Tx, c *change) error {
	for _, now := range c.record.Clocks {
		rule, err := encode(now.Rule)
		if err != nil {
			return err
		}
		position := slices.IndexFunc(c.after.Clocks, func(x Reckoning) bool { return x.Clock == now.Clock })
		_, err = tx.Exec(ctx, `insert into matter_clock
			(matter_id, clock, position, state, rule, due_day, started_at, yellow_at, due_at, stopped_at, provisional)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			on conflict (matter_id, clock) do update set state = excluded.state, rule = excluded.rule, due_day = excluded.due_day,
				yellow_at = excluded.yellow_at, due_at = excluded.due_at, stopped_at = excluded.stopped_at, provisional = excluded.provisional`,
			c.m.ID, now.Clock, position, string(now.State), rule, now.Day, now.Started, now.Yellow, now.Due, now.Stopped, now.Provisional)
		if err != nil {
			return errs.Wrap(err, "save clock %s of matter %d", now.Clock, c.m.ID)
		}
	}
	return nil
}

// saveDeadlines writes only what differs: a row keeps its id as long as it counts.
func saveDeadlines(ctx context.Context, tx *db.Tx, c *change) error {
	for _, old := range c.before.Deadlines {
		if slices.Contains(c.after.Deadlines, old) {
			continue
		}
		if _, err := tx.Exec(ctx, `delete from matter_deadline where matter_id = $1 and clock = $2 and kind = $3`, c.m.ID, old.Clock, old.Kind); err != nil {
			return errs.Wrap(err, "drop a deadline of matter %d", c.m.ID)
		}
	}
	for _, now := range c.after.Deadlines {
		if slices.Contains(c.before.Deadlines, now) {
			continue
		}
		if _, err := tx.Exec(ctx, `insert into matter_deadline (matter_id, clock, kind, at, next_at) values ($1, $2, $3, $4, $4)`, c.m.ID, now.Clock, now.Kind, now.At); err != nil {
			return errs.Wrap(err, "keep a deadline of matter %d", c.m.ID)
		}
	}
	return nil
}

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

// hooks are where a matter hangs: under the units where it was opened and lies, under those of its open branches, and all
// above them. In the branch of a unit it is in the pool while nobody there has taken it.
func (s *Service) hooks(ctx context.Context, tx *db.Tx, m *Matter, st *standing) ([]hook, error) {
	if m.Sealed {
		return nil, nil
	}
	key := facet{Account: m.Account, Kind: m.Kind, State: m.State, Held: m.Held}
	if m.Held == Over {
		key.Light = m.Worst
	}
	own, err := s.facets.need(ctx, tx, key)
	if err != nil {
		return nil, err
	}
	var out []hook
	put := func(unit, facet int64) {
		i := slices.IndexFunc(out, func(h hook) bool { return h.Unit == unit })
		if i < 0 {
			out = append(out, hook{unit, facet, m.YellowAt, m.DueAt})
		}
	}
	for _, b := range st.Run.Branches {
		if m.Held == Over || b.Status != flow.BranchOpen || b.Holder != "" || b.Unit == m.Unit {
			continue
		}
		key.Held = Pool
		waiting, err := s.facets.need(ctx, tx, key)
		if err != nil {
			return nil, err
		}
		put(b.Unit, waiting)
	}
	for _, unit := range st.Run.Units() {
		path, err := s.path(ctx, unit)
		if err != nil {
			return nil, errs.Wrap(err, "the path of unit %d", unit)
		}
		for _, id := range chain(path) {
			put(id, own)
		}
	}
	return out, nil
}

func (s *Service) rehang(ctx context.Context, tx *db.Tx, m *Matter, st *standing) error {
	want, err := s.hooks(ctx, tx, m, st)
	if err != nil || m.Sealed {
		return err
	}
	if err := s.facets.span(ctx, tx, m); err != nil {
		return err
	}
	return hang(ctx, tx, m, want)
}

// stand reads the standing of a matter as its rows have it. Inside a change, lock keeps the sweep from its deadlines.
func stand(ctx context.Context, q db.Queryer, m *Matter, b box, lock string) (st standing, err error) {
	run, err := b.open(runSeal, m.run)
	if err != nil {
		return st, errs.Wrap(err, "open the run of matter %d", m.ID)
	}
	if err := json.Unmarshal([]byte(run), &st.Run); err != nil {
		return st, errs.Wrap(err, "read the run of matter %d", m.ID)
	}
	if st.Clocks, err = clocksOf(ctx, q, m.ID); err != nil {
		return st, err
	}
	if st.Deadlines, err = deadlinesOf(ctx, q, m.ID, lock); err != nil {
		return st, err
	}
	parties, err := partiesOf(ctx, q, m.ID)
	if err != nil {
		return st, err
	}
	st.Acted = map[int64]int64{}
	for id, p := range parties {
		if p.Acted > 0 {
			st.Acted[id] = p.Acted
		}
		if p.Invited {
			st.Parties = append(st.Parties, id)
		}
	}
	slices.Sort(st.Parties)
	return st, nil
}

func clocksOf(ctx context.Context, q db.Queryer, matter int64) ([]Reckoning, error) {
	list, err := db.All(ctx, q, func(scan db.Scan) (c Reckoning, err error) {
		var rule string
		if err := scan(&c.Clock, &c.State, &rule, &c.Day, &c.Started, &c.Yellow, &c.Due, &c.Stopped, &c.Provisional); err != nil {
			return c, err
		}
		return c, json.Unmarshal([]byte(rule), &c.Rule)
	}, `select clock, state, rule, due_day, started_at, yellow_at, due_at, stopped_at, provisional from matter_clock
		where matter_id = $1 order by position`, matter)
	return list, errs.Wrap(err, "clocks of matter %d", matter)
}

func deadlinesOf(ctx context.Context, q db.Queryer, matter int64, lock string) ([]Deadline, error) {
	list, err := db.All(ctx, q, func(scan db.Scan) (d Deadline, err error) { return d, scan(&d.Clock, &d.Kind, &d.At) },
		`select clock, kind, at from matter_deadline where matter_id = $1`+lock, matter)
	slices.SortFunc(list, compareDeadlines)
	return list, errs.Wrap(err, "deadlines of matter %d", matter)
}

// system is the context in which the house itself acts.
func system(ctx context.Context) context.Context { return access.With(ctx, access.Actor{}) }
