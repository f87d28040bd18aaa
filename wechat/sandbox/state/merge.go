package state

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"

	"weizheng/platform/db"
)

// A mass message is one row. It becomes an item of a recipient's chat when somebody looks at that chat, or when anything
// else is added to it, so that the order is right; what nobody looks at costs nothing.

// arrivals are the last arrival of each account, by account number; an *atomic.Int64 each.
type arrivals struct{ last sync.Map }

func (s *Store) arrived(account, arrival int64) {
	v, _ := s.arrivals.last.LoadOrStore(account, new(atomic.Int64))
	last := v.(*atomic.Int64)
	for {
		old := last.Load()
		if arrival <= old || last.CompareAndSwap(old, arrival) {
			return
		}
	}
}

// lastArrival is the arrival of an account's last mass message; 0 when there was none.
func (s *Store) lastArrival(ctx context.Context, q db.Queryer, account int64) (int64, error) {
	if v, ok := s.arrivals.last.Load(account); ok {
		return v.(*atomic.Int64).Load(), nil
	}
	last, err := db.One(ctx, q, db.Value[int64], "select coalesce(max(arrival), 0) from broadcast where account=$1 and arrival>0", account)
	if err == nil {
		s.arrived(account, last)
	}
	return last, err
}

// SettleChats puts the mass messages that arrived into the chats of a citizen.
func (s *Store) SettleChats(ctx context.Context, citizen int64) error {
	for _, a := range s.Accounts() {
		if err := s.settleChat(ctx, a.N, citizen); err != nil {
			return err
		}
	}
	return nil
}

// settleChat puts the mass messages that arrived into one chat; without any it only reads.
func (s *Store) settleChat(ctx context.Context, account, citizen int64) error {
	behind, err := s.behind(ctx, s.db, account, citizen)
	if err != nil || behind.contact == 0 {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.settle(ctx, tx, account, citizen) })
}

// lag is a contact whose chat lacks what arrived after seen.
type lag struct{ contact, seen, last int64 }

// behind says what a chat lacks; contact 0 when it lacks nothing.
func (s *Store) behind(ctx context.Context, q db.Queryer, account, citizen int64) (lag, error) {
	last, err := s.lastArrival(ctx, q, account)
	if err != nil || last == 0 {
		return lag{}, err
	}
	list, err := db.All(ctx, q, func(scan db.Scan) (lag, error) {
		l := lag{last: last}
		err := scan(&l.contact, &l.seen)
		return l, err
	}, `select c.n, coalesce(b.arrival, 0) from contact c left join broadcast_seen b on b.contact=c.n
		where c.citizen=$1 and c.account=$2`, citizen, account)
	if err != nil || len(list) == 0 || list[0].seen >= last {
		return lag{}, err
	}
	return list[0], nil
}

// settle adds what a chat lacks.
func (s *Store) settle(ctx context.Context, tx *db.Tx, account, citizen int64) error {
	l, err := s.behind(ctx, tx, account, citizen)
	if err != nil || l.contact == 0 {
		return err
	}
	type row struct {
		item Item
		bits []byte
	}
	at := l.contact >> 3
	list, err := db.All(ctx, tx, func(scan db.Scan) (row, error) {
		r := row{item: Item{Account: account, Citizen: citizen, From: FromAccount, Origin: "mass"}}
		var body []byte
		if err := scan(&r.item.At, &r.item.WallAt, &r.item.Type, &body, &r.bits); err != nil {
			return r, err
		}
		return r, json.Unmarshal(body, &r.item.Body)
	}, `select arrived_at, wall_at, item_type, body, substr(recipients, $1-first_byte+1, 1) from broadcast
		where account=$2 and arrival>$3 and arrival<=$4 and $1>=first_byte and $1<first_byte+length(recipients) order by arrival`,
		at, account, l.seen, l.last)
	if err != nil {
		return err
	}
	for _, r := range list {
		if len(r.bits) != 1 || r.bits[0]&(1<<(l.contact&7)) == 0 {
			continue
		}
		if _, err := s.insertItem(ctx, tx, r.item); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `insert into broadcast_seen (contact, arrival) values ($1, $2) on conflict (contact)
		do update set arrival=excluded.arrival`, l.contact, l.last)
	return err
}
