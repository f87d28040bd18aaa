package notify

import (
	"context"
	"time"

	"weizheng/kernel/citizen"
	"weizheng/kernel/setting"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// quietUntil returns when the quiet hours end that it is in now, or the zero time when it is in none.
func (s *Service) quietUntil(ctx context.Context, f citizen.Follower) time.Time {
	at := setting.At{Unit: f.Unit, Account: f.Account}
	return QuietEnd(s.Civil.Now(), s.Settings.Text(ctx, "notify.quiet_from", at), s.Settings.Text(ctx, "notify.quiet_until", at))
}

// QuietEnd returns when the quiet hours end that now is in, or the zero time when it is in none: from and until are clock times of the house's zone ("22:00"), and may span midnight.
// Equal or unreadable ones mean no quiet hours.
func QuietEnd(now time.Time, from, until string) time.Time {
	f, err1 := time.Parse("15:04", from)
	u, err2 := time.Parse("15:04", until)
	if err1 != nil || err2 != nil || f.Equal(u) {
		return time.Time{}
	}
	midnight := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	start, end := f.Sub(midnight), u.Sub(midnight)
	today := clock.StartOfDay(now)
	since := now.Sub(today)
	switch {
	case start < end && since >= start && since < end:
		return today.Add(end)
	case start > end && since >= start:
		return clock.StartOfDay(today.AddDate(0, 0, 1)).Add(end)
	case start > end && since < end:
		return today.Add(end)
	}
	return time.Time{}
}

// releaseBatch is how many held messages one run of the sweep lets go.
const releaseBatch = 200

// Release lets messages go whose quiet hours are over: each takes its allowance now, or is refused for want of one. It
// returns how many it handled.
func (s *Service) Release(ctx context.Context, now time.Time) (int, error) {
	due, err := db.All(ctx, s.DB, db.Value[int64], `select id from outbound where state = 'held' and due_at <= $1 order by due_at limit $2`,
		clock.Millis(now), releaseBatch)
	if err != nil {
		return 0, errs.Wrap(err, "list held messages")
	}
	for _, id := range due {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error { return s.release(ctx, tx, id) }); err != nil {
			return 0, errs.Wrap(err, "release outbound %d", id)
		}
	}
	return len(due), nil
}

func (s *Service) release(ctx context.Context, tx *db.Tx, id int64) error {
	o, err := s.Get(ctx, tx, id)
	if err != nil || o.State != Held {
		return err
	}
	var w taken
	if o.Channel == Custom {
		w, err = s.take(ctx, tx, o.Follower)
	}
	if errs.Is(err, errs.Exhausted) {
		return s.settle(ctx, tx, o, verdict{state: Refused, problem: errs.As(err).Key()})
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update outbound set state = 'queued', window_kind = $2, window_opened = $3 where id = $1 and state = 'held'`, id, w.kind, w.opened)
	if err != nil {
		return err
	}
	return s.Jobs.Enqueue(ctx, tx, sendArgs{id})
}
