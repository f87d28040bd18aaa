package matter

import (
	"context"
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
	paper  *paper // d and the form that goes with it
	box    box
	before standing
	after  standing
	record record
	act    string
	verb   string // of the audit row, where it is not the action
	behalf int64
	child  *Child
	files  []attached // that come with it
	hide   hidden     // what was taken out of the record's texts
	at     int64      // civil
	event  int64      // its id, once it was kept
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

// system is the context in which the house itself acts.
func system(ctx context.Context) context.Context { return access.With(ctx, access.Actor{}) }
