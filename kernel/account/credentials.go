package account

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// CredentialsIn changes what WeChat gave out. An empty Secret or Token keeps the present one; AppID is always given.
type CredentialsIn struct {
	ID      int64
	Version int64
	AppID   string
	Secret  string
	Token   string
}

// Validate reports every fault of the input.
func (in CredentialsIn) Validate() error {
	var f faults
	f.form("appid", in.AppID, appIDForm, "account.appid")
	f.optional("secret", in.Secret, secretForm, "account.secret")
	f.optional("token", in.Token, tokenForm, "account.token")
	return f.err()
}

// ChangeCredentials replaces appid, secret or callback token. A fault that WeChat had found in the old ones is
// forgotten, and so are the access token and ticket. The callback token takes effect here at once: change it in WeChat
// in the same minute.
func (s *Service) ChangeCredentials(ctx context.Context, in CredentialsIn) (Account, error) {
	if err := in.Validate(); err != nil {
		return Account{}, err
	}
	var a Account
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := byID(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		f, err := taken(ctx, tx, old.Slug, in.AppID, in.ID)
		if err != nil {
			return err
		}
		if err := f.err(); err != nil {
			return err
		}
		next, changed, err := s.replace(old, in)
		if err != nil {
			return err
		}
		old.Version = in.Version
		err = s.touch(ctx, tx, old.Account, `appid = $4, secret_sealed = $5, token_sealed = $6, fault_code = 0, fault_at = 0`,
			in.AppID, next.secret, next.token)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from account_token where account_id = $1`, in.ID); err != nil {
			return err
		}
		if a, err = s.GetIn(ctx, tx, in.ID); err != nil {
			return err
		}
		return s.audit(ctx, tx, "credentials", a, changed)
	})
	return a, errs.Wrap(err, "change credentials of account %d", in.ID)
}

// replace returns the row with the new secrets sealed, and which ones changed.
func (s *Service) replace(old row, in CredentialsIn) (next row, changed map[string]any, err error) {
	next, changed = old, map[string]any{"secret": in.Secret != "", "token": in.Token != ""}
	if in.AppID != old.AppID {
		changed["appid"] = map[string]any{"from": old.AppID, "to": in.AppID}
	}
	if in.Secret != "" {
		if next.secret, err = s.sealed(secretPurpose, old.Slug, in.Secret); err != nil {
			return row{}, nil, err
		}
	}
	if in.Token != "" {
		if next.token, err = s.sealed(tokenPurpose, old.Slug, in.Token); err != nil {
			return row{}, nil, err
		}
	}
	return next, changed, nil
}
