package citizen

import (
	"context"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Ensure finds or makes the follower that an openid is in an account, and notes that they were seen at a civil instant
// (zero: not seen, only known). For a follower who exists it is one statement, so it may run hundreds of times in one
// transaction; callers that take many go through them in one order (by openid), lest two transactions deadlock.
func (s *Service) Ensure(ctx context.Context, tx *db.Tx, account int64, openid string, at time.Time) (Ref, error) {
	if openid == "" {
		return Ref{}, errs.New(errs.Internal, "citizen.no_openid")
	}
	person := s.Person(account, openid)
	r, err := s.touch(ctx, tx, account, person, at)
	if !errs.Is(err, errs.NotFound) {
		return r, errs.Wrap(err, "note a follower of account %d", account)
	}
	r, err = s.add(ctx, tx, account, person, openid, at)
	return r, errs.Wrap(err, "add a follower to account %d", account)
}

// touch finds a follower and moves its last sight on.
func (s *Service) touch(ctx context.Context, tx *db.Tx, account int64, person string, at time.Time) (Ref, error) {
	if at.IsZero() {
		return db.One(ctx, tx, scanRef, `select id, citizen_id, subscribed from follower where account_id = $1 and person = $2`, account, person)
	}
	return db.One(ctx, tx, scanRef, `update follower set last_seen_at = case when last_seen_at < $3 then $3 else last_seen_at end
		where account_id = $1 and person = $2 returning id, citizen_id, subscribed`, account, person, clock.Millis(at))
}

// add makes the citizen and the follower. Another transaction may be doing the same: then its row wins, and the citizen
// made here in vain goes again.
func (s *Service) add(ctx context.Context, tx *db.Tx, account int64, person, openid string, at time.Time) (Ref, error) {
	wrapped, key, err := s.Ring.NewDataKey()
	if err != nil {
		return Ref{}, err
	}
	sealed, err := key.Seal([]byte(openid), openidSeal+person)
	if err != nil {
		return Ref{}, err
	}
	now := clock.Millis(s.Wall.Now())
	citizen, err := db.One(ctx, tx, db.Value[int64], `insert into citizen (key_wrapped, created_at) values ($1, $2) returning id`, wrapped, now)
	if err != nil {
		return Ref{}, err
	}
	r, err := db.One(ctx, tx, scanRef, `insert into follower (account_id, citizen_id, origin_id, person, openid_sealed, subscribed, last_seen_at, created_at)
		values ($1, $2, $2, $3, $4, $5, $6, $7) on conflict (account_id, person) do update set version = follower.version returning id, citizen_id, subscribed`,
		account, citizen, person, sealed, false, millis(at), now)
	if err != nil {
		return Ref{}, err
	}
	if r.Citizen != citizen {
		_, err := tx.Exec(ctx, `delete from citizen where id = $1`, citizen)
		return r, err
	}
	r.New = true
	return r, nil
}

// millis is how an instant is stored, 0 being none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return clock.Millis(t)
}
