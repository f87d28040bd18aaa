package contract

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// The library's templates that rows use: 办理进度通知 is long-term, 预约成功通知 one-time.
const (
	longTID = 1001
	onceTID = 1004
)

// booking is what 预约成功通知 with its first two lines says.
var booking = map[string]string{"thing1": "不动产登记", "time2": "2026年11月20日 09:30"}

// noticeTemplate is the account's template of that title; "none" where it has none.
func (w *world) noticeTemplate(account, title string) string {
	list, _ := w.client(account).NoticeTemplates(w.ctx)
	for _, t := range list {
		if t.Title == title {
			return t.ID
		}
	}
	return "none"
}

// noticed gives the account a long-term and a one-time template; zhang has consented to the first for ever.
func noticed(w *world, account string) {
	w.Helper()
	w.follow(account, "zhang")
	c := w.client(account)
	if w.noticeTemplate(account, "办理进度通知") == "none" {
		_, err := c.AddNoticeTemplate(w.ctx, longTID, []int{1, 2, 3, 5}, "办事进度")
		w.wantCode("take a template", err, 0)
		_, err = c.AddNoticeTemplate(w.ctx, onceTID, []int{1, 2}, "")
		w.wantCode("take another", err, 0)
	}
	w.choose(account, "zhang", object{w.noticeTemplate(account, "办理进度通知"): "accept"})
}

// choose is what a citizen answers on the sheet of consent.
func (w *world) choose(account, citizen string, choices object) {
	w.Helper()
	w.play("POST", "/subscribe", object{"account": account, "citizen": citizen, "choices": choices})
}

func (w *world) sendNotice(title string, data map[string]string, change func(*client.Notice)) error {
	n := client.Notice{To: w.openid(main, "zhang"), Template: w.noticeTemplate(main, title), Data: data}
	if change != nil {
		change(&n)
	}
	return w.client(main).SendNotice(w.ctx, n)
}

