package contract

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

func click(name, key string) client.Button { return client.Button{Type: "click", Name: name, Key: key} }

func view(name, address string) client.Button {
	return client.Button{Type: "view", Name: name, URL: address}
}

func under(name string, sub ...client.Button) client.Button {
	return client.Button{Name: name, Sub: sub}
}

func menuOf(buttons ...client.Button) client.Menu { return client.Menu{Buttons: buttons} }

var miniButton = client.Button{Type: "miniprogram", Name: "小程序", URL: "https://gov.example/old", AppID: "wx0000000000000001", PagePath: "pages/index"}

func menuRows() []row {
	create := func(w *world, account string) {
		if err := w.client(account).CreateMenu(w.ctx, menuOf(click("办事", "K"))); err != nil {
			w.Fatal(err)
		}
	}
	return []row{
		{
			path: "/cgi-bin/menu/create", auth: wechat.AuthToken, s: verified, f: verified, day: 1000, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { return c.CreateMenu(w.ctx, menuOf(click("办事", "K"))) }
			},
			effect: everyButton, refusals: menuRefusals(),
		},
		{
			path: "/cgi-bin/menu/get", auth: wechat.AuthToken, s: verified, f: verified, day: 10_000, again: true, prepare: create,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { _, err := c.Menu(w.ctx); return err }
			},
			effect: menuReturns,
			refusals: []refusal{{label: "without a menu", code: 46003, kind: errs.NotFound, action: wechat.ActShow, do: func(w *world) error {
				w.wantCode("delete", w.client(main).DeleteMenu(w.ctx), 0)
				_, err := w.client(main).Menu(w.ctx)
				return err
			}}},
		},
		{
			path: "/cgi-bin/menu/delete", auth: wechat.AuthToken, s: verified, f: verified, day: 1000, again: true, prepare: create,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { return c.DeleteMenu(w.ctx) }
			},
			effect: func(w *world) {
				create(w, main)
				w.wantCode("delete", w.client(main).DeleteMenu(w.ctx), 0)
				if menu := w.play("GET", "/menu?account="+main+"&citizen=zhang", nil)["menu"]; menu != nil {
					w.Errorf("the phone still has %v", menu)
				}
				_, err := w.client(main).Menu(w.ctx)
				w.wantCode("and it is gone", err, 46003)
			},
		},
	}
}

// menuRefusals break one limit each: 1–3 buttons with 0–5 below, names of 16 and 60 bytes, keys of 128, addresses of 1024.
func menuRefusals() []refusal {
	no := func(label string, code wechat.Code, buttons ...client.Button) refusal {
		return refusal{label: label, code: code, kind: errs.Invalid, action: wechat.ActFixMenu,
			do: func(w *world) error { return w.client(main).CreateMenu(w.ctx, menuOf(buttons...)) }}
	}
	want := func(r refusal, action wechat.Action, kind errs.Kind) refusal {
		r.action, r.kind = action, kind
		return r
	}
	long := "https://a.cn/" + strings.Repeat("x", 1012)
	media := func(kind string) client.Button { return client.Button{Type: kind, Name: "x", MediaID: "abc"} }
	article := func(kind string) client.Button { return client.Button{Type: kind, Name: "x", ArticleID: "abc"} }
	mini := func(change func(*client.Button)) client.Button { b := miniButton; change(&b); return b }
	return []refusal{
		no("no button", 40016),
		no("four buttons", 40016, slices.Repeat([]client.Button{click("x", "K")}, 4)...),
		no("six below one", 40023, under("组", slices.Repeat([]client.Button{click("x", "K")}, 6)...)),
		no("three levels", 40022, under("组", under("再组", click("x", "K")))),
		no("a name of 17 bytes", 40018, click("一二三四五xx", "K")),
		no("a group's name of 17 bytes", 40018, under("一二三四五xx", click("x", "K"))),
		no("no name", 40018, click("", "K")),
		no("a name below of 61 bytes", 40025, under("组", click(strings.Repeat("一", 20)+"x", "K"))),
		no("no type", 40017, client.Button{Name: "x"}),
		no("an unknown type", 40017, client.Button{Type: "fly", Name: "x"}),
		no("no type below", 65308, under("组", client.Button{Name: "x"})),
		no("an unknown type below", 40024, under("组", client.Button{Type: "fly", Name: "x"})),
		no("a key of 129 bytes", 40019, click("x", strings.Repeat("k", 129))),
		no("no key", 40019, click("x", "")),
		no("a key below of 129 bytes", 40026, under("组", click("x", strings.Repeat("k", 129)))),
		no("an address of 1025 bytes", 40020, view("x", long)),
		no("no address", 40020, view("x", "")),
		no("an address below of 1025 bytes", 40027, under("组", view("x", long))),
		no("an address of another scheme", 40055, view("x", "ftp://a.cn/")),
		no("an address below of another scheme", 40054, under("组", view("x", "javascript:alert(1)"))),
		no("a mini program that is not linked", 45064, mini(func(b *client.Button) { b.AppID = "wx00" })),
		want(no("a mini program without a page", 40165, mini(func(b *client.Button) { b.PagePath = "" })), wechat.ActFixContent, errs.Invalid),
		// Only permanent material will do, and its endpoints are not in the sandbox.
		want(no("media_id of nothing", 40007, media("media_id")), wechat.ActRenewMedia, errs.Invalid),
		want(no("view_limited of nothing", 40007, media("view_limited")), wechat.ActRenewMedia, errs.Invalid),
		want(no("article_id of nothing", 53600, article("article_id")), wechat.ActShow, errs.NotFound),
		want(no("article_view_limited of nothing", 53600, article("article_view_limited")), wechat.ActShow, errs.NotFound),
	}
}

