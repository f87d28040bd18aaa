package matter

import (
	"context"
	"encoding/json"
	"slices"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

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
