package reminder

import (
	"context"

	"weizheng/kernel/matter"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Try sends the actor a message as reminders are sent, so that they see whether their phone gets it. Errors: those of Phone.
func (s *Service) Try(ctx context.Context) (Parcel, error) {
	me := access.From(ctx).ID
	b, err := s.Phone(ctx, me)
	if err != nil {
		return Parcel{}, err
	}
	var p Parcel
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		p = Parcel{Staff: me, Binding: b.ID, Follower: b.Follower, State: Queued, CreatedAt: s.now()}
		id, err := db.One(ctx, tx, db.Value[int64], `insert into reminder_parcel (staff_id, binding_id, follower_id, matter_id, items, channel, state, created_at)
			values ($1,$2,$3,0,0,'','queued',$4) returning id`, p.Staff, p.Binding, p.Follower, p.CreatedAt)
		if err != nil {
			return err
		}
		p.ID = id
		if err := s.post(ctx, tx, p, values{Title: s.Say("reminder.trial", nil), Step: s.Say("reminder.trial_step", nil)}); err != nil {
			return err
		}
		p, err = db.One(ctx, tx, scanParcel, `select `+parcelColumns+` from reminder_parcel p where p.id = $1`, id)
		return err
	})
	return p, errs.Wrap(err, "try the phone of staff %d", me)
}

// Waiting is what the chat says to somebody bound who asks for their tasks: how many wait, and where.
type Waiting struct {
	Count int
	Link  string
}

// Waiting counts what waits for whoever a binding is of.
func (s *Service) Waiting(ctx context.Context, b Binding) (Waiting, error) {
	who, err := s.Staff.Actor(ctx, b.Staff)
	if err != nil {
		return Waiting{}, err
	}
	n, err := s.Matters.CountMine(ctx, who, matter.Filter{})
	return Waiting{Count: n, Link: s.LinkTo(ctx, b.ID, b.Staff, 0)}, err
}
