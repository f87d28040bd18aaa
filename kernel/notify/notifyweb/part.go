// Package notifyweb is the faces of outbound messages: what was sent to a follower and what became of it, what may still
// be sent, the messages of which nobody knows whether they arrived, and the reader of the inbound log that opens windows.
package notifyweb

import (
	"context"
	_ "embed"
	"strconv"
	"time"

	"weizheng/kernel/notify"
	"weizheng/part"
	"weizheng/platform/db"
	"weizheng/platform/web"
)

//go:embed text.zh.json
var texts []byte

// The permissions are those of the conversation, whose answers these messages mostly are.
const (
	read   = "conversation.read"
	answer = "conversation.answer"
)

// Deps is what the faces need. Words says the text of a message key of any part.
type Deps struct {
	Notify *notify.Service
	DB     *db.DB
	Words  func(key string) string
}

// Part is everything that notify adds to the house.
func Part(d Deps) part.Part {
	w := ownWords()
	return part.Part{
		Name:   "notify",
		Schema: notify.Schema(),
		Texts:  texts,
		Settings: []part.Setting{
			{Name: "notify.quiet_from", Type: part.SettingText, Unit: "时:分", Default: "22:00", Scope: part.ScopeAccount,
				Text:   "从几点起不打扰：主动发出的通知等到免打扰结束再发，对来访者的答复不受限制。与结束时间相同就是不设免打扰。",
				Source: "服务惯例：夜间不推送"},
			{Name: "notify.quiet_until", Type: part.SettingText, Unit: "时:分", Default: "08:00", Scope: part.ScopeAccount,
				Text: "到几点结束免打扰。", Source: "服务惯例：夜间不推送"},
		},
		Routes: console{d, w}.routes(),
		Sweeps: []part.Sweep{
			{Name: "notify.release", Run: d.Notify.Release},
			{Name: "notify.abandoned", Run: func(ctx context.Context, _ time.Time) (int, error) { return d.Notify.Abandoned(ctx) }},
		},
		Subscriptions: []part.Subscription{{Name: "notify", Handle: d.receive}},
		DataHeld:      []part.DataHeld{{Name: "notify", Title: w.say("notify.held"), Export: held{d, w}.export, Erase: d.erase}},
		Health:        []part.Health{{Name: "notify", Permission: read, Check: health{d, w}.findings}},
	}
}

// receive opens windows for what followers did, and notes what came of messages by template. It comes after the part of the followers, who are known by then.
func (d Deps) receive(ctx context.Context, tx *db.Tx, batch []part.Inbound) error {
	var opened []notify.Opened
	for _, in := range batch {
		if in.Message.MsgType == "event" && in.Message.Event == "TEMPLATESENDJOBFINISH" {
			if err := d.Notify.TemplateDone(ctx, tx, in.Account.ID, in.Message.JobID, in.Message.Status); err != nil {
				return err
			}
			continue
		}
		event := in.Message.Event
		if in.Message.MsgType != "event" {
			event = ""
		}
		trigger, ok := notify.TriggerOf(event)
		if !ok || in.Person == "" || in.Message.InfoType != "" {
			continue
		}
		opened = append(opened, notify.Opened{Account: in.Account.ID, Person: in.Person, Trigger: trigger, At: in.CivilAt})
	}
	return d.Notify.OpenWindows(ctx, tx, opened)
}

func (d Deps) erase(ctx context.Context, tx *db.Tx, subject part.Ref) error {
	if subject.Kind != "follower" {
		return nil
	}
	return d.Notify.Erase(ctx, tx, subject.ID)
}

// held is this part's share of what is known about a person.
type held struct {
	Deps
	words words
}

func (h held) export(ctx context.Context, subject part.Ref) ([]part.Line, error) {
	if subject.Kind != "follower" {
		return nil, nil
	}
	n, err := h.Notify.Count(ctx, h.DB, subject.ID)
	if err != nil || n == 0 {
		return nil, err
	}
	return []part.Line{{Title: h.words.say("notify.held_sent"), Note: strconv.FormatInt(n, 10)}}, nil
}

// words are the texts of this part, for what it shows in answers that are no errors.
type words struct{ texts *web.Texts }

// ownWords reads the embedded file, which the build made sure of.
func ownWords() words {
	t, err := web.NewTexts(texts)
	if err != nil {
		panic("notifyweb: text.zh.json: " + err.Error())
	}
	return words{t}
}

func (w words) say(key string) string { return w.texts.Say(key, nil) }
