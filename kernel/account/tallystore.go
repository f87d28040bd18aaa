package account

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// Rows are written in the order of their keys: replicas that flush at the same time then wait for each other instead of
// deadlocking.

func writeCalls(ctx context.Context, tx *db.Tx, calls map[callKey]*callCount) error {
	keys := slices.SortedFunc(maps.Keys(calls), func(a, b callKey) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.day, b.day), cmp.Compare(a.path, b.path))
	})
	for _, k := range keys {
		n := calls[k]
		_, err := tx.Exec(ctx, `insert into account_call (account_id, path, day, calls, failed, last_code, last_rid, last_at)
			values ($1,$2,$3,$4,$5,$6,$7,$8)
			on conflict (account_id, day, path) do update set calls = account_call.calls + excluded.calls, failed = account_call.failed + excluded.failed,
			last_code = case when excluded.last_at > 0 then excluded.last_code else account_call.last_code end,
			last_rid = case when excluded.last_at > 0 then excluded.last_rid else account_call.last_rid end,
			last_at = case when excluded.last_at > 0 then excluded.last_at else account_call.last_at end`,
			k.account, k.path, k.day, n.calls, n.failed, int(n.code), n.rid, n.at)
		if err != nil {
			return err
		}
	}
	return nil
}

func writeCallbacks(ctx context.Context, tx *db.Tx, callbacks map[callbackKey]*callbackCount) error {
	keys := slices.SortedFunc(maps.Keys(callbacks), func(a, b callbackKey) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.day, b.day))
	})
	for _, k := range keys {
		n := callbacks[k]
		_, err := tx.Exec(ctx, `insert into account_callback (account_id, day, good, bad, good_at, bad_at, bad_reason) values ($1,$2,$3,$4,$5,$6,$7)
			on conflict (account_id, day) do update set good = account_callback.good + excluded.good, bad = account_callback.bad + excluded.bad,
			good_at = case when excluded.good_at > account_callback.good_at then excluded.good_at else account_callback.good_at end,
			bad_reason = case when excluded.bad_at > account_callback.bad_at then excluded.bad_reason else account_callback.bad_reason end,
			bad_at = case when excluded.bad_at > account_callback.bad_at then excluded.bad_at else account_callback.bad_at end`,
			k.account, k.day, n.good, n.bad, n.goodAt, n.badAt, n.reason)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) writeVerdicts(ctx context.Context, tx *db.Tx, verdicts map[int64]*verdict) error {
	for _, id := range slices.Sorted(maps.Keys(verdicts)) {
		changed, err := writeVerdict(ctx, tx, id, verdicts[id])
		if err != nil {
			return err
		}
		if changed == 0 {
			continue
		}
		if err := s.announce(tx, id); err != nil {
			return err
		}
	}
	return nil
}

func writeVerdict(ctx context.Context, tx *db.Tx, id int64, v *verdict) (changed int64, err error) {
	add := func(n int64, err error) error { changed += n; return err }
	switch {
	case v.fault != 0:
		err = add(tx.Exec(ctx, `update account set fault_code = $2, fault_at = $3 where id = $1 and fault_code <> $2`,
			id, int(v.fault), v.faultAt))
	case v.cleared:
		err = add(tx.Exec(ctx, `update account set fault_code = 0, fault_at = 0 where id = $1 and fault_code <> 0`, id))
	}
	if err != nil {
		return 0, err
	}
	for _, path := range slices.Sorted(maps.Keys(v.refusals)) {
		r := v.refusals[path]
		if r == nil {
			err = add(tx.Exec(ctx, `delete from account_refusal where account_id = $1 and path = $2`, id, path))
		} else {
			err = add(tx.Exec(ctx, `insert into account_refusal (account_id, path, code, rid, at) values ($1,$2,$3,$4,$5)
				on conflict (account_id, path) do update set code = excluded.code, rid = excluded.rid, at = excluded.at`,
				id, path, int(r.Code), r.RID, clock.Millis(r.At)))
		}
		if err != nil {
			return 0, err
		}
	}
	for _, path := range slices.Sorted(maps.Keys(v.spent)) {
		if err := add(writeSpent(ctx, tx, id, path, v.spent[path])); err != nil {
			return 0, err
		}
	}
	return changed, nil
}

