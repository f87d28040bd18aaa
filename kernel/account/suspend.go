package account

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Suspend takes an account out of service: its callback address becomes unknown and nothing is sent. The reason is kept
// and shown. A suspended account is a conflict.
func (s *Service) Suspend(ctx context.Context, id, version int64, reason string) (Account, error) {
	var f faults
	f.length("reason", reason, 1, 200)
	if err := f.err(); err != nil {
		return Account{}, err
	}
	return s.setStatus(ctx, id, version, Suspended, reason)
}

// Resume puts a suspended account back into service.
func (s *Service) Resume(ctx context.Context, id, version int64) (Account, error) {
	return s.setStatus(ctx, id, version, Active, "")
}

func (s *Service) setStatus(ctx context.Context, id, version int64, to Status, reason string) (Account, error) {
	var a Account
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := s.GetIn(ctx, tx, id)
		if err != nil {
			return err
		}
		if old.Status == to {
			return errs.New(errs.Conflict, "account.status_same")
		}
		old.Version = version
		if err := s.touch(ctx, tx, old, `status = $4, status_reason = $5`, string(to), reason); err != nil {
			return err
		}
		if a, err = s.GetIn(ctx, tx, id); err != nil {
			return err
		}
		return s.audit(ctx, tx, "status", a, map[string]any{"to": to, "reason": reason})
	})
	return a, errs.Wrap(err, "set status of account %d", id)
}
