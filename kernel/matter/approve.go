package matter

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

var (
	errOwnChange = errs.New(errs.Denied, "matter.own_change")
	errNotAsked  = errs.New(errs.Conflict, "matter.not_asked")
	errNoChange  = errs.New(errs.NotFound, "matter.no_change")
)

// Approve lets a change run that somebody else asked for. Denied "matter.own_change" for who asked; Conflict
// "matter.not_asked" when it was decided on already.
func (s *Service) Approve(ctx context.Context, id int64) error {
	return s.decide(ctx, id, "approve", ChangeRunning, func(r Recompute) error {
		if r.By == access.From(ctx).ID {
			return errOwnChange
		}
		return nil
	})
}

// Drop ends a change that waits for its approval: who asked takes it back, others turn it down.
func (s *Service) Drop(ctx context.Context, id int64) error {
	return s.decide(ctx, id, "drop", ChangeDropped, func(Recompute) error { return nil })
}

func (s *Service) decide(ctx context.Context, id int64, verb string, to RecomputeState, may func(Recompute) error) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := db.One(ctx, tx, scanRecompute, `select `+recomputeColumns+` from matter_recompute where id = $1`+tx.Dialect().ForUpdate(), id)
		switch {
		case errs.Is(err, errs.NotFound):
			return errNoChange
		case err != nil:
			return err
		case r.State != ChangeAsked:
			return errNotAsked
		}
		if err := may(r); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update matter_recompute set state = $2, approved_by = $3, approved_at = $4 where id = $1`,
			id, string(to), access.From(ctx).ID, clock.Millis(s.Wall.Now())); err != nil {
			return err
		}
		if err := s.Audit.Record(ctx, tx, audit.Entry{Verb: verb, Object: "recompute", ID: id}); err != nil {
			return err
		}
		if to == ChangeRunning {
			return s.startRecompute(ctx, tx, id)
		}
		return s.Hints.Publish(tx, RecomputeTopic, id, 0)
	})
	return errs.Wrap(err, "%s recomputing %d", verb, id)
}

// Recomputing returns one change.
func (s *Service) Recomputing(ctx context.Context, id int64) (Recompute, error) {
	r, err := db.One(ctx, s.DB, scanRecompute, `select `+recomputeColumns+` from matter_recompute where id = $1`, id)
	if errs.Is(err, errs.NotFound) {
		err = errNoChange
	}
	return r, errs.Wrap(err, "load recomputing %d", id)
}
