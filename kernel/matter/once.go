package matter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Done is what became of an opening or an action.
type Done struct {
	Matter  int64 `json:"matter"`
	Version int64 `json:"version"` // of the matter afterwards
	Event   int64 `json:"event"`
	Again   bool  `json:"again"` // the key had been used for the same before: nothing was done this time
}

// onceKept is how long an idempotency key is remembered: longer than any browser or job tries again.
const onceKept = 30 * 24 * time.Hour

// keyLimit bounds a key's length.
const keyLimit = 100

var errOtherBody = errs.New(errs.Conflict, "matter.key_used")

// digestOf tells requests apart.
func digestOf(parts ...any) (string, error) {
	b, err := json.Marshal(parts)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

// claim takes a key for a request before anything is looked at, or finds what it did: who comes with the same key at the
// same moment waits here until the first has committed or failed, however far that had come. The same key with another
// request is Conflict "matter.key_used". What fails afterwards gives the key back, with the transaction.
func (s *Service) claim(ctx context.Context, tx *db.Tx, key, digest string) (done Done, found bool, err error) {
	if key == "" {
		return Done{}, false, nil
	}
	who := actorOf(ctx)
	mine, err := tx.Exec(ctx, `insert into matter_once (actor_kind, actor_id, key, digest, matter_id, event_id, version, wall_at)
		values ($1, $2, $3, $4, 0, 0, 0, $5) on conflict (actor_kind, actor_id, key) do nothing`, who.Kind, who.ID, key, digest, clock.Millis(s.Wall.Now()))
	if err != nil || mine > 0 {
		return Done{}, false, errs.Wrap(err, "claim a key")
	}
	var before string
	done, err = db.One(ctx, tx, func(scan db.Scan) (d Done, err error) {
		return d, scan(&before, &d.Matter, &d.Version, &d.Event)
	}, `select digest, matter_id, version, event_id from matter_once where actor_kind = $1 and actor_id = $2 and key = $3`, who.Kind, who.ID, key)
	switch {
	case err != nil:
		return Done{}, false, errs.Wrap(err, "look a key up")
	case before != digest:
		return Done{}, false, errOtherBody
	}
	done.Again = true
	return done, true, nil
}

// remember keeps what a claimed key did.
func (s *Service) remember(ctx context.Context, tx *db.Tx, key string, done Done) error {
	if key == "" {
		return nil
	}
	who := actorOf(ctx)
	err := db.ExpectOne(tx.Exec(ctx, `update matter_once set matter_id = $4, event_id = $5, version = $6 where actor_kind = $1 and actor_id = $2 and key = $3`,
		who.Kind, who.ID, key, done.Matter, done.Event, done.Version))
	return errs.Wrap(err, "remember a key")
}

// ForgetKeys is the sweep that drops old keys, some at a time.
func (s *Service) ForgetKeys(ctx context.Context) (int, error) {
	const batch = 1000
	old := clock.Millis(s.Wall.Now().Add(-onceKept))
	some, err := db.All(ctx, s.DB, db.Value[int64], `select wall_at from matter_once where wall_at < $1 order by wall_at limit $2`, old, batch)
	if err != nil || len(some) == 0 {
		return 0, errs.Wrap(err, "find old keys")
	}
	var n int64
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = tx.Exec(ctx, `delete from matter_once where wall_at <= $1`, some[len(some)-1])
		return err
	})
	return int(n), errs.Wrap(err, "forget old keys")
}
