package matter

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Holds returns how many open matters need somebody: it is their turn in them, they are to sign later, or another does in
// their name what is theirs.
func (s *Service) Holds(ctx context.Context, staff int64) (int64, error) {
	n, err := db.One(ctx, s.DB, db.Value[int64], `select count(*) from (select matter_id from matter_party where staff_id = $1 and turn
		union select matter_id from matter_asked where staff_id = $1) held`, staff)
	return n, errs.Wrap(err, "count what staff %d has", staff)
}

// HandOver gives everything that somebody has in open matters to another, who leaves it where it lies: what they hold, in
// branches too, what they delegated or was delegated to them, the signatures that they were asked for, and the copies that
// they were given, but those of sealed matters, which end. What the other may not decide, because it is their own work,
// goes into the pool, and such a signature stays with who asked for it, to mend. Appointments of deputies end on both
// sides. It is for those who leave; the actor of ctx is who decided that. A second time does nothing.
func (s *Service) HandOver(ctx context.Context, tx *db.Tx, from, to int64) error {
	ids, err := db.All(ctx, tx, db.Value[int64], `select matter_id from matter_party where staff_id = $1 and turn
		union select matter_id from matter_asked where staff_id = $1
		union select p.matter_id from matter_party p join matter m on m.id = p.matter_id where p.staff_id = $1 and p.watches and m.closed_at = 0
		order by 1`, from)
	if err != nil {
		return errs.Wrap(err, "list what staff %d has", from)
	}
	for _, id := range ids {
		if err := s.handOver(ctx, tx, id, flow.Staff(from), flow.Staff(to)); err != nil {
			return errs.Wrap(err, "hand matter %d over", id)
		}
	}
	return s.endDeputies(ctx, tx, from)
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
	c.verb = "hand_over"
	c.record.Events, err = flow.Succeed(c.d, c.before.Run, flow.Succession{At: c.at, By: by, From: from, To: to, Watches: !c.m.Sealed})
	if err != nil || len(c.record.Events) == 0 {
		return err
	}
	_, err = s.finish(ctx, tx, c)
	return err
}

// endDeputies ends what somebody appointed and was appointed for.
func (s *Service) endDeputies(ctx context.Context, tx *db.Tx, staff int64) error {
	ids, err := db.All(ctx, tx, db.Value[int64], `delete from matter_deputy where staff_id = $1 or deputy_id = $1 returning id`, staff)
	if err != nil {
		return errs.Wrap(err, "end the deputies of staff %d", staff)
	}
	for _, id := range ids {
		if err := s.Audit.Record(ctx, tx, audit.Entry{Verb: "dismiss", Object: "deputy", ID: id, Unit: access.From(ctx).Unit}); err != nil {
			return err
		}
	}
	return nil
}
