package contract

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// specialFor is a conditional menu with one button that is called like it.
func specialFor(name string, rule client.MatchRule) client.ConditionalMenu {
	return client.ConditionalMenu{Buttons: []client.Button{click(name, "K")}, Rule: rule}
}

var onAndroid = client.MatchRule{Platform: "2"}

func withMenu(w *world, account string) {
	w.Helper()
	w.follow(account, "zhang")
	w.wantCode("create", w.client(account).CreateMenu(w.ctx, menuOf(click("办事", "K"))), 0)
}

func (w *world) addMenu(label string, m client.ConditionalMenu) int64 {
	w.Helper()
	id, err := w.client(main).AddConditionalMenu(w.ctx, m)
	w.wantCode(label, err, 0)
	return id
}

func conditionalRows() []row {
	return []row{
		{
			path: "/cgi-bin/menu/addconditional", auth: wechat.AuthToken, s: verified, f: verified, day: 2000, prepare: withMenu,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				_, err := c.AddConditionalMenu(w.ctx, specialFor("专", onAndroid))
				return err
			}),
			effect: newestFitsFirst, refusals: conditionalRefusals(),
		},
		{
			path: "/cgi-bin/menu/delconditional", auth: wechat.AuthToken, s: verified, f: verified, day: 2000, again: true,
			caller: func(w *world, account string) func() error {
				withMenu(w, account)
				c, next := w.client(account), 0
				ids := make([]int64, 12) // each can be deleted once
				for i := range ids {
					id, err := w.client(account).AddConditionalMenu(w.ctx, specialFor("专", onAndroid))
					if err == nil {
						ids[i] = id
					}
				}
				return func() error {
					next++
					return c.DeleteConditionalMenu(w.ctx, ids[next-1])
				}
			},
			effect: func(w *world) {
				withMenu(w, main)
				id := w.addMenu("add", specialFor("专", onAndroid))
				w.wantCode("delete", w.client(main).DeleteConditionalMenu(w.ctx, id), 0)
				if got := w.menuOn("zhang"); got != "办事" {
					w.Errorf("the phone shows %s", got)
				}
				if got, err := w.client(main).Menu(w.ctx); err != nil || len(got.Conditional) != 0 {
					w.Errorf("%+v %v", got, err)
				}
			},
			refusals: []refusal{no("an unknown id", 65301, errs.Invalid, wechat.ActFixMenu, func(w *world) error {
				return w.client(main).DeleteConditionalMenu(w.ctx, 7)
			})},
			rightless: "an account without menus has none to delete",
		},
		{
			path: "/cgi-bin/menu/trymatch", auth: wechat.AuthToken, s: verified, f: verified, day: 20_000, again: true, prepare: withMenu,
			caller: calls(func(w *world, c *client.Client, account string) error {
				_, err := c.MatchMenu(w.ctx, w.openid(account, "zhang"))
				return err
			}),
			effect: lastTagDecides,
			refusals: []refusal{
				no("nobody", 65302, errs.Invalid, wechat.ActFixMenu, func(w *world) error { _, err := w.client(main).MatchMenu(w.ctx, "nobody"); return err }),
				no("another account's follower", 65302, errs.Invalid, wechat.ActFixMenu, func(w *world) error {
					w.follow("renshe", "zhang")
					_, err := w.client(main).MatchMenu(w.ctx, w.openid("renshe", "zhang"))
					return err
				}),
				no("without a menu", 46003, errs.NotFound, wechat.ActShow, func(w *world) error {
					w.wantCode("delete", w.client(main).DeleteMenu(w.ctx), 0)
					_, err := w.client(main).MatchMenu(w.ctx, w.openid(main, "zhang"))
					return err
				}),
			},
		},
		{
			path: "/cgi-bin/get_current_selfmenu_info", auth: wechat.AuthToken, s: all, f: all, again: true,
			caller: calls(func(w *world, c *client.Client, _ string) error { _, err := c.CurrentMenu(w.ctx); return err }),
			effect: currentMenu,
		},
	}
}

// menuOn is the name of the first button that the citizen's phone shows for 青云政务, "" for no menu.
func (w *world) menuOn(citizen string) string {
	w.Helper()
	menu, _ := w.play("GET", "/menu?account="+main+"&citizen="+citizen, nil)["menu"].(object)
	for _, b := range w.list(menu["buttons"]) {
		return b["name"].(string)
	}
	return ""
}

