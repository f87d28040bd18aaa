package reply

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/kernel/matter"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// The flow that a wording goes through before it speaks, and what of it this package moves itself; the verdict is a
// colleague's.
const (
	reviewFlow     = "reply-review"
	actionSubmit   = "submit"
	actionResubmit = "resubmit"
	actionDrop     = "drop"
)

// Why a review ends without a verdict, as its history tells people.
const (
	becauseTakenBack = "提出人撤回"
	becauseRewritten = "提出人又改了一稿"
	becauseRemoved   = "规则已删除"
)

// Subject is the kind under which a review's matter names its rule.
const Subject = "reply"

// Matters runs reviews.
type Matters interface {
	OpenIn(ctx context.Context, tx *db.Tx, in matter.OpenIn) (matter.Opened, error)
	ActIn(ctx context.Context, tx *db.Tx, id int64, action string, in matter.In) (matter.Done, error)
	Said(ctx context.Context, tx *db.Tx, id int64) (string, error)
}

var (
	errStale       = errs.New(errs.Conflict, "db.stale")
	errUnderReview = errs.New(errs.Conflict, "reply.under_review")
	errNoProposal  = errs.New(errs.Conflict, "reply.no_proposal")
)

// mustReview reports whether what the actor writes for an account waits for a colleague. What the house itself sets up
// (a city, an import on the command line) was decided by who runs it.
func (s *Service) mustReview(ctx context.Context, account int64) (bool, error) {
	if access.From(ctx).Kind == access.System {
		return false, nil
	}
	unit, err := s.units.UnitOf(ctx, account)
	return err == nil && s.review(ctx, unit, account), err
}

// open returns the wording that may still go live. That of somebody else is errs.Conflict "reply.under_review": two
// people never mend one rule at the same time without knowing.
func (s *Service) open(ctx context.Context, tx *db.Tx, rule int64) (v Version, found bool, err error) {
	v, found, err = newest(ctx, tx, rule)
	if err != nil || !found || !v.Open() {
		return Version{}, false, err
	}
	if v.ProposedBy != access.From(ctx).ID {
		return v, true, errUnderReview
	}
	return v, true, nil
}

// propose keeps a wording for review, in the matter of the one before it if that was returned, else in a new one.
func (s *Service) propose(ctx context.Context, tx *db.Tx, r Rule, before Version) error {
	v, err := keep(ctx, tx, Version{Rule: r.ID, State: Waiting, Content: r, ProposedBy: access.From(ctx).ID, ProposedAt: s.civil.Now()})
	if err != nil {
		return err
	}
	unit, err := s.units.UnitOf(ctx, r.Account)
	if err != nil {
		return err
	}
	if before.State == Returned {
		if err := attach(ctx, tx, v.ID, before.Matter); err != nil {
			return err
		}
		err = s.again(ctx, tx, before.Matter)
	} else {
		err = s.begin(ctx, tx, r, v.ID, unit)
	}
	if err != nil {
		return err
	}
	return s.audit.Record(ctx, tx, audit.Entry{
		Verb: "propose", Object: "reply", ID: r.ID, Unit: unit, Account: r.Account, Detail: map[string]any{"name": r.Name, "number": v.Number},
	})
}

// begin opens the matter of a review and sends it to the reviewers.
func (s *Service) begin(ctx context.Context, tx *db.Tx, r Rule, version int64, unit string) error {
	opened, err := s.matters.OpenIn(ctx, tx, matter.OpenIn{
		Flow: reviewFlow, Unit: access.UnitID(unit), Account: r.Account, Title: r.Name, Subject: matter.Ref{Kind: Subject, ID: r.ID},
	})
	if err != nil {
		return err
	}
	if err := attach(ctx, tx, version, opened.Matter); err != nil {
		return err
	}
	_, err = s.matters.ActIn(ctx, tx, opened.Matter, actionSubmit, matter.In{})
	return err
}

// again sends mended words back: straight to who returned them where the reviewer asked for that, else to all reviewers.
func (s *Service) again(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := s.matters.ActIn(ctx, tx, id, actionSubmit, matter.In{})
	if errs.Is(err, errs.Conflict) {
		_, err = s.matters.ActIn(ctx, tx, id, actionResubmit, matter.In{})
	}
	return err
}

func attach(ctx context.Context, tx *db.Tx, version, id int64) error {
	return db.ExpectOne(tx.Exec(ctx, `update reply_version set matter_id = $2 where id = $1`, version, id))
}

// touch raises a rule's version, so that whoever looked at it before sees that something happened; a rule that was never
// live shows its newest wording.
func (s *Service) touch(ctx context.Context, tx *db.Tx, old, written Rule) error {
	next := old
	if old.PublishedAt.IsZero() {
		written.ID, written.Account, written.Version, written.Enabled = old.ID, old.Account, old.Version, false
		next = written
	}
	return update(ctx, tx, next, clock.Millis(s.wall.Now()))
}

// Withdraw takes back a wording before it goes live; only who wrote it may, if version is still the one they saw. What is
// live keeps speaking.
func (s *Service) Withdraw(ctx context.Context, id, version int64) (Rule, error) {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := byID(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.Version != version {
			return errStale
		}
		v, found, err := s.open(ctx, tx, id)
		if err != nil {
			return err
		}
		if !found {
			return errNoProposal
		}
		_, err = s.matters.ActIn(ctx, tx, v.Matter, actionDrop, matter.In{Reason: becauseTakenBack})
		return err
	})
	if err != nil {
		return Rule{}, errs.Wrap(err, "withdraw the proposal of rule %d", id)
	}
	return s.Get(ctx, id)
}
