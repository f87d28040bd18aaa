package gateway

import (
	"context"
	"sync"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// gaps counts, in memory, the callbacks that were refused while nothing could be written; on return they become rows.
// WeChat delivers a refused callback again, so a gap says where to look, not what was lost.
type gaps struct {
	mu   sync.Mutex
	open map[int64]*Gap
}

// Gap is a time in which callbacks were refused.
type Gap struct {
	Account     int64
	From, Until time.Time // wall
	Refused     int64
	Reason      string // message key of the first refusal
}

func (s *gaps) refused(account int64, now time.Time, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[int64]*Gap{}
	}
	gap := s.open[account]
	if gap == nil {
		gap = &Gap{Account: account, From: now, Reason: reason}
		s.open[account] = gap
	}
	gap.Until, gap.Refused = now, gap.Refused+1
}

// take returns the gaps whose last refusal is older than quiet, and forgets them.
func (s *gaps) take(now time.Time, quiet time.Duration) []Gap {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ended []Gap
	for id, gap := range s.open {
		if now.Sub(gap.Until) >= quiet {
			ended = append(ended, *gap)
			delete(s.open, id)
		}
	}
	return ended
}

// giveBack puts gaps back that could not be written.
func (s *gaps) giveBack(ended []Gap) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range ended {
		if now := s.open[g.Account]; now != nil {
			now.From, now.Refused, now.Reason = g.From, now.Refused+g.Refused, g.Reason
			continue
		}
		s.open[g.Account] = &g
	}
}

const gapQuiet = 3 * time.Second // without a refusal, before a gap is called over

// flushGaps writes the gaps that ended.
func (g *Gateway) flushGaps(ctx context.Context) {
	ended := g.gaps.take(g.Wall.Now(), gapQuiet)
	if len(ended) == 0 {
		return
	}
	err := g.DB.Write(ctx, func(tx *db.Tx) error {
		for _, e := range ended {
			_, err := tx.Exec(ctx, `insert into inbound_gap (account_id, from_at, until_at, refused, reason) values ($1,$2,$3,$4,$5)`,
				e.Account, clock.Millis(e.From), clock.Millis(e.Until), e.Refused, e.Reason)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		g.gaps.giveBack(ended)
		return
	}
	for _, e := range ended {
		g.Log.WarnContext(ctx, "callbacks were refused", "account_id", e.Account, "from", e.From, "until", e.Until,
			"refused", e.Refused, "reason", e.Reason)
	}
}

// Gaps returns the gaps of an account (0: of all) that ended after an instant, newest first.
func (g *Gateway) Gaps(ctx context.Context, account int64, after time.Time, limit int) ([]Gap, error) {
	where, args := `until_at > $1`, []any{clock.Millis(after), limit}
	if account != 0 {
		where, args = where+` and account_id in (0, $3)`, append(args, account)
	}
	list, err := db.All(ctx, g.DB, func(scan db.Scan) (gap Gap, err error) {
		var from, until int64
		err = scan(&gap.Account, &from, &until, &gap.Refused, &gap.Reason)
		gap.From, gap.Until = clock.FromMillis(from), clock.FromMillis(until)
		return gap, err
	}, `select account_id, from_at, until_at, refused, reason from inbound_gap where `+where+` order by until_at desc limit $2`, args...)
	return list, errs.Wrap(err, "list gaps")
}