// TestMenuAtItsLimits: what is just allowed is taken and comes back as it went.
func TestMenuAtItsLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(main)
	for _, m := range []client.Menu{
		menuOf(click("一二三四五x", strings.Repeat("k", 128)), view("看", "https://a.cn/"+strings.Repeat("x", 1011)), miniButton),
		menuOf(under("组", slices.Repeat([]client.Button{click(strings.Repeat("一", 20), "K")}, 5)...)),
		menuOf(click("<&>\u2028\"\\", "K&<\u00e9>"), view("表情😀", "https://a.cn/?a=1&b=<2>")), // as raw UTF-8, else 40033
	} {
		if err := c.CreateMenu(w.ctx, m); err != nil {
			t.Errorf("%+v: %v", m, err)
			continue
		}
		got, err := c.Menu(w.ctx)
		if err != nil || !reflect.DeepEqual(plain(got.Default), plain(m)) {
			t.Errorf("came back as %+v (%v), went as %+v", got.Default, err, m)
		}
	}
	if code := w.raw(main, "POST", "/cgi-bin/menu/create", `{"button":[{"type":"click","name":"\u4e2d","key":"k"}]}`); code != 40033 {
		t.Errorf("escapes are refused to others: %d", code)
	}
}

// plain makes the empty list below a button, which WeChat adds, none.
func plain(m client.Menu) client.Menu {
	m.Buttons = slices.Clone(m.Buttons)
	for i, b := range m.Buttons {
		m.Buttons[i].Sub = nil
		if len(b.Sub) > 0 {
			m.Buttons[i].Sub = plain(client.Menu{Buttons: b.Sub}).Buttons
		}
	}
	return m
}

func menuReturns(w *world) {
	m := menuOf(under("办事", view("查询", "https://a.cn/?a=1&b=2"), click("问", "ASK")), miniButton)
	w.wantCode("create", w.client(main).CreateMenu(w.ctx, m), 0)
	got, err := w.client(main).Menu(w.ctx)
	if err != nil || len(got.Conditional) != 0 || !reflect.DeepEqual(plain(got.Default), m) {
		w.Errorf("%+v %v", got, err)
	}
}

