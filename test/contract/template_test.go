package contract

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
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

func templateRefusals() []refusal {
	const invalid, fix = errs.Invalid, wechat.ActFixTemplate
	bad := func(label, key, value string) refusal {
		return no(label, 47003, invalid, fix, func(w *world) error {
			_, err := w.sendTemplate("zhang", func(m *client.TemplateMessage) {
				m.Data = map[string]string{}
				for k, v := range progress {
					m.Data[k] = v
				}
				m.Data[key] = value
			})
			if err == nil || !strings.Contains(err.Error(), "data."+key+".value") {
				w.Errorf("%s: the field is not named: %v", label, err)
			}
			return err
		})
	}
	send := func(change func(*client.TemplateMessage)) func(w *world) error {
		return func(w *world) error { _, err := w.sendTemplate("zhang", change); return err }
	}
	return []refusal{
		bad("21 characters", "thing1", strings.Repeat("长", 21)),
		bad("an empty line", "thing1", ""),
		bad("汉字 in a number", "character_string2", "编号1"),
		bad("no instant", "time3", "明天"),
		bad("not of the choices", "enum5", "随便"),
		no("no data", 47003, invalid, fix, send(func(m *client.TemplateMessage) { m.Data = nil })),
		no("an unknown template", 40037, invalid, fix, send(func(m *client.TemplateMessage) { m.Template = "abc" })),
		no("a mini program that is not linked", 40013, errs.Refused, wechat.ActFixConfig, send(func(m *client.TemplateMessage) { m.Mini = &client.Mini{AppID: "wx00"} })),
		stranger("a stranger", send(func(m *client.TemplateMessage) { m.To = "oNobody" })),
		no("who switched the template off", 43101, errs.Refused, wechat.ActDropChannel, func(w *world) error {
			in := object{"account": main, "citizen": "zhang", "template": w.template(main), "on": false}
			w.play("PUT", "/consents", in)
			defer func() { in["on"] = true; w.play("PUT", "/consents", in) }()
			return send(nil)(w)
		}),
		no("who is on the blacklist", 43019, errs.Refused, wechat.ActDropChannel, func(w *world) error {
			zhang := []string{w.openid(main, "zhang")}
			w.wantCode("block", w.client(main).Block(w.ctx, zhang), 0)
			defer func() { w.wantCode("unblock", w.client(main).Unblock(w.ctx, zhang), 0) }()
			return send(nil)(w)
		}),
		no("who left", 43004, errs.Refused, wechat.ActDropFollower, func(w *world) error {
			w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
			return send(nil)(w)
		}),
	}
}

// TestTemplateValues: what each kind of line takes, and not one character more.
func TestTemplateValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow(main, "zhang")
	c := w.client(main)
	for _, c2 := range []struct {
		tid, word, key string
		good, bad      []string
	}{
		{"1006", "前面人数", "number2", []string{"3", "-2.5", strings.Repeat("9", 32)}, []string{"三", "1a", strings.Repeat("9", 33)}},
		{"1402", "币种", "letter4", []string{"CNY"}, []string{"CNY1", strings.Repeat("a", 33)}},
		{"1402", "备注", "symbol5", []string{"-", "★★★★★"}, []string{"a", "------"}},
		{"1402", "缴费金额", "amount2", []string{"¥56.30", "200元", "1234567890"}, []string{"¥12345678901", "五元"}},
		{"1004", "联系电话", "phone_number5", []string{"+86-0759-12345678"}, []string{"+86-0759-123456789", "电话"}},
		{"1301", "车牌号", "car_number1", []string{"粤G12345", "粤GD12345"}, []string{"粤GD1234567"}},
		{"1004", "预约人", "name6", []string{strings.Repeat("张", 10), strings.Repeat("z", 20)}, []string{strings.Repeat("张", 11), strings.Repeat("z", 21)}},
		{"1002", "办理结果", "phrase3", []string{"准予办理"}, []string{"准予办理事项", "OK"}},
		{"1003", "截止日期", "date4", []string{"2026年11月27日", "2026-11-27", "2026/11/27 09:30"}, []string{"周五", "09:30"}},
		{"1004", "预约时间", "time2", []string{"09:30", "2026年11月20日 09:30~2026年11月20日 10:30", "2026年11月20日"}, []string{"九点半", "2026年11月20日上午"}},
	} {
		id, err := c.AddTemplate(w.ctx, c2.tid, []string{c2.word})
		w.wantCode(c2.key, err, 0)
		send := func(v string) error {
			_, err := c.SendTemplate(w.ctx, client.TemplateMessage{To: w.openid(main, "zhang"), Template: id, Data: map[string]string{c2.key: v}})
			return err
		}
		for _, v := range c2.good {
			w.wantCode(c2.key+" "+v, send(v), 0)
		}
		for _, v := range c2.bad {
			w.wantCode(c2.key+" "+v, send(v), 47003)
		}
	}
}

func addTemplateRefusals() []refusal {
	add := func(id string, words ...string) func(w *world) error {
		return func(w *world) error { _, err := w.client(main).AddTemplate(w.ctx, id, words); return err }
	}
	const invalid, fix = errs.Invalid, wechat.ActFixTemplate
	return []refusal{
		no("an old template", 40247, invalid, fix, add("TM00015", "事项名称")),
		no("an unknown template", 40037, invalid, fix, add("9999", "事项名称")),
		no("of another category", 40037, invalid, fix, add("1101", "证件名称")),
		no("no keyword", 40246, invalid, fix, add("1001")),
		no("a keyword of another template", 40246, invalid, fix, add("1001", "车牌号")),
		no("a keyword twice", 40246, invalid, fix, add("1001", "事项名称", "事项名称")),
		no("a 26th", 45026, errs.Exhausted, wechat.ActShow, func(w *world) error {
			for n := range 25 {
				w.wantCode(fmt.Sprint("template ", n+1), add("1001", "事项名称")(w), 0)
			}
			return add("1001", "事项名称")(w)
		}),
	}
}

// TestCategories: five at most, five changes a month; they say which templates can be taken.
func TestCategories(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set := func(ids ...int) int {
		t.Helper()
		res, _ := w.exchange("PUT", "http://"+boxHost+"/sandbox/api/accounts/"+main+"/categories",
			strings.NewReader(strings.ReplaceAll(fmt.Sprintf(`{"categories":%v}`, ids), " ", ",")), nil)
		return res.StatusCode
	}
	for _, c := range []struct {
		label string
		ids   []int
		want  int
	}{
		{"six", []int{2201, 2202, 2203, 2204, 2205, 2206}, 422}, {"none", []int{}, 422}, {"unknown", []int{7}, 422}, {"twice", []int{2201, 2201}, 422},
		{"first", []int{2202}, 200}, {"second", []int{2201}, 200}, {"third", []int{2202}, 200}, {"fourth", []int{2201}, 200},
		{"fifth", []int{2202, 2207}, 200}, {"sixth", []int{2201}, 409},
	} {
		if got := set(c.ids...); got != c.want {
			t.Errorf("%s: %d, want %d", c.label, got, c.want)
		}
	}
	_, err := w.client(main).AddTemplate(w.ctx, "1101", []string{"证件名称"})
	w.wantCode("of the new category", err, 0)
	_, err = w.client(main).AddTemplate(w.ctx, "1001", progressWords)
	w.wantCode("of the old one", err, 40037)
	w.moveCivil(31 * 24 * time.Hour)
	if got := set(2201); got != 200 {
		t.Errorf("the next month: %d", got)
	}
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
