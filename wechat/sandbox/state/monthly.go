package state

import (
	"context"
	"strings"

	"weizheng/platform/db"
)

// UseMonth counts one use of what is allowed limit times in a civil month; false when there were that many.
func (s *Store) UseMonth(ctx context.Context, account int64, name string, limit int64) (ok bool, err error) {
	month := s.Today()[:len("2006-01")]
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		changed, err := tx.Exec(ctx, `insert into monthly (account, name, month, used) values ($1, $2, $3, 1)
			on conflict (account, name) do update set month=excluded.month,
				used=case when monthly.month=excluded.month then monthly.used+1 else 1 end
			where monthly.month<>excluded.month or monthly.used<$4`, account, name, month, limit)
		ok = changed == 1
		return err
	})
	return ok, err
}

// ClearUsed makes the calls of a path count as not made on the civil day; "" is every path. What is counted under
// another name than a path stays.
func (s *Store) ClearUsed(account int64, path string) {
	s.used.mu.Lock()
	defer s.used.mu.Unlock()
	s.turnDay()
	for k := range s.used.used {
		if k.account == account && (k.path == path || path == "" && !strings.Contains(k.path, " ")) {
			s.used.used[k] = 0
			s.used.dirty[k] = true
		}
	}
}