func noticeRows() []row {
	const fix, invalid, wrong = wechat.ActFixTemplate, errs.Invalid, wechat.ActFixRequest
	const titles = "/wxaapi/newtmpl/getpubtemplatetitles"
	list := func(w *world, ids []int, start, limit int) error {
		_, _, err := w.client(main).PublicNotices(w.ctx, ids, start, limit)
		return err
	}
	return []row{
		{
			path: "/cgi-bin/message/subscribe/bizsend", auth: wechat.AuthToken, s: never, f: verified, prepare: noticed,
			caller: calls(func(w *world, c *client.Client, account string) error {
				return c.SendNotice(w.ctx, client.Notice{To: w.openid(account, "zhang"), Template: w.noticeTemplate(account, "办理进度通知"), Data: progress})
			}),
			effect: noticeArrives, refusals: noticeRefusals(),
		},
		{
			path: "/wxaapi/newtmpl/getcategory", auth: wechat.AuthToken, s: never, f: verified, again: true,
			caller: calls(func(w *world, c *client.Client, _ string) error { _, err := c.NoticeCategories(w.ctx); return err }),
			effect: func(w *world) {
				got, err := w.client(main).NoticeCategories(w.ctx)
				if err != nil || len(got) != 5 || got[0] != (client.NoticeCategory{ID: 2201, Name: "政务服务"}) {
					w.Errorf("%v %v", got, err)
				}
			},
		},
		{
			path: titles, auth: wechat.AuthToken, s: never, f: verified, again: true,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				_, _, err := c.PublicNotices(w.ctx, []int{2201}, 0, 30)
				return err
			}),
			effect: libraryPages,
			refusals: []refusal{
				{label: "31 at once", code: 200017, kind: errs.Internal, action: wrong, local: "limit:wechat.between",
					do:  func(w *world) error { return list(w, []int{2201}, 0, 31) },
					raw: func(w *world) wechat.Code { return w.raw(main, "GET", titles+"?ids=2201&start=0&limit=31", "") }},
				{label: "no category", code: 200018, kind: errs.Internal, action: wrong, local: "categories:required",
					do:  func(w *world) error { return list(w, nil, 0, 30) },
					raw: func(w *world) wechat.Code { return w.raw(main, "GET", titles+"?start=0&limit=30", "") }},
				{label: "before the first", code: 200016, kind: errs.Internal, action: wrong, local: "start:required",
					do:  func(w *world) error { return list(w, []int{2201}, -1, 30) },
					raw: func(w *world) wechat.Code { return w.raw(main, "GET", titles+"?ids=2201&start=-1&limit=30", "") }},
				no("an unknown category", 200019, invalid, fix, func(w *world) error { return list(w, []int{7}, 0, 30) }),
			},
		},
		{
			path: "/wxaapi/newtmpl/getpubtemplatekeywords", auth: wechat.AuthToken, s: never, f: verified, again: true,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				_, err := c.NoticeKeywords(w.ctx, longTID)
				return err
			}),
			effect: func(w *world) {
				got, err := w.client(main).NoticeKeywords(w.ctx, longTID)
				if err != nil || len(got) != 5 || got[0] != (client.NoticeKeyword{KID: 1, Name: "事项名称", Example: "居住证办理", Rule: "thing"}) {
					w.Errorf("%v %v", got, err)
				}
			},
			refusals: []refusal{no("an unknown template", 200014, invalid, fix, func(w *world) error { _, err := w.client(main).NoticeKeywords(w.ctx, 7); return err })},
		},
		{
			path: "/wxaapi/newtmpl/gettemplate", auth: wechat.AuthToken, s: never, f: verified, again: true, prepare: noticed,
			caller: calls(func(w *world, c *client.Client, _ string) error { _, err := c.NoticeTemplates(w.ctx); return err }),
			effect: func(w *world) {
				noticed(w, main)
				got, err := w.client(main).NoticeTemplates(w.ctx)
				if err != nil || len(got) != 2 || got[0].Type != client.NoticeLong || got[1].Type != client.NoticeOnce || len(got[0].Enums) != 1 ||
					got[0].Enums[0].Key != "enum5.DATA" || !slices.Equal(got[1].Keys(), []string{"thing1", "time2"}) {
					w.Errorf("%+v %v", got, err)
				}
			},
		},
		{
			path: "/wxaapi/newtmpl/addtemplate", auth: wechat.AuthToken, s: never, f: verified,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				_, err := c.AddNoticeTemplate(w.ctx, longTID, []int{1, 2}, "办事进度")
				return err
			}),
			effect: func(w *world) {
				id, err := w.client(main).AddNoticeTemplate(w.ctx, longTID, []int{5, 1}, strings.Repeat("场", 15))
				got, err2 := w.client(main).NoticeTemplates(w.ctx)
				if err != nil || err2 != nil || len(got) != 1 || got[0].ID != id || !slices.Equal(got[0].Keys(), []string{"enum5", "thing1"}) {
					w.Errorf("%v %v %+v", err, err2, got)
				}
			},
			refusals: addNoticeRefusals(),
		},
		{
			path: "/wxaapi/newtmpl/deltemplate", auth: wechat.AuthToken, s: never, f: verified, again: true,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				id, err := c.AddNoticeTemplate(w.ctx, longTID, []int{1, 2}, "")
				if err != nil {
					return err
				}
				return c.DeleteNoticeTemplate(w.ctx, id)
			}),
			effect: func(w *world) {
				noticed(w, main)
				id := w.noticeTemplate(main, "办理进度通知")
				w.wantCode("delete", w.client(main).DeleteNoticeTemplate(w.ctx, id), 0)
				w.wantCode("sending with it", w.sendNotice("", progress, func(n *client.Notice) { n.Template = id }), 40037)
				if got := w.list(w.play("GET", "/consents?account="+main+"&citizen=zhang", nil)["templates"]); len(got) != 0 {
					w.Errorf("its consents stay: %v", got)
				}
			},
			refusals: []refusal{no("an unknown one", 200014, invalid, fix, func(w *world) error { return w.client(main).DeleteNoticeTemplate(w.ctx, "abc") })},
		},
		{
			path: "/cgi-bin/message/template/subscribe", auth: wechat.AuthToken, s: verified, f: verified, prepare: allowedOnce,
			caller: func(w *world, account string) func() error {
				c, scene := w.client(account), -1
				return func() error {
					scene++
					return c.SendOnce(w.ctx, client.OnceMessage{To: w.openid(account, "zhang"), Template: w.onceTemplate(account), Scene: scene, Title: "提醒", Content: "好了"})
				}
			},
			effect: onceArrives, refusals: onceRefusals(),
		},
	}
}

