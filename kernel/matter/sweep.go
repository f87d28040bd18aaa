package matter

import (
	"context"
	"slices"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

const (
	// sweepBatch is how many deadlines one transaction takes: a tenth of a second's work, for which others wait.
	sweepBatch = 1000
	// sweepTime ends one run of the sweep: other sweeps wait for it, and the next run is a second away.
	sweepTime = 4 * time.Second
	// sweepAgain is when a deadline that failed is looked at again.
	sweepAgain = 15 * time.Minute
)

// due is a deadline that came, and what of its matter the lights ask for.
type due struct {
	id     int64
	matter int64
	Deadline
	version int64
	sealed  bool
}

func (d due) light() bool { return d.Kind == kindYellow || d.Kind == kindRed }

// Sweep lets happen what fell due by now, in the order in which it did, and returns how many deadlines there were. Lights
// are shown, notices written, suspensions ended, what the definition names for the moment takes its course; nothing is
// decided. It may be run by several replicas at once and after any crash: a deadline happens once.
func (s *Service) Sweep(ctx context.Context, now time.Time) (int, error) {
	ctx, begun, n := system(ctx), s.Wall.Now(), 0
	for s.Wall.Now().Sub(begun) < sweepTime {
		did, err := s.sweepBatch(ctx, clock.Millis(now))
		n += did
		if err != nil || did == 0 {
			return n, err
		}
	}
	return n, nil
}

func (s *Service) sweepBatch(ctx context.Context, now int64) (n int, err error) {
	var heavy []due
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		var lights []due
		list, err := dueBy(ctx, tx, now)
		if err != nil {
			return err
		}
		lights, heavy = inOrder(list)
		n = len(lights)
		return s.shine(ctx, tx, lights, now)
	})
	if err != nil {
		return 0, errs.Wrap(err, "sweep deadlines")
	}
	fell, err := s.fallAll(ctx, heavy, now)
	return n + fell, err
}

// dueBy reads what came, and locks it; what belongs to matters that somebody is acting on comes next time.
func dueBy(ctx context.Context, tx *db.Tx, now int64) ([]due, error) {
	list, err := db.All(ctx, tx, func(scan db.Scan) (d due, err error) {
		return d, scan(&d.id, &d.matter, &d.Clock, &d.Kind, &d.At, &d.version, &d.sealed)
	}, `select d.id, d.matter_id, d.clock, d.kind, d.at, m.version, m.sealed from (select id, matter_id, clock, kind, at, next_at
		from matter_deadline where next_at <= $1 order by next_at, id limit $2`+tx.Dialect().SkipLocked()+`) d join matter m on m.id = d.matter_id
		order by d.next_at, d.id`, now, sweepBatch)
	return list, errs.Wrap(err, "read what fell due")
}

// inOrder splits a batch into lights and the rest, and leaves what comes after something of the same matter that might
// change it.
func inOrder(list []due) (lights, rest []due) {
	waits := map[int64]bool{}
	for _, d := range list {
		switch {
		case !d.light():
			rest = append(rest, d)
			waits[d.matter] = true
		case !waits[d.matter]:
			lights = append(lights, d)
		}
	}
	return lights, rest
}

// shine shows lights: an event and notices for each. Neither matters nor lists are touched, for their light follows from the
// time.
func (s *Service) shine(ctx context.Context, tx *db.Tx, lights []due, now int64) error {
	if len(lights) == 0 {
		return nil
	}
	ids, matters := make([]int64, len(lights)), make([]int64, len(lights))
	for i, d := range lights {
		ids[i], matters[i] = d.id, d.matter
	}
	slices.Sort(matters)
	matters = slices.Compact(matters)
	in, args := inList(1, ids)
	if _, err := tx.Exec(ctx, `delete from matter_deadline where id in `+in, args...); err != nil {
		return errs.Wrap(err, "drop what fell due")
	}
	events, err := s.lightEvents(ctx, tx, lights)
	if err != nil {
		return errs.Wrap(err, "keep light events")
	}
	if err := s.lightNotices(ctx, tx, lights, events, matters); err != nil {
		return err
	}
	return s.Hints.Publish(tx, Topic, 0, now) // one for the batch: everybody refetches their list
}

// lightEvents inserts an event for each light and returns their ids in order.
func (s *Service) lightEvents(ctx context.Context, tx *db.Tx, lights []due) ([]int64, error) {
	wall := clock.Millis(s.Wall.Now())
	var all []int64
	for part := range slices.Chunk(lights, 250) {
		rows := values{columns: 7}
		for _, d := range part {
			payload, err := s.lightPayload(ctx, tx, d)
			if err != nil {
				return nil, err
			}
			rows.add(d.matter, d.version, int64(0), int64(0), d.At, wall, payload)
		}
		text, args := rows.text()
		ids, err := db.All(ctx, tx, db.Value[int64], `insert into matter_event (matter_id, version, actor_id, behalf_id,
			civil_at, wall_at, payload) values `+text+` returning id`, args...)
		if err != nil {
			return nil, err
		}
		slices.Sort(ids) // ids are given in the order of the rows
		all = append(all, ids...)
	}
	return all, nil
}

func (s *Service) lightPayload(ctx context.Context, tx *db.Tx, d due) (string, error) {
	text, err := encode(record{Fell: []Deadline{d.Deadline}})
	if err != nil || !d.sealed {
		return text, err
	}
	m, err := db.One(ctx, tx, scanHead, `select `+matterColumns+` from matter m where m.id = $1`, d.matter)
	if err != nil {
		return "", err
	}
	b, err := s.box(&m)
	if err != nil {
		return "", err
	}
	return b.close(payloadSeal, text)
}
