package reply

import (
	"context"

	"weizheng/kernel/account"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Create adds a rule. One default rule and one rule without a scene for following may be enabled at a time in an
// account; a second is errs.Conflict "reply.only_one". Where a colleague must review it, it is silent until they approve.
func (s *Service) Create(ctx context.Context, in In) (Rule, error) {
	r, err := in.Rule()
	if err != nil {
		return Rule{}, err
	}
	if err := s.deliverable(ctx, r); err != nil {
		return Rule{}, err
	}
	review, err := s.mustReview(ctx, in.Account)
	if err != nil {
		return Rule{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := onlyOne(ctx, tx, r); err != nil {
			return err
		}
		row := r
		if row.Enabled = r.Enabled && !review; !review {
			row.PublishedAt = s.civil.Now()
		}
		id, err := insert(ctx, tx, row, access.From(ctx).ID, clock.Millis(s.wall.Now()))
		if err != nil {
			return err
		}
		r.ID, row.ID, row.Version = id, id, 1
		if review {
			return s.propose(ctx, tx, r, Version{})
		}
		if err := s.kept(ctx, tx, row); err != nil {
			return err
		}
		return s.changed(ctx, tx, "create", row, map[string]any{"name": r.Name, "trigger": r.Trigger})
	})
	if err != nil {
		return Rule{}, errs.Wrap(err, "create rule")
	}
	return s.Get(ctx, r.ID)
}

// deliverable refuses what the rule's account could never say: only the first answer is WeChat's passive reply, what follows
// are customer messages, which not every account has. What keeps them from being sent for a while is no fault of the rule.
func (s *Service) deliverable(ctx context.Context, r Rule) error {
	if len(r.Answers) < 2 {
		return nil
	}
	err := s.accounts.Has(ctx, r.Account, account.CustomMessage)
	if !errs.Is(err, errs.Refused) {
		return err
	}
	e := errs.As(err)
	return errs.InvalidFields([]errs.Field{{Field: "answers", Key: e.Key(), Params: e.Params()}})
}

// kept adds what went live without a review to the rule's versions.
func (s *Service) kept(ctx context.Context, tx *db.Tx, r Rule) error {
	now := s.civil.Now()
	_, err := keep(ctx, tx, Version{Rule: r.ID, State: Live, Content: r, ProposedBy: access.From(ctx).ID, ProposedAt: now, DecidedAt: now})
	return err
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
