package state

import (
	"context"
	"sync"

	"weizheng/platform/db"
)

// usage counts calls in memory; Flush writes what changed.
type usage struct {
	mu    sync.Mutex
	day   string
	used  map[usageKey]int64
	dirty map[usageKey]bool
}

type usageKey struct {
	account int64
	path    string
}

func (s *Store) loadUsage(ctx context.Context) error {
	s.used.day = s.Today()
	s.used.used, s.used.dirty = map[usageKey]int64{}, map[usageKey]bool{}
	type row struct {
		usageKey
		used int64
	}
	rows, err := db.All(ctx, s.db, func(scan db.Scan) (row, error) {
		var r row
		err := scan(&r.account, &r.path, &r.used)
		return r, err
	}, "select account, path, used from usage where day=$1", s.used.day)
	for _, r := range rows {
		s.used.used[r.usageKey] = r.used
	}
	return err
}

// Use counts one call of a path on the civil day, if fewer than limit were made; limit 0 is none.
func (s *Store) Use(account int64, path string, limit int64) bool {
	s.used.mu.Lock()
	defer s.used.mu.Unlock()
	s.turnDay()
	k := usageKey{account, path}
	if limit > 0 && s.used.used[k] >= limit {
		return false
	}
	s.used.used[k]++
	s.used.dirty[k] = true
	return true
}

// Used is how many calls of a path were counted on the civil day.
func (s *Store) Used(account int64, path string) int64 {
	s.used.mu.Lock()
	defer s.used.mu.Unlock()
	s.turnDay()
	return s.used.used[usageKey{account, path}]
}

// turnDay forgets the counts of a day that is over. What was not written of it nobody will ask for.
func (s *Store) turnDay() {
	if today := s.Today(); today != s.used.day {
		s.used.day = today
		clear(s.used.used)
		clear(s.used.dirty)
	}
}

// Flush writes the changed counters.
func (s *Store) Flush(ctx context.Context) error {
	s.used.mu.Lock()
	day := s.used.day
	changed := make(map[usageKey]int64, len(s.used.dirty))
	for k, is := range s.used.dirty {
		if is {
			changed[k] = s.used.used[k]
		}
	}
	clear(s.used.dirty)
	s.used.mu.Unlock()
	if len(changed) == 0 {
		return nil
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for k, n := range changed {
			if _, err := tx.Exec(ctx, `insert into usage (account, path, day, used) values ($1, $2, $3, $4)
				on conflict (account, path, day) do update set used=excluded.used`, k.account, k.path, day, n); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, "delete from usage where day<$1", day)
		return err
	})
	if err != nil {
		s.used.mu.Lock()
		defer s.used.mu.Unlock()
		for k := range changed {
			s.used.dirty[k] = s.used.day == day
		}
	}
	return err
}
