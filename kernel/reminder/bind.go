package reminder

import (
	"context"

	"weizheng/kernel/notify"
	"weizheng/kernel/org"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	"weizheng/wechat"
)

// bind makes an offer a binding. The member of staff's earlier phone loses its own and is told.
func (s *Service) bind(ctx context.Context, tx *db.Tx, o Offer) (Binding, error) {
	other, err := bindingOfFollower(ctx, tx, o.Follower)
	if err == nil && other.Staff != o.Staff {
		return Binding{}, errs.New(errs.Conflict, "reminder.taken")
	}
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Binding{}, err
	}
	before, err := bindingOfStaff(ctx, tx, o.Account, o.Staff)
	switch {
	case err == nil:
		p, err := s.release(ctx, tx, before)
		if err == nil && before.Follower != o.Follower {
			err = s.tellPhone(ctx, tx, before, "unbound", s.Say("reminder.notice_moved", map[string]any{"name": p.Name}))
		}
		if err != nil {
			return Binding{}, err
		}
	case !errs.Is(err, errs.NotFound):
		return Binding{}, err
	}
	b := Binding{Account: o.Account, Staff: o.Staff, Follower: o.Follower, BoundAt: s.wall()}
	b.ID, err = db.One(ctx, tx, db.Value[int64], `insert into reminder_binding (account_id, staff_id, follower_id, bound_at) values ($1,$2,$3,$4) returning id`,
		b.Account, b.Staff, b.Follower, b.BoundAt)
	if err != nil {
		return Binding{}, err
	}
	if err := dropOffer(ctx, tx, o.Staff); err != nil {
		return Binding{}, err
	}
	// A new phone was told nothing yet: what waits to be gathered with the old one's goes at once.
	_, err = tx.Exec(ctx, `update reminder_turn set last_at = 0, due_at = case when due_at > 0 then $2 else due_at end where staff_id = $1`, o.Staff, s.now())
	if err != nil {
		return Binding{}, err
	}
	p, err := s.Staff.Staff(ctx, o.Staff)
	if err != nil {
		return Binding{}, err
	}
	if err := s.record(ctx, tx, "bind", p, b.Account, map[string]any{"binding": b.ID, "follower": b.Follower}); err != nil {
		return Binding{}, err
	}
	return b, s.tellPhone(ctx, tx, b, "bound", s.Say("reminder.notice_bound", map[string]any{"name": p.Name}))
}

// Unbind takes a member of staff's phones away, by themselves or by who may edit their account; NotFound "reminder.unbound".
func (s *Service) Unbind(ctx context.Context, staff int64) error {
	key := "reminder.notice_unbound"
	if access.From(ctx).ID != staff {
		key = "reminder.notice_taken"
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := s.releaseAll(ctx, tx, staff, key)
		if err == nil && n == 0 {
			err = errUnbound
		}
		return err
	})
	return errs.Wrap(err, "unbind staff %d", staff)
}

// Ended takes a member of staff's phones away in the transaction that ends their access.
func (s *Service) Ended(ctx context.Context, tx *db.Tx, staff int64) error {
	if err := dropOffer(ctx, tx, staff); err != nil {
		return errs.Wrap(err, "drop the offer of staff %d", staff)
	}
	_, err := s.releaseAll(ctx, tx, staff, "reminder.notice_taken")
	return errs.Wrap(err, "release the phones of staff %d", staff)
}

// Leave ends the binding of a follower by its own word, in the transaction of the answer. One that is not bound any more
// changes nothing.
func (s *Service) Leave(ctx context.Context, tx *db.Tx, follower int64) error {
	b, err := bindingOfFollower(ctx, tx, follower)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = s.release(ctx, tx, b)
	return err
}

// Forget takes the binding of a follower away whose data goes.
func (s *Service) Forget(ctx context.Context, tx *db.Tx, follower int64) error {
	if _, err := tx.Exec(ctx, `delete from reminder_offer where follower_id = $1`, follower); err != nil {
		return errs.Wrap(err, "forget offers of follower %d", follower)
	}
	return errs.Wrap(s.Leave(ctx, tx, follower), "forget the binding of follower %d", follower)
}

func (s *Service) releaseAll(ctx context.Context, tx *db.Tx, staff int64, key string) (int, error) {
	list, err := db.All(ctx, tx, scanBinding, `select `+bindingColumns+` from reminder_binding b where b.staff_id = $1 order by b.id`, staff)
	if err != nil {
		return 0, err
	}
	for _, b := range list {
		p, err := s.release(ctx, tx, b)
		if err == nil {
			err = s.tellPhone(ctx, tx, b, "unbound", s.Say(key, map[string]any{"name": p.Name}))
		}
		if err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

// release ends a binding with the sessions of the phone, and returns whose it was.
func (s *Service) release(ctx context.Context, tx *db.Tx, b Binding) (org.Staff, error) {
	if _, err := tx.Exec(ctx, `delete from reminder_binding where id = $1`, b.ID); err != nil {
		return org.Staff{}, err
	}
	if _, err := s.Sessions.RevokeAll(ctx, tx, web.PhoneSession, b.Staff, ""); err != nil {
		return org.Staff{}, err
	}
	p, err := s.Staff.Staff(ctx, b.Staff)
	if err != nil {
		return org.Staff{}, err
	}
	return p, s.record(ctx, tx, "unbind", p, b.Account, map[string]any{"binding": b.ID, "follower": b.Follower})
}

// tellPhone says something about the binding itself, if the phone can be reached by any way; that it cannot changes nothing.
func (s *Service) tellPhone(ctx context.Context, tx *db.Tx, b Binding, what, text string) error {
	source := "reminder.binding:" + itoa(b.ID) + ":" + what
	_, err := s.Outbox.Queue(ctx, tx, notify.Intent{Follower: b.Follower, Reply: wechat.Text{Content: text}, Source: source, Dedupe: source})
	if errs.Is(err, errs.Exhausted) {
		t, ok := s.template(ctx, values{Title: s.Say("reminder.security", nil), Step: text}, "")
		if !ok {
			return nil
		}
		_, err = s.Outbox.Queue(ctx, tx, notify.Intent{Follower: b.Follower, Template: &t, Source: source, Dedupe: source + ":t"})
	}
	if errs.Is(err, errs.Exhausted) || errs.Is(err, errs.Refused) || errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}
