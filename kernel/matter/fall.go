package matter

import (
	"context"
	"slices"
	"strings"

	"weizheng/kernel/flow"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// fallBatch is how many deadlines take their course in one transaction: twenty milliseconds' work.
const fallBatch = 50

// fallAll lets deadlines take their course in their order, and returns how many there were. Where one cannot, each of its
// batch goes by itself, and that one is tried again later.
func (s *Service) fallAll(ctx context.Context, list []due, now int64) (n int, err error) {
	for part := range slices.Chunk(list, fallBatch) {
		err := s.DB.Write(ctx, func(tx *db.Tx) error {
			for _, d := range part {
				if err := s.fall(ctx, tx, d, now); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			n += len(part)
			continue
		}
		for _, d := range part {
			if err := s.fallAlone(ctx, d, now); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// fallAlone lets one deadline take its course, or puts it off.
func (s *Service) fallAlone(ctx context.Context, d due, now int64) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error { return s.fall(ctx, tx, d, now) })
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil || errs.KindOf(err).Retry():
		return errs.Wrap(err, "deadline of matter %d", d.matter)
	}
	s.Log.ErrorContext(ctx, "a deadline failed; it will be tried again", "matter", d.matter, "deadline", d.Kind, "error", err)
	return s.DB.Write(ctx, func(tx *db.Tx) error { return postpone(ctx, tx, d, now) })
}

// fall lets one deadline of a definition, or the end of a suspension, take its course. It is dated when it was due, not
// when the house was on again. While a suspended matter's clock runs on, its deadlines wait for the matter.
func (s *Service) fall(ctx context.Context, tx *db.Tx, d due, now int64) error {
	c, err := s.begin(ctx, tx, d.matter)
	if err != nil {
		return err
	}
	if !slices.Contains(c.before.Deadlines, d.Deadline) {
		return nil // somebody acted meanwhile
	}
	c.at = max(d.At, c.before.Run.At)
	c.record.Fell = []Deadline{d.Deadline}
	if name, ok := strings.CutPrefix(d.Kind, kindDue); ok {
		if k, found := c.before.Run.ClockByID(d.Clock); found && k.Status == flow.ClockRunning && c.before.Run.Hold != nil {
			return postpone(ctx, tx, d, now)
		}
		c.record.Events, err = flow.Fall(c.d, c.before.Run, d.Clock, name, c.at)
	} else {
		c.record.Events, err = flow.Wake(c.d, c.before.Run, c.at)
	}
	if err != nil {
		return err
	}
	_, err = s.finish(ctx, tx, c)
	return err
}

// postpone keeps a deadline that cannot happen now from standing in the way of the others.
func postpone(ctx context.Context, tx *db.Tx, d due, now int64) error {
	_, err := tx.Exec(ctx, `update matter_deadline set next_at = $2 where id = $1`, d.id, now+sweepAgain.Milliseconds())
	return errs.Wrap(err, "postpone a deadline of matter %d", d.matter)
}
