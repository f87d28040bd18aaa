// Package act is what people do in the local WeChat: they follow, scan, write, tap menus, show where they are. Each act
// changes what is known, opens the windows that WeChat opens for it, and makes the callback that WeChat makes.
//
// Promises: an act is stored whole or not at all; what a person cannot do in WeChat (write without following, tap a menu
// that is not there) is refused.
package act

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/push"
	"weizheng/wechat/sandbox/state"
)

// What an interaction lets the account send, in civil milliseconds and messages. WeChat docs: kf/intro.
const (
	messageWindow = 48 * 3600 * 1000
	messageCount  = 5
	eventWindow   = 60 * 1000
	eventCount    = 3
)

// The kinds of allowance; an interaction renews the one of its kind.
const (
	byMessage = "message"
	byClick   = "click"
	byFollow  = "follow"
	byScan    = "scan"
)

// What an act may be refused for, besides the errors of package state.
var (
	ErrExpiredQR = errs.New(errs.Conflict, "sandbox.qr_expired")
	ErrNoQR      = errs.New(errs.NotFound, "sandbox.unknown_qr")
	ErrNoButton  = errs.New(errs.NotFound, "sandbox.unknown_button")
)

// Acts plays citizens.
type Acts struct {
	Store *state.Store
	Push  *push.Engine
	Wall  clock.Clock
	Base  string // the sandbox's own address, without a slash at its end

	Cashier Cashier // nil: no account has a merchant
}

// scene is an account and a citizen in it.
type scene struct {
	account *state.Account
	citizen state.Citizen
}

func (x *Acts) scene(ctx context.Context, account, citizen string) (scene, error) {
	a, err := x.Store.Account(account)
	if err != nil {
		return scene{}, err
	}
	c, err := x.Store.Citizen(ctx, citizen)
	return scene{a, c}, err
}

// follower runs fn in one transaction with the contact of a citizen who follows the account.
func (x *Acts) follower(ctx context.Context, s scene, fn func(tx *db.Tx, c state.Contact) error) error {
	return x.Store.Write(ctx, func(tx *db.Tx) error {
		c, err := x.Store.Contact(ctx, tx, s.account.N, s.citizen.N)
		if errs.Is(err, errs.NotFound) || err == nil && !c.Subscribed {
			return state.ErrNotFollowing
		}
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

// stillTold are the events of somebody on the blacklist that the account is told all the same (unverified).
var stillTold = map[string]bool{
	"subscribe": true, "unsubscribe": true, "user_info_modified": true, "user_authorization_revoke": true,
	"user_authorization_cancellation": true,
}

// reaches reports whether a callback about a contact is made at all.
func (x *Acts) reaches(s scene, c state.Contact, m *wechat.Message) bool {
	return x.Store.Pushes(s.account) && (c.Blocked == 0 || stillTold[m.Event])
}

// send makes the callback, if the account takes any and has not put the citizen on its blacklist.
func (x *Acts) send(ctx context.Context, tx *db.Tx, s scene, c state.Contact, m *wechat.Message, item int64) error {
	if !x.reaches(s, c, m) {
		return nil
	}
	return x.Push.Send(ctx, tx, s.account, c, m, item)
}

// event makes the callback of an event.
func (x *Acts) event(ctx context.Context, tx *db.Tx, s scene, c state.Contact, m *wechat.Message) error {
	m.MsgType = "event"
	return x.send(ctx, tx, s, c, m, 0)
}

// open renews the allowance of a kind and notes the interaction.
func (x *Acts) open(ctx context.Context, tx *db.Tx, contact int64, kind string) error {
	window, count := int64(eventWindow), eventCount
	if kind == byMessage {
		window, count = messageWindow, messageCount
	}
	if err := x.Store.Grant(ctx, tx, contact, kind, x.Store.Civil()+window, count); err != nil {
		return err
	}
	return x.Store.Touch(ctx, tx, contact)
}

// Read empties the unread counter of a chat.
func (x *Acts) Read(ctx context.Context, account, citizen string) error {
	s, err := x.scene(ctx, account, citizen)
	if err != nil {
		return err
	}
	c, err := x.Store.Contact(ctx, x.Store.Reader(), s.account.N, s.citizen.N)
	if errs.Is(err, errs.NotFound) {
		return nil // they never met: there is nothing to read
	}
	if err != nil {
		return err
	}
	if err := x.Store.SettleChats(ctx, s.citizen.N); err != nil {
		return err
	}
	if err := x.Store.MarkRead(ctx, c.N); err != nil {
		return err
	}
	x.Store.Hint(state.Hint{Topic: "chat", Account: account, Citizen: citizen})
	return nil
}

func invalid(field, key string) error {
	return errs.InvalidFields([]errs.Field{{Field: field, Key: key}})
}
