package sandbox_test

import (
	"strings"
	"testing"

	"weizheng/wechat"
)

func TestPeople(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made := w.play("POST", "/citizens", object{"name": "王五"})["citizen"].(object)
	if made["id"] != "c1" || made["openids"].(object)["fabu"] != w.box.OpenID("fabu", "c1") {
		t.Errorf("made: %v", made)
	}
	for _, c := range []struct {
		label  string
		in     object
		status int
	}{
		{"the same id", object{"name": "王五", "id": "zhang"}, 409},
		{"no name", object{"id": "x"}, 422},
		{"no host's name", object{"name": "王五", "id": "-x"}, 422},
		{"upper case", object{"name": "王五", "id": "X"}, 422},
	} {
		if status, out := w.tryPlay("POST", "/citizens", c.in); status != c.status {
			t.Errorf("%s: %d %v", c.label, status, out)
		}
	}
	w.play("PATCH", "/citizens/c1", object{"name": "王五六"})
	found := w.play("GET", "/citizens?query=五六", nil)
	if list := found["citizens"].([]any); len(list) != 1 || found["next"] != "" {
		t.Errorf("found: %v", found)
	}
	first := w.play("GET", "/citizens?limit=2", nil)
	if rest := w.play("GET", "/citizens?limit=2&after="+first["next"].(string), nil)["citizens"].([]any); len(rest) != 1 {
		t.Errorf("second page: %v", rest)
	}
	for _, path := range []string{"/citizens/nobody", "/accounts/none", "/chat?account=fabu&citizen=nobody", "/none"} {
		if status, out := w.tryPlay("GET", path, nil); status != 404 || out["error"].(object)["message"] == "" {
			t.Errorf("%s: %d %v", path, status, out)
		}
	}
}

func TestMessagesByOpenID(t *testing.T) {
	t.Parallel()
	w := setup(t)
	openid := w.box.OpenID("zhengwu", "zhang")
	in := object{"account": "zhengwu", "openid": openid, "type": "text", "content": "居住证"}
	if status, out := w.tryPlay("POST", "/messages", in); status != 404 {
		t.Errorf("before they met: %d %v", status, out)
	}
	w.follow("zhengwu", "zhang")
	w.dev.take()
	if out := w.play("POST", "/messages", in); len(out["msg_id"].(string)) < 10 {
		t.Errorf("answer: %v", out)
	}
	w.settle()
	if got := w.dev.take(); len(got) != 1 || got[0].message.Content != "居住证" {
		t.Errorf("callback: %v", got)
	}
	in["account"] = "fabu"
	if status, out := w.tryPlay("POST", "/messages", in); status != 404 {
		t.Errorf("another account's openid: %d %v", status, out)
	}
	for _, c := range []struct {
		label  string
		in     object
		status int
	}{
		{"no text", object{"type": "text"}, 422},
		{"too long", object{"type": "text", "content": strings.Repeat("x", 20_000)}, 422},
		{"no type", object{"content": "x"}, 422},
		{"no file", object{"type": "image", "media_id": "x"}, 404},
		{"nowhere", object{"type": "location", "lat": 91, "lng": 0}, 422},
		{"no address", object{"type": "link", "title": "x"}, 422},
		{"not following", object{"type": "text", "content": "x", "citizen": "li"}, 409},
	} {
		c.in["account"] = "zhengwu"
		if c.in["citizen"] == nil {
			c.in["citizen"] = "zhang"
		}
		if status, out := w.tryPlay("POST", "/messages", c.in); status != c.status {
			t.Errorf("%s: %d %v", c.label, status, out)
		}
	}
	if items := w.chat("zhengwu", "zhang"); len(items) != 1 {
		t.Errorf("something refused is in the chat: %v", items)
	}
}

func TestChatsAndReading(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.dev.answers(func(m *wechat.Message) (wechat.Reply, string) {
		if m.Event == "subscribe" {
			return wechat.Text{Content: "欢迎"}, ""
		}
		return nil, ""
	})
	w.follow("fabu", "zhang")
	w.follow("zhengwu", "zhang")
	w.play("POST", "/clock", object{"advance_ms": 1000})
	w.say("fabu", "zhang", "后说的")
	w.settle()
	chats := w.play("GET", "/chats?citizen=zhang", nil)["chats"].([]any)
	first, second := chats[0].(object), chats[1].(object)
	if len(chats) != 2 || first["account"] != "fabu" || first["unread"] != float64(1) || first["last"].(object)["content"] != "后说的" ||
		second["last"].(object)["content"] != "欢迎" {
		t.Errorf("chats: %v", chats)
	}
	w.play("POST", "/enter", object{"account": "fabu", "citizen": "zhang"})
	w.play("POST", "/unfollow", object{"account": "fabu", "citizen": "zhang"})
	chats = w.play("GET", "/chats?citizen=zhang", nil)["chats"].([]any)
	if first = chats[0].(object); first["unread"] != float64(0) || first["following"] != false {
		t.Errorf("after reading and unfollowing: %v", first)
	}
	if page := w.play("GET", "/chat?account=fabu&citizen=zhang&limit=1", nil); page["more"] != true {
		t.Errorf("one of two: %v", page)
	}

	w.settle()
	w.dev.take()
	enter := func(account string, here any) int {
		w.play("POST", "/enter", object{"account": account, "citizen": "zhang", "here": here})
		w.settle()
		return len(w.dev.take())
	}
	if n := enter("zhengwu", object{"lat": 1, "lng": 2}); n != 0 {
		t.Errorf("location told although it is switched off: %d", n)
	}
	w.play("PATCH", "/accounts/zhengwu", object{"location_report": true})
	if n := enter("zhengwu", nil); n != 0 {
		t.Errorf("a phone that does not say where it is: %d", n)
	}
	if n := enter("zhengwu", object{"lat": 1, "lng": 2}); n != 1 {
		t.Errorf("location: %d callbacks", n)
	}
}

func TestACallbackMoves(t *testing.T) {
	t.Parallel()
	w := setup(t)
	host := strings.TrimPrefix(w.dev.server.URL, "http://")
	if a := w.account("fabu"); a.OAuthDomain != host || a.JSDomains[0] != host {
		t.Fatalf("domains %q %q, want %q", a.OAuthDomain, a.JSDomains, host)
	}
	if err := w.box.SetCallback(w.ctx, "fabu", "http://127.0.0.1:7/wx/fabu"); err != nil {
		t.Fatal(err)
	}
	a := w.account("fabu")
	if a.OAuthDomain != "127.0.0.1:7" || a.JSDomains[0] != "127.0.0.1:7" || a.CallbackState != "unchecked" {
		t.Errorf("after the move: %+v", a)
	}
	w.play("PATCH", "/accounts/fabu", object{"callback": w.dev.server.URL + "/wx/fabu"})
	if a := w.account("fabu"); a.OAuthDomain != host || a.CallbackState != "ok" {
		t.Errorf("moved back: %+v", a)
	}
	w.play("PATCH", "/accounts/fabu", object{"oauth_domain": "gov.example"})
	if err := w.box.SetCallback(w.ctx, "fabu", "http://127.0.0.1:7/wx/fabu"); err != nil {
		t.Fatal(err)
	}
	if a := w.account("fabu"); a.OAuthDomain != "gov.example" {
		t.Errorf("a domain of its own moved: %q", a.OAuthDomain)
	}
}
