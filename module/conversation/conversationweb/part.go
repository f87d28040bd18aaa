// Package conversationweb is the faces of conversation: the console's inbox, the person on duty as a responder, and the
// reader of the inbound log that fills the inbox.
package conversationweb

import (
	"context"
	_ "embed"
	"log/slog"
	"time"

	"weizheng/module/conversation"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
)

//go:embed text.zh.json
var texts []byte

const (
	read   = "conversation.read"
	answer = "conversation.answer"
	reveal = "conversation.reveal"
)

// Names tells how people are called on screen; unknown ids are left out.
type Names interface {
	Names(ctx context.Context, ids []int64) (map[int64]string, error)
}

// Window is what may still be sent to a follower.
type Window struct {
	Left  int       // messages; -1: no limit
	Until time.Time // civil; zero when nothing may be sent
}

// Windows tells a follower's window.
type Windows interface {
	Window(ctx context.Context, follower int64) (Window, error)
}

// Accounts tells how accounts are called.
type Accounts interface {
	Name(ctx context.Context, account int64) (string, error)
}

// Deps is what the faces need.
type Deps struct {
	Conversations *conversation.Service
	Followers     Names
	Staff         Names
	Windows       Windows
	Accounts      Accounts
	Lists         *part.Lists
	Words         func(key string) string // what a message key says; "" says ""
	Civil, Wall   clock.Clock
	Log           *slog.Logger
}

// Part is everything that conversation adds to the house.
func Part(d Deps) part.Part {
	return part.Part{
		Name:   "conversation",
		Schema: conversation.Schema(),
		Texts:  texts,
		Permissions: []part.Permission{
			{Key: read, Text: "查看消息"},
			{Key: answer, Text: "接待和回复消息"},
			{Key: reveal, Text: "查看消息里加密存放的号码（要写理由，留记录）"},
		},
		Routes:        console{d}.routes(),
		Topics:        []part.Topic{{Name: conversation.Topic, Permission: read}},
		Services:      []part.Service{{Name: "conversation", Start: d.Conversations.Start, Stop: d.Conversations.Stop}},
		Responders:    []part.Responder{{Name: "duty", Slot: part.SlotDuty, Offer: d.duty}},
		Subscriptions: []part.Subscription{{Name: "conversation", Handle: d.receive}},
		MyItems:       []part.MyItems{{Name: "conversation", Title: "我的提问", List: d.mine}},
		DataHeld:      []part.DataHeld{d.held()},
		Counts: []part.Count{{Name: "conversation", Permission: read, Load: func(ctx context.Context, a access.Actor) (int, error) {
			return d.Conversations.Waiting(ctx, a.Reach(read))
		}}},
	}
}

// duty keeps the rules silent while a person is talking to the follower. Events still go through: a menu tap is asked of
// the account, not of the person.
func (d Deps) duty(_ context.Context, in part.In) (part.Answer, bool, error) {
	if in.Person == "" || in.Message.MsgType == "event" || !d.Conversations.Talking(in.Account.ID, in.Person) {
		return part.Answer{}, false, nil
	}
	return part.Answer{Source: "duty"}, true, nil
}
