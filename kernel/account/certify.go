package account

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Certify notes what WeChat says about an account's verification: rights begin with qualification_verify_success and end
// with verify_expired; a failed naming changes nothing. It runs in the transaction that reads the event. Saying what is
// known already changes nothing. WeChat docs: the events of 微信认证.
func (s *Service) Certify(ctx context.Context, tx *db.Tx, id int64, event string) error {
	verified, known := map[string]bool{"qualification_verify_success": true, "verify_expired": false}[event]
	if !known {
		return nil
	}
	old, err := s.GetIn(ctx, tx, id)
	if err != nil {
		return errs.Wrap(err, "certify account %d", id)
	}
	if old.Verified == verified {
		return nil
	}
	if err := s.touch(ctx, tx, old, `verified = $4, oauth_domain = (oauth_domain and $4)`, verified); err != nil {
		return errs.Wrap(err, "certify account %d", id)
	}
	if err := forgetRefusals(ctx, tx, id); err != nil {
		return errs.Wrap(err, "forget refusals of account %d", id)
	}
	return s.audit(ctx, tx, "certify", old, map[string]any{"event": event, "verified": verified})
}