// libraryPages: the library is read in pages, under some categories.
func libraryPages(w *world) {
	c := w.client(main)
	whole, count, err := c.PublicNotices(w.ctx, []int{2201, 2203}, 0, 30)
	if err != nil || len(whole) != count || count < 10 || whole[0].TID != longTID || whole[0].Type != client.NoticeLong || whole[0].Category != "2201" {
		w.Fatalf("%v %d %v", whole, count, err)
	}
	page, _, err := c.PublicNotices(w.ctx, []int{2201, 2203}, 3, 4)
	if err != nil || !slices.Equal(page, whole[3:7]) {
		w.Errorf("%v %v", page, err)
	}
	if past, n, err := c.PublicNotices(w.ctx, []int{2201}, 500, 4); err != nil || len(past) != 0 || n == 0 {
		w.Errorf("after the last: %v %d %v", past, n, err)
	}
}

// noticeArrives: a long-term consent is for ever, a one-time one for one notice; who does not follow gets it too.
func noticeArrives(w *world) {
	noticed(w, main)
	long, once := w.noticeTemplate(main, "办理进度通知"), w.noticeTemplate(main, "预约成功通知")
	w.settle()
	popup := w.dev.take()
	if got := popup[len(popup)-1]; got.Event != "subscribe_msg_popup_event" || len(got.SubscribeMsgPopupEvent) != 1 ||
		got.SubscribeMsgPopupEvent[0] != (wechat.SubscribeChoice{TemplateID: long, Status: "accept", PopupScene: "1"}) {
		w.Errorf("the sheet: %+v", got.Message)
	}
	sent := func(label, template string, code int) {
		w.Helper()
		got := w.next(label)
		if got.Event != "subscribe_msg_sent_event" || len(got.SubscribeMsgSentEvent) != 1 {
			w.Fatalf("%s: %+v", label, got.Message)
		}
		if s := got.SubscribeMsgSentEvent[0]; s.TemplateID != template || s.MsgID == 0 || (s.Code != 0) != (code != 0) || s.Status == "" {
			w.Errorf("%s: %+v", label, s)
		}
	}
	for range 2 {
		w.wantCode("long-term", w.sendNotice("办理进度通知", progress, func(n *client.Notice) { n.Page = "https://gov.example/n" }), 0)
		sent("long-term", long, 0)
	}
	got := w.notices("zhang")
	if len(got) != 2 || got[0]["kind"] != "subscription" || got[0]["title"] != "办理进度通知" || got[0]["url"] != "https://gov.example/n" || got[0]["unread"] != true ||
		len(w.list(got[0]["fields"])) != 4 {
		w.Errorf("in 服务通知: %v", got)
	}
	if n := len(w.chat(main, "zhang")); n != 0 {
		w.Errorf("%d items in the chat", n)
	}
	w.wantCode("never asked", w.sendNotice("预约成功通知", booking, nil), 43101)
	w.play("POST", "/subscribe", object{"account": main, "citizen": "zhang", "scene": "article", "choices": object{once: "accept"}})
	if got := w.next("an article's sheet"); got.SubscribeMsgPopupEvent[0].PopupScene != "2" {
		w.Errorf("%+v", got.SubscribeMsgPopupEvent)
	}
	w.choose(main, "zhang", object{once: "accept"})
	w.choose(main, "zhang", object{once: "reject"})
	w.settle()
	w.dev.take()
	w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
	w.next("leaving")
	for range 2 {
		w.wantCode("one-time", w.sendNotice("预约成功通知", booking, func(n *client.Notice) { n.Mini = &client.Mini{AppID: "wx0000000000000001", PagePath: "p"} }), 0)
		sent("one-time", once, 0)
	}
	w.wantCode("both are used", w.sendNotice("预约成功通知", booking, nil), 43101)
	w.play("POST", "/accounts/"+main+"/outcomes", object{"kind": "subscription", "values": []string{"failed: system failed"}})
	w.wantCode("one that fails", w.sendNotice("办理进度通知", progress, nil), 0)
	sent("one that fails", long, 1)
	switchedOff(w, long)
}

