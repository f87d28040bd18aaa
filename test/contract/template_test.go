package contract

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// progress are the lines of 办理进度通知 (1001) in the sandbox's library, and what they may say.
var (
	progressWords = []string{"事项名称", "受理编号", "更新时间", "办理状态"}
	progress      = map[string]string{"thing1": "居住证办理", "character_string2": "QY-1", "time3": "2026年11月20日 09:30", "enum5": "已受理"}
)

// template is the account's first message template; "none" where it may not have any.
func (w *world) template(account string) string {
	list, err := w.client(account).Templates(w.ctx)
	if err != nil || len(list) == 0 {
		return "none"
	}
	return list[0].ID
}

// templated gives the account a template and zhang as a follower.
func templated(w *world, account string) {
	w.Helper()
	w.follow(account, "zhang")
	if w.template(account) == "none" {
		_, err := w.client(account).AddTemplate(w.ctx, "1001", progressWords)
		w.wantCode("take a template", err, 0)
	}
}

// notices are what the citizen has in 服务通知, newest first.
func (w *world) notices(citizen string) []object {
	w.Helper()
	return w.list(w.play("GET", "/notices?citizen="+citizen, nil)["notices"])
}

func (w *world) sendTemplate(to string, change func(*client.TemplateMessage)) (int64, error) {
	m := client.TemplateMessage{To: w.openid(main, to), Template: w.template(main), Data: progress}
	if change != nil {
		change(&m)
	}
	return w.client(main).SendTemplate(w.ctx, m)
}

func templateRows() []row {
	const fix, invalid = wechat.ActFixTemplate, errs.Invalid
	return []row{
		{
			path: "/cgi-bin/message/template/send", auth: wechat.AuthToken, s: never, f: verified, day: 100_000, prepare: templated,
			caller: calls(func(w *world, c *client.Client, account string) error {
				_, err := c.SendTemplate(w.ctx, client.TemplateMessage{To: w.openid(account, "zhang"), Template: w.template(account), Data: progress})
				return err
			}),
			effect: templateArrives, refusals: templateRefusals(),
		},
		{
			path: "/cgi-bin/template/api_add_template", auth: wechat.AuthToken, s: never, f: verified,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				_, err := c.AddTemplate(w.ctx, "1001", progressWords)
				return err
			}),
			effect: func(w *world) {
				id, err := w.client(main).AddTemplate(w.ctx, "1001", []string{"办理状态", "事项名称"})
				list, err2 := w.client(main).Templates(w.ctx)
				if err != nil || err2 != nil || len(list) != 1 || list[0].ID != id || list[0].Title != "办理进度通知" ||
					!slices.Equal(list[0].Keys(), []string{"enum5", "thing1"}) {
					w.Errorf("%v %v %+v", err, err2, list)
				}
			},
			refusals: addTemplateRefusals(),
		},
		{
			path: "/cgi-bin/template/get_all_private_template", auth: wechat.AuthToken, s: never, f: verified, again: true, prepare: templated,
			caller: calls(func(w *world, c *client.Client, _ string) error { _, err := c.Templates(w.ctx); return err }),
			effect: func(w *world) {
				templated(w, main)
				list, err := w.client(main).Templates(w.ctx)
				want := "事项名称:{{thing1.DATA}}\n受理编号:{{character_string2.DATA}}\n更新时间:{{time3.DATA}}\n办理状态:{{enum5.DATA}}\n"
				if err != nil || len(list) != 1 || list[0].Content != want || !strings.Contains(list[0].Example, "居住证办理") {
					w.Errorf("%+v %v", list, err)
				}
			},
		},
		{
			path: "/cgi-bin/template/del_private_template", auth: wechat.AuthToken, s: never, f: verified, again: true,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				id, err := c.AddTemplate(w.ctx, "1001", progressWords)
				if err != nil {
					return err
				}
				return c.DeleteTemplate(w.ctx, id)
			}),
			effect: func(w *world) {
				templated(w, main)
				id := w.template(main)
				w.wantCode("delete", w.client(main).DeleteTemplate(w.ctx, id), 0)
				_, err := w.sendTemplate("zhang", func(m *client.TemplateMessage) { m.Template = id })
				w.wantCode("sending with it", err, 40037)
			},
			refusals: []refusal{no("an unknown one", 40037, invalid, fix, func(w *world) error { return w.client(main).DeleteTemplate(w.ctx, "abc") })},
		},
		{
			path: "/cgi-bin/template/get_industry", auth: wechat.AuthToken, s: never, f: verified, again: true,
			caller: calls(func(w *world, c *client.Client, _ string) error { _, _, err := c.Industries(w.ctx); return err }),
			effect: func(w *world) {
				if first, second, err := w.client(main).Industries(w.ctx); err != nil || first.First != "" || second.First != "" {
					w.Errorf("never set: %v %v %v", first, second, err)
				}
			},
		},
		{
			path: "/cgi-bin/template/api_set_industry", auth: wechat.AuthToken, s: never, f: verified,
			caller: calls(func(w *world, c *client.Client, _ string) error { return c.SetIndustries(w.ctx, 21, 18) }),
			effect: industrySet,
			refusals: []refusal{
				no("an unknown industry", 40102, invalid, fix, func(w *world) error { return w.client(main).SetIndustries(w.ctx, 42, 1) }),
				no("again in the month", 43100, errs.Exhausted, wechat.ActEndPeriod, func(w *world) error {
					w.wantCode("once", w.client(main).SetIndustries(w.ctx, 1, 2), 0)
					return w.client(main).SetIndustries(w.ctx, 3, 4)
				}),
			},
		},
		{
			path: "/wxa/sec/queryblocktmplmsg", auth: wechat.AuthToken, s: never, f: verified, again: true,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				_, err := c.StoppedTemplates(w.ctx, "", 0, 10)
				return err
			}),
			effect: stoppedTold,
			refusals: []refusal{{label: "101 at once", code: 40097, kind: errs.Internal, action: wechat.ActFixRequest, local: "limit:wechat.between",
				do:  func(w *world) error { _, err := w.client(main).StoppedTemplates(w.ctx, "", 0, 101); return err },
				raw: func(w *world) wechat.Code { return w.raw(main, "POST", "/wxa/sec/queryblocktmplmsg", `{"limit":101}`) }}},
		},
	}
}

