package org

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// counter is one row of failures: a login's or an address's.
type counter struct {
	key   string
	limit int64
}

// counters returns the rows that an attempt counts for, in one order for everybody: two attempts never wait for each
// other crosswise.
func (s *Service) counters(ctx context.Context, login, address string) []counter {
	list := []counter{{"login:" + s.Ring.Index("org.login", login), s.number(ctx, SettingFailures)}}
	if address != "" {
		list = append(list, counter{"address:" + s.Ring.Index("org.address", address), s.number(ctx, SettingAddress)})
	}
	slices.SortFunc(list, func(a, b counter) int { return strings.Compare(a.key, b.key) })
	return list
}

// reserve counts an attempt as failed before it is judged, so that a hundred at once are no better than five in a row.
// Exhausted "org.locked", with the seconds to wait, once a row is at its limit; refused attempts do not lengthen the lock.
func (s *Service) reserve(ctx context.Context, list []counter) error {
	window := s.number(ctx, SettingLockMinutes) * time.Minute.Milliseconds()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		now := s.now()
		// Rows that mean nothing any more; a day is longer than any window.
		if _, err := tx.Exec(ctx, "delete from login_lock where last_at < $1", now-max(window, 24*time.Hour.Milliseconds())); err != nil {
			return err
		}
		for _, c := range list {
			var fails, last int64
			err := tx.QueryRow(ctx, countFailure, c.key, now, c.limit, window).Scan(&fails, &last)
			if err != nil {
				return errs.Wrap(err, "count a failed login")
			}
			if fails > c.limit {
				return locked(last + window - now)
			}
		}
		return nil
	})
}

// countFailure counts one more failure, up to one above the limit; a window that has passed begins anew. The window of a
// full row runs from its last counted failure, of another from its first.
const countFailure = `insert into login_lock (key, fails, first_at, last_at) values ($1, 1, $2, $2)
	on conflict (key) do update set
		fails = case
			when login_lock.fails < $3 and login_lock.first_at + $4 <= $2 then 1
			when login_lock.fails >= $3 and login_lock.last_at + $4 <= $2 then 1
			when login_lock.fails >= $3 then $3 + 1
			else login_lock.fails + 1 end,
		first_at = case
			when login_lock.fails < $3 and login_lock.first_at + $4 <= $2 then $2
			when login_lock.fails >= $3 and login_lock.last_at + $4 <= $2 then $2
			else login_lock.first_at end,
		last_at = case
			when login_lock.fails < $3 or login_lock.last_at + $4 <= $2 then $2
			else login_lock.last_at end
	returning fails, last_at`

func locked(wait int64) error {
	seconds := max(int(math.Ceil(float64(wait)/1000)), 1)
	return errs.New(errs.Exhausted, "org.locked").With("seconds", seconds).With("minutes", (seconds+59)/60)
}

// forgive takes an attempt back that turned out right: the login's row goes, the address loses the one failure it was
// charged, so that nobody clears an address by a login of their own.
func forgive(ctx context.Context, tx *db.Tx, list []counter) error {
	for _, c := range list {
		query := "update login_lock set fails = fails - 1 where key = $1 and fails > 0"
		if strings.HasPrefix(c.key, "login:") {
			query = "delete from login_lock where key = $1"
		}
		if _, err := tx.Exec(ctx, query, c.key); err != nil {
			return err
		}
	}
	return nil
}