// switchedOff: the settings of the phone end a long-term consent, and the account is told; switching on is not told.
func switchedOff(w *world, long string) {
	in := object{"account": main, "citizen": "zhang", "template": long, "on": false}
	w.play("PUT", "/consents", in)
	got := w.next("switched off")
	if got.Event != "subscribe_msg_change_event" || len(got.SubscribeMsgChangeEvent) != 1 || got.SubscribeMsgChangeEvent[0].TemplateID != long ||
		got.SubscribeMsgChangeEvent[0].Status != "reject" {
		w.Errorf("%+v", got.Message)
	}
	w.wantCode("while it is off", w.sendNotice("办理进度通知", progress, nil), 43101)
	in["on"] = true
	w.play("PUT", "/consents", in)
	w.wantCode("on again", w.sendNotice("办理进度通知", progress, nil), 0)
	if got := w.next("on again"); got.Event != "subscribe_msg_sent_event" {
		w.Errorf("%+v", got.Message)
	}
	if list := w.list(w.play("GET", "/consents?account="+main+"&citizen=zhang", nil)["templates"]); len(list) != 1 || list[0]["always"] != true || list[0]["refused"] != false {
		w.Errorf("in the settings: %v", list)
	}
	w.play("POST", "/notices/read", object{"account": main, "citizen": "zhang"})
	if n := w.play("GET", "/notices?citizen=zhang", nil)["unread"]; n != float64(0) {
		w.Errorf("%v unread", n)
	}
}

// TestSheet: for which templates the phone asks, and for which not.
func TestSheet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	noticed(w, main)
	long, once := w.noticeTemplate(main, "办理进度通知"), w.noticeTemplate(main, "预约成功通知")
	appid := w.account(main).AppID
	ask := func(appid string, ids ...string) (string, []object) {
		t.Helper()
		_, content := w.exchange("GET", "http://"+boxHost+"/sandbox/api/subscribe?citizen=zhang&appid="+appid+"&templates="+strings.Join(ids, ","), nil, nil)
		out := w.asObject(content)
		if failed, ok := out["error"].(object); ok {
			return failed["code"].(string), nil
		}
		return "", w.list(out["templates"])
	}
	if code, list := ask(appid, long); code != "" || len(list) != 1 || list[0]["type"] != "long" || list[0]["always"] != true || list[0]["title"] != "办理进度通知" {
		t.Errorf("%s %v", code, list)
	}
	for _, c := range []struct {
		label, appid, want string
		ids                []string
	}{
		{"one-time and long-term", appid, "subscribe_20002", []string{long, once}},
		{"unknown", appid, "subscribe_20001", []string{"abc"}},
		{"none", appid, "subscribe_10001", nil},
		{"six", appid, "subscribe_20003", []string{"1", "2", "3", "4", "5", "6"}},
		{"an account without the right", w.account("renshe").AppID, "subscribe_20005", []string{long}},
	} {
		if got, _ := ask(c.appid, c.ids...); got != c.want {
			t.Errorf("%s: %q, want %q", c.label, got, c.want)
		}
	}
}

func noticeRefusals() []refusal {
	const invalid, fix = errs.Invalid, wechat.ActFixTemplate
	send := func(data map[string]string, change func(*client.Notice)) func(w *world) error {
		return func(w *world) error { return w.sendNotice("办理进度通知", data, change) }
	}
	return []refusal{
		no("a line too long", 47003, invalid, fix, func(w *world) error {
			long := map[string]string{"thing1": strings.Repeat("长", 21), "character_string2": "1", "time3": "09:30", "enum5": "已受理"}
			err := send(long, nil)(w)
			if err == nil || !strings.Contains(err.Error(), "data.thing1.value") {
				w.Errorf("the field is not named: %v", err)
			}
			return err
		}),
		no("no data", 47003, invalid, fix, send(nil, nil)),
		no("an unknown template", 40037, invalid, fix, send(progress, func(n *client.Notice) { n.Template = "abc" })),
		no("a mini program that is not linked", 40013, errs.Refused, wechat.ActFixConfig, send(progress, func(n *client.Notice) { n.Mini = &client.Mini{AppID: "wx00"} })),
		stranger("a stranger", send(progress, func(n *client.Notice) { n.To = "oNobody" })),
		no("without consent", 43101, errs.Refused, wechat.ActDropChannel, func(w *world) error {
			w.follow(main, "li")
			return send(progress, func(n *client.Notice) { n.To = w.openid(main, "li") })(w)
		}),
	}
}

