package citizen

import (
	"context"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Trace is by what the inbound log knows a follower: the account and the blind index of the openid. Until is zero for a
// living follower; of an erased one it is the moment of erasure (wall): what came later is of somebody new.
type Trace struct {
	Account int64
	Person  string
	Until   time.Time
}

// TraceOf finds the trace of a follower, by the tombstone when they are erased. One who was erased before tombstones told
// whose they are has none: errs.NotFound.
func (s *Service) TraceOf(ctx context.Context, q db.Queryer, follower int64) (Trace, error) {
	f, err := s.Get(ctx, q, follower)
	if err != nil {
		return Trace{}, err
	}
	if !f.Erased {
		return Trace{Account: f.Account, Person: f.person}, nil
	}
	t, err := db.One(ctx, q, func(scan db.Scan) (t Trace, err error) {
		var erased int64
		err = scan(&t.Account, &t.Person, &erased)
		t.Until = clock.FromMillis(erased)
		return t, err
	}, `select account_id, person, erased_at from citizen_tombstone where follower_id = $1`, follower)
	return t, errs.Wrap(known(err), "trace of follower %d", follower)
}

// buried reports whether somebody was erased after a callback of theirs had been received (wall): what it would bring in
// again is what they wanted gone.
func (s *Service) buried(ctx context.Context, q db.Queryer, account int64, person string, received time.Time) (bool, error) {
	if received.IsZero() {
		return false, nil
	}
	erased, err := db.One(ctx, q, db.Value[int64], `select erased_at from citizen_tombstone where account_id = $1 and person = $2`,
		account, person)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil && erased >= clock.Millis(received), err
}
