package state

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

// Pulse is how the account's server answered the callbacks of a civil hour.
type Pulse struct {
	Day              string
	Hour             int
	Pushes, Failures int64
	Took, Longest    int64 // ms
}

// CountPush counts one callback and what it took, in all its tries.
func (s *Store) CountPush(ctx context.Context, tx *db.Tx, account int64, failed bool, took int64) error {
	at := s.civil.Now()
	failures := 0
	if failed {
		failures = 1
	}
	_, err := tx.Exec(ctx, `insert into pulse (account, day, hour, pushes, failures, took, longest) values ($1, $2, $3, 1, $4, $5, $5)
		on conflict (account, day, hour) do update set pushes=pulse.pushes+1, failures=pulse.failures+excluded.failures,
		took=pulse.took+excluded.took, longest=case when pulse.longest>excluded.longest then pulse.longest else excluded.longest end`,
		account, clock.Day(at), at.In(clock.Zone).Hour(), failures, took)
	return err
}

// Pulses lists the hours in which there were callbacks, from one civil day to another, both among them.
func (s *Store) Pulses(ctx context.Context, account int64, from, to string) ([]Pulse, error) {
	return db.All(ctx, s.db, func(scan db.Scan) (Pulse, error) {
		var p Pulse
		err := scan(&p.Day, &p.Hour, &p.Pushes, &p.Failures, &p.Took, &p.Longest)
		return p, err
	}, `select day, hour, pushes, failures, took, longest from pulse where account=$1 and day>=$2 and day<=$3 order by day, hour`,
		account, from, to)
}
