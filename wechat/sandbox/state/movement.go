package state

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

// sources are the numbers that statistics have for the ways of coming; 0 is every other. WeChat docs: getusersummary.
var sources = map[string]int{
	"ADD_SCENE_SEARCH": 1, "ADD_SCENE_PROFILE_CARD": 17, "ADD_SCENE_QR_CODE": 30, "ADD_SCENE_PAID": 51,
	"ADD_SCENE_PROFILE_LINK": 57, "ADD_SCENE_WECHAT_ADVERTISEMENT": 100, "ADD_SCENE_WXA": 149, "ADD_SCENE_REPRINT": 161,
	"ADD_SCENE_CHANNELS": 200, "ADD_SCENE_LIVESTREAM": 201,
}

// Movement is who came and went on a day.
type Movement struct {
	Day        string
	Source     int
	Came, Went int64
}

func (s *Store) moved(ctx context.Context, tx *db.Tx, account int64, how string, at, came, went int64) error {
	_, err := tx.Exec(ctx, `insert into movement (account, day, source, came, went) values ($1, $2, $3, $4, $5)
		on conflict (account, day, source) do update set came=movement.came+excluded.came, went=movement.went+excluded.went`,
		account, clock.Day(clock.FromMillis(at)), sources[how], came, went)
	return err
}

// Movements lists who came and went from one civil day to another, both among them, by day and source.
func (s *Store) Movements(ctx context.Context, account int64, from, to string) ([]Movement, error) {
	return db.All(ctx, s.db, func(scan db.Scan) (Movement, error) {
		var m Movement
		err := scan(&m.Day, &m.Source, &m.Came, &m.Went)
		return m, err
	}, "select day, source, came, went from movement where account=$1 and day>=$2 and day<=$3 order by day, source", account, from, to)
}

// FollowersAt is how many followed at the end of a civil day: those of now, less who came since, and who went.
func (s *Store) FollowersAt(ctx context.Context, account int64, day string) (int64, error) {
	since, err := db.One(ctx, s.db, db.Value[int64], "select coalesce(sum(came-went), 0) from movement where account=$1 and day>$2",
		account, day)
	return s.FollowerCount(account) - since, err
}
