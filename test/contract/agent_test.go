package contract

import (
	"fmt"
	"strings"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// agent is the account's first customer-service account, to whom li is bound; second has wang.
func (w *world) agent(account string) string { return "kf1@" + w.account(account).OriginalID }

func (w *world) second(account string) string { return "kf2@" + w.account(account).OriginalID }

// staffed switches the new customer service on and makes an agent who is bound and online.
func staffed(w *world, account string) {
	w.Helper()
	w.play("PATCH", "/accounts/"+account, object{"new_service": true})
	w.follow(account, "zhang")
	list, err := w.client(account).Agents(w.ctx)
	w.wantCode("agents", err, 0)
	if len(list) == 0 {
		w.employ(account, w.agent(account), "li")
	}
}

// employ makes an agent, has the citizen accept and goes online.
func (w *world) employ(account, name, citizen string) {
	w.Helper()
	c := w.client(account)
	w.wantCode("add", c.AddAgent(w.ctx, name, "小青"), 0)
	w.wantCode("invite", c.InviteAgent(w.ctx, name, citizen), 0)
	w.play("POST", "/service/invitation", object{"account": account, "citizen": citizen, "kf": name, "accept": true})
	w.play("POST", "/service/online", object{"account": account, "kf": name, "on": true})
}

func agentRows() []row {
	const base = "/customservice/kfaccount/"
	agents := func(w *world) error { _, err := w.client(main).Agents(w.ctx); return err }
	online := func(w *world) error { _, err := w.client(main).OnlineAgents(w.ctx); return err }
	return []row{
		{
			path: "/cgi-bin/customservice/getkflist", auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: staffed,
			caller: calls(func(w *world, c *client.Client, _ string) error { _, err := c.Agents(w.ctx); return err }),
			effect: agentsTold, refusals: []refusal{off(agents)},
		},
		{
			path: "/cgi-bin/customservice/getonlinekflist", auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: staffed,
			caller: calls(func(w *world, c *client.Client, _ string) error { _, err := c.OnlineAgents(w.ctx); return err }),
			effect: func(w *world) {
				staffed(w, main)
				w.wantCode("open", w.client(main).OpenSession(w.ctx, w.agent(main), w.openid(main, "zhang")), 0)
				got, err := w.client(main).OnlineAgents(w.ctx)
				if err != nil || len(got) != 1 || got[0] != (client.OnlineAgent{Account: w.agent(main), Status: 1, ID: 1001, Sessions: 1}) {
					w.Errorf("%+v %v", got, err)
				}
				w.play("POST", "/service/online", object{"account": main, "kf": w.agent(main), "on": false})
				if got, err := w.client(main).OnlineAgents(w.ctx); err != nil || len(got) != 0 {
					w.Errorf("offline: %+v %v", got, err)
				}
			},
			refusals: []refusal{off(online)},
		},
		{
			path: base + "add", auth: wechat.AuthToken, s: verified, f: verified, prepare: staffed,
			caller: func(w *world, account string) func() error {
				c, n := w.client(account), 0
				return func() error {
					n++
					return c.AddAgent(w.ctx, fmt.Sprintf("n%d@%s", n, w.account(account).OriginalID), "小青")
				}
			},
			effect: func(w *world) {
				staffed(w, main)
				w.wantCode("add", w.client(main).AddAgent(w.ctx, "abcdefghij@"+w.account(main).OriginalID, strings.Repeat("青", 16)), 0)
				got, err := w.client(main).Agents(w.ctx)
				if err != nil || len(got) != 2 || got[1].ID != 1002 || got[1].Nick != strings.Repeat("青", 16) || got[1].WeChatID != "" {
					w.Errorf("%+v %v", got, err)
				}
			},
			refusals: addAgentRefusals(base + "add"),
		},
		{
			path: base + "update", auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: staffed,
			caller: calls(func(w *world, c *client.Client, account string) error {
				return c.RenameAgent(w.ctx, w.agent(account), "小红")
			}),
			effect: func(w *world) {
				staffed(w, main)
				w.wantCode("rename", w.client(main).RenameAgent(w.ctx, w.agent(main), "小红"), 0)
				if got, err := w.client(main).Agents(w.ctx); err != nil || got[0].Nick != "小红" {
					w.Errorf("%+v %v", got, err)
				}
			},
			refusals: []refusal{
				off(func(w *world) error { return w.client(main).RenameAgent(w.ctx, w.agent(main), "小红") }),
				unknownAgent(func(w *world, name string) error { return w.client(main).RenameAgent(w.ctx, name, "小红") }),
				longNick(base+"update", (*client.Client).RenameAgent),
			},
		},
		{
			path: base + "del", auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: staffed,
			caller: func(w *world, account string) func() error {
				c, n := w.client(account), 0
				return func() error {
					n++
					name := fmt.Sprintf("d%d@%s", n, w.account(account).OriginalID)
					if err := c.AddAgent(w.ctx, name, "小青"); err != nil {
						return err
					}
					return c.DeleteAgent(w.ctx, name)
				}
			},
			effect: func(w *world) {
				staffed(w, main)
				w.wantCode("open", w.client(main).OpenSession(w.ctx, w.agent(main), w.openid(main, "zhang")), 0)
				w.wantCode("delete", w.client(main).DeleteAgent(w.ctx, w.agent(main)), 0)
				if got, err := w.client(main).Agents(w.ctx); err != nil || len(got) != 0 {
					w.Errorf("%+v %v", got, err)
				}
				if list, n, err := w.client(main).WaitingSessions(w.ctx); err != nil || n != 1 || list[0].OpenID != w.openid(main, "zhang") {
					w.Errorf("whom it served: %+v %d %v", list, n, err)
				}
			},
			refusals: []refusal{
				off(func(w *world) error { return w.client(main).DeleteAgent(w.ctx, w.agent(main)) }),
				unknownAgent(func(w *world, name string) error { return w.client(main).DeleteAgent(w.ctx, name) }),
			},
		},
		{
			path: base + "inviteworker", auth: wechat.AuthToken, s: verified, f: verified, prepare: staffed,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					list, _ := w.client(account).Agents(w.ctx) // none where the account may not ask
					name := fmt.Sprintf("i%d@%s", len(list), w.account(account).OriginalID)
					if err := c.AddAgent(w.ctx, name, "小青"); err != nil {
						return err
					}
					person := w.play("POST", "/citizens", object{"name": "客服"})["citizen"].(object)["id"].(string)
					return c.InviteAgent(w.ctx, name, person)
				}
			},
			effect: invited, refusals: inviteRefusals(),
		},
		{
			path: base + "uploadheadimg", auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: staffed,
			caller: calls(func(w *world, c *client.Client, account string) error {
				return c.SetAgentPicture(w.ctx, w.agent(account), file("a.jpg", jpeg))
			}),
			effect: func(w *world) {
				staffed(w, main)
				w.wantCode("upload", w.client(main).SetAgentPicture(w.ctx, w.agent(main), file("a.jpg", jpeg)), 0)
				got, err := w.client(main).Agents(w.ctx)
				if err != nil || got[0].Picture == "" {
					w.Fatalf("%+v %v", got, err)
				}
				if _, content := w.exchange("GET", got[0].Picture, nil, nil); string(content) != string(jpeg) {
					w.Errorf("%s shows %q", got[0].Picture, content)
				}
			},
			refusals: []refusal{
				off(func(w *world) error { return w.client(main).SetAgentPicture(w.ctx, w.agent(main), file("a.jpg", jpeg)) }),
				unknownAgent(func(w *world, name string) error {
					return w.client(main).SetAgentPicture(w.ctx, name, file("a.jpg", jpeg))
				}),
				no("a PNG", 40005, errs.Invalid, wechat.ActFixContent, func(w *world) error {
					return w.client(main).SetAgentPicture(w.ctx, w.agent(main), file("a.png", png))
				}),
				no("an empty file", 44001, errs.Invalid, wechat.ActFixContent, func(w *world) error {
					return w.client(main).SetAgentPicture(w.ctx, w.agent(main), file("a.jpg", nil))
				}),
			},
		},
	}
}

