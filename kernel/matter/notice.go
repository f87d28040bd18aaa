package matter

import (
	"context"
	"slices"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// tell keeps the notices that the events of a change ask for, each addressee by name, and lets the hooks hear of them.
func (s *Service) tell(ctx context.Context, tx *db.Tx, c *change) error {
	to := addressees{m: c.m, d: c.d, st: &c.after, doer: whoOf(access.From(ctx))}
	var told []Told
	for _, n := range c.d.Tells(c.after.Run, c.record.Events) {
		for _, w := range n.To {
			people, err := s.addressed(ctx, &to, w)
			if err != nil {
				return errs.Wrap(err, "whom to tell of %s", n.Notice)
			}
			for _, p := range people {
				told = append(told, Told{Matter: c.m.ID, Event: c.event, Kind: n.Notice, Text: n.Text, To: p, At: c.at})
			}
		}
	}
	return s.told(ctx, tx, eachOnce(told))
}

// eachOnce leaves out what would tell somebody the same twice: they hold a role and are named besides.
func eachOnce(told []Told) []Told {
	type key struct {
		event int64
		kind  string
		who   flow.Who
	}
	seen := make(map[key]bool, len(told))
	return slices.DeleteFunc(told, func(t Told) bool {
		k := key{t.Event, t.Kind, t.To.Who}
		again := seen[k]
		seen[k] = true
		return again
	})
}

func (s *Service) told(ctx context.Context, tx *db.Tx, told []Told) error {
	if len(told) == 0 {
		return nil
	}
	for part := range slices.Chunk(told, 100) {
		if err := insertNotices(ctx, tx, part); err != nil {
			return errs.Wrap(err, "keep notices")
		}
	}
	for _, hook := range s.Told {
		if err := hook(ctx, tx, told); err != nil {
			return errs.Wrap(err, "tell of notices")
		}
	}
	return nil
}

func insertNotices(ctx context.Context, tx *db.Tx, told []Told) error {
	rows := values{columns: 6}
	for _, t := range told {
		if id := t.To.Who.StaffID(); id != 0 {
			rows.add(id, t.Matter, t.Event, t.Kind, t.At, int64(0))
		}
	}
	if len(rows.cells) == 0 {
		return nil
	}
	text, args := rows.text()
	_, err := tx.Exec(ctx, `insert into matter_notice (staff_id, matter_id, event_id, kind, civil_at, read_at) values `+text+
		` on conflict (event_id, staff_id, kind) do nothing`, args...)
	return err
}

// Notice is something that one member of staff was told.
type Notice struct {
	ID     int64
	Matter int64
	Kind   string // "yellow", "red" or a notice's name
	At     int64  // civil
	ReadAt int64  // wall; 0: not yet
}

// Notices lists what somebody was told, the newest first; before is the last id of the page before, 0 for the first.
func (s *Service) Notices(ctx context.Context, staff, before int64, limit int) ([]Notice, error) {
	if before <= 0 {
		before = never
	}
	list, err := db.All(ctx, s.DB, func(scan db.Scan) (n Notice, err error) {
		return n, scan(&n.ID, &n.Matter, &n.Kind, &n.At, &n.ReadAt)
	}, `select id, matter_id, kind, civil_at, read_at from matter_notice where staff_id = $1 and id < $2 order by id desc limit $3`,
		staff, before, min(max(limit, 1), pageLimit))
	return list, errs.Wrap(err, "notices of staff %d", staff)
}

// ReadNotices marks the actor's notices up to an id as read.
func (s *Service) ReadNotices(ctx context.Context, upTo int64) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `update matter_notice set read_at = $3 where staff_id = $1 and id <= $2 and read_at = 0`,
			access.From(ctx).ID, upTo, clock.Millis(s.Wall.Now()))
		return err
	})
	return errs.Wrap(err, "mark notices as read")
}

// toStaff addresses a person.
func toStaff(id int64) flow.Waiter { return flow.Waiter{Who: flow.Staff(id)} }

// Unread returns how many notices somebody has not read, at most 1000.
func (s *Service) Unread(ctx context.Context, staff int64) (int, error) {
	n, err := db.One(ctx, s.DB, db.Value[int], `select count(*) from (select 1 from matter_notice where staff_id = $1 and read_at = 0 limit $2) counted`, staff, countLimit)
	return n, errs.Wrap(err, "count the notices of staff %d", staff)
}

// NoticeTitle is how the definition calls a notice; "" for lights.
func (s *Service) NoticeTitle(ctx context.Context, n Notice) (string, error) {
	m, err := s.Head(ctx, n.Matter)
	if err != nil {
		return "", err
	}
	d, err := s.definition(ctx, s.DB, m.FlowID)
	if err != nil {
		return "", err
	}
	def, _ := d.Notice(n.Kind)
	return def.Title, nil
}