// newestFitsFirst: of two menus that fit, the newer one is shown; menu/get lists them with their rules; delete ends all.
func newestFitsFirst(w *world) {
	w.play("PUT", "/options", object{"menu_minutes": 0})
	withMenu(w, main)
	w.follow(main, "li")
	w.play("PATCH", "/citizens/li", object{"platform": "ios"})
	older := w.addMenu("older", specialFor("旧", onAndroid))
	newer := w.addMenu("newer", specialFor("新", onAndroid))
	w.addMenu("for others", specialFor("苹果", client.MatchRule{Platform: "1"}))
	if zhang, li := w.menuOn("zhang"), w.menuOn("li"); zhang != "新" || li != "苹果" {
		w.Errorf("the phones show %s and %s", zhang, li)
	}
	w.dev.take()
	w.play("POST", "/menu/tap", object{"account": main, "citizen": "li", "path": []int{0}})
	if got := w.next("a tap"); got.Event != "CLICK" || got.EventKey != "K" {
		w.Errorf("%+v", got.Message)
	}
	got, err := w.client(main).Menu(w.ctx)
	if err != nil || len(got.Conditional) != 3 || got.Conditional[1].ID != newer || got.Conditional[2].ID != older ||
		got.Conditional[1].Rule != onAndroid || got.Conditional[1].Buttons[0].Name != "新" || got.Default.Buttons[0].Name != "办事" {
		w.Errorf("%+v %v", got, err)
	}
	w.wantCode("delete", w.client(main).DeleteMenu(w.ctx), 0)
	w.wantCode("and anew", w.client(main).CreateMenu(w.ctx, menuOf(click("办事", "K"))), 0)
	if got := w.menuOn("zhang"); got != "办事" {
		w.Errorf("after the deletion of all: %s", got)
	}
}

func conditionalRefusals() []refusal {
	add := func(m client.ConditionalMenu) func(w *world) error {
		return func(w *world) error { _, err := w.client(main).AddConditionalMenu(w.ctx, m); return err }
	}
	foreign := func(label string, code wechat.Code, body string) refusal {
		return no(label, code, errs.Invalid, wechat.ActFixMenu, foreignBody("/cgi-bin/menu/addconditional", body,
			add(specialFor("专", onAndroid))))
	}
	far := func(n int) client.ConditionalMenu {
		return client.ConditionalMenu{Rule: onAndroid, Buttons: []client.Button{view("看", fmt.Sprintf("https://d%d.cn/", n))}}
	}
	button := `"button":[{"type":"click","name":"x","key":"k"}]`
	return []refusal{
		no("no rule", 65304, errs.Invalid, wechat.ActFixMenu, add(specialFor("专", client.MatchRule{}))),
		no("no button", 65307, errs.Invalid, wechat.ActFixMenu, add(client.ConditionalMenu{Rule: onAndroid})),
		no("four buttons", 40016, errs.Invalid, wechat.ActFixMenu,
			add(client.ConditionalMenu{Rule: onAndroid, Buttons: slices.Repeat([]client.Button{click("x", "K")}, 4)})),
		no("an unknown tag", 45159, errs.NotFound, wechat.ActShow, add(specialFor("专", client.MatchRule{TagID: "777"}))),
		no("an unknown platform", 40035, errs.Internal, wechat.ActFixRequest, add(specialFor("专", client.MatchRule{Platform: "9"}))),
		foreign("by sex", 65320, `{`+button+`,"matchrule":{"sex":"1","client_platform_type":"2"}}`),
		foreign("by place", 65320, `{`+button+`,"matchrule":{"country":"中国","province":"广东"}}`),
		foreign("by language", 65320, `{`+button+`,"matchrule":{"language":"zh_CN"}}`),
		no("a fourth domain", 65316, errs.Invalid, wechat.ActFixMenu, func(w *world) error {
			for n := range 3 {
				w.addMenu("domains", far(n))
			}
			w.addMenu("a domain again", far(2))
			return add(far(3))(w)
		}),
		no("no default menu", 65303, errs.Invalid, wechat.ActFixMenu, func(w *world) error {
			w.wantCode("delete", w.client(main).DeleteMenu(w.ctx), 0)
			return add(specialFor("专", onAndroid))(w)
		}),
	}
}

