package reply

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// reviewed returns the wording that a matter is about: the newest one sent under it.
func reviewed(ctx context.Context, tx *db.Tx, matter int64) (Version, error) {
	v, err := db.One(ctx, tx, scanVersion, `select `+versionColumns+` from reply_version v where v.matter_id = $1 order by v.number desc limit 1`, matter)
	return v, errs.Wrap(err, "the wording of matter %d", matter)
}

// Publish lets the wording of a review speak, in the transaction of the verdict. One whose rule was stopped meanwhile goes
// live silent; errs.NotFound when the rule is gone, errs.Conflict "reply.only_one" when another took its place.
func (s *Service) Publish(ctx context.Context, tx *db.Tx, matter int64) error {
	v, err := reviewed(ctx, tx, matter)
	if err != nil {
		return err
	}
	if v.State != Waiting {
		return errNoProposal
	}
	old, err := byID(ctx, tx, v.Rule)
	if err != nil {
		return err
	}
	next := v.Content
	next.Account, next.Version, next.PublishedAt = old.Account, old.Version, old.PublishedAt
	if next.PublishedAt.IsZero() {
		next.PublishedAt = s.civil.Now()
	}
	if err := onlyOne(ctx, tx, next); err != nil {
		return err
	}
	if err := update(ctx, tx, next, clock.Millis(s.wall.Now())); err != nil {
		return err
	}
	if err := s.decided(ctx, tx, v.ID, Live, ""); err != nil {
		return err
	}
	return s.changed(ctx, tx, "publish", next, map[string]any{"name": next.Name, "number": v.Number, "proposed_by": v.ProposedBy})
}

// Settle notes on a wording where its review has come. A matter that is only just being opened has none yet.
func (s *Service) Settle(ctx context.Context, tx *db.Tx, matter int64, state VersionState) error {
	v, err := reviewed(ctx, tx, matter)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil || v.State == state {
		return err
	}
	reason := ""
	if state == Returned || state == Refused {
		if reason, err = s.matters.Said(ctx, tx, matter); err != nil {
			return err
		}
	}
	if err := s.decided(ctx, tx, v.ID, state, reason); err != nil {
		return err
	}
	old, err := byID(ctx, tx, v.Rule)
	if errs.Is(err, errs.NotFound) {
		return nil // the rule was removed, and its proposal with it
	}
	if err != nil {
		return err
	}
	if err := s.touch(ctx, tx, old, v.Content); err != nil {
		return err
	}
	unit, err := s.units.UnitOf(ctx, old.Account)
	if err != nil {
		return err
	}
	return s.audit.Record(ctx, tx, audit.Entry{
		Verb: verbOf[state], Object: "reply", ID: old.ID, Unit: unit, Account: old.Account, Detail: map[string]any{"name": v.Content.Name, "number": v.Number},
	})
}

// verbOf is how the audit calls what brings a wording into a state.
var verbOf = map[VersionState]string{Waiting: "propose", Returned: "return", Refused: "refuse", Withdrawn: "withdraw"}

// decided writes who brought a wording where it is; while it waits nobody has.
func (s *Service) decided(ctx context.Context, tx *db.Tx, version int64, state VersionState, reason string) error {
	by, at := access.From(ctx).ID, stored(s.civil.Now())
	if state == Waiting {
		by, at = 0, 0
	}
	return db.ExpectOne(tx.Exec(ctx, `update reply_version set state = $2, reason = $3, decided_by = $4, decided_at = $5 where id = $1`,
		version, string(state), reason, by, at))
}
