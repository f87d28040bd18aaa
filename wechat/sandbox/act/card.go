package act

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// What is due when a message by template is on its way.
const (
	DueTemplate = "template"     // 模板消息
	DueOnce     = "once"         // 一次性订阅消息
	DueNotice   = "subscription" // 订阅通知
)

// What may come of a send. WeChat docs: TEMPLATESENDJOBFINISH, subscribe_msg_sent_event.
const (
	CardSent    = "success"
	CardBlocked = "failed:user block"
	CardFailed  = "failed: system failed"
	CardStopped = "stopped" // by the platform: told as CardFailed, and listed by queryblocktmplmsg
)

// Card is a message by template on its way.
type Card struct {
	Contact  string         `json:"contact"` // openid
	Template string         `json:"template"`
	MsgID    int64          `json:"msg_id"`
	Body     map[string]any `json:"body"` // as the phone shows it
}

// cardDue brings a card to the phone, or not, and tells the account.
func (x *Acts) cardDue(ctx context.Context, tx *db.Tx, row state.Later) error {
	var card Card
	if err := json.Unmarshal(row.Doc, &card); err != nil {
		return err
	}
	c, err := x.Store.ContactByOpenID(ctx, tx, card.Contact)
	if err != nil {
		return none(err) // whom it was for is gone
	}
	a := x.Store.AccountN(c.Account)
	outcome, err := x.Store.NextOutcome(ctx, tx, a.N, row.Kind)
	if err != nil {
		return err
	}
	switch {
	case outcome != "":
	case c.Muted && row.Kind == DueTemplate:
		outcome = CardBlocked
	default:
		outcome = CardSent
	}
	if outcome == CardSent {
		if err := x.showCard(ctx, tx, row.Kind, c, card); err != nil {
			return err
		}
	}
	if outcome == CardStopped {
		outcome = CardFailed
		if err := x.stopCard(ctx, tx, a.N, c, card); err != nil {
			return err
		}
	}
	citizen, err := x.Store.CitizenN(ctx, c.Citizen)
	if err != nil {
		return err
	}
	return x.tellCard(ctx, tx, row.Kind, scene{a, citizen}, c, card, outcome)
}

func none(err error) error {
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}

// showCard puts it into 服务通知 and, but for a 订阅通知, into the chat of who follows.
func (x *Acts) showCard(ctx context.Context, tx *db.Tx, kind string, c state.Contact, card Card) error {
	if err := x.Store.AddNotice(ctx, tx, state.Notice{Account: c.Account, Citizen: c.Citizen, Kind: kind, Body: card.Body}); err != nil {
		return err
	}
	if kind == DueNotice || !c.Subscribed {
		return nil
	}
	_, err := x.Store.AddItem(ctx, tx, state.Item{Account: c.Account, Citizen: c.Citizen, From: state.FromAccount,
		Origin: kind, Type: "template", Body: card.Body})
	return err
}

func (x *Acts) stopCard(ctx context.Context, tx *db.Tx, account int64, c state.Contact, card Card) error {
	title, _ := card.Body["title"].(string)
	text, err := json.Marshal(card.Body["fields"])
	if err != nil {
		return err
	}
	return x.Store.AddStopped(ctx, tx, account, state.Stopped{Template: card.Template, OpenID: c.OpenID, Title: title, Content: string(text)})
}

// tellCard is the callback about what came of it; a one-time message has none.
func (x *Acts) tellCard(ctx context.Context, tx *db.Tx, kind string, s scene, c state.Contact, card Card, outcome string) error {
	switch kind {
	case DueTemplate:
		return x.event(ctx, tx, s, c, &wechat.Message{Event: "TEMPLATESENDJOBFINISH", JobID: card.MsgID, Status: outcome})
	case DueNotice:
		sent := wechat.SubscribeSent{TemplateID: card.Template, MsgID: card.MsgID, Status: outcome}
		if outcome != CardSent {
			sent.Code = 1 // any but 0 (unverified)
		}
		return x.event(ctx, tx, s, c, &wechat.Message{Event: "subscribe_msg_sent_event", SubscribeMsgSentEvent: []wechat.SubscribeSent{sent}})
	}
	return nil
}
