package matter

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Difference is one thing in which the rows of a matter are not what its events make of them.
type Difference struct {
	Matter int64  `json:"matter"`
	Number string `json:"number"`
	What   string `json:"what"` // "run", "state", "clocks", "parties" …; "events" or "rows" where they cannot be read at all
	Kept   string `json:"kept"` // as the row has it
	Made   string `json:"made"` // as the events make it
}

// fold makes a matter's standing and version from its events alone.
func (s *Service) fold(ctx context.Context, q db.Queryer, m *Matter, b box) (st standing, version int64, err error) {
	d, err := s.definition(ctx, q, m.FlowID)
	if err != nil {
		return st, 0, err
	}
	list, err := events(ctx, q, m, b)
	if err != nil {
		return st, 0, err
	}
	for i := range list {
		version = max(version, list[i].Version)
		if err := st.apply(d, &list[i].record); err != nil {
			return st, 0, errs.Wrap(err, "event %d", list[i].ID)
		}
	}
	return st, version, nil
}

// Replay recomputes state, clocks, deadlines, parties and places in the lists from a matter's events, and names what
// differs from its rows: nothing, unless somebody changed a row by hand or an event is gone.
func (s *Service) Replay(ctx context.Context, id int64) ([]Difference, error) {
	var out []Difference
	// One transaction, so that nobody acts between the reading of events and rows.
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		m, err := load(ctx, tx, id, tx.Dialect().ForUpdate())
		if err != nil {
			return err
		}
		out, err = s.compare(ctx, tx, m)
		return err
	})
	return out, errs.Wrap(err, "replay matter %d", id)
}

func (s *Service) compare(ctx context.Context, tx *db.Tx, m Matter) ([]Difference, error) {
	c := comparison{m: &m}
	b, err := s.box(&m)
	if err != nil {
		return c.broken(ctx, "key", err)
	}
	made, version, err := s.fold(ctx, tx, &m, b)
	if err != nil {
		return c.broken(ctx, "events", err)
	}
	kept, err := stand(ctx, tx, &m, b, tx.Dialect().ForUpdate())
	if err != nil {
		return c.broken(ctx, "rows", err)
	}
	c.json("run", kept.Run, made.Run)
	c.json("clocks", kept.Clocks, made.Clocks)
	c.json("deadlines", kept.Deadlines, made.Deadlines)
	c.add("version", fmt.Sprint(m.Version), fmt.Sprint(version))
	if err := s.compareRows(ctx, tx, &c, &made); err != nil {
		return c.broken(ctx, "rows", err)
	}
	return c.found, nil
}

// broken says that something cannot be read at all, which is a difference like others; but not when it may be read the next
// time.
func (c *comparison) broken(ctx context.Context, what string, err error) ([]Difference, error) {
	if ctx.Err() != nil || errs.KindOf(err).Retry() {
		return nil, err
	}
	return append(c.found, Difference{c.m.ID, c.m.Number, what, err.Error(), ""}), nil
}

// compareRows looks at what lists are made of.
func (s *Service) compareRows(ctx context.Context, tx *db.Tx, c *comparison, made *standing) error {
	d, err := s.definition(ctx, tx, c.m.FlowID)
	if err != nil {
		return err
	}
	row := *c.m
	row.derive(d, made)
	for _, one := range []struct {
		what       string
		kept, made any
	}{
		{"state", c.m.State, row.State}, {"held", c.m.Held, row.Held}, {"unit", c.m.Unit, row.Unit}, {"assignee", c.m.Assignee, row.Assignee},
		{"closed_at", c.m.ClosedAt, row.ClosedAt}, {"outcome", c.m.Outcome, row.Outcome}, {"yellow_at", c.m.YellowAt, row.YellowAt},
		{"due_at", c.m.DueAt, row.DueAt}, {"worst", c.m.Worst, row.Worst},
	} {
		c.add(one.what, fmt.Sprint(one.kept), fmt.Sprint(one.made))
	}
	parties, err := partiesOf(ctx, tx, c.m.ID)
	if err != nil {
		return err
	}
	c.json("parties", parties, made.parties(d))
	asked, err := askedOf(ctx, tx, c.m.ID)
	if err != nil {
		return err
	}
	c.json("asked", asked, made.asked(d))
	waits, err := s.waits(ctx, d, &row, made)
	if err != nil {
		return err
	}
	waiting, err := waitsOf(ctx, tx, c.m.ID)
	if err != nil {
		return err
	}
	c.json("waits", waiting, waits)
	hooks, err := s.hooks(ctx, tx, &row, made)
	if err != nil {
		return err
	}
	hung, err := hooksOf(ctx, tx, c.m.ID)
	slices.SortFunc(hooks, func(a, b hook) int { return cmp.Compare(a.Unit, b.Unit) })
	c.json("units", hung, hooks)
	return err
}

// comparison collects differences.
type comparison struct {
	m     *Matter
	found []Difference
}

// add notes a difference; of a sealed matter it shows digests, for who repairs a database need not read what is sealed in it.
func (c *comparison) add(what, kept, made string) {
	if kept != made {
		if c.m.Sealed {
			kept, made = sealedDigest(kept), sealedDigest(made)
		}
		c.found = append(c.found, Difference{c.m.ID, c.m.Number, what, kept, made})
	}
}

func (c *comparison) json(what string, kept, made any) {
	a, errA := json.Marshal(kept)
	b, errB := json.Marshal(made)
	if errA != nil || errB != nil {
		c.found = append(c.found, Difference{c.m.ID, c.m.Number, what, fmt.Sprint(errA), fmt.Sprint(errB)})
		return
	}
	c.add(what, orEmpty(a), orEmpty(b))
}

func sealedDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sealed " + hex.EncodeToString(sum[:6])
}

// orEmpty takes no list and an empty list for the same.
func orEmpty(b []byte) string {
	if text := string(b); text != "null" && text != "{}" {
		return text
	}
	return "[]"
}

// ReplayAll replays matters with ids after one, and tells each of what it found; it returns how many it looked at.
func (s *Service) ReplayAll(ctx context.Context, after int64, found func(Difference)) (int, error) {
	const page = 500
	n := 0
	for {
		ids, err := db.All(ctx, s.DB, db.Value[int64], `select id from matter where id > $1 order by id limit $2`, after, page)
		if err != nil || len(ids) == 0 {
			return n, errs.Wrap(err, "list matters to replay")
		}
		for _, id := range ids {
			differences, err := s.Replay(ctx, id)
			if errs.Is(err, errs.NotFound) {
				continue // its keeping ended meanwhile
			}
			if err != nil {
				return n, err
			}
			for _, d := range differences {
				found(d)
			}
			n++
		}
		after = ids[len(ids)-1]
	}
}