func addNoticeRefusals() []refusal {
	const invalid, fix, path = errs.Invalid, wechat.ActFixTemplate, "/wxaapi/newtmpl/addtemplate"
	add := func(tid int, scene string, kids ...int) func(w *world) error {
		return func(w *world) error { _, err := w.client(main).AddNoticeTemplate(w.ctx, tid, kids, scene); return err }
	}
	local := func(label, field, body string, code wechat.Code, do func(w *world) error) refusal {
		return refusal{label: label, code: code, kind: invalid, action: fix, local: field + ":wechat.between", do: do,
			raw: func(w *world) wechat.Code { return w.raw(main, "POST", path, body) }}
	}
	return []refusal{
		local("one line", "kids", `{"tid":"1001","kidList":[1]}`, 200020, add(longTID, "", 1)),
		local("six lines", "kids", `{"tid":"1004","kidList":[1,2,3,4,5,6]}`, 200020, add(onceTID, "", 1, 2, 3, 4, 5, 6)),
		local("a scene of 16 characters", "scene", `{"tid":"1001","kidList":[1,2],"sceneDesc":"`+strings.Repeat("场", 16)+`"}`, 200021, add(longTID, strings.Repeat("场", 16), 1, 2)),
		no("an unknown line", 200020, invalid, fix, add(longTID, "", 1, 9)),
		no("a line twice", 200020, invalid, fix, add(longTID, "", 1, 1)),
		no("an unknown template", 200014, invalid, fix, add(7, "", 1, 2)),
		no("of another category", 200014, invalid, fix, add(1101, "", 1, 2)),
		no("a 26th", 200012, errs.Exhausted, wechat.ActShow, func(w *world) error {
			for n := range 25 {
				w.wantCode(fmt.Sprint("template ", n+1), add(longTID, "", 1, 2)(w), 0)
			}
			return add(longTID, "", 1, 2)(w)
		}),
	}
}

// onceTemplate is the account's id for one-time subscriptions, as its console shows it.
func (w *world) onceTemplate(account string) string {
	w.Helper()
	return w.play("GET", "/accounts/"+account, nil)["account"].(object)["once_template"].(string)
}

