package act

import (
	"context"
	"encoding/json"
	"time"

	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// systemSender is who notices about an account come from (unverified: the openid of WeChat's own account).
const systemSender = "oWeChatSystem000000000000000"

// What is due about a verification.
const (
	dueExpiry  = "verification/expiry"
	dueRenewal = "verification/renewal"
)

// How long a verification lasts when nobody says until when, and how long before its end WeChat reminds (unverified).
const (
	verificationLasts = 365 * 24 * time.Hour
	renewalBefore     = 30 * 24 * time.Hour
)

// verification is a row of what is due; Until tells it from one that was renewed since.
type verification struct {
	Account int64 `json:"account"`
	Until   int64 `json:"until"` // civil
}

// aboutAccount makes a notice about the account itself. Rights begin with qualification_verify_success and last until its
// ExpiredTime on the civil clock; verify_expired ends them; a naming that failed changes nothing.
func (x *Acts) aboutAccount(ctx context.Context, account string, m *wechat.Message) error {
	a, err := x.Store.Account(account)
	if err != nil {
		return err
	}
	return x.Store.Write(ctx, func(tx *db.Tx) error {
		switch m.Event {
		case "qualification_verify_success":
			err = x.verify(ctx, tx, a, m)
		case "verify_expired":
			if m.ExpiredTime == 0 {
				m.ExpiredTime = x.Store.Civil() / 1000
			}
			err = x.Store.SetVerification(ctx, tx, a, false, 0)
		case "naming_verify_success", "annual_renew":
			if m.ExpiredTime == 0 {
				m.ExpiredTime = a.VerifiedUntil / 1000
			}
		}
		if err != nil {
			return err
		}
		return x.tellAccount(ctx, tx, a, m)
	})
}

func (x *Acts) tellAccount(ctx context.Context, tx *db.Tx, a *state.Account, m *wechat.Message) error {
	m.MsgType, m.FromUserName = "event", systemSender
	return x.send(ctx, tx, scene{account: a}, state.Contact{}, m, 0)
}

// verify begins a verification and plans its end and the reminder before it.
func (x *Acts) verify(ctx context.Context, tx *db.Tx, a *state.Account, m *wechat.Message) error {
	now := x.Store.Civil()
	if m.ExpiredTime == 0 {
		m.ExpiredTime = (now + verificationLasts.Milliseconds()) / 1000
	}
	v := verification{Account: a.N, Until: m.ExpiredTime * 1000}
	if v.Until <= now {
		return invalid("expired_time", "range")
	}
	if err := x.Store.SetVerification(ctx, tx, a, true, v.Until); err != nil {
		return err
	}
	if remind := v.Until - renewalBefore.Milliseconds(); remind > now {
		if err := x.Store.AddLater(ctx, tx, remind, dueRenewal, v); err != nil {
			return err
		}
	}
	return x.Store.AddLater(ctx, tx, v.Until, dueExpiry, v)
}

// current finds the account of a row, unless its verification was renewed or has ended since.
func (x *Acts) current(row state.Later) (*state.Account, verification, error) {
	var v verification
	if err := json.Unmarshal(row.Doc, &v); err != nil {
		return nil, v, err
	}
	a := x.Store.AccountN(v.Account)
	if a == nil || !a.Verified || a.VerifiedUntil != v.Until {
		return nil, v, nil
	}
	return a, v, nil
}

// expired ends a verification that was not renewed.
func (x *Acts) expired(ctx context.Context, tx *db.Tx, row state.Later) error {
	a, v, err := x.current(row)
	if err != nil || a == nil {
		return err
	}
	if err := x.Store.SetVerification(ctx, tx, a, false, 0); err != nil {
		return err
	}
	return x.tellAccount(ctx, tx, a, &wechat.Message{Event: "verify_expired", ExpiredTime: v.Until / 1000})
}

// renewalDue reminds of a verification that ends.
func (x *Acts) renewalDue(ctx context.Context, tx *db.Tx, row state.Later) error {
	a, v, err := x.current(row)
	if err != nil || a == nil {
		return err
	}
	return x.tellAccount(ctx, tx, a, &wechat.Message{Event: "annual_renew", ExpiredTime: v.Until / 1000})
}

// toldFor is for how long after an authorisation an account hears of a new name or picture. WeChat docs: 授权用户信息变更.
const toldFor = 30 * 24 * 3600 * 1000

// Change changes a citizen; accounts that were given their name and picture in the last 30 days are told of new ones.
func (x *Acts) Change(ctx context.Context, c state.Citizen) error {
	old, err := x.Store.Citizen(ctx, c.ID)
	if err != nil {
		return err
	}
	if err := x.Store.UpdateCitizen(ctx, c); err != nil || old.Name == c.Name && old.Avatar == c.Avatar {
		return err
	}
	return x.Store.Write(ctx, func(tx *db.Tx) error {
		list, err := x.Store.Authorised(ctx, tx, c.N, x.Store.Civil()-toldFor)
		for _, n := range list {
			a := x.Store.AccountN(n)
			contact, e := x.Store.Contact(ctx, tx, n, c.N)
			if e == nil && a != nil {
				e = x.tellUser(ctx, tx, scene{a, c}, contact, "user_info_modified", "")
			}
			if e != nil {
				return e
			}
		}
		return err
	})
}

// tellUser is one of the events about what a citizen gave an account.
func (x *Acts) tellUser(ctx context.Context, tx *db.Tx, s scene, c state.Contact, event, info string) error {
	return x.event(ctx, tx, s, c, &wechat.Message{Event: event, OpenID: c.OpenID, AppID: s.account.AppID, RevokeInfo: info,
		UnionID: x.Store.UnionID(s.account.Principal, s.citizen.ID)})
}