// agentsTold: the invitation is shown while it waits, then who is bound.
func agentsTold(w *world) {
	w.play("PATCH", "/accounts/"+main, object{"new_service": true})
	c := w.client(main)
	if got, err := c.Agents(w.ctx); err != nil || len(got) != 0 {
		w.Errorf("none: %+v %v", got, err)
	}
	w.wantCode("add", c.AddAgent(w.ctx, w.agent(main), "小青"), 0)
	w.wantCode("invite", c.InviteAgent(w.ctx, w.agent(main), "li"), 0)
	got, err := c.Agents(w.ctx)
	if err != nil || len(got) != 1 || got[0].Account != w.agent(main) || got[0].Nick != "小青" || got[0].ID != 1001 || got[0].Invited != "li" ||
		got[0].InviteStatus != "waiting" || got[0].InviteUntil <= w.civil.Now().Unix() {
		w.Errorf("%+v %v", got, err)
	}
	w.moveCivil(24 * time.Hour)
	if got, err := c.Agents(w.ctx); err != nil || got[0].InviteStatus != "expired" {
		w.Errorf("a day later: %+v %v", got, err)
	}
	w.wantCode("invite again", c.InviteAgent(w.ctx, w.agent(main), "li"), 0)
	w.play("POST", "/service/invitation", object{"account": main, "citizen": "li", "kf": w.agent(main), "accept": true})
	if got, err := c.Agents(w.ctx); err != nil || got[0].WeChatID != "li" || got[0].Invited != "" || got[0].InviteStatus != "" {
		w.Errorf("bound: %+v %v", got, err)
	}
}

func invited(w *world) {
	w.play("PATCH", "/accounts/"+main, object{"new_service": true})
	c := w.client(main)
	w.wantCode("add", c.AddAgent(w.ctx, w.agent(main), "小青"), 0)
	w.wantCode("invite", c.InviteAgent(w.ctx, w.agent(main), "li"), 0)
	asked := w.list(w.play("GET", "/service/workers?citizen=li", nil)["workers"])
	if len(asked) != 1 || asked[0]["kf"] != w.agent(main) || asked[0]["invite_state"] != "waiting" || asked[0]["account"] != main {
		w.Errorf("on the phone: %v", asked)
	}
	w.play("POST", "/service/invitation", object{"account": main, "citizen": "li", "kf": w.agent(main), "accept": false})
	if got, err := c.Agents(w.ctx); err != nil || got[0].InviteStatus != "rejected" || got[0].WeChatID != "" {
		w.Errorf("rejected: %+v %v", got, err)
	}
}