// decideOnce opens the page of one-time subscription on the citizen's phone, answers it and returns where it leads.
func (w *world) decideOnce(account, citizen string, scene int, decision string) *url.URL {
	w.Helper()
	redirect := "https://" + devHost + "/c/" + account + "/done?x=1"
	address := w.client(account).OnceAddress(scene, w.onceTemplate(account), redirect, "r1")
	opened := w.play("POST", "/open", object{"citizen": citizen, "url": address})["url"].(string)
	opened, _, _ = strings.Cut(opened, "#")
	if res, page := w.exchange("GET", opened, nil, nil); res.StatusCode != http.StatusOK || !strings.Contains(string(page), "申请给您发送一条消息") {
		w.Fatalf("the page: %d %.300s", res.StatusCode, page)
	}
	res, page := w.exchange("POST", opened, strings.NewReader("decision="+decision), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != http.StatusSeeOther {
		w.Fatalf("%s: %d %.300s", decision, res.StatusCode, page)
	}
	return to
}

// allowedOnce lets zhang allow one message under each of some scenes.
func allowedOnce(w *world, account string) {
	for scene := range 8 {
		w.decideOnce(account, "zhang", scene, "allow")
	}
}

// onceArrives: one message for one allowance under one scene, without following.
func onceArrives(w *world) {
	c, zhang, id := w.client(main), w.openid(main, "zhang"), w.onceTemplate(main)
	send := func(scene int) error {
		return c.SendOnce(w.ctx, client.OnceMessage{To: zhang, Template: id, Scene: scene, Title: "排到您了", Content: "请到3号窗口", URL: "https://gov.example/q"})
	}
	to := w.decideOnce(main, "zhang", 10_000, "allow")
	if q := to.Query(); to.Path != "/c/zhengwu/done" || q.Get("x") != "1" || q.Get("openid") != zhang || q.Get("action") != "confirm" || q.Get("scene") != "10000" ||
		q.Get("reserved") != "r1" || q.Get("template_id") != id {
		w.Errorf("back to %s", to)
	}
	if to := w.decideOnce(main, "zhang", 1, "deny"); to.Query().Get("action") != "cancel" || to.Query().Get("openid") != "" {
		w.Errorf("after a refusal: %s", to)
	}
	w.wantCode("refused", send(1), 43101)
	w.wantCode("allowed", send(10_000), 0)
	w.wantCode("a second time", send(10_000), 43101)
	w.settle()
	got := w.notices("zhang")
	if len(got) != 1 || got[0]["kind"] != "once" || got[0]["title"] != "排到您了" || w.list(got[0]["fields"])[0]["value"] != "请到3号窗口" {
		w.Errorf("%v", got)
	}
}

func onceRefusals() []refusal {
	const path = "/cgi-bin/message/template/subscribe"
	send := func(change func(*client.OnceMessage)) func(w *world) error {
		return func(w *world) error {
			m := client.OnceMessage{To: w.openid(main, "zhang"), Template: w.onceTemplate(main), Title: "提醒", Content: "好了"}
			change(&m)
			return w.client(main).SendOnce(w.ctx, m)
		}
	}
	raw := func(w *world, scene, title, content string) wechat.Code {
		return w.raw(main, "POST", path, fmt.Sprintf(`{"touser":%q,"template_id":%q,"scene":%q,"title":%q,"data":{"content":{"value":%q,"color":"#000"}}}`,
			w.openid(main, "zhang"), w.onceTemplate(main), scene, title, content))
	}
	local := func(label, field string, code wechat.Code, kind errs.Kind, action wechat.Action, scene, title, content string, change func(*client.OnceMessage)) refusal {
		return refusal{label: label, code: code, kind: kind, action: action, local: field + ":wechat.between", do: send(change),
			raw: func(w *world) wechat.Code { return raw(w, scene, title, content) }}
	}
	const invalid, fix = errs.Invalid, wechat.ActFixContent
	return []refusal{
		local("a title of 16 characters", "title", 45003, invalid, fix, "1", strings.Repeat("题", 16), "好了", func(m *client.OnceMessage) { m.Title = strings.Repeat("题", 16) }),
		local("no title", "title", 45003, invalid, fix, "1", "", "好了", func(m *client.OnceMessage) { m.Title = "" }),
		local("201 characters", "content", 45002, invalid, fix, "1", "题", strings.Repeat("文", 201), func(m *client.OnceMessage) { m.Content = strings.Repeat("文", 201) }),
		local("no content", "content", 44004, invalid, fix, "1", "题", "", func(m *client.OnceMessage) { m.Content = "" }),
		local("scene 10001", "scene", 40035, errs.Internal, wechat.ActFixRequest, "10001", "题", "文", func(m *client.OnceMessage) { m.Scene = 10_001 }),
		no("another template", 40037, invalid, wechat.ActFixTemplate, send(func(m *client.OnceMessage) { m.Template = "abc" })),
		no("a scene that nobody allowed", 43101, errs.Refused, wechat.ActDropChannel, send(func(m *client.OnceMessage) { m.Scene = 777 })),
		no("a mini program that is not linked", 40013, errs.Refused, wechat.ActFixConfig, send(func(m *client.OnceMessage) { m.Mini = &client.Mini{AppID: "wx00"} })),
		stranger("a stranger", send(func(m *client.OnceMessage) { m.To = "oNobody" })),
	}
}

// TestOncePage: what the page refuses to ask for.
func TestOncePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func(account string, change func(url.Values)) string {
		t.Helper()
		q := url.Values{"action": {"get_confirm"}, "appid": {w.account(account).AppID}, "scene": {"1"}, "template_id": {w.onceTemplate(account)},
			"redirect_url": {"https://" + devHost + "/x"}, "reserved": {"r"}}
		change(q)
		_, page := w.exchange("GET", "http://zhang.localhost:8090/mp/subscribemsg?"+q.Encode(), nil, nil)
		return string(page)
	}
	set := func(name, value string) func(url.Values) { return func(q url.Values) { q.Set(name, value) } }
	for _, c := range []struct {
		label, account, want string
		change               func(url.Values)
	}{
		{"right", main, "申请给您发送一条消息", func(url.Values) {}},
		{"a subscription account", "renshe", "申请给您发送一条消息", func(url.Values) {}},
		{"an unverified account", "jiaojing", "48001", func(url.Values) {}},
		{"another action", main, "40097", set("action", "x")},
		{"scene 10001", main, "40097", set("scene", "10001")},
		{"another template", main, "40037", set("template_id", "x")},
		{"another domain", main, "10003", set("redirect_url", "https://evil.example/")},
		{"a long reserve", main, "40097", set("reserved", strings.Repeat("r", 129))},
		{"another account", main, "40013", set("appid", "wx00")},
	} {
		if got := ask(c.account, c.change); !strings.Contains(got, c.want) {
			t.Errorf("%s: %.400s", c.label, got)
		}
	}
	if _, page := w.exchange("GET", "http://"+boxHost+"/mp/subscribemsg?action=get_confirm", nil, nil); !strings.Contains(string(page), "请在微信客户端打开链接") {
		t.Errorf("outside of WeChat: %.300s", page)
	}
}
