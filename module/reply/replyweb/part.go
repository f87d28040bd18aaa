// Package replyweb is the faces of reply: the console's rules and test bench, and what the rules say to citizens.
package replyweb

import (
	"context"
	_ "embed"
	"fmt"

	"weizheng/module/reply"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/wechat"
)

//go:embed text.zh.json
var texts []byte

// Deps is what the faces need.
type Deps struct {
	Replies  *reply.Service
	Staff    Staff
	Accounts Accounts
	Civil    clock.Clock
}

// Part is everything that reply adds to the house.
func Part(d Deps) part.Part {
	f := face{d}
	return part.Part{
		Name:   "reply",
		Schema: reply.Schema(),
		Texts:  texts,
		Permissions: []part.Permission{
			{Key: read, Text: "查看应答规则"},
			{Key: edit, Text: "编辑应答规则"},
			{Key: review, Text: "审核别人写的应答规则"},
		},
		Settings: []part.Setting{{
			Name: Review, Type: part.SettingBool, Default: "true", Scope: part.ScopeAccount,
			Text:   "应答规则要由另一位同事审核后才上线；停用规则不用审核，立即生效。",
			Source: "国办发〔2018〕123 号：政务新媒体信息发布分级审核、先审后发",
		}},
		Effects: []part.Effect{
			{Name: "reply.publish", Text: "让审核通过的应答规则上线", Run: f.publish},
			{Name: "reply.settle", Text: "把审核进展记到应答规则上", Run: f.settle},
		},
		Routes:   console{d}.routes(),
		Services: []part.Service{{Name: "reply", Start: d.Replies.Start, Stop: d.Replies.Stop}},
		Responders: []part.Responder{
			{Name: "keyword", Slot: part.SlotKeyword, Offer: f.keyword},
			{Name: "default", Slot: part.SlotDefault, Offer: f.last},
		},
		Subscriptions: []part.Subscription{{Name: "reply.hits", Handle: f.hits}},
		Targets:       []part.Targets{{Name: "reply", List: f.targets}},
		Cards:         []part.Card{{Name: "reply", Title: "要上线的内容", On: reply.Subject, Permission: read, Load: f.card}},
		Searchers:     []part.Searcher{{Name: "reply", Title: "应答规则", Permission: read, Find: f.find}},
	}
}

type face struct{ Deps }

func (f face) keyword(ctx context.Context, in part.In) (part.Answer, bool, error) {
	rule, err := f.Replies.Answer(ctx, in.Account.ID, in.Message, in.Text, in.Now)
	return say(rule), rule != nil, err
}

func (f face) last(ctx context.Context, in part.In) (part.Answer, bool, error) {
	rule, err := f.Replies.Fallthrough(ctx, in.Account.ID, in.Message, in.Now)
	return say(rule), rule != nil, err
}

// say makes a rule's answers one: the first at once, the others after it.
func say(rule *reply.Rule) part.Answer {
	if rule == nil || len(rule.Answers) == 0 {
		return part.Answer{}
	}
	return part.Answer{Reply: rule.Answers[0], More: rule.Answers[1:], Source: rule.Source()}
}

func (f face) hits(ctx context.Context, tx *db.Tx, batch []part.Inbound) error {
	hits := reply.Hits{}
	for _, in := range batch {
		if id, ok := reply.RuleOf(in.Source); ok {
			hits.Add(id, clock.Millis(in.CivilAt))
		}
	}
	return f.Replies.CountHits(ctx, tx, hits)
}

// targets offers every enabled rule to menu buttons.
func (f face) targets(ctx context.Context, account int64) ([]part.Target, error) {
	rules, err := f.Replies.List(ctx, access.Reach{All: true}, reply.Filter{Account: account, Limit: 500})
	if err != nil {
		return nil, err
	}
	var targets []part.Target
	for _, r := range rules {
		if r.Enabled && len(r.Answers) > 0 {
			targets = append(targets, part.Target{Kind: "reply", ID: fmt.Sprint(r.ID), Title: r.Name, Key: r.Source()})
		}
	}
	return targets, nil
}

func (f face) find(ctx context.Context, reach access.Reach, words string, limit int) ([]part.Line, error) {
	rules, err := f.Replies.List(ctx, reach, reply.Filter{Words: words, Limit: limit})
	if err != nil {
		return nil, err
	}
	var lines []part.Line
	for i, r := range rules {
		if i == limit {
			break
		}
		lines = append(lines, part.Line{Title: r.Name, Note: firstWords(r), URL: fmt.Sprintf("/console/reply?open=%d", r.ID)})
	}
	return lines, nil
}

func firstWords(r reply.Rule) string {
	if text, ok := r.Answers[0].(wechat.Text); ok {
		if runes := []rune(text.Content); len(runes) > 40 {
			return string(runes[:40]) + "…"
		}
		return text.Content
	}
	return r.Answers[0].Type()
}
