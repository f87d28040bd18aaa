// Package formweb is the faces of form: the console's forms, versions and what was sent; the page that shows a form by
// itself; and Mount, by which other parts put a form on pages of their own.
//
// Promises:
//
//   - A citizen's form works without script: every button posts the whole form, what was typed is kept by the server, and
//     the answer is a redirect. Scripts only spare the way there and back.
//   - The same token is the same submission. Files are shown to who uploaded them and to staff who may read the submission.
//   - What is personal is masked for staff until they say why they need it; that is audited.
package formweb

import (
	"context"
	"embed"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/form"
	"weizheng/part"
	"weizheng/platform/clock"
	"weizheng/platform/web"
)

//go:embed text.zh.json
var texts []byte

//go:embed pages/*.html
var pages embed.FS

const (
	read    = "form.read"
	edit    = "form.edit"
	publish = "form.publish"
	reveal  = "form.reveal"
)

// Units tells what the faces need of units.
type Units interface {
	UnitNames(ctx context.Context, ids []int64) (map[int64]string, error)
	UnitPath(ctx context.Context, id int64) (string, error)
}

// Deps is what the faces need.
type Deps struct {
	Forms    *form.Service
	Accounts *account.Service
	Units    Units
	Pages    *web.Pages
	Civil    clock.Clock
}

// Part is everything that form adds to the house.
func Part(d Deps) part.Part {
	f := New(d)
	return part.Part{
		Name:   "form",
		Schema: form.Schema(),
		Texts:  texts,
		Permissions: []part.Permission{
			{Key: read, Text: "查看表单和提交的内容（个人信息打码）"},
			{Key: edit, Text: "设计表单"},
			{Key: publish, Text: "发布、停用表单"},
			{Key: reveal, Text: "查看提交内容里的个人信息（要写理由，留记录）"},
		},
		Settings: []part.Setting{{
			Name: form.SettingDraftDays, Type: part.SettingInt, Unit: "天", Default: "30", Min: 1, Max: 365, Scope: part.ScopeAccount,
			Text: "没有提交的表单保存多少天，过期清除；再填会重新计时。", Source: "个人信息保护法第十九条：保存期限应为最短时间",
		}, {
			Name: form.SettingSubmissionDays, Type: part.SettingInt, Unit: "天", Default: "1095", Min: 1, Max: 36600, Scope: part.ScopeInstallation,
			Text: "通过单独页面提交的表单保存多少天，到期清除；转成办件的按办件的期限。", Source: "与诉求工单相同，3 年",
		}},
		Routes:   append(console{d, f}.routes(), f.ownRoutes()...),
		Sweeps:   []part.Sweep{{Name: "form", Run: func(ctx context.Context, now time.Time) (int, error) { return d.Forms.Sweep(ctx, now) }}},
		Targets:  []part.Targets{{Name: "form", List: f.targets}},
		MyItems:  []part.MyItems{{Name: "form", Title: "我填的表", List: f.mine}},
		DataHeld: []part.DataHeld{f.held()},
	}
}
