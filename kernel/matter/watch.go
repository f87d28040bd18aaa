package matter

import (
	"context"
	"slices"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Watch puts a matter into the actor's own list of those they follow, or takes it out. It needs no action of the
// definition, for it changes nothing for others; who may look at a matter the caller has checked. To be at it already, or
// not to be, changes nothing.
func (s *Service) Watch(ctx context.Context, id int64, on bool) error {
	who := access.From(ctx)
	if who.Kind != access.Staff {
		return errs.New(errs.Denied, "denied")
	}
	me := flow.Staff(who.ID)
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.begin(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.admit(ctx, tx, c, 0); err != nil {
			return err
		}
		if slices.Contains(c.before.Run.Watchers, me) == on {
			return nil
		}
		e := flow.Event{Kind: flow.EventWatched, At: c.at, By: me, Watch: []flow.Who{me}}
		if !on {
			e.Kind = flow.EventUnwatched
		}
		c.record = record{Events: []flow.Event{e}}
		_, err = s.finish(ctx, tx, c)
		return err
	})
	return errs.Wrap(err, "watch matter %d", id)
}
