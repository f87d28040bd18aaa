package reply

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Create adds a rule. One default rule and one rule without a scene for following may be enabled at a time in an
// account; a second is errs.Conflict "reply.only_one".
func (s *Service) Create(ctx context.Context, in In) (Rule, error) {
	r, err := in.Rule()
	if err != nil {
		return Rule{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := onlyOne(ctx, tx, r); err != nil {
			return err
		}
		id, err := insert(ctx, tx, r, access.From(ctx).ID, clock.Millis(s.wall.Now()))
		if err != nil {
			return err
		}
		r.ID, r.Version = id, 1
		return s.changed(ctx, tx, "create", r, map[string]any{"name": r.Name, "trigger": r.Trigger})
	})
	return r, errs.Wrap(err, "create rule")
}

// onlyOne keeps an account from speaking with two voices where no word decides between them.
func onlyOne(ctx context.Context, tx *db.Tx, r Rule) error {
	if !r.Enabled || len(r.Words) > 0 || (r.Trigger != TriggerDefault && r.Trigger != TriggerSubscribe) {
		return nil
	}
	rules, err := db.All(ctx, tx, scanRule, `select `+columns+` from reply_rule r
		where r.account_id=$1 and r.cause=$2 and r.deleted_at is null order by r.id`, r.Account, string(r.Trigger))
	if err != nil {
		return err
	}
	for _, other := range rules {
		if other.ID != r.ID && other.Enabled && len(other.Words) == 0 && overlap(other, r) {
			return errs.New(errs.Conflict, "reply.only_one").With("name", other.Name)
		}
	}
	return nil
}

// overlap reports whether two rules may be valid at the same time.
func overlap(a, b Rule) bool {
	return (a.ValidUntil.IsZero() || b.ValidFrom.Before(a.ValidUntil)) &&
		(b.ValidUntil.IsZero() || a.ValidFrom.Before(b.ValidUntil))
}
