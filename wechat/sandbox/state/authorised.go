package state

import (
	"context"

	"weizheng/platform/db"
)

// KeepAuthorised notes that a citizen gave an account their name and picture (snsapi_userinfo).
func (s *Store) KeepAuthorised(ctx context.Context, tx *db.Tx, account, citizen int64) error {
	_, err := tx.Exec(ctx, `insert into authorised (account, citizen, at) values ($1, $2, $3)
		on conflict (citizen, account) do update set at=excluded.at`, account, citizen, s.Civil())
	return err
}

// Authorised lists the accounts to which a citizen gave that after a civil instant, by their numbers.
func (s *Store) Authorised(ctx context.Context, q db.Queryer, citizen, after int64) ([]int64, error) {
	return db.All(ctx, q, db.Value[int64], "select account from authorised where citizen=$1 and at>$2 order by account", citizen, after)
}

// EndAuthorised takes it back: what web authorisation issued for the citizen dies.
func (s *Store) EndAuthorised(ctx context.Context, tx *db.Tx, account, citizen int64) error {
	if _, err := tx.Exec(ctx, "delete from authorised where account=$1 and citizen=$2", account, citizen); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `update credential set dead_at=$1 where account=$2 and kind in ($3, $4, $5) and dead_at=0
		and json_extract(doc, '$.citizen')=$6`, s.Wall(), account, OAuthCode, OAuthToken, OAuthRefresh, citizen)
	return err
}

// SetVerification says whether an account is verified and until when (civil; 0: for ever).
func (s *Store) SetVerification(ctx context.Context, tx *db.Tx, a *Account, verified bool, until int64) error {
	word := "false"
	if verified {
		word = "true"
	}
	if err := db.ExpectOne(tx.Exec(ctx, `update account set doc=json_set(doc, '$.verified', json($1), '$.verified_until_at', $2)
		where n=$3`, word, until, a.N)); err != nil {
		return err
	}
	tx.AfterCommit(func() {
		if err := s.loadAccounts(context.WithoutCancel(ctx)); err != nil {
			s.log.ErrorContext(ctx, "the accounts were not read again", "error", err)
		}
		s.Hint(Hint{Topic: "account", Account: a.ID})
	})
	return nil
}