// lastTagDecides: of somebody's tags only the one given last counts, whichever menu is newer.
func lastTagDecides(w *world) {
	withMenu(w, main)
	c, zhang := w.client(main), w.openid(main, "zhang")
	tags := map[string]int{}
	for _, name := range []string{"老人", "企业"} {
		tag, err := c.CreateTag(w.ctx, name)
		w.wantCode(name, err, 0)
		tags[name] = tag.ID
		w.addMenu(name, specialFor(name, client.MatchRule{TagID: strconv.Itoa(tag.ID)}))
	}
	matches := func(label, want string) {
		w.Helper()
		byID, err := c.MatchMenu(w.ctx, zhang)
		if err != nil || byID.Buttons[0].Name != want {
			w.Errorf("%s: %+v %v, want %s", label, byID, err, want)
		}
		if byName, err := c.MatchMenu(w.ctx, "zhang"); err != nil || byName.Buttons[0].Name != want {
			w.Errorf("%s, by WeChat id: %+v %v", label, byName, err)
		}
	}
	matches("untagged", "办事")
	w.wantCode("tag", c.TagUsers(w.ctx, tags["企业"], []string{zhang}), 0)
	matches("one tag", "企业")
	w.wantCode("tag", c.TagUsers(w.ctx, tags["老人"], []string{zhang}), 0)
	matches("the later tag", "老人")
	w.wantCode("untag", c.UntagUsers(w.ctx, tags["老人"], []string{zhang}), 0)
	matches("without it", "企业")
}

// currentMenu: the menu of the API or of the website, in its own shape, also of an unverified account.
func currentMenu(w *world) {
	if got, err := w.client("jiaojing").CurrentMenu(w.ctx); err != nil || got.Open || len(got.Buttons) != 0 {
		w.Errorf("without a menu: %+v %v", got, err)
	}
	w.play("PUT", "/accounts/jiaojing/menu", object{"buttons": []object{
		{"name": "查违章", "sub": []object{{"name": "网上", "type": "view", "url": "https://a.cn/"}, {"name": "怎么查", "type": "text", "value": "请回复车牌号"}}},
	}})
	got, err := w.client("jiaojing").CurrentMenu(w.ctx)
	want := []client.Button{under("查违章", view("网上", "https://a.cn/"), client.Button{Type: "text", Name: "怎么查", Value: "请回复车牌号"})}
	if err != nil || !got.Open || !reflect.DeepEqual(got.Buttons, want) {
		w.Errorf("%+v %v", got, err)
	}
	w.follow("jiaojing", "zhang")
	w.play("POST", "/menu/tap", object{"account": "jiaojing", "citizen": "zhang", "path": []int{0, 1}})
	if said := w.last("jiaojing", "zhang"); said["content"] != "请回复车牌号" || said["from"] != "account" {
		w.Errorf("the website's button answers %v", said)
	}
	w.play("PUT", "/accounts/"+main+"/menu", object{"buttons": []object{{"name": "网页", "type": "view", "url": "https://a.cn/"}}})
	_, err = w.client(main).Menu(w.ctx)
	w.wantCode("menu/get does not see the website's", err, 46003)
	m := menuOf(under("办事", view("查询", "https://a.cn/?a=1&b=2"), click("问", "ASK")), miniButton)
	w.wantCode("create", w.client(main).CreateMenu(w.ctx, m), 0)
	if got, err := w.client(main).CurrentMenu(w.ctx); err != nil || !reflect.DeepEqual(got.Buttons, m.Buttons) {
		w.Errorf("%+v %v", got, err)
	}
}

// TestPhoneKeepsMenu: a phone fetches the menu at most every five minutes, and anew after following again.
func TestPhoneKeepsMenu(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	withMenu(w, main)
	shows := func(label, want string) {
		t.Helper()
		if got := w.menuOn("zhang"); got != want {
			t.Errorf("%s: %q, want %q", label, got, want)
		}
	}
	create := func(name string) {
		t.Helper()
		w.wantCode(name, w.client(main).CreateMenu(w.ctx, menuOf(click(name, "K"))), 0)
	}
	shows("at first", "办事")
	create("二")
	w.moveCivil(5*time.Minute - time.Millisecond)
	shows("just before", "办事")
	w.moveCivil(time.Millisecond)
	shows("after five minutes", "二")
	create("三")
	shows("kept", "二")
	w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
	w.follow(main, "zhang")
	shows("after following again", "三")
	w.play("PUT", "/options", object{"menu_minutes": 0})
	create("四")
	shows("with the option off", "四")
	w.wantCode("delete", w.client(main).DeleteMenu(w.ctx), 0)
	shows("after the deletion", "")
}

// foreignBody sends a body that the client cannot make and dresses the answer as the client would.
func foreignBody(path, body string, call func(w *world) error) func(w *world) error {
	return func(w *world) error {
		code := w.raw(main, "POST", path, body)
		w.play("PUT", "/faults", object{"faults": []object{{"path": path, "kind": "code", "code": code}}})
		return call(w)
	}
}
