package account

import (
	"context"
	"strings"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/client"
)

// tokenStore keeps one account's access token and script ticket where all replicas see them, sealed. It belongs to one
// client; its lock is a lease, so that a replica which dies while fetching holds up the others for leaseTTL at most.
type tokenStore struct {
	service *Service
	account int64
	slug    string
}

var _ client.TokenStore = (*tokenStore)(nil)

const (
	sealToken  = "account.access:"
	leaseTTL   = 20 * time.Second // more than the client's time for a fetch
	leaseAgain = 100 * time.Millisecond
)

// kind is what the key of the client stands for: its appid, or that with ":jsapi".
func kind(key string) string {
	if strings.HasSuffix(key, ":jsapi") {
		return "jsapi"
	}
	return "access"
}

func (t *tokenStore) purpose(key string) string { return sealToken + t.slug + ":" + kind(key) }

// Load returns the stored token, or the zero Token.
func (t *tokenStore) Load(ctx context.Context, key string) (client.Token, error) {
	type stored struct {
		sealed           []byte
		expires, version int64
	}
	r, err := db.One(ctx, t.service.DB, func(scan db.Scan) (r stored, err error) {
		err = scan(&r.sealed, &r.expires, &r.version)
		return r, err
	}, `select value_sealed, expires_at, version from account_token where account_id = $1 and kind = $2`, t.account, kind(key))
	if errs.Is(err, errs.NotFound) {
		return client.Token{}, nil
	}
	if err != nil {
		return client.Token{}, err
	}
	value, err := t.service.Ring.Open(r.sealed, t.purpose(key))
	if err != nil {
		return client.Token{}, errs.Wrap(err, "open the token of account %d", t.account)
	}
	return client.Token{Value: string(value), ExpiresAt: clock.FromMillis(r.expires), Version: r.version}, nil
}

// Save replaces the stored token.
func (t *tokenStore) Save(ctx context.Context, key string, k client.Token) error {
	sealed, err := t.service.Ring.Seal([]byte(k.Value), t.purpose(key))
	if err != nil {
		return errs.Wrap(err, "seal the token of account %d", t.account)
	}
	return t.service.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into account_token (account_id, kind, value_sealed, expires_at, version) values ($1,$2,$3,$4,$5)
			on conflict (account_id, kind) do update set value_sealed = excluded.value_sealed, expires_at = excluded.expires_at, version = excluded.version`,
			t.account, kind(key), sealed, clock.Millis(k.ExpiresAt), k.Version)
		return err
	})
}

// Drop deletes the token if it still is this one. The values are sealed, so the version read with it is what is compared.
func (t *tokenStore) Drop(ctx context.Context, key, value string) error {
	stored, err := t.Load(ctx, key)
	if err != nil || stored.Value != value {
		return err
	}
	return t.service.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `delete from account_token where account_id = $1 and kind = $2 and version = $3`, t.account, kind(key), stored.Version)
		return err
	})
}

// Lock waits for the lease of the key. Each caller is an owner of its own, so that a lease is never shared by two
// fetches of one process.
func (t *tokenStore) Lock(ctx context.Context, key string) (unlock func(), err error) {
	d := t.service.DB
	name := "account." + kind(key) + ":" + t.slug
	owner := t.service.Replica + ":" + crypt.RandomCode(8)
	for {
		held, err := d.Lease(ctx, name, owner, leaseTTL)
		if err != nil {
			return nil, err
		}
		if held {
			return func() { t.unlock(ctx, name, owner) }, nil
		}
		timer := time.NewTimer(leaseAgain)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
	}
}

// unlock gives the lease back even when the caller's time is up; if that fails it runs out by itself.
func (t *tokenStore) unlock(ctx context.Context, name, owner string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := t.service.DB.Release(ctx, name, owner); err != nil {
		t.service.Log.WarnContext(ctx, "the lease of a token runs out by itself", "account_id", t.account, "error", err)
	}
}
