package matter

import (
	"context"
	"encoding/json"

	"weizheng/kernel/flow"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// lightNotices tells those for whom the matters wait: by name; where nobody has it in their hands, whoever may take it.
func (s *Service) lightNotices(ctx context.Context, tx *db.Tx, lights []due, events, matters []int64) error {
	waits := map[int64][]flow.Waiter{}
	type turn struct{ matter, staff int64 }
	in, args := inList(1, matters)
	turns, err := db.All(ctx, tx, func(scan db.Scan) (t turn, err error) { return t, scan(&t.matter, &t.staff) },
		`select matter_id, staff_id from matter_party where turn and matter_id in `+in, args...)
	if err != nil {
		return errs.Wrap(err, "find whom to tell")
	}
	for _, t := range turns {
		waits[t.matter] = append(waits[t.matter], toStaff(t.staff))
	}
	if err := s.poolWaiters(ctx, tx, matters, waits); err != nil {
		return err
	}
	var told []Told
	for i, d := range lights {
		for _, w := range waits[d.matter] {
			told = append(told, Told{Matter: d.matter, Event: events[i], Kind: d.Kind, To: w, At: d.At})
		}
	}
	return s.told(ctx, tx, told)
}

// poolWaiters adds whom the matters wait for that are nobody's turn by name.
func (s *Service) poolWaiters(ctx context.Context, tx *db.Tx, matters []int64, waits map[int64][]flow.Waiter) error {
	var left []int64
	for _, id := range matters {
		if len(waits[id]) == 0 {
			left = append(left, id)
		}
	}
	if len(left) == 0 {
		return nil
	}
	in, args := inList(1, left)
	list, err := db.All(ctx, tx, scanMatter, `select `+matterColumns+`, m.run from matter m where m.id in `+in, args...)
	if err != nil {
		return errs.Wrap(err, "read the matters that nobody has")
	}
	for i := range list {
		people, err := s.waiters(ctx, tx, &list[i])
		if err != nil {
			return errs.Wrap(err, "whom matter %d waits for", list[i].ID)
		}
		waits[list[i].ID] = people
	}
	return nil
}

// waiters are the people for whom a matter waits, by name.
func (s *Service) waiters(ctx context.Context, tx *db.Tx, m *Matter) ([]flow.Waiter, error) {
	d, err := s.definition(ctx, tx, m.FlowID)
	if err != nil {
		return nil, err
	}
	st, err := s.runOf(ctx, tx, m)
	if err != nil {
		return nil, err
	}
	to := addressees{m: m, d: d, st: &st}
	var out []flow.Waiter
	seen := map[flow.Who]bool{}
	for _, w := range flow.Waiting(d, st.Run) {
		people, err := s.addressed(ctx, &to, w)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			if p.Who.StaffID() != 0 && !seen[p.Who] {
				seen[p.Who] = true
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// runOf reads as much of a standing as it takes to say whom a matter waits for: of a sealed one its parties too.
func (s *Service) runOf(ctx context.Context, tx *db.Tx, m *Matter) (st standing, err error) {
	if !m.Sealed {
		return st, json.Unmarshal([]byte(m.run), &st.Run)
	}
	b, err := s.box(m)
	if err != nil {
		return st, err
	}
	return stand(ctx, tx, m, b, "")
}
