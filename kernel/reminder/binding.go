package reminder

import (
	"context"

	"weizheng/kernel/citizen"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Binding is one member of staff's phone in one account.
type Binding struct {
	ID       int64
	Account  int64
	Staff    int64
	Follower int64
	BoundAt  int64 // wall ms
}

const bindingColumns = `b.id, b.account_id, b.staff_id, b.follower_id, b.bound_at`

func scanBinding(scan db.Scan) (b Binding, err error) {
	return b, scan(&b.ID, &b.Account, &b.Staff, &b.Follower, &b.BoundAt)
}

// known names what is missing.
func known(err error) error {
	if errs.Is(err, errs.NotFound) {
		return errUnbound
	}
	return err
}

func bindingByID(ctx context.Context, q db.Queryer, id int64) (Binding, error) {
	b, err := db.One(ctx, q, scanBinding, `select `+bindingColumns+` from reminder_binding b where b.id = $1`, id)
	return b, errs.Wrap(known(err), "load binding %d", id)
}

func bindingOfStaff(ctx context.Context, q db.Queryer, account, staff int64) (Binding, error) {
	b, err := db.One(ctx, q, scanBinding, `select `+bindingColumns+` from reminder_binding b where b.account_id = $1 and b.staff_id = $2`, account, staff)
	return b, errs.Wrap(known(err), "the phone of staff %d", staff)
}

func bindingOfFollower(ctx context.Context, q db.Queryer, follower int64) (Binding, error) {
	b, err := db.One(ctx, q, scanBinding, `select `+bindingColumns+` from reminder_binding b where b.follower_id = $1`, follower)
	return b, errs.Wrap(known(err), "who follower %d is", follower)
}

// Phone is what a binding looks like to people.
type Phone struct {
	Binding
	Number  string // of the follower
	Follows bool   // does not: nothing can be sent
}

// Phone returns a member of staff's phone in the account of the setting; NotFound "reminder.unbound".
func (s *Service) Phone(ctx context.Context, staff int64) (Phone, error) {
	w, err := s.Way(ctx)
	if err != nil {
		return Phone{}, err
	}
	b, err := bindingOfStaff(ctx, s.DB, w.Account.ID, staff)
	if err != nil {
		return Phone{}, err
	}
	f, err := s.Citizens.Get(ctx, s.DB, b.Follower)
	return Phone{Binding: b, Number: s.Citizens.Number(b.Follower), Follows: reachable(f)}, err
}

func reachable(f citizen.Follower) bool { return f.Subscribed && !f.Blocked && !f.Erased }

// IsPhone reports whether a follower is somebody's phone.
func (s *Service) IsPhone(ctx context.Context, follower int64) (bool, error) {
	_, err := bindingOfFollower(ctx, s.DB, follower)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// Person finds the binding of whoever wrote to an account; NotFound "reminder.unbound" for everybody else.
func (s *Service) Person(ctx context.Context, q db.Queryer, account int64, person string) (Binding, error) {
	ids, err := s.Citizens.IDs(ctx, q, account, []string{person})
	if err != nil {
		return Binding{}, err
	}
	id, ok := ids[person]
	if !ok {
		return Binding{}, errUnbound
	}
	return bindingOfFollower(ctx, q, id)
}
