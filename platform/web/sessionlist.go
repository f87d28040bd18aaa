package web

import (
	"context"
	"sync"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// also is the other kind whose sessions are the same person's: whoever lists or ends a member of staff's sessions means
// those on their phone, too. It is the kind itself where there is none.
func also(kind SessionKind) string {
	if kind == StaffSession {
		kind = PhoneSession
	}
	return string(kind)
}

// List returns the subject's living sessions, the most recently used first. A member of staff's are those at desks and on
// the phone; so it is with Revoke and RevokeAll.
func (s *Sessions) List(ctx context.Context, kind SessionKind, subject int64) ([]Session, error) {
	rows, err := db.All(ctx, s.db, scanSession,
		"select "+sessionColumns+" from web_session where kind in ($1, $2) and subject_id = $3 order by seen_at desc, id",
		string(kind), also(kind), subject)
	if err != nil {
		return nil, errs.Wrap(err, "list sessions")
	}
	list := []Session{}
	for _, row := range rows {
		row.SeenAt = max(row.SeenAt, s.seen.at(row.hash))
		if s.alive(ctx, row) {
			list = append(list, row.Session)
		}
	}
	return list, nil
}

// Revoke ends one session of the subject; an id that is not theirs is errs.NotFound.
func (s *Sessions) Revoke(ctx context.Context, kind SessionKind, subject int64, id string) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, "delete from web_session where kind in ($1, $2) and subject_id = $3 and id = $4", string(kind), also(kind), subject, id)
		if err == nil && n == 0 {
			return errs.New(errs.NotFound, "not_found")
		}
		return err
	})
	return errs.Wrap(err, "revoke session")
}

// RevokeAll ends the subject's sessions but the one with id except ("" spares none), in the caller's transaction: a
// changed password and its consequence are one thing. It returns how many ended.
func (s *Sessions) RevokeAll(ctx context.Context, tx *db.Tx, kind SessionKind, subject int64, except string) (int64, error) {
	n, err := tx.Exec(ctx, "delete from web_session where kind in ($1, $2) and subject_id = $3 and id <> $4", string(kind), also(kind), subject, except)
	return n, errs.Wrap(err, "revoke sessions")
}

func (s *Sessions) alive(ctx context.Context, row sessionRow) bool {
	now := clock.Millis(s.wall.Now())
	return now < row.ExpiresAt && now-row.SeenAt < s.times(ctx, row.Kind).Idle.Milliseconds()
}

// Sweep deletes sessions that ended by themselves. The server calls it now and then; running it twice does no harm.
func (s *Sessions) Sweep(ctx context.Context) error {
	now := s.wall.Now()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for _, kind := range sessionKinds {
			// A day more than the idle limit: another replica may hold a younger "seen" that it has not written yet.
			idle := clock.Millis(now.Add(-s.times(ctx, kind).Idle - 24*time.Hour))
			if _, err := tx.Exec(ctx, "delete from web_session where kind = $1 and (expires_at < $2 or seen_at < $3)",
				string(kind), clock.Millis(now), idle); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, "delete from web_form where created_at < $1", clock.Millis(now.Add(-formLife)))
		return err
	})
	return errs.Wrap(err, "sweep sessions")
}

// seenStep is how old the last sighting must be to be worth another write.
const seenStep = time.Minute

// seenBatch collects sightings so that reading a page writes nothing.
type seenBatch struct {
	mu      sync.Mutex
	pending map[string]int64 // token hash → ms
}

func (b *seenBatch) at(hash string) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.pending[hash]
}

func (b *seenBatch) touch(hash string, now, seen int64) {
	if now-seen < seenStep.Milliseconds() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pending[hash] = now
}

func (b *seenBatch) forget(hash string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.pending, hash)
}

func (b *seenBatch) take() map[string]int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.pending
	b.pending = map[string]int64{}
	return taken
}

// Flush writes the sightings collected since the last one in one transaction. When it fails they are kept for the next.
func (s *Sessions) Flush(ctx context.Context) error {
	taken := s.seen.take()
	if len(taken) == 0 {
		return nil
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for hash, at := range taken {
			if _, err := tx.Exec(ctx, "update web_session set seen_at = $2 where token_hash = $1 and seen_at < $2", hash, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		for hash, at := range taken {
			s.seen.touch(hash, at, 0)
		}
		return errs.Wrap(err, "write when sessions were seen")
	}
	return nil
}

// lives reports whether a session is still good, without counting as its use.
func (s *Sessions) lives(ctx context.Context, session Session) (bool, error) {
	row, err := db.One(ctx, s.db, scanSession, "select "+sessionColumns+" from web_session where id = $1", session.ID)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, errs.Wrap(err, "look at session")
	}
	row.SeenAt = max(row.SeenAt, s.seen.at(row.hash))
	return s.alive(ctx, row), nil
}