// writeSpent notes that a path is used up for the day, or with nil that it is not.
func writeSpent(ctx context.Context, tx *db.Tx, id int64, path string, r *Refusal) (int64, error) {
	if r == nil {
		return tx.Exec(ctx, `delete from account_spent where account_id = $1 and path = $2`, id, path)
	}
	return tx.Exec(ctx, `insert into account_spent (account_id, path, day, code, rid, at) values ($1,$2,$3,$4,$5,$6)
		on conflict (account_id, path) do update set day = excluded.day, code = excluded.code, rid = excluded.rid, at = excluded.at`,
		id, path, r.Day, int(r.Code), r.RID, clock.Millis(r.At))
}

// Usage is how often an account called one path on a civil day, and how often it may.
type Usage struct {
	Path     string
	Purpose  string
	Day      string
	Calls    int64
	Failed   int64
	Daily    int64 // 0: no published limit
	Told     bool  // Daily is WeChat's own answer, not the table's default for new accounts
	LastCode wechat.Code
	LastRID  string
	LastAt   time.Time // wall, of the last failure; zero when none
}

// Share is the used part of the day's limit, 0 when there is none.
func (u Usage) Share() float64 {
	if u.Daily <= 0 {
		return 0
	}
	return float64(u.Calls) / float64(u.Daily)
}

// Quota lists the calls of a civil day (YYYY-MM-DD), the most used share first. The last two seconds may be missing.
func (s *Service) Quota(ctx context.Context, id int64, day string) ([]Usage, error) {
	list, err := db.All(ctx, s.DB, func(scan db.Scan) (u Usage, err error) {
		var code, last, used int64
		err = scan(&u.Path, &u.Day, &u.Calls, &u.Failed, &code, &u.LastRID, &last, &u.Daily, &used)
		u.LastCode, u.Told = wechat.Code(code), u.Daily > 0
		u.Calls = max(u.Calls, used)
		if last != 0 {
			u.LastAt = clock.FromMillis(last)
		}
		return u, err
	}, `select c.path, c.day, c.calls, c.failed, c.last_code, c.last_rid, c.last_at, coalesce(l.daily, 0),
		case when l.at >= $3 and l.at < $3 + 86400000 then l.used else 0 end
		from account_call c left join account_limit l on l.account_id = c.account_id and l.path = c.path
		where c.account_id = $1 and c.day = $2 order by c.path`, id, day, dayStart(day))
	if err != nil {
		return nil, errs.Wrap(err, "list calls of account %d", id)
	}
	for i := range list {
		e, _ := wechat.EndpointOf(list[i].Path)
		list[i].Purpose = e.Purpose
		if !list[i].Told {
			list[i].Daily = int64(e.Daily)
		}
	}
	slices.SortStableFunc(list, func(a, b Usage) int {
		return cmp.Or(cmp.Compare(b.Share(), a.Share()), cmp.Compare(b.Calls, a.Calls))
	})
	return list, nil
}

// dayStart is the first instant of a civil day in ms; a malformed day has none.
func dayStart(day string) int64 {
	t, err := time.ParseInLocation(time.DateOnly, day, clock.Zone)
	if err != nil {
		return 0
	}
	return clock.Millis(t)
}

// Callbacks are the callbacks of one civil day.
type Callbacks struct {
	Day           string
	Good, Bad     int64
	GoodAt, BadAt time.Time // wall; zero when none
	BadReason     string
}

// CallbackDays lists the last days with callbacks, the newest first.
func (s *Service) CallbackDays(ctx context.Context, id int64, limit int) ([]Callbacks, error) {
	list, err := db.All(ctx, s.DB, func(scan db.Scan) (c Callbacks, err error) {
		var good, bad int64
		err = scan(&c.Day, &c.Good, &c.Bad, &good, &bad, &c.BadReason)
		if good != 0 {
			c.GoodAt = clock.FromMillis(good)
		}
		if bad != 0 {
			c.BadAt = clock.FromMillis(bad)
		}
		return c, err
	}, `select day, good, bad, good_at, bad_at, bad_reason from account_callback where account_id = $1 order by day desc limit $2`, id, limit)
	return list, errs.Wrap(err, "list callbacks of account %d", id)
}