// everyButton taps a button of every type on the phone and looks at the callbacks.
func everyButton(w *world) {
	kinds := []string{"scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin"}
	var asking []client.Button
	for _, kind := range kinds {
		asking = append(asking, client.Button{Type: kind, Name: kind, Key: "KEY_" + kind})
	}
	w.wantCode("create", w.client(main).CreateMenu(w.ctx, menuOf(
		under("办事", click("问", "ASK"), view("查询", "https://"+devHost+"/c/zhengwu/home?x=1"), miniButton,
			client.Button{Type: "location_select", Name: "网点", Key: "WHERE"}),
		under("更多", asking...),
		click("我的", "MINE"))), 0)
	shown := w.play("GET", "/menu?account="+main+"&citizen=zhang", nil)["menu"].(object)
	groups := w.list(shown["buttons"])
	if len(groups) != 3 || len(w.list(groups[0]["sub"])) != 4 || len(w.list(groups[1]["sub"])) != 5 || groups[2]["name"] != "我的" {
		w.Fatalf("on the phone: %v", shown)
	}
	w.follow(main, "zhang")
	w.dev.take()
	tap := func(result object, path ...int) object {
		w.Helper()
		in := object{"account": main, "citizen": "zhang", "path": path}
		if result != nil {
			in["result"] = result
		}
		return w.play("POST", "/menu/tap", in)
	}
	event := func(name, key string) received {
		w.Helper()
		got := w.next(name)
		if got.MsgType != "event" || got.Event != name || got.EventKey != key || got.FromUserName != w.openid(main, "zhang") {
			w.Errorf("%s %s: %+v", name, key, got.Message)
		}
		return got
	}
	tap(nil, 2)
	event("CLICK", "MINE")
	if out := tap(nil, 0, 1); out["kind"] != "page" || out["url"] != "https://"+devHost+"/c/zhengwu/home?x=1" {
		w.Errorf("view opens %v", out)
	}
	if got := event("VIEW", "https://"+devHost+"/c/zhengwu/home?x=1"); got.MenuID == "" {
		w.Errorf("VIEW without MenuId: %+v", got.Message)
	}
	if out := tap(nil, 0, 2); out["kind"] != "miniprogram" || out["appid"] != miniButton.AppID {
		w.Errorf("the mini program: %v", out)
	}
	event("view_miniprogram", "pages/index")
	everyQuestion(w, kinds, tap)
}

// everyQuestion taps the buttons that ask the phone for something.
func everyQuestion(w *world, kinds []string, tap func(object, ...int) object) {
	picture := w.phoneFile("image", "a.png", png)
	for i, kind := range kinds {
		if out := tap(nil, 1, i); out["kind"] != "ask" || out["type"] != kind {
			w.Errorf("%s asks %v", kind, out)
		}
		result := object{"scan_type": "qrcode", "scan_result": "https://a.cn/1"}
		if strings.HasPrefix(kind, "pic_") {
			result = object{"media_ids": []string{picture, picture}}
		}
		tap(result, 1, i)
		w.settle()
		got := w.dev.take()
		if len(got) == 0 || got[0].Event != kind || got[0].EventKey != "KEY_"+kind {
			w.Errorf("%s: %v", kind, got)
			continue
		}
		if info := got[0].ScanCodeInfo; strings.HasPrefix(kind, "scan") && (len(got) != 1 || info == nil || info.ScanResult != "https://a.cn/1" || info.ScanType != "qrcode") {
			w.Errorf("%s: %+v", kind, got[0].Message)
		}
		if info := got[0].SendPicsInfo; strings.HasPrefix(kind, "pic_") &&
			(len(got) != 3 || info == nil || info.Count != 2 || len(info.PicMD5s) != 2 || got[1].MsgType != "image" || got[2].MediaID == "") {
			w.Errorf("%s: %d callbacks, %+v", kind, len(got), got[0].Message)
		}
	}
	tap(object{"lat": 23.1, "lng": 113.3, "label": "市民广场", "poiname": "大厅"}, 0, 3)
	w.settle()
	got := w.dev.take()
	if len(got) != 2 || got[0].Event != "location_select" || got[0].SendLocationInfo == nil || got[0].SendLocationInfo.PoiName != "大厅" ||
		got[1].MsgType != "location" || got[1].LocationX != 23.1 {
		w.Errorf("location_select: %v", got)
	}
}
