// Package menuweb is the faces of menu: the form in the console, publishing, versions, and what buttons can point at.
package menuweb

import (
	"context"
	_ "embed"

	"weizheng/module/menu"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
)

//go:embed text.zh.json
var texts []byte

const (
	read    = "menu.read"
	edit    = "menu.edit"
	publish = "menu.publish"
)

// Accounts tells what an account belongs to.
type Accounts interface {
	Object(ctx context.Context, account int64) (access.Object, error)
}

// Names tells how staff are called; unknown ids are left out.
type Names interface {
	Names(ctx context.Context, ids []int64) (map[int64]string, error)
}

// Deps is what the faces need.
type Deps struct {
	Menus    *menu.Service
	Accounts Accounts
	Staff    Names
	Lists    *part.Lists
	Civil    clock.Clock
}

// Part is everything that menu adds to the house.
func Part(d Deps) part.Part {
	return part.Part{
		Name:   "menu",
		Schema: menu.Schema(),
		Texts:  texts,
		Permissions: []part.Permission{
			{Key: read, Text: "查看菜单"},
			{Key: edit, Text: "编辑菜单草稿"},
			{Key: publish, Text: "发布菜单"},
		},
		Routes:        console{d}.routes(),
		Topics:        []part.Topic{{Name: "menu", Permission: read}},
		Subscriptions: []part.Subscription{{Name: "menu.taps", Handle: d.taps}},
	}
}

// taps counts what was tapped, by civil day.
func (d Deps) taps(ctx context.Context, tx *db.Tx, batch []part.Inbound) error {
	var taps []menu.Tap
	for _, in := range batch {
		if m := in.Message; m.MsgType == "event" && (m.Event == "CLICK" || m.Event == "VIEW") && m.EventKey != "" {
			taps = append(taps, menu.Tap{Account: in.Account.ID, Day: clock.Day(in.CivilAt), Button: m.EventKey})
		}
	}
	return d.Menus.CountTaps(ctx, tx, taps)
}
