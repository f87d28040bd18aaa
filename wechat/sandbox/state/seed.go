package state

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

// Follow is a follower made without a callback: a past that was there before anybody listened.
type Follow struct {
	Account, Citizen string // ids
	At               int64  // civil
	How              string // subscribe_scene; "" is ADD_SCENE_SEARCH
}

// seedBatch is how many rows one transaction takes: enough to make its commit cheap, few enough not to hold up others.
// seedRows is how many of them one statement takes: SQLite looks each parameter up by name, so that a long list is slow.
const (
	seedBatch = 5000
	seedRows  = 25
)

// SeedCitizens makes citizens with the ids given; those that exist are left as they are.
func (s *Store) SeedCitizens(ctx context.Context, list []Citizen) error {
	for _, c := range list {
		if !label.MatchString(c.ID) || c.Name == "" {
			return invalid("id", "slug")
		}
	}
	return inBatches(ctx, s, list, func(tx *db.Tx, rows []Citizen) error {
		values, args := rowsOf(rows, func(c Citizen) []any { return []any{c.ID, c.Name, c.Avatar, c.Snapshot} })
		_, err := tx.Exec(ctx, "insert into citizen (id, name, avatar, snapshot) values "+values+
			" on conflict (id) do nothing", args...)
		return err
	})
}

// SeedFollows makes followers in the order of their times; who follows already is left as they are.
func (s *Store) SeedFollows(ctx context.Context, list []Follow) error {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Follow) int { return cmp.Compare(a.At, b.At) })
	accounts := map[string]*Account{}
	for _, f := range list {
		if accounts[f.Account] == nil {
			a, err := s.Account(f.Account)
			if err != nil {
				return err
			}
			accounts[f.Account] = a
		}
	}
	if err := inBatches(ctx, s, list, func(tx *db.Tx, rows []Follow) error {
		return s.seedFollows(ctx, tx, accounts, rows)
	}); err != nil {
		return err
	}
	for _, a := range accounts {
		s.fans.Delete(a.N)
		if err := s.countFans(ctx, a.N); err != nil {
			return err
		}
	}
	return nil
}

// FollowsOf lists the followers of an account as followers of another one, from now on and in their order.
func (s *Store) FollowsOf(ctx context.Context, a *Account, other, how string) ([]Follow, error) {
	now := s.Civil()
	return db.All(ctx, s.db, func(scan db.Scan) (Follow, error) {
		f := Follow{Account: other, At: now, How: how}
		err := scan(&f.Citizen)
		return f, err
	}, "select c.id from contact x join citizen c on c.n=x.citizen where x.account=$1 and x.subscribed order by x.seq", a.N)
}

func (s *Store) seedFollows(ctx context.Context, tx *db.Tx, accounts map[string]*Account, rows []Follow) error {
	values, args := rowsOf(rows, func(f Follow) []any {
		a := accounts[f.Account]
		return []any{a.N, s.OpenID(a.ID, f.Citizen), s.lastSeq.Add(1), f.At, cmp.Or(f.How, "ADD_SCENE_SEARCH"), f.Citizen}
	})
	made, err := db.All(ctx, tx, func(scan db.Scan) (f seeded, err error) {
		err = scan(&f.account, &f.how, &f.at)
		return f, err
	}, `insert into contact (account, citizen, openid, subscribed, seq, subscribed_at, how, qr_scene,
		qr_scene_str, remark, touched_at, typing_until, unread)
		select v.column1, c.n, v.column2, true, v.column3, v.column4, v.column5, 0, '', '', 0, 0, 0
		from (values `+values+`) v join citizen c on c.id=v.column6 where true order by v.column3
		on conflict (citizen, account) do update set subscribed=excluded.subscribed, seq=excluded.seq,
		subscribed_at=excluded.subscribed_at, how=excluded.how where not contact.subscribed
		returning account, how, subscribed_at`, args...)
	if err != nil {
		return err
	}
	came := map[seeded]int64{}
	for _, f := range made {
		f.at = clock.Millis(clock.StartOfDay(clock.FromMillis(f.at)))
		came[f]++
	}
	for f, n := range came {
		if err := s.moved(ctx, tx, f.account, f.how, f.at, n, 0); err != nil {
			return err
		}
	}
	return nil
}

// seeded is a follow that was made.
type seeded struct {
	account int64
	how     string
	at      int64
}

// rowsOf makes "($1,$2),($3,$4)" and its arguments.
func rowsOf[T any](list []T, row func(T) []any) (values string, args []any) {
	var b strings.Builder
	for i, v := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for j, arg := range row(v) {
			if j > 0 {
				b.WriteByte(',')
			}
			args = append(args, arg)
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(len(args)))
		}
		b.WriteByte(')')
	}
	return b.String(), args
}

// inBatches gives the rows to put, seedRows at a time, in transactions of seedBatch.
func inBatches[T any](ctx context.Context, s *Store, list []T, put func(tx *db.Tx, rows []T) error) error {
	for batch := range slices.Chunk(list, seedBatch) {
		if err := s.db.Write(ctx, func(tx *db.Tx) error {
			for rows := range slices.Chunk(batch, seedRows) {
				if err := put(tx, rows); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
