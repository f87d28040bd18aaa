package contract

import (
	"slices"
	"strings"

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
