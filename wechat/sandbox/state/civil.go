package state

import (
	"context"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

// Offset is how far civil time is ahead of wall time.
func (s *Store) Offset() time.Duration {
	if c, ok := s.civil.(*clock.Civil); ok {
		return c.Offset() // exact, where two readings are apart
	}
	return time.Duration(s.Civil()-s.Wall()) * time.Millisecond
}

// loadClock gives the own clock the offset it had.
func (s *Store) loadClock(ctx context.Context) error {
	if s.own == nil {
		return nil
	}
	ms, err := db.All(ctx, s.db, db.Value[int64], "select value from serial where name='civil_offset_ms'")
	if err != nil || len(ms) == 0 {
		return err
	}
	return s.own.SetOffset(time.Duration(ms[0]) * time.Millisecond)
}

// MoveOwn moves the own clock and remembers it; clock.ErrBackward when it would go back.
func (s *Store) MoveOwn(ctx context.Context, offset time.Duration) error {
	if offset < s.own.Offset() {
		return clock.ErrBackward
	}
	if err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into serial (name, value) values ('civil_offset_ms', $1)
			on conflict (name) do update set value=excluded.value`, offset.Milliseconds())
		return err
	}); err != nil {
		return err
	}
	return s.own.SetOffset(offset)
}
