package app

import (
	"context"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// civilChannel tells replicas that civil time was moved.
const civilChannel = "civil"

// ErrNotMovable is returned by a house that serves citizens for real.
var ErrNotMovable = errs.New(errs.Denied, "house.clock_not_movable")

// MoveCivil moves civil time forward to an instant. The move is a row; every replica follows, and what fell due
// meanwhile is swept at once.
func (h *House) MoveCivil(ctx context.Context, to time.Time) error {
	if !h.config.Movable {
		return ErrNotMovable
	}
	// The row has whole milliseconds: rounded up, lest the clock stand a moment before where it was to go.
	offset := (to.Sub(h.wall.Now()) + time.Millisecond - 1).Truncate(time.Millisecond)
	if offset <= h.Civil.Offset() {
		return errs.New(errs.Invalid, "house.clock_backward").Because(clock.ErrBackward)
	}
	err := h.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into civil_move (offset_ms, moved_at) values ($1,$2)`,
			offset.Milliseconds(), clock.Millis(h.wall.Now()))
		if err != nil {
			return err
		}
		return tx.Notify(civilChannel, "")
	})
	if err != nil {
		return errs.Wrap(err, "move civil time")
	}
	return h.followCivil(ctx)
}

// followCivil takes over the newest move.
func (h *House) followCivil(ctx context.Context) error {
	ms, err := db.One(ctx, h.DB, db.Value[int64], `select offset_ms from civil_move order by id desc limit 1`)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return errs.Wrap(err, "read the civil clock")
	}
	offset := time.Duration(ms) * time.Millisecond
	if offset <= h.Civil.Offset() {
		return nil
	}
	return h.Civil.SetOffset(offset)
}
