package notify

import (
	"context"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Trigger is what a follower did that lets us write to them for a while.
type Trigger string

// The triggers. WeChat docs: Customer_Service_Messages.
const (
	ByMessage Trigger = "message"
	ByMenu    Trigger = "menu" // CLICK, scancode_push, scancode_waitmsg; no other button
	ByFollow  Trigger = "follow"
	ByScan    Trigger = "scan"
)

type allowance struct {
	messages int
	lasts    time.Duration
}

var allowances = map[Trigger]allowance{
	ByMessage: {5, 48 * time.Hour},
	ByMenu:    {3, time.Minute},
	ByFollow:  {3, time.Minute},
	ByScan:    {3, time.Minute},
}

// TriggerOf returns the trigger that a callback is; event is "" for a message. Others open nothing.
func TriggerOf(event string) (Trigger, bool) {
	switch event {
	case "":
		return ByMessage, true
	case "CLICK", "scancode_push", "scancode_waitmsg":
		return ByMenu, true
	case "subscribe":
		return ByFollow, true
	case "SCAN":
		return ByScan, true
	}
	return "", false
}

// Opened is one trigger as the inbound log tells it.
type Opened struct {
	Account int64
	Person  string // blind index of the openid
	Trigger Trigger
	At      time.Time // civil
}

// OpenWindows opens the windows of a batch of callbacks, in the transaction that marks the batch as read. A trigger
// renews the allowance of its kind; an older one than is known changes nothing. Unknown persons are passed over.
func (s *Service) OpenWindows(ctx context.Context, tx *db.Tx, batch []Opened) error {
	persons := map[int64][]string{}
	for _, o := range batch {
		persons[o.Account] = append(persons[o.Account], o.Person)
	}
	ids := map[int64]map[string]int64{}
	for account, list := range persons {
		found, err := s.Citizens.IDs(ctx, tx, account, list)
		if err != nil {
			return err
		}
		ids[account] = found
	}
	for _, o := range batch {
		follower, ok := ids[o.Account][o.Person]
		if !ok {
			continue
		}
		if err := open(ctx, tx, follower, o.Trigger, o.At); err != nil {
			return errs.Wrap(err, "open a window of follower %d", follower)
		}
	}
	return nil
}

func open(ctx context.Context, tx *db.Tx, follower int64, t Trigger, at time.Time) error {
	a, ok := allowances[t]
	if !ok {
		return errs.New(errs.Internal, "notify.trigger").With("trigger", t)
	}
	_, err := tx.Exec(ctx, `insert into send_window (follower_id, kind, opened_at, expires_at, allowed, used) values ($1,$2,$3,$4,$5,0)
		on conflict (follower_id, kind) do update set opened_at = excluded.opened_at, expires_at = excluded.expires_at,
		allowed = excluded.allowed, used = 0 where send_window.opened_at <= excluded.opened_at`,
		follower, string(t), clock.Millis(at), clock.Millis(at.Add(a.lasts)), a.messages)
	return err
}

// Window is an open allowance of a follower.
type Window struct {
	Trigger Trigger
	Left    int
	Until   time.Time // civil
}

// Windows lists a follower's allowances that are open and not used up, the one that ends first before the others.
func (s *Service) Windows(ctx context.Context, follower int64) ([]Window, error) {
	list, err := db.All(ctx, s.DB, func(scan db.Scan) (w Window, err error) {
		var kind string
		var until int64
		err = scan(&kind, &w.Left, &until)
		w.Trigger, w.Until = Trigger(kind), clock.FromMillis(until)
		return w, err
	}, `select kind, allowed - used, expires_at from send_window where follower_id = $1 and expires_at > $2 and used < allowed order by expires_at, kind`,
		follower, clock.Millis(s.Civil.Now()))
	return list, errs.Wrap(err, "windows of follower %d", follower)
}

// taken is an allowance that a message took; opened tells one opening of a window from the next.
type taken struct {
	kind   string
	opened int64
}

var (
	errClosed = errs.New(errs.Exhausted, "notify.window_closed")
	errUsed   = errs.New(errs.Exhausted, "notify.window_used")
)

// take uses one message of the window that ends first: the short ones are of no use later.
func (s *Service) take(ctx context.Context, tx *db.Tx, follower int64) (taken, error) {
	now := clock.Millis(s.Civil.Now())
	const tries = 4 // one for each kind: on PostgreSQL another transaction may use up the one chosen
	for range tries {
		w, err := db.One(ctx, tx, func(scan db.Scan) (w taken, err error) {
			err = scan(&w.kind, &w.opened)
			return w, err
		}, `update send_window set used = used + 1 where follower_id = $1 and expires_at > $2 and used < allowed and kind =
			(select kind from send_window where follower_id = $1 and expires_at > $2 and used < allowed order by expires_at, kind limit 1)
			returning kind, opened_at`, follower, now)
		if !errs.Is(err, errs.NotFound) {
			return w, err
		}
	}
	open, err := db.One(ctx, tx, db.Value[int64], `select count(*) from send_window where follower_id = $1 and expires_at > $2`, follower, now)
	if err != nil {
		return taken{}, err
	}
	if open > 0 {
		return taken{}, errUsed
	}
	return taken{}, errClosed
}

// giveBack returns the allowance of a message that was not sent, if the window was not opened anew since.
func giveBack(ctx context.Context, tx *db.Tx, follower int64, w taken) error {
	if w.kind == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `update send_window set used = used - 1 where follower_id = $1 and kind = $2 and opened_at = $3 and used > 0`,
		follower, w.kind, w.opened)
	return err
}

// shut believes WeChat that nothing may be sent: every window that was open at an instant (civil ms), when the message took
// its allowance, is used up. One that the follower opened since stays.
func shut(ctx context.Context, tx *db.Tx, follower, at int64) error {
	_, err := tx.Exec(ctx, `update send_window set used = allowed where follower_id = $1 and opened_at <= $2`, follower, at)
	return err
}
