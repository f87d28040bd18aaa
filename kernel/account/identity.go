package account

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// SetIdentity makes an account the installation's one for web authorisation: pages of accounts that cannot authorise
// send their visitors through it. It must be able to authorise itself; the former one, if any, is released.
func (s *Service) SetIdentity(ctx context.Context, id, version int64) (Account, error) {
	var a Account
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := s.GetIn(ctx, tx, id)
		if err != nil {
			return err
		}
		if !old.CanAuthorise() {
			return errs.New(errs.Conflict, "account.identity_needs")
		}
		if err := s.releaseIdentity(ctx, tx, id); err != nil {
			return err
		}
		old.Version = version
		if err := s.touch(ctx, tx, old, `identity = $4`, true); err != nil {
			return err
		}
		if a, err = s.GetIn(ctx, tx, id); err != nil {
			return err
		}
		return s.audit(ctx, tx, "identity", a, nil)
	})
	return a, errs.Wrap(err, "make account %d the identity account", id)
}

func (s *Service) releaseIdentity(ctx context.Context, tx *db.Tx, except int64) error {
	former, err := db.All(ctx, tx, db.Value[int64], `select id from account where identity and id <> $1`, except)
	if err != nil {
		return err
	}
	for _, id := range former {
		_, err := tx.Exec(ctx, `update account set identity = $2, version = version + 1, updated_at = $3 where id = $1`,
			id, false, clock.Millis(s.Wall.Now()))
		if err != nil {
			return err
		}
		if err := s.announce(tx, id); err != nil {
			return err
		}
	}
	return nil
}

// Authoriser returns the account whose web authorisation serves the pages of account id: itself when it can, else the
// installation's identity account; neither is errs.Refused "account.no_authoriser".
func (s *Service) Authoriser(ctx context.Context, id int64) (Account, error) {
	a, err := s.Get(ctx, id)
	if err != nil {
		return Account{}, err
	}
	if a.Status != Active {
		return Account{}, errSuspended
	}
	if a.CanAuthorise() {
		return a, nil
	}
	r, err := db.One(ctx, s.DB, scanRow, `select `+columns+from+`where a.identity and a.status = $1`, string(Active))
	if errs.Is(err, errs.NotFound) {
		return Account{}, errs.New(errs.Refused, "account.no_authoriser")
	}
	return r.Account, errs.Wrap(err, "find the identity account")
}
