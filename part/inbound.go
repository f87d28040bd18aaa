package part

import (
	"context"
	"time"

	"weizheng/platform/db"
	"weizheng/wechat"
)

// Account is the Official Account that a message came to, as responders and subscribers see it.
type Account struct {
	ID   int64
	Slug string
	Unit string // unit path
}

// In is a citizen's message as it is offered to responders.
type In struct {
	Account Account
	Message *wechat.Message
	Text    string    // what was said: text content or a voice's recognition, trimmed; else ""
	Person  string    // blind index of the openid: the same person in the same account, nothing more
	Now     time.Time // civil
}

// Answer is what a responder gives for a message.
type Answer struct {
	Reply  wechat.Reply   // nil: stay silent (WeChat gets `success`)
	More   []wechat.Reply // sent after it as customer messages, in order
	Source string         // what answered, for the record: "reply:12"

	// Effect, when not nil, is committed with the answer or not at all. It may run again and is given the inbound id
	// as its idempotency key. Pure answers leave it nil and stay on the fast path.
	Effect func(ctx context.Context, tx *db.Tx, inbound int64) error
}

// SourceSecret at the end of an Answer's Source says that its words are for the citizen alone, such as a one-time code:
// nobody keeps them readable.
const SourceSecret = ":secret"

// SourceBlocked is the Source of the silence towards somebody whom staff blocked: nobody is asked to answer them.
const SourceBlocked = "citizen.blocked"

// Slot is a responder's place in the order of who answers a message.
type Slot int

// The order in which a message is offered; the first that takes it ends it.
const (
	SlotSafety Slot = iota
	SlotDuty
	SlotDialog
	SlotKeyword
	SlotSearch
	SlotAssistant
	SlotDefault
)

// Responder answers messages. Offer returns took=false to pass it on. It is called on the path of WeChat's 5 seconds:
// it keeps what it needs in memory and honours ctx; when it is too slow the citizen gets the fallback and the answer
// follows as a customer message.
type Responder struct {
	Name  string
	Slot  Slot
	Offer func(ctx context.Context, in In) (answer Answer, took bool, err error)
}

// Inbound is one recorded callback as the inbound log hands it to subscribers, in order per account and person.
type Inbound struct {
	ID         int64
	Account    Account
	ReceivedAt time.Time // wall
	CivilAt    time.Time // civil
	Person     string    // blind index of the openid; "" when the callback named no sender
	Message    *wechat.Message
	Reply      wechat.Reply // what was answered; nil when silent
	Source     string       // who answered: "reply:12", "fallback", ""
}

// Subscription reads the inbound log: each callback exactly once, in batches, in the transaction that marks the batch
// as read, within a second of its arrival when the machine keeps up. Handle may run again with the same batch.
type Subscription struct {
	Name   string
	Handle func(ctx context.Context, tx *db.Tx, batch []Inbound) error
}