// templateArrives: the card stands in the chat and in 服务通知, and the account is told what came of it.
func templateArrives(w *world) {
	templated(w, main)
	w.settle()
	w.dev.take()
	finish := func(label, status string, change func(*client.TemplateMessage)) {
		w.Helper()
		id, err := w.sendTemplate("zhang", change)
		w.wantCode(label, err, 0)
		got := w.next(label)
		if got.Event != "TEMPLATESENDJOBFINISH" || got.JobID != id || id == 0 || !got.StatusIs(status) || got.FromUserName != w.openid(main, "zhang") {
			w.Errorf("%s: %+v, want %d %s", label, got.Message, id, status)
		}
	}
	finish("sent", "success", func(m *client.TemplateMessage) {
		m.URL, m.Mini = "https://gov.example/m/1", &client.Mini{AppID: "wx0000000000000001", PagePath: "pages/m"}
	})
	card := w.last(main, "zhang")
	lines := w.list(card["fields"])
	if card["type"] != "template" || card["title"] != "办理进度通知" || card["url"] != "https://gov.example/m/1" || len(lines) != 4 ||
		lines[0]["name"] != "事项名称" || lines[0]["value"] != "居住证办理" || card["miniprogram"].(object)["appid"] != "wx0000000000000001" {
		w.Errorf("in the chat: %v", card)
	}
	if got := w.notices("zhang"); len(got) != 1 || got[0]["kind"] != "template" || got[0]["account"] != main || !reflect.DeepEqual(got[0]["fields"], card["fields"]) {
		w.Errorf("in 服务通知: %v", got)
	}
	w.play("POST", "/accounts/"+main+"/outcomes", object{"kind": "template", "values": []string{"failed: system failed", "failed:user block"}})
	finish("a failure", "failed: system failed", nil)
	finish("a refusal", "failed: user block", nil)
	w.play("POST", "/receive", object{"account": main, "citizen": "zhang", "on": false})
	finish("to who takes no messages", "failed:user block", nil)
	w.play("POST", "/receive", object{"account": main, "citizen": "zhang", "on": true})
	if got := w.notices("zhang"); len(got) != 1 {
		w.Errorf("%d notices after failures", len(got))
	}
	keyed := func(m *client.TemplateMessage) { m.Key = "job-7" }
	finish("with a key", "success", keyed)
	first := w.notices("zhang")
	w.moveCivil(10*time.Minute - time.Millisecond)
	_, err := w.sendTemplate("zhang", keyed)
	w.wantCode("the key again", err, 0)
	w.settle()
	if got := w.dev.take(); len(got) != 0 || len(w.notices("zhang")) != len(first) {
		w.Errorf("sent twice: %v", got)
	}
	w.moveCivil(time.Millisecond)
	finish("the key after ten minutes", "success", keyed)
}

func industrySet(w *world) {
	templated(w, main)
	c := w.client(main)
	w.wantCode("set", c.SetIndustries(w.ctx, 21, 18), 0)
	first, second, err := c.Industries(w.ctx)
	if err != nil || first != (client.Industry{First: "政府与公共事业", Second: "公共事业|非盈利机构"}) || second.Second != "学术科研" {
		w.Errorf("%v %v %v", first, second, err)
	}
	if list, err := c.Templates(w.ctx); err != nil || len(list) != 0 {
		w.Errorf("the old templates stay: %v %v", list, err)
	}
	w.moveCivil(31 * 24 * time.Hour)
	w.wantCode("the next month", c.SetIndustries(w.ctx, 1, 2), 0)
}

// stoppedTold: a message that the platform stopped failed for the account, and is listed.
func stoppedTold(w *world) {
	templated(w, main)
	w.settle()
	w.dev.take()
	w.play("POST", "/accounts/"+main+"/outcomes", object{"kind": "template", "values": []string{"stopped", "stopped"}})
	for range 2 {
		_, err := w.sendTemplate("zhang", nil)
		w.wantCode("send", err, 0)
		if got := w.next("stopped"); !got.StatusIs("failed: system failed") {
			w.Errorf("%+v", got.Message)
		}
	}
	c := w.client(main)
	one, err := c.StoppedTemplates(w.ctx, w.template(main), 0, 1)
	if err != nil || len(one) != 1 || one[0].OpenID != w.openid(main, "zhang") || one[0].Title != "办理进度通知" || !strings.Contains(one[0].Content, "居住证办理") {
		w.Fatalf("%+v %v", one, err)
	}
	rest, err := c.StoppedTemplates(w.ctx, w.template(main), one[0].ID, 100)
	if err != nil || len(rest) != 1 || rest[0].ID <= one[0].ID {
		w.Errorf("%+v %v", rest, err)
	}
	if others, err := c.StoppedTemplates(w.ctx, "abc", 0, 100); err != nil || len(others) != 0 {
		w.Errorf("of another template: %v %v", others, err)
	}
}
