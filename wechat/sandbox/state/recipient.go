package state

import (
	"context"
	"runtime"
	"slices"

	"weizheng/platform/db"
	"weizheng/wechat"
)

// To says whom a mass message is for: everybody, who has a tag, or these.
type To struct {
	All     bool
	Tag     int64
	OpenIDs []string
}

// Aim finds the recipients of a mass message, as they are now: of those it is for the followers who are not blocked, take
// the account's messages, and, of a service account, have not received four in this calendar month. It reads a million
// followers in about a second.
func (s *Store) Aim(ctx context.Context, a *Account, to To, b Broadcast) (Broadcast, error) {
	set, err := s.aimed(ctx, a, to)
	if err != nil {
		return b, err
	}
	b.Total = set.count()
	unwilling, err := s.contactSet(ctx, `select n from contact where account=$1 and blocked>0
		union all select n from contact where account=$1 and muted`, a.N)
	if err != nil {
		return b, err
	}
	set.without(unwilling)
	if a.Kind == wechat.Service {
		full, err := s.full(ctx, a)
		if err != nil {
			return b, err
		}
		set.without(full)
	}
	b.recipients, b.Filtered = set, set.count()
	return b, nil
}

func (s *Store) aimed(ctx context.Context, a *Account, to To) (bitset, error) {
	switch {
	case to.All:
		return s.contactSet(ctx, "select n from contact where account=$1 and subscribed and seq>0", a.N)
	case len(to.OpenIDs) == 0:
		return s.contactSet(ctx, "select contact from tagging where account=$1 and tag=$2", a.N, to.Tag)
	}
	var set bitset
	for some := range slices.Chunk(to.OpenIDs, 500) {
		found, err := s.ContactsByOpenID(ctx, s.db, some)
		if err != nil {
			return nil, err
		}
		for _, openid := range some {
			c, ok := found[openid]
			if !ok || c.Account != a.N {
				return nil, ErrNoCitizen
			}
			if c.Subscribed {
				set.add(c.N)
			}
		}
	}
	return set, nil
}

// giveWay is how many rows a long read takes between two turns of others: on one core they would wait ten milliseconds for each.
const giveWay = 500

func (s *Store) contactSet(ctx context.Context, query string, args ...any) (bitset, error) {
	rows, err := s.db.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err below tells what matters
	var set bitset
	var n int64
	for i := 1; rows.Next(); i++ {
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		set.add(n)
		if i%giveWay == 0 {
			runtime.Gosched()
		}
	}
	return set, rows.Err()
}

// full are the followers who have received as many messages in this month as they may.
func (s *Store) full(ctx context.Context, a *Account) (bitset, error) {
	type row struct {
		first int
		body  []byte
	}
	month := s.Today()[:len("2026-11")]
	list, err := db.All(ctx, s.db, func(scan db.Scan) (row, error) {
		var r row
		err := scan(&r.first, &r.body)
		return r, err
	}, "select first_byte, recipients from broadcast where account=$1 and day>=$2 and day<=$2 || '~' and state<>'SEND_FAIL'", a.N, month)
	if err != nil {
		return nil, err
	}
	received := make(tally, 3) // three binary digits: the third says four, which is how many a follower receives a month
	for _, r := range list {
		received.add(r.first, r.body)
	}
	return received[2], nil
}
