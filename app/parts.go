package app

import (
	"context"
	"net/http"

	"weizheng/gateway"
	"weizheng/kernel/account/accountweb"
	"weizheng/kernel/audit/auditweb"
	"weizheng/kernel/citizen/citizenweb"
	"weizheng/kernel/flow/flowweb"
	"weizheng/kernel/form/formweb"
	"weizheng/kernel/matter/matterweb"
	"weizheng/kernel/notify/notifyweb"
	"weizheng/kernel/org/orgweb"
	"weizheng/kernel/record"
	"weizheng/kernel/setting/settingweb"
	"weizheng/kernel/worktime/worktimeweb"
	"weizheng/module/conversation/conversationweb"
	"weizheng/module/menu/menuweb"
	"weizheng/module/reply/replyweb"
	"weizheng/part"
	"weizheng/platform/web"
)

// buildParts is the list of all parts. Their order is the order of migrations, of starting, and of subscribers: a
// subscriber finds what those above it wrote in the same transaction.
func (h *House) buildParts() {
	c := h.config
	objects := accountObjects{h.Accounts}
	h.Parts = []part.Part{
		settingweb.Part(settingweb.Deps{Settings: h.Settings, Units: h.Org, Accounts: objects, Staff: h.Org}),
		auditweb.Part(auditweb.Deps{Audit: h.Audit, Staff: h.Org, Units: h.Org, Settings: h.Settings, Wall: c.Wall}),
		{Name: "record", Schema: record.Schema()},
		worktimeweb.Part(worktimeweb.Deps{Worktime: h.Worktime, Units: worktimeUnits{h.Org}, Staff: h.Org, Civil: c.Civil}),
		orgweb.Part(orgweb.Deps{Org: h.Org, Sessions: h.Sessions, Lists: h.Lists, Demo: c.Movable}),
		accountweb.Part(accountweb.Deps{Accounts: h.Accounts, Units: h.Org, Followers: h.Citizens, Jobs: h.Jobs, DB: h.DB, Civil: c.Civil}),
		citizenweb.Part(citizenweb.Deps{Citizens: h.Citizens, Accounts: h.Accounts, Sessions: h.Sessions, Pages: h.Pages, Lists: h.Lists}),
		formweb.Part(formweb.Deps{Forms: h.Forms, Accounts: h.Accounts, Units: h.Org, Pages: h.Pages, Civil: c.Civil}),
		flowweb.Part(flowweb.Deps{
			Flows: h.Flows, Units: h.Org, Staff: h.Org, Calendars: h.Worktime, Lists: h.Lists, Civil: c.Civil, Say: h.sayKey, Forms: h.flowForms,
			Reviewed: flowReviews{h}.Wanted,
		}),
		matterweb.Part(matterweb.Deps{Matters: h.Matters, Flows: h.Flows, Org: h.Org, Forms: h.Forms, Calendars: h.Worktime, Civil: c.Civil, Step: worktimeweb.Say}),
		notifyweb.Part(notifyweb.Deps{Notify: h.Notify, DB: h.DB, Words: h.words}),
		h.reminderPart(),
		menuweb.Part(menuweb.Deps{Menus: h.Menus, Accounts: objects, Staff: h.Org, Lists: h.Lists, Civil: c.Civil}),
		replyweb.Part(replyweb.Deps{Replies: h.Replies, Staff: h.Org, Accounts: objects, Civil: c.Civil}),
		conversationweb.Part(conversationweb.Deps{
			Conversations: h.Conversations, Followers: h.Citizens, Staff: h.Org, Windows: windows{h.Notify},
			Accounts: objects, Lists: h.Lists, Words: h.words, Civil: c.Civil, Wall: c.Wall,
			Log: h.log,
		}),
		h.gatewayPart(),
		h.housePart(),
	}
}

// gatewayPart mounts the front door; the gateway itself is built after the parts, from what they contribute.
func (h *House) gatewayPart() part.Part {
	return part.Part{
		Name:   "gateway",
		Schema: gateway.Schema(),
		Texts:  gatewayTexts,
		Settings: []part.Setting{{
			Name: settingRetention, Type: part.SettingInt, Unit: "天", Default: "30", Min: 1, Max: 3660, Scope: part.ScopeInstallation,
			Text:   "来信的原始记录保存多少天；对话本身不受影响。保存期内重复投递的来信都能认出来。",
			Source: "微信最多在几分钟内重投；30 天供排查用",
		}, {
			Name: settingFallback, Type: part.SettingText, Scope: part.ScopeAccount,
			Default: "您的消息收到了，正在为您查找答案，稍后就回复您。",
			Text:    "答案一时出不来时先说的话，真正的答案随后作为客服消息发出。", Source: "微信被动回复须在 5 秒内完成",
		}},
		Routes: []web.Route{
			web.Raw(web.Callback, "", "/wx/{account}", web.Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
				h.Gateway.ServeHTTP(w, r)
			}),
		},
		Services: []part.Service{{Name: "gateway",
			Start: func(ctx context.Context) error { return h.Gateway.Start(ctx) },
			Stop:  func(ctx context.Context) error { return h.Gateway.Stop(ctx) },
		}},
		Sweeps:   []part.Sweep{{Name: "gateway.retention", Run: h.purgeInbound}},
		DataHeld: []part.DataHeld{h.inboundHeld()},
		Health:   []part.Health{{Name: "gateway", Permission: "account.read", Check: h.gapFindings}},
	}
}
