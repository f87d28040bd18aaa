package form

import (
	"context"
	"strings"
	"unicode/utf8"

	"weizheng/kernel/audit"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Reveal shows a submission's values unmasked to somebody who says why; that they looked, and the reason, is audited
// before they see it. PIPL art. 51.
func (s *Service) Reveal(ctx context.Context, x Submission, form Form, reason string) (Values, error) {
	if n := utf8.RuneCountInString(strings.TrimSpace(reason)); n < 2 || n > 200 {
		return nil, errs.InvalidFields([]errs.Field{{Field: "reason", Key: "form.reason"}})
	}
	var values Values
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if values, err = s.values(ctx, tx, x, form); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "reveal", Object: "form", ID: x.Form, Unit: x.Unit, Account: x.Account,
			Detail: map[string]any{"submission": x.ID, "reason": reason}})
	})
	if err != nil {
		return nil, errs.Wrap(err, "reveal submission %d", x.ID)
	}
	return values, nil
}

// Looked audits that somebody opened a file of a submission, before they see it.
func (s *Service) Looked(ctx context.Context, x Submission) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "look", Object: "form", ID: x.Form, Unit: x.Unit, Account: x.Account,
			Detail: map[string]any{"submission": x.ID}})
	})
	return errs.Wrap(err, "note a look at submission %d", x.ID)
}
