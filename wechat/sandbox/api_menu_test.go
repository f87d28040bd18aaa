package sandbox_test

import (
	"strings"
	"testing"
)

func button(kv ...string) object {
	b := object{}
	for i := 0; i+1 < len(kv); i += 2 {
		b[kv[i]] = kv[i+1]
	}
	return b
}

func under(name string, subs ...object) object { return object{"name": name, "sub_button": subs} }

func repeat(n int, b object) []object {
	list := make([]object, n)
	for i := range list {
		list[i] = b
	}
	return list
}

func TestMenuLimits(t *testing.T) {
	t.Parallel()
	w := setup(t)
	click := button("type", "click", "name", "办事", "key", "K")
	view := func(address string) object { return button("type", "view", "name", "看", "url", address) }
	for _, c := range []struct {
		label   string
		buttons []object
		code    int
	}{
		{"none", []object{}, 40016},
		{"four", repeat(4, click), 40016},
		{"three", repeat(3, click), 0},
		{"name of 16 bytes", []object{button("type", "click", "name", "一二三四五x", "key", "K")}, 0},
		{"name of 17 bytes", []object{button("type", "click", "name", "一二三四五xx", "key", "K")}, 40018},
		{"no name", []object{button("type", "click", "key", "K")}, 40018},
		{"no type", []object{button("name", "x")}, 40017},
		{"unknown type", []object{button("type", "fly", "name", "x")}, 40017},
		{"no key", []object{button("type", "click", "name", "x")}, 40019},
		{"key of 129 bytes", []object{button("type", "click", "name", "x", "key", strings.Repeat("k", 129))}, 40019},
		{"no url", []object{view("")}, 40020},
		{"url of 1025 bytes", []object{view("http://a.cn/" + strings.Repeat("x", 1013))}, 40020},
		{"url of 1024 bytes", []object{view("http://a.cn/" + strings.Repeat("x", 1012))}, 0},
		{"url of another scheme", []object{view("ftp://a.cn/")}, 40055},
		{"group's name too long", []object{under("一二三四五xx", click)}, 40018},
		{"six below", []object{under("组", repeat(6, click)...)}, 40023},
		{"five below", []object{under("组", repeat(5, click)...)}, 0},
		{"three levels", []object{under("组", under("再组", click))}, 40022},
		{"sub name of 61 bytes", []object{under("组", button("type", "click", "name", strings.Repeat("一", 20)+"x", "key", "K"))}, 40025},
		{"sub name of 60 bytes", []object{under("组", button("type", "click", "name", strings.Repeat("一", 20), "key", "K"))}, 0},
		{"sub without type", []object{under("组", button("name", "x"))}, 65308},
		{"sub of unknown type", []object{under("组", button("name", "x", "type", "fly"))}, 40024},
		{"sub key too long", []object{under("组", button("type", "click", "name", "x", "key", strings.Repeat("k", 129)))}, 40026},
		{"sub without url", []object{under("组", view(""))}, 40027},
		{"sub url's scheme", []object{under("组", view("javascript:alert(1)"))}, 40054},
		{"mini program", []object{button("type", "miniprogram", "name", "x", "url", "http://a.cn/", "appid",
			"wx0000000000000001", "pagepath", "pages/a")}, 0},
		{"unlinked mini program", []object{button("type", "miniprogram", "name", "x", "url", "http://a.cn/", "appid",
			"wx0000000000000002", "pagepath", "pages/a")}, 45064},
		{"mini program without page", []object{button("type", "miniprogram", "name", "x", "url", "http://a.cn/", "appid",
			"wx0000000000000001")}, 40165},
		{"no such media", []object{button("type", "media_id", "name", "x", "media_id", "abc")}, 40007},
		{"no such article", []object{button("type", "article_id", "name", "x", "article_id", "abc")}, 53600},
		{"all that ask the phone", []object{under("组",
			button("type", "scancode_push", "name", "a", "key", "1"), button("type", "scancode_waitmsg", "name", "b", "key", "2"),
			button("type", "pic_sysphoto", "name", "c", "key", "3"), button("type", "pic_photo_or_album", "name", "d", "key", "4"),
			button("type", "pic_weixin", "name", "e", "key", "5")),
			button("type", "location_select", "name", "f", "key", "6")}, 0},
	} {
		w.want(c.label, w.api("zhengwu", "POST", "/cgi-bin/menu/create", object{"button": c.buttons}), c.code)
	}
	for _, c := range []struct {
		label, body string
		code        int
	}{
		{"escaped", `{"button":[{"type":"click","name":"\u4e2d","key":"k"}]}`, 40033},
		{"an escaped backslash before u", `{"button":[{"type":"click","name":"\\u4e2d","key":"k"}]}`, 0},
		{"no button", `{}`, 40016},
		{"a string", `"x"`, 47001},
		{"broken", `{"button":`, 47001},
		{"nothing", "", 44002},
	} {
		w.want(c.label, w.api("zhengwu", "POST", "/cgi-bin/menu/create", c.body), c.code)
	}
	w.want("GET", w.api("zhengwu", "GET", "/cgi-bin/menu/create", nil), 43002)
}

func TestMenuLife(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.want("none yet", w.api("zhengwu", "GET", "/cgi-bin/menu/get", nil), 46003)
	w.want("create", w.api("zhengwu", "POST", "/cgi-bin/menu/create", object{"button": []object{
		under("办事", button("type", "view", "name", "查询", "url", "http://a.cn/?a=1&b=<2>"),
			button("type", "click", "name", "问", "key", "ASK")),
		button("type", "click", "name", "我的", "key", "MINE"),
	}}), 0)
	_, content := w.do("GET", "/cgi-bin/menu/get?access_token="+w.token("zhengwu"), nil)
	for _, part := range []string{`"name":"办事"`, `http://a.cn/?a=1&b=<2>`, `"sub_button":[]`} {
		if !strings.Contains(string(content), part) {
			t.Errorf("menu/get lacks %s: %s", part, content)
		}
	}
	menu := w.play("GET", "/menu?account=zhengwu&citizen=zhang", nil)["menu"].(object)
	if buttons := menu["buttons"].([]any); len(buttons) != 2 || len(buttons[0].(object)["sub"].([]any)) != 2 {
		t.Errorf("the phone's menu: %v", menu)
	}
	w.restart()
	w.want("kept over a restart", w.api("zhengwu", "GET", "/cgi-bin/menu/get", nil), 0)
	w.want("delete", w.api("zhengwu", "GET", "/cgi-bin/menu/delete", nil), 0)
	w.want("gone", w.api("zhengwu", "GET", "/cgi-bin/menu/get", nil), 46003)
	if menu := w.play("GET", "/menu?account=zhengwu", nil)["menu"]; menu != nil {
		t.Errorf("the phone still has %v", menu)
	}
}
