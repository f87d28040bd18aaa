package push

import (
	"context"
	"strings"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/fault"
	"weizheng/wechat/sandbox/state"
)

// outOfService is the line that a citizen sees in place of an answer.
const outOfService = "该公众号暂时无法提供服务，请稍后再试"

// silent are the events whose answer nobody sees: a page opens instead, or nobody is there any more.
var silent = map[string]bool{
	"event:unsubscribe": true, "event:VIEW": true, "event:view_miniprogram": true,
	"event:user_info_modified": true, "event:user_authorization_revoke": true, "event:user_authorization_cancellation": true,
	"event:qualification_verify_success": true, "event:qualification_verify_fail": true,
	"event:naming_verify_success": true, "event:naming_verify_fail": true,
	"event:annual_renew": true, "event:verify_expired": true,
	"event:kf_create_session": true, "event:kf_close_session": true, "event:kf_switch_session": true,
	"event:TEMPLATESENDJOBFINISH": true, "event:subscribe_msg_popup_event": true,
	"event:subscribe_msg_change_event": true, "event:subscribe_msg_sent_event": true,
}

// deliver tries until there is an answer, three times at most, and records the outcome. It reports false when it only
// put the delivery aside.
func (e *Engine) deliver(ctx context.Context, t task) (done bool) {
	if t.Account == 0 {
		e.notify(ctx, t)
		return true
	}
	a := e.Store.AccountN(t.Account)
	if a == nil || !e.wanted(a, t.Component) {
		e.end(ctx, t.Delivery, nil, result{outcome: unsent})
		return true
	}
	planned := e.Faults.Take(fault.Callback, a.ID)
	if f, late := fault.Find(planned, fault.Late); late && !t.postponed {
		t.postponed = true
		e.postpone(ctx, t, time.Duration(f.DelayMS)*time.Millisecond)
		return false
	}
	d, begun := t.Delivery, e.Wall.Now()
	var r result
	for d.Tries < maxTries {
		d.Tries++
		if d.Tries > 1 {
			e.countTry(ctx, d)
			planned = e.Faults.Take(fault.Callback, a.ID)
		}
		if r = e.try(ctx, a, d, planned); r.outcome != unanswered || ctx.Err() != nil {
			break
		}
	}
	if ctx.Err() != nil && r.outcome == unanswered {
		return true // stopped in the middle: it stays recorded for the next start
	}
	r.took = e.Wall.Now().Sub(begun)
	e.end(ctx, d, a, r)
	if e.Ended != nil && ctx.Err() == nil && e.first(a, d.Component) {
		e.Ended(Ended{Account: d.Account, Citizen: d.Citizen, Item: d.Item, Cue: d.Cue, Failed: r.outcome != answered,
			Reply: r.reply, Took: r.took, Tries: d.Tries})
	}
	if _, again := fault.Find(planned, fault.Duplicate); again {
		d.Tries++
		e.try(ctx, a, d, nil) // its answer is seen on the wire only
	}
	return true
}

// postpone puts a delivery aside; others overtake it.
func (e *Engine) postpone(ctx context.Context, t task, delay time.Duration) {
	e.workers.Go(func() {
		select {
		case <-time.After(delay):
			e.mu.Lock()
			e.enqueue(t)
			e.mu.Unlock()
		case <-ctx.Done():
		}
	})
}

func (e *Engine) countTry(ctx context.Context, d state.Delivery) {
	if err := e.Store.CountTry(ctx, d); err != nil && ctx.Err() == nil {
		e.Log.WarnContext(ctx, "a callback's try was not recorded", "error", err)
	}
}

// end records the outcome and shows the answer, or the line that there is none. It insists while the store is busy.
func (e *Engine) end(ctx context.Context, d state.Delivery, a *state.Account, r result) {
	for {
		err := e.Store.Write(ctx, func(tx *db.Tx) error { return e.record(ctx, tx, d, a, r) })
		if err == nil || ctx.Err() != nil {
			return
		}
		if !errs.KindOf(err).Retry() {
			e.Log.ErrorContext(ctx, "a callback's outcome was not recorded", "error", err)
			return
		}
		select {
		case <-time.After(retryIdle):
		case <-ctx.Done():
		}
	}
}

func (e *Engine) record(ctx context.Context, tx *db.Tx, d state.Delivery, a *state.Account, r result) error {
	if r.outcome == unsent {
		return e.Store.Finish(ctx, tx, d, state.DeliveryNone)
	}
	if d.Component == 0 {
		if err := e.Store.CountPush(ctx, tx, d.Account, r.outcome != answered, r.took.Milliseconds()); err != nil {
			return err
		}
	}
	if r.outcome == answered {
		if err := e.Store.Finish(ctx, tx, d, state.DeliveryOK); err != nil {
			return err
		}
		return e.show(ctx, tx, d, a, r.reply)
	}
	if err := e.Store.Finish(ctx, tx, d, state.DeliveryFailed); err != nil || silent[d.Cue] || d.Citizen == 0 || !e.first(a, d.Component) {
		return err
	}
	_, err := e.Store.AddItem(ctx, tx, state.Item{Account: d.Account, Citizen: d.Citizen, From: state.FromSystem,
		Type: "system", Body: map[string]any{"content": outOfService}})
	return err
}

func (e *Engine) show(ctx context.Context, tx *db.Tx, d state.Delivery, a *state.Account, r wechat.Reply) error {
	if r == nil || silent[d.Cue] || d.Citizen == 0 {
		return nil
	}
	if t, ok := r.(wechat.TransferToService); ok {
		return e.transfer(ctx, tx, d, a, t.Account)
	}
	typ, body, err := e.Store.Bubble(ctx, tx, a.N, r)
	if err != nil || typ == "" {
		return err
	}
	_, err = e.Store.AddItem(ctx, tx, state.Item{Account: d.Account, Citizen: d.Citizen, From: state.FromAccount,
		Origin: "reply", Type: typ, Body: body})
	return err
}

// trigger is the MsgType of a cue.
func trigger(cue string) string {
	if strings.HasPrefix(cue, "event:") {
		return "event"
	}
	return cue
}
