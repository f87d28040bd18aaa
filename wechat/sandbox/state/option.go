package state

import (
	"context"

	"weizheng/platform/db"
)

// menuMinutes is how often a phone fetches a menu at most. WeChat docs: createCustomMenu, "每隔5分钟".
const menuMinutes = 5

const menuOption = "option/menu_minutes"

// MenuMinutes is how long a phone keeps a menu before it fetches it again, in minutes of civil time; 0: it always fetches.
func (s *Store) MenuMinutes() int64 { return s.menuKept.Load() }

// SetMenuMinutes changes it.
func (s *Store) SetMenuMinutes(ctx context.Context, n int64) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into serial (name, value) values ($1, $2)
			on conflict (name) do update set value=excluded.value`, menuOption, n)
		return err
	})
	if err == nil {
		s.menuKept.Store(n)
		for _, a := range s.Accounts() {
			s.Hint(Hint{Topic: "menu", Account: a.ID})
		}
	}
	return err
}

// SeedMenuMinutes changes it unless somebody already has.
func (s *Store) SeedMenuMinutes(ctx context.Context, n int64) error {
	set, err := db.All(ctx, s.db, db.Value[int64], "select value from serial where name=$1", menuOption)
	if err != nil || len(set) > 0 {
		return err
	}
	return s.SetMenuMinutes(ctx, n)
}

func (s *Store) loadOptions(ctx context.Context) error {
	set, err := db.All(ctx, s.db, db.Value[int64], "select value from serial where name=$1", menuOption)
	s.menuKept.Store(menuMinutes)
	if len(set) > 0 {
		s.menuKept.Store(set[0])
	}
	return err
}
