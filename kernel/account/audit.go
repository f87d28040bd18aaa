package account

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/db"
)

// auditor is what a verb tells of itself, in its own transaction.
type auditor interface {
	Record(ctx context.Context, tx *db.Tx, e audit.Entry) error
}

// audit notes what was done to an account; detail holds no secret.
func (s *Service) audit(ctx context.Context, tx *db.Tx, verb string, a Account, detail map[string]any) error {
	return s.Audit.Record(ctx, tx, audit.Entry{Verb: verb, Object: "account", ID: a.ID, Unit: a.Unit, Account: a.ID, Detail: detail})
}
