package citizen

import (
	"context"
	"strings"
	"unicode/utf8"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Revealed is what a person was shown of a follower.
type Revealed struct {
	OpenID string
	Remark string
}

// String keeps it out of logs.
func (Revealed) String() string { return "citizen.Revealed(hidden)" }

// GoString does the same for %#v.
func (r Revealed) GoString() string { return r.String() }

// Reveal shows a follower's openid and remark to somebody who says why; that they looked, and the reason, is audited
// before they see it. PIPL art. 51: access to personal data is limited and recorded.
func (s *Service) Reveal(ctx context.Context, follower int64, reason string) (Revealed, error) {
	if err := checkReason(reason); err != nil {
		return Revealed{}, err
	}
	var r Revealed
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		f, err := s.Get(ctx, tx, follower)
		if err != nil {
			return err
		}
		if r.OpenID, err = s.openid(ctx, tx, f); err != nil {
			return err
		}
		if r.Remark, err = s.Remark(ctx, tx, f); err != nil {
			return err
		}
		return s.record(ctx, tx, "reveal", f, map[string]any{"reason": reason})
	})
	if err != nil {
		return Revealed{}, errs.Wrap(err, "reveal follower %d", follower)
	}
	return r, nil
}

// checkReason: a reason is a sentence that an auditor can judge.
func checkReason(reason string) error {
	n := utf8.RuneCountInString(strings.TrimSpace(reason))
	if n < 2 || n > 200 {
		return errs.InvalidFields([]errs.Field{{Field: "reason", Key: "citizen.reason", Params: map[string]any{"least": 2, "most": 200}}})
	}
	return nil
}
