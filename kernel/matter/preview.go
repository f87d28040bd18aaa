package matter

import (
	"context"
	"time"

	"weizheng/kernel/flow"
	"weizheng/kernel/worktime"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Change is what may move the due times of open matters: another calendar, or another rule for one clock of the matters
// under one definition.
type Change struct {
	Flow  string         `json:"flow,omitempty"`
	Clock string         `json:"clock,omitempty"`
	Rule  *worktime.Rule `json:"rule,omitempty"` // nil: the calendar alone
}

// Validate returns every fault.
func (ch *Change) Validate() error {
	if ch.Rule == nil {
		if ch.Flow != "" || ch.Clock != "" {
			return errs.InvalidFields([]errs.Field{{Field: "rule", Key: "matter.required"}})
		}
		return nil
	}
	var f faults
	if ch.Flow == "" {
		f.add("flow", "matter.required", nil)
	}
	if ch.Clock == "" {
		f.add("clock", "matter.required", nil)
	}
	if err := errs.InvalidFields(f); err != nil {
		return err
	}
	return ch.Rule.Validate()
}

func (ch *Change) concerns(d *flow.Definition, k flow.RunClock) bool {
	return ch.Rule == nil || ch.Flow == d.Key && ch.Clock == k.Name
}

// Impact is what a change would do. Seen is less than Total when there was no time to look at everything.
type Impact struct {
	Total, Seen, Moved int
	Sample             []Moving
}

// Moving is one due time that would move.
type Moving struct {
	Matter int64
	Number string
	Title  string
	Unit   int64
	Move
	ClockTitle string
}

const (
	// sampleSize is how many movements are shown; the first ones by number.
	sampleSize = 20
	// previewTime bounds the looking: a person waits for it.
	previewTime = 8 * time.Second
)

// Preview says what a change would move, before anybody approves it; nothing is written. calendars, when not nil, are
// those that are proposed.
func (s *Service) Preview(ctx context.Context, ch Change, calendars Calendars) (out Impact, err error) {
	if err := ch.Validate(); err != nil {
		return out, err
	}
	if calendars == nil {
		calendars = s.Calendars
	}
	if out.Total, err = db.One(ctx, s.DB, db.Value[int], `select count(*) from matter where closed_at = 0`); err != nil {
		return out, errs.Wrap(err, "count open matters")
	}
	begun, after := s.Wall.Now(), int64(0)
	for s.Wall.Now().Sub(begun) < previewTime {
		ids, err := openAfter(ctx, s.DB, after)
		if err != nil || len(ids) == 0 {
			return out, err
		}
		after = ids[len(ids)-1]
		for _, id := range ids {
			if err := s.look(ctx, id, ch, calendars, &out); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// openAfter lists open matters.
func openAfter(ctx context.Context, q db.Queryer, after int64) ([]int64, error) {
	const page = 200
	list, err := db.All(ctx, q, db.Value[int64], `select id from matter where closed_at = 0 and id > $1 order by id limit $2`, after, page)
	return list, errs.Wrap(err, "list open matters")
}

func (s *Service) look(ctx context.Context, id int64, ch Change, calendars Calendars, out *Impact) error {
	m, err := load(ctx, s.DB, id, "")
	if err != nil {
		return err
	}
	b, err := s.box(&m)
	if err != nil {
		return err
	}
	st, err := stand(ctx, s.DB, &m, b, "")
	if err != nil {
		return err
	}
	d, err := s.definition(ctx, s.DB, m.FlowID)
	if err != nil {
		return err
	}
	_, moves, err := s.amend(ctx, d, &st, ch, calendars, s.now())
	if err != nil {
		return errs.Wrap(err, "matter %d", id)
	}
	out.Seen++
	if len(moves) > 0 {
		out.Moved++
	}
	for _, one := range moves {
		if len(out.Sample) < sampleSize && !m.Sealed {
			k, _ := st.Run.ClockByID(one.Clock)
			def, _ := d.Clock(k.Name)
			out.Sample = append(out.Sample, Moving{Matter: id, Number: m.Number, Title: m.Title, Unit: m.Unit, Move: one, ClockTitle: def.Title})
		}
	}
	return nil
}

// amend reckons the clocks that a change concerns anew, as worktime.Amend says: nobody becomes late by a change of today.
func (s *Service) amend(ctx context.Context, d *flow.Definition, st *standing, ch Change, calendars Calendars, now int64) (list []Reckoning, moves []Move, err error) {
	for _, before := range st.Clocks {
		k, ok := st.Run.ClockByID(before.Clock)
		if !ok || k.Status == flow.ClockStopped || !ch.concerns(d, k) {
			continue
		}
		one := before
		if ch.Rule != nil {
			extended := before.Rule.Extension
			one.Rule = *ch.Rule
			one.Rule.Extension += extended
		}
		if k.Status == flow.ClockRunning {
			if err := s.amendOne(ctx, d, st, k, before, &one, calendars, now); err != nil {
				return nil, nil, errs.Wrap(err, "clock %s", before.Clock)
			}
		}
		if one.same(before) {
			continue
		}
		list = append(list, one)
		if one.Due != before.Due {
			moves = append(moves, Move{Clock: before.Clock, From: before.Due, To: one.Due})
		}
	}
	return list, moves, nil
}

func (s *Service) amendOne(ctx context.Context, d *flow.Definition, st *standing, k flow.RunClock, before Reckoning, one *Reckoning, calendars Calendars, now int64) error {
	cal, err := s.calendar(ctx, calendars, st.Run, k)
	if err != nil {
		return err
	}
	was := worktime.Result{Due: clock.FromMillis(before.Due), Date: before.Day, Provisional: before.Provisional}
	result, err := worktime.Amend(was, one.Rule, k.StartedAt(), k.Breaks(), cal, clock.FromMillis(now))
	if err != nil || result.Stopped {
		return err
	}
	plan, err := planOf(d, k, one.Rule, cal)
	if err != nil {
		return err
	}
	// Where nobody may become late by the change, everything after the yellow light moves with the end.
	later := result.Due.Sub(plan.Due)
	plan.Due, plan.Date, plan.Provisional = result.Due, result.Date, result.Provisional
	for i := range plan.Moments {
		plan.Moments[i].At = plan.Moments[i].At.Add(later)
	}
	one.follow(plan)
	one.Deadlines = st.deadlines(k, before, *one, plan, now)
	return nil
}

// same reports whether nothing changed.
func (c Reckoning) same(other Reckoning) bool {
	c.Deadlines, other.Deadlines = nil, nil
	a, errA := encode(c)
	b, errB := encode(other)
	return errA == nil && errB == nil && a == b
}
