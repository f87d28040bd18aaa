// Package citizenweb is the faces of the people at the other end: the console's followers, tags and syncing, the citizen's
// web authorisation and 我的, the reader of the inbound log that keeps followers up to date, and the jobs that forget and
// erase what all parts hold of a person.
//
// Promises:
//
//   - An openid leaves only by a reveal with a reason, which is audited first.
//   - A browser is logged in only with the nonce it was sent off with; nobody is led to another site afterwards.
//   - Who is forgotten or erased is so in every part that declares what it holds (part.DataHeld); the job goes on after a
//     crash and does no harm when it runs twice.
package citizenweb

import (
	"context"
	"embed"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/citizen"
	"weizheng/part"
	"weizheng/platform/web"
)

//go:embed text.zh.json
var texts []byte

//go:embed pages/*.html
var pages embed.FS

const (
	read   = "follower.read"
	edit   = "follower.edit"
	reveal = "follower.reveal"
)

// Deps is what the faces need.
type Deps struct {
	Citizens *citizen.Service
	Accounts *account.Service
	Sessions *web.Sessions
	Pages    *web.Pages
	Lists    *part.Lists
}

// Part is everything that citizen adds to the house.
func Part(d Deps) part.Part {
	w := ownWords()
	erase := eraser{d}
	return part.Part{
		Name:   "citizen",
		Schema: citizen.Schema(),
		Texts:  texts,
		Permissions: []part.Permission{
			{Key: read, Text: "查看粉丝"},
			{Key: edit, Text: "管理粉丝的备注、标签和标记"},
			{Key: reveal, Text: "查看粉丝的微信标识（要写理由，留记录）"},
		},
		Settings: []part.Setting{{
			Name: "citizen.forget_days", Type: part.SettingInt, Unit: "天", Default: "15", Min: 0, Max: 365, Scope: part.ScopeAccount,
			Text:   "取消关注多久以后清除这个人的资料；0 是立即清除。重新关注会停止计时。",
			Source: "微信公众平台：用户取消关注后应删除其信息；个人信息保护法第十九条",
		}, {
			Name: codeWord, Type: part.SettingText, Default: "登录", Scope: part.ScopeAccount,
			Text:   "在不能网页授权的公众号里，群众发这个词就得到进入网页的一次性口令；留空就是不发口令。",
			Source: "微信只给认证的服务号网页授权，其余公众号要另认人",
		}},
		Routes:     append(console{d, w}.routes(), newVisitor(d).routes()...),
		Jobs:       erase.register,
		Services:   []part.Service{{Name: "citizen", Start: d.Citizens.Start, Stop: d.Citizens.Stop}},
		Responders: []part.Responder{{Name: "blocked", Slot: part.SlotSafety, Offer: d.silent}, {Name: "code", Slot: part.SlotSafety, Offer: codes{d, w}.offer}},
		Sweeps: []part.Sweep{{Name: "citizen.forget", Run: erase.sweep}, {Name: "citizen.guesses",
			Run: func(ctx context.Context, _ time.Time) (int, error) { return d.Citizens.ForgetGuesses(ctx) }}},
		Subscriptions: []part.Subscription{{Name: "citizen", Handle: d.receive}},
		Cards:         []part.Card{{Name: "citizen", Title: "粉丝资料", On: "follower", Permission: read, Load: card{d, w}.load}},
		Searchers:     []part.Searcher{{Name: "citizen", Title: "粉丝", Permission: read, Find: d.find}},
		DataHeld:      []part.DataHeld{held{d, w}.declare()},
	}
}

// silent takes every word of somebody whom staff blocked, and says nothing; what they do (leave, tap) is recorded as ever.
func (d Deps) silent(_ context.Context, in part.In) (part.Answer, bool, error) {
	if in.Person == "" || !d.Citizens.Blocked(in.Account.ID, in.Person) {
		return part.Answer{}, false, nil
	}
	return part.Answer{Source: part.SourceBlocked}, true, nil
}
