package state

import (
	"context"

	"weizheng/platform/db"
)

// Said is how much of one type citizens said in a stretch of time.
type Said struct {
	Type         string
	Users, Count int64
}

// SaidBetween counts what citizens said to an account from one civil instant to another, by type.
func (s *Store) SaidBetween(ctx context.Context, account, from, until int64) ([]Said, error) {
	return db.All(ctx, s.db, func(scan db.Scan) (Said, error) {
		var v Said
		err := scan(&v.Type, &v.Users, &v.Count)
		return v, err
	}, `select type, count(distinct citizen), count(*) from item where account=$1 and at>=$2 and at<$3 and sender='citizen'
		group by type order by type`, account, from, until)
}

// Talkative counts the citizens who said 1 to 5, 6 to 10, and more than 10 messages in a stretch of civil time.
func (s *Store) Talkative(ctx context.Context, account, from, until int64) (few, some, many int64, err error) {
	err = s.db.QueryRow(ctx, `select coalesce(sum(case when n<=5 then 1 else 0 end), 0),
		coalesce(sum(case when n>5 and n<=10 then 1 else 0 end), 0), coalesce(sum(case when n>10 then 1 else 0 end), 0)
		from (select count(*) n from item where account=$1 and at>=$2 and at<$3 and sender='citizen' group by citizen) t`,
		account, from, until).Scan(&few, &some, &many)
	return few, some, many, err
}
