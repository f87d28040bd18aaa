package citizen

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

// Inbound is what this package reads of a callback.
type Inbound struct {
	Account  int64
	OpenID   string    // who sent it
	At       time.Time // civil
	Received time.Time // wall
	Event    string    // "" for a message
	EventKey string
	About    string // the openid that a user_authorization event is about
}

// personal are the events that a person causes; others name system accounts as their sender, who are no followers.
// WeChat docs: Receiving_event_pushes, Custom_Menu_Push_Events, Subscription_Messages.
var personal = map[string]bool{
	"": true, "subscribe": true, "unsubscribe": true, "SCAN": true, "LOCATION": true, "CLICK": true, "VIEW": true,
	"view_miniprogram": true, "scancode_push": true, "scancode_waitmsg": true, "pic_sysphoto": true,
	"pic_photo_or_album": true, "pic_weixin": true, "location_select": true, "subscribe_msg_popup_event": true,
	"subscribe_msg_change_event": true,
}

// HandleInbound brings the followers up to date with a batch of callbacks, in the transaction that marks the batch as
// read: new followers, last sights, subscribing and unsubscribing, withdrawn authorisations.
func (s *Service) HandleInbound(ctx context.Context, tx *db.Tx, batch []Inbound) error {
	// One order for all transactions, so that two of them cannot deadlock; what one person did stays in its order.
	batch = slices.Clone(batch)
	slices.SortStableFunc(batch, func(a, b Inbound) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.OpenID, b.OpenID))
	})
	ask := map[int64]bool{}
	for _, in := range batch {
		due, err := s.handle(ctx, tx, in)
		if err != nil {
			return errs.Wrap(err, "follower of a callback to account %d", in.Account)
		}
		ask[in.Account] = ask[in.Account] || due
	}
	for account, due := range ask {
		if !due {
			continue
		}
		if err := s.askSoon(ctx, tx, account); err != nil {
			return err
		}
	}
	return nil
}

// handle does one callback; due says that WeChat is to be asked about this person.
func (s *Service) handle(ctx context.Context, tx *db.Tx, in Inbound) (due bool, err error) {
	switch in.Event {
	case "user_authorization_revoke", "user_authorization_cancellation":
		return false, s.forgetAt(ctx, tx, in.Account, cmp.Or(in.About, in.OpenID), in.At)
	case "unsubscribe":
		return false, s.unsubscribed(ctx, tx, in)
	}
	if in.OpenID == "" || !personal[in.Event] {
		return false, nil
	}
	r, err := s.sender(ctx, tx, in)
	if err != nil || r.ID == 0 {
		return false, err
	}
	if s.blockedSender(in) { // WeChat should have held this back
		if err := s.checkBlocksSoon(ctx, tx, in.Account); err != nil {
			return false, err
		}
	}
	if in.Event == "subscribe" || !r.subscribed {
		return true, s.subscribed(ctx, tx, r.ID, in)
	}
	return r.New, nil
}

// sender finds or makes the follower who sent a callback; none (ID 0) when they were erased after they sent it.
func (s *Service) sender(ctx context.Context, tx *db.Tx, in Inbound) (Ref, error) {
	person := s.Person(in.Account, in.OpenID)
	r, err := s.touch(ctx, tx, in.Account, person, in.At)
	if !errs.Is(err, errs.NotFound) {
		return r, err
	}
	gone, err := s.buried(ctx, tx, in.Account, person, in.Received)
	if err != nil || gone {
		return Ref{}, err
	}
	return s.add(ctx, tx, in.Account, person, in.OpenID, in.At)
}

// subscribed: they follow, whatever was noted before; nothing will be forgotten. Who writes without having been seen to
// subscribe followed before we were told.
func (s *Service) subscribed(ctx context.Context, tx *db.Tx, id int64, in Inbound) error {
	scene, key, at := "", "", int64(0)
	if in.Event == "subscribe" {
		at = clock.Millis(in.At)
		if k, ok := strings.CutPrefix(in.EventKey, "qrscene_"); ok {
			scene, key = "ADD_SCENE_QR_CODE", k
		}
	}
	_, err := tx.Exec(ctx, `update follower set subscribed = $2, unsubscribed_at = 0, forget_at = 0, detail_due = $2,
		subscribed_at = case when cast($3 as bigint) > 0 then cast($3 as bigint) else subscribed_at end,
		scene = case when $4 <> '' then $4 else scene end, scene_key = case when $4 <> '' then $5 else scene_key end,
		listed_by = coalesce((select y.id from follower_sync y where y.account_id = follower.account_id and y.finished_at = 0), listed_by),
		version = version + 1 where id = $1`, id, true, at, scene, key)
	return err
}

// unsubscribed starts the delay after which a follower is forgotten; who was never known stays so.
func (s *Service) unsubscribed(ctx context.Context, tx *db.Tx, in Inbound) error {
	if in.OpenID == "" {
		return nil
	}
	days, err := s.forgetDays(ctx, in.Account)
	if err != nil {
		return err
	}
	at := clock.Millis(in.At)
	_, err = tx.Exec(ctx, `update follower set subscribed = $3, unsubscribed_at = $4, forget_at = $5, version = version + 1
		where account_id = $1 and person = $2`, in.Account, s.Person(in.Account, in.OpenID), false, at, at+days*day)
	return err
}

// forgetAt marks a follower to be forgotten at an instant. WeChat docs: the user_authorization events oblige to.
func (s *Service) forgetAt(ctx context.Context, tx *db.Tx, account int64, openid string, at time.Time) error {
	if openid == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `update follower set forget_at = $3, version = version + 1 where account_id = $1 and person = $2`,
		account, s.Person(account, openid), clock.Millis(at))
	return err
}

// askSoon enqueues the job that asks WeChat about followers, unless it waits already or the account may not ask.
func (s *Service) askSoon(ctx context.Context, tx *db.Tx, account int64) error {
	if err := s.Accounts.May(ctx, account, detailPath); err != nil {
		if errs.Is(err, errs.Refused) {
			return nil
		}
		return err
	}
	return s.Jobs.Enqueue(ctx, tx, detailArgs{account}, job.Unique(detailKey(account)))
}

// Left notes that a follower does not follow any more, as WeChat said when something was sent to them.
func (s *Service) Left(ctx context.Context, tx *db.Tx, follower int64) error {
	f, err := s.Get(ctx, tx, follower)
	if err != nil || !f.Subscribed {
		return err
	}
	days, err := s.forgetDays(ctx, f.Account)
	if err != nil {
		return err
	}
	at := clock.Millis(s.Civil.Now())
	_, err = tx.Exec(ctx, `update follower set subscribed = $2, unsubscribed_at = $3, forget_at = $4, version = version + 1 where id = $1`,
		follower, false, at, at+days*day)
	return errs.Wrap(err, "note that follower %d left", follower)
}
