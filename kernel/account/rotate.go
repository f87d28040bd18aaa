package account

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// RotateKey makes key the EncodingAESKey in use and keeps the present one as the one before, so that callbacks which
// WeChat sealed before the change was saved there still open. Giving the present key again is a conflict.
// WeChat docs: Message_encryption_and_decryption, Technical_Plan.
func (s *Service) RotateKey(ctx context.Context, id, version int64, key string) (Account, error) {
	if !validKey(key) {
		return Account{}, errs.InvalidFields([]errs.Field{{Field: "encoding_aes_key", Key: "account.key"}})
	}
	var a Account
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := byID(ctx, tx, id)
		if err != nil {
			return err
		}
		present, err := s.unsealed(keyPurpose, old.Slug, old.key)
		if err != nil {
			return err
		}
		if present == key {
			return errs.New(errs.Conflict, "account.key_same")
		}
		fresh, err := s.sealed(keyPurpose, old.Slug, key)
		if err != nil {
			return err
		}
		old.Version = version
		err = s.touch(ctx, tx, old.Account, `key_before_sealed = key_sealed, key_sealed = $4, key_changed_at = $5`,
			fresh, clock.Millis(s.Wall.Now()))
		if err != nil {
			return err
		}
		if a, err = s.GetIn(ctx, tx, id); err != nil {
			return err
		}
		return s.audit(ctx, tx, "rotate_key", a, nil)
	})
	return a, errs.Wrap(err, "rotate key of account %d", id)
}
