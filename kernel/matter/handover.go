package matter

import (
	"context"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Holds returns how many open matters and branches somebody has in their hands.
func (s *Service) Holds(ctx context.Context, staff int64) (int64, error) {
	n, err := db.One(ctx, s.DB, db.Value[int64], `select count(*) from matter_party where staff_id = $1 and turn`, staff)
	return n, errs.Wrap(err, "count what staff %d has", staff)
}

// HandOver gives everything that somebody has in their hands to another, who leaves it where it lies: what a person does
// not hold but must sign stays with whoever asked for the signature to mend. It is for those who leave; the actor of ctx
// is who decided that.
func (s *Service) HandOver(ctx context.Context, tx *db.Tx, from, to int64) error {
	ids, err := db.All(ctx, tx, db.Value[int64], `select matter_id from matter_party where staff_id = $1 and turn order by due_at, matter_id`, from)
	if err != nil {
		return errs.Wrap(err, "list what staff %d has", from)
	}
	for _, id := range ids {
		if err := s.handOver(ctx, tx, id, flow.Staff(from), flow.Staff(to)); err != nil {
			return errs.Wrap(err, "hand matter %d over", id)
		}
	}
	return nil
}

func (s *Service) handOver(ctx context.Context, tx *db.Tx, id int64, from, to flow.Who) error {
	c, err := s.begin(ctx, tx, id)
	if err != nil {
		return err
	}
	by := whoOf(access.From(ctx))
	if by == "" {
		by = flow.System
	}
	r := c.before.Run
	if r.Holder == from {
		c.record.Events = append(c.record.Events, flow.Event{Kind: flow.EventAssigned, At: c.at, By: by, Unit: r.Unit, Staff: to})
	}
	for _, b := range r.Branches {
		if b.Status == flow.BranchOpen && b.Holder == from {
			c.record.Events = append(c.record.Events, flow.Event{Kind: flow.EventAssigned, At: c.at, By: by, Unit: b.Unit, Staff: to, Branch: b.ID})
		}
	}
	if len(c.record.Events) == 0 {
		return nil
	}
	_, err = s.finish(ctx, tx, c)
	return err
}
