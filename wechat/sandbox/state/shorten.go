package state

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// shortKeyChars is the length of a short key. WeChat docs: genShortKey.
const shortKeyChars = 15

// ErrNoShort is a short key of nothing, or of what has expired.
var ErrNoShort = errs.New(errs.NotFound, "sandbox.unknown_key")

// Short is what stands under a short key; its times are civil.
type Short struct {
	Data      string
	MadeAt    int64
	ExpiresAt int64
}

// Shorten keeps data for life ms of civil time and returns its key.
func (s *Store) Shorten(ctx context.Context, account int64, data string, life int64) (key string, err error) {
	key, now := randomAlnum(shortKeyChars), s.Civil()
	return key, s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "delete from shorten where expires_at<=$1", now); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "insert into shorten (key, account, data, made_at, expires_at) values ($1, $2, $3, $4, $5)", key, account, data,
			now, now+life)
		return err
	})
}

// FindShort finds what an account keeps under a key.
func (s *Store) FindShort(ctx context.Context, account int64, key string) (Short, error) {
	found, err := db.One(ctx, s.db, func(scan db.Scan) (Short, error) {
		var r Short
		err := scan(&r.Data, &r.MadeAt, &r.ExpiresAt)
		return r, err
	}, "select data, made_at, expires_at from shorten where key=$1 and account=$2 and expires_at>$3", key, account, s.Civil())
	return found, none(err, ErrNoShort)
}
