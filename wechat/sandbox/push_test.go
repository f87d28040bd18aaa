package sandbox_test

import (
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"weizheng/wechat"
)

const outOfService = "该公众号暂时无法提供服务，请稍后再试"

func TestCallbacksInEachMode(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.dev.answers(func(m *wechat.Message) (wechat.Reply, string) {
		if m.MsgType == "event" {
			return nil, wechat.Success
		}
		return wechat.Text{Content: "收到：" + m.Content}, ""
	})
	for _, c := range []struct {
		account             string
		encrypted, readable bool
	}{
		{"zhengwu", true, false}, {"fabu", false, true}, {"renshe", true, true}, {"jiaojing", false, true},
	} {
		w.follow(c.account, "zhang")
		w.dev.take()
		said := w.say(c.account, "zhang", "居住证 & <怎么办>")
		w.settle()
		got := w.dev.take()
		if len(got) != 1 {
			t.Fatalf("%s: %d callbacks", c.account, len(got))
		}
		g := got[0]
		if g.query.OpenID != w.box.OpenID(c.account, "zhang") || g.message.FromUserName != g.query.OpenID {
			t.Errorf("%s: openid %q in the query, %q in the message", c.account, g.query.OpenID, g.message.FromUserName)
		}
		if (g.query.EncryptType == "aes") != c.encrypted || strings.Contains(g.body, "<Encrypt>") != c.encrypted {
			t.Errorf("%s: encrypted? query %q", c.account, g.query.EncryptType)
		}
		if strings.Contains(g.body, "居住证") != c.readable {
			t.Errorf("%s: body %s", c.account, g.body)
		}
		if strconv.FormatInt(g.message.MsgID, 10) != said["msg_id"] || g.message.CreateTime != w.wall.Now().Unix() {
			t.Errorf("%s: message %v, said %v", c.account, g.message, said)
		}
		items := w.chat(c.account, "zhang")
		if len(items) != 2 || items[1]["content"] != "收到：居住证 & <怎么办>" || items[1]["origin"] != "reply" {
			t.Errorf("%s: chat %v", c.account, items)
		}
		if d := items[0]["delivery"].(object); d["state"] != "ok" || d["tries"] != float64(1) {
			t.Errorf("%s: delivery %v", c.account, d)
		}
	}
}

func TestWhatIsShownOfAnAnswer(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("fabu", "zhang")
	w.follow("zhengwu", "zhang")
	image := w.upload("fabu", "image", "a.png", png)
	openid, gh := w.box.OpenID("fabu", "zhang"), w.account("fabu").OriginalID
	card := wechat.Article{Title: "题", URL: "http://a.cn/"}
	plain := func(to, from, rest string) string {
		return "<xml><ToUserName>" + to + "</ToUserName><FromUserName>" + from + "</FromUserName><CreateTime>1</CreateTime>" + rest + "</xml>"
	}
	text := "<MsgType>text</MsgType><Content>好</Content>"
	for _, c := range []struct {
		label string
		reply wechat.Reply
		raw   string
		shows string // type; "" nothing
	}{
		{"success", nil, "success", ""},
		{"nothing", nil, "", ""},
		{"text", wechat.Text{Content: "好"}, "", "text"},
		{"image", wechat.Image{MediaID: image}, "", "image"},
		{"one card", wechat.News{Articles: []wechat.Article{card}}, "", "news"},
		{"two cards after a message", wechat.News{Articles: []wechat.Article{card, card}}, "", "system"},
		{"hand over", wechat.TransferToService{}, "", ""},
		{"unknown media", wechat.Image{MediaID: "abc"}, "", "system"},
		{"empty text", wechat.Text{}, "", "system"},
		{"JSON", nil, `{"errcode":0}`, "system"},
		{"success with a newline", nil, "success\n", "system"},
		{"broken XML", nil, "<xml><ToUserName>", "system"},
		{"raw XML", nil, plain(openid, gh, text), "text"},
		{"the wrong way round", nil, plain(gh, openid, text), "system"},
		{"to somebody else", nil, plain("oNobody", gh, text), "system"},
	} {
		w.dev.answers(func(*wechat.Message) (wechat.Reply, string) { return c.reply, c.raw })
		before := len(w.chat("fabu", "zhang"))
		w.say("fabu", "zhang", "你好")
		w.settle()
		shown := w.chat("fabu", "zhang")[before+1:]
		if got := w.dev.take(); len(got) == 0 || c.shows == "system" && len(shown) == 1 && shown[0]["content"] != outOfService {
			t.Errorf("%s: %d callbacks, shown %v", c.label, len(got), shown)
		}
		switch {
		case c.shows == "" && len(shown) != 0, c.shows != "" && (len(shown) != 1 || shown[0]["type"] != c.shows):
			t.Errorf("%s: shown %v, want %q", c.label, shown, c.shows)
		}
	}
	// Safe mode takes no clear reply.
	to := w.box.OpenID("zhengwu", "zhang")
	w.dev.answers(func(*wechat.Message) (wechat.Reply, string) {
		return nil, plain(to, w.account("zhengwu").OriginalID, text)
	})
	w.say("zhengwu", "zhang", "你好")
	w.settle()
	if items := w.chat("zhengwu", "zhang"); items[len(items)-1]["content"] != outOfService {
		t.Errorf("a clear reply in safe mode is shown: %v", items)
	}
	// Compatible mode does.
	w.follow("renshe", "zhang")
	to = w.box.OpenID("renshe", "zhang")
	w.dev.answers(func(*wechat.Message) (wechat.Reply, string) {
		return nil, plain(to, w.account("renshe").OriginalID, text)
	})
	w.say("renshe", "zhang", "你好")
	w.settle()
	if items := w.chat("renshe", "zhang"); items[len(items)-1]["content"] != "好" {
		t.Errorf("a clear reply in compatible mode is not shown: %v", items)
	}
}

func TestEveryKindOfMessageAndEvent(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("zhengwu", "zhang")
	if got := w.dev.take(); len(got) != 1 || got[0].message.Event != "subscribe" || got[0].message.EventKey != "" {
		t.Fatalf("plain follow: %v", got)
	}
	put := func(typ string, content []byte) string {
		body, mime := form("media", "a.bin", content)
		_, answer := w.do("POST", "/sandbox/api/media?type="+typ, body, "Content-Type", mime)
		return w.asObject(answer)["media_id"].(string)
	}
	picture, film := put("image", png), put("video", mp4)
	type check = func(m *wechat.Message) bool
	for _, c := range []struct {
		label, path string
		in          object
		want        []check
	}{
		{"text from a msgmenu", "/messages", object{"type": "text", "content": "满意", "menu_id": "101"},
			[]check{func(m *wechat.Message) bool { return m.Content == "满意" && m.BizMsgMenuID == "101" }}},
		{"image", "/messages", object{"type": "image", "media_id": picture},
			[]check{func(m *wechat.Message) bool { return m.MediaID != "" && m.MediaID != picture && m.PicURL != "" }}},
		{"voice", "/messages", object{"type": "voice", "recognition": "居住证怎么办"},
			[]check{func(m *wechat.Message) bool {
				return m.Recognition == "居住证怎么办" && m.Format == "amr" && m.MediaID16K != "" && m.MediaID != m.MediaID16K
			}}},
		{"video", "/messages", object{"type": "video", "media_id": film},
			[]check{func(m *wechat.Message) bool { return m.MsgType == "video" && m.ThumbMediaID != "" }}},
		{"short video", "/messages", object{"type": "shortvideo", "media_id": film},
			[]check{func(m *wechat.Message) bool { return m.MsgType == "shortvideo" && m.MediaID != "" }}},
		{"location", "/messages", object{"type": "location", "lat": 23.1, "lng": 113.3, "label": "市民广场"},
			[]check{func(m *wechat.Message) bool {
				return m.LocationX == 23.1 && m.LocationY == 113.3 && m.Label == "市民广场"
			}}},
		{"link", "/messages", object{"type": "link", "title": "题", "url": "http://a.cn/"},
			[]check{func(m *wechat.Message) bool { return m.URL == "http://a.cn/" && m.Title == "题" }}},
		{"click", "/events", object{"event": "CLICK", "key": "K1"},
			[]check{func(m *wechat.Message) bool { return m.Event == "CLICK" && m.EventKey == "K1" }}},
		{"view", "/events", object{"event": "VIEW", "url": "http://a.cn/", "menu_id": "7"},
			[]check{func(m *wechat.Message) bool { return m.EventKey == "http://a.cn/" && m.MenuID == "7" }}},
		{"mini program", "/events", object{"event": "view_miniprogram", "page": "p/a", "menu_id": "7"},
			[]check{func(m *wechat.Message) bool { return m.EventKey == "p/a" }}},
		{"location report", "/events", object{"event": "LOCATION", "lat": 1.5, "lng": 2.5, "precision": 30},
			[]check{func(m *wechat.Message) bool { return m.Latitude == 1.5 && m.Longitude == 2.5 && m.Precision == 30 }}},
		{"scan", "/events", object{"event": "scancode_waitmsg", "key": "K2", "scan_result": "42"},
			[]check{func(m *wechat.Message) bool { return m.ScanCodeInfo != nil && m.ScanCodeInfo.ScanResult == "42" }}},
		{"pictures", "/events", object{"event": "pic_photo_or_album", "key": "K3", "media_ids": []string{picture, picture}},
			[]check{
				func(m *wechat.Message) bool { return m.SendPicsInfo != nil && len(m.SendPicsInfo.PicMD5s) == 2 },
				func(m *wechat.Message) bool { return m.MsgType == "image" },
				func(m *wechat.Message) bool { return m.MsgType == "image" },
			}},
		{"place", "/events", object{"event": "location_select", "key": "K4", "lat": 3, "lng": 4, "poiname": "馆"},
			[]check{
				func(m *wechat.Message) bool { return m.SendLocationInfo != nil && m.SendLocationInfo.PoiName == "馆" },
				func(m *wechat.Message) bool { return m.MsgType == "location" && m.LocationX == 3 },
			}},
		{"authorisation revoked", "/events", object{"event": "user_authorization_revoke", "revoke_info": "1"},
			[]check{func(m *wechat.Message) bool {
				return m.OpenID == w.box.OpenID("zhengwu", "zhang") && m.RevokeInfo == "1"
			}}},
		{"verification expired", "/events", object{"event": "verify_expired", "expired_time": 1442401156},
			[]check{func(m *wechat.Message) bool { return m.ExpiredTime == 1442401156 }}},
		{"unfollow", "/unfollow", object{},
			[]check{func(m *wechat.Message) bool { return m.Event == "unsubscribe" }}},
	} {
		c.in["account"] = "zhengwu"
		if c.label != "verification expired" {
			c.in["citizen"] = "zhang"
		}
		w.play("POST", c.path, c.in)
		w.settle()
		got := w.dev.take()
		if len(got) != len(c.want) {
			t.Errorf("%s: %d callbacks, want %d", c.label, len(got), len(c.want))
			continue
		}
		for i, ok := range c.want {
			if !ok(got[i].message) {
				t.Errorf("%s: callback %d is %s", c.label, i, got[i].message.Raw)
			}
		}
	}
	w.play("PATCH", "/accounts/zhengwu", object{"asr": false})
	w.follow("zhengwu", "zhang")
	w.dev.take()
	w.play("POST", "/messages", object{"account": "zhengwu", "citizen": "zhang", "type": "voice", "recognition": "说了什么"})
	w.settle()
	if got := w.dev.take(); len(got) != 1 || strings.Contains(string(got[0].message.Raw), "Recognition") {
		t.Errorf("recognition although it is switched off: %v", got)
	}
}

func TestScansAndMenus(t *testing.T) {
	t.Parallel()
	w := setup(t)
	code := w.api("zhengwu", "POST", "/cgi-bin/qrcode/create", object{"action_name": "QR_LIMIT_STR_SCENE",
		"action_info": object{"scene": object{"scene_str": "hall"}}})
	scan := func(in object) object {
		in["citizen"] = "zhang"
		out := w.play("POST", "/scan", in)
		w.settle()
		return out
	}
	if out := scan(object{"url": code["url"], "follow": false}); out["kind"] != "profile" || len(w.dev.take()) != 0 {
		t.Errorf("looked at: %v", out)
	}
	if out := scan(object{"url": code["url"]}); out["kind"] != "event" || out["event"] != "subscribe" {
		t.Errorf("first scan: %v", out)
	}
	if got := w.dev.take(); len(got) != 1 || got[0].message.EventKey != "qrscene_hall" || got[0].message.Ticket != code["ticket"] {
		t.Errorf("subscribe: %v", got)
	}
	info := w.api("zhengwu", "GET", "/cgi-bin/user/info?openid="+w.box.OpenID("zhengwu", "zhang"), nil)
	if info["qr_scene_str"] != "hall" || info["subscribe_scene"] != "ADD_SCENE_QR_CODE" {
		t.Errorf("info: %v", info)
	}
	if out := scan(object{"ticket": code["ticket"]}); out["event"] != "SCAN" {
		t.Errorf("second scan: %v", out)
	}
	if got := w.dev.take(); len(got) != 1 || got[0].message.Event != "SCAN" || got[0].message.EventKey != "hall" {
		t.Errorf("SCAN: %v", got)
	}
	if out := scan(object{"url": "https://a.cn/x"}); out["kind"] != "page" || out["url"] != "https://a.cn/x" {
		t.Errorf("a page's code: %v", out)
	}
	if out := scan(object{"url": "690123456"}); out["kind"] != "text" {
		t.Errorf("a bar code: %v", out)
	}
	if codes := w.play("GET", "/codes?account=zhengwu", nil)["codes"].([]any); len(codes) != 1 {
		t.Errorf("codes: %v", codes)
	}

	w.want("menu", w.api("zhengwu", "POST", "/cgi-bin/menu/create", object{"button": []object{
		button("type", "click", "name", "问", "key", "ASK"),
		under("办", button("type", "view", "name", "查", "url", "http://127.0.0.1:9/x"), button("type", "scancode_push", "name", "扫", "key", "S")),
	}}), 0)
	tap := func(result any, path ...int) object {
		out := w.play("POST", "/menu/tap", object{"account": "zhengwu", "citizen": "zhang", "path": path, "result": result})
		w.settle()
		return out
	}
	if out := tap(nil, 0); out["kind"] != "event" || w.dev.take()[0].message.EventKey != "ASK" {
		t.Errorf("click: %v", out)
	}
	if out := tap(nil, 1, 0); out["kind"] != "page" || out["url"] != "http://127.0.0.1:9/x" || w.dev.take()[0].message.MenuID == "" {
		t.Errorf("view: %v", out)
	}
	if out := tap(nil, 1, 1); out["kind"] != "ask" || len(w.dev.take()) != 0 {
		t.Errorf("asks: %v", out)
	}
	if out := tap(object{"scan_result": "http://a.cn/"}, 1, 1); out["kind"] != "page" || w.dev.take()[0].message.Event != "scancode_push" {
		t.Errorf("brought: %v", out)
	}
	for _, path := range [][]int{{1}, {2}, {0, 0}, {-1}, {}, {1, 0, 0}} {
		if status, out := w.tryPlay("POST", "/menu/tap", object{"account": "zhengwu", "citizen": "zhang", "path": path}); status != 404 {
			t.Errorf("path %v: %d %v", path, status, out)
		}
	}
	if status, _ := w.tryPlay("POST", "/menu/tap", object{"account": "zhengwu", "citizen": "li", "path": []int{0}}); status != 409 {
		t.Errorf("a stranger taps: %d", status)
	}
}

func TestURLCheck(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if out := w.play("POST", "/accounts/fabu/verify", nil); out["ok"] != true {
		t.Errorf("verify: %v", out)
	}
	if got := w.play("GET", "/accounts/fabu", nil)["account"].(object)["callback_state"]; got != "ok" {
		t.Errorf("state %v", got)
	}
	status, out := w.tryPlay("PATCH", "/accounts/fabu", object{"callback": w.dev.server.URL + "/elsewhere"})
	if status != 422 || out["error"].(object)["code"] != "callback_failed" {
		t.Errorf("a callback that does not answer: %d %v", status, out)
	}
	if got := w.play("GET", "/accounts/fabu", nil)["account"].(object)["callback"]; got != w.dev.server.URL+"/wx/fabu" {
		t.Errorf("the old callback is lost: %v", got)
	}
	made := w.play("POST", "/accounts", object{"id": "xin", "name": "新", "callback": w.dev.server.URL + "/elsewhere"})["account"].(object)
	if made["callback_state"] != "failed" || made["secret"] == "" || len(made["encoding_aes_key"].(string)) != 43 {
		t.Errorf("made: %v", made)
	}
	w.follow("xin", "zhang")
	w.say("xin", "zhang", "有人吗")
	w.settle()
	items := w.chat("xin", "zhang")
	if len(items) != 1 || items[0]["delivery"].(object)["state"] != "none" {
		t.Errorf("a callback that is switched off: %v", items)
	}
	if status, out := w.tryPlay("POST", "/accounts", object{"id": "xin"}); status != 409 {
		t.Errorf("the same id: %d %v", status, out)
	}
	if status, out := w.tryPlay("POST", "/accounts", object{"id": "Not A Slug"}); status != 422 {
		t.Errorf("no slug: %d %v", status, out)
	}
}

func TestOrderWithinAChat(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("fabu", "zhang", "li")
	w.dev.take()
	const n = 40
	for i := range n {
		w.say("fabu", "zhang", fmt.Sprint(i))
		w.say("fabu", "li", fmt.Sprint(i))
	}
	w.settle()
	next := map[string]int{}
	for _, g := range w.dev.take() {
		if want := fmt.Sprint(next[g.query.OpenID]); g.message.Content != want {
			t.Fatalf("got %s, want %s", g.message.Content, want)
		}
		next[g.query.OpenID]++
	}
	if len(next) != 2 {
		t.Errorf("chats: %v", next)
	}
}

func TestCallbackFaults(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("fabu", "zhang")
	w.dev.take()
	w.dev.answers(func(m *wechat.Message) (wechat.Reply, string) { return wechat.Text{Content: "答"}, "" })
	disturb := func(f object) { w.play("POST", "/faults", f) }

	disturb(object{"path": "callback", "kind": "drop", "times": 2})
	w.say("fabu", "zhang", "一")
	w.settle()
	got := w.dev.take()
	if len(got) != 3 || got[0].message.MsgID != got[2].message.MsgID || got[0].body != got[2].body {
		t.Errorf("dropped twice: %d deliveries", len(got))
	}
	if items := w.chat("fabu", "zhang"); len(items) != 2 || items[0]["delivery"].(object)["tries"] != float64(3) {
		t.Errorf("one answer is shown: %v", items)
	}
	disturb(object{"path": "callback", "kind": "drop", "times": 3})
	w.say("fabu", "zhang", "二")
	w.settle()
	if got := w.dev.take(); len(got) != 3 {
		t.Errorf("dropped for good: %d deliveries", len(got))
	}
	if items := w.chat("fabu", "zhang"); items[len(items)-1]["content"] != outOfService {
		t.Errorf("no line: %v", items[len(items)-1])
	}
	disturb(object{"path": "callback", "kind": "duplicate"})
	w.say("fabu", "zhang", "三")
	w.settle()
	if got := w.dev.take(); len(got) != 2 || got[0].body != got[1].body {
		t.Errorf("duplicate: %d deliveries", len(got))
	}
	disturb(object{"path": "callback", "kind": "late", "delay_ms": 300})
	w.say("fabu", "zhang", "四")
	w.say("fabu", "zhang", "五")
	w.settle()
	if got := w.dev.take(); len(got) != 2 || got[0].message.Content != "五" || got[1].message.Content != "四" {
		t.Errorf("late: %v", got)
	}
	if left := w.play("GET", "/faults", nil)["faults"].([]any); len(left) != 0 {
		t.Errorf("faults left: %v", left)
	}
}

func TestAPIFaults(t *testing.T) {
	t.Parallel()
	w := setup(t)
	path := "/cgi-bin/user/get"
	disturb := func(kind string, more object) {
		f := object{"path": path, "kind": kind, "account": "fabu"}
		maps.Copy(f, more)
		w.play("POST", "/faults", f)
	}
	w.token("fabu")
	disturb("code", object{"code": -1, "times": 2})
	w.want("busy", w.api("fabu", "GET", path, nil), -1)
	w.want("another account", w.api("renshe", "GET", path, nil), 0)
	w.want("busy again", w.api("fabu", "GET", path, nil), -1)
	w.want("over", w.api("fabu", "GET", path, nil), 0)
	disturb("html", nil)
	if res, body := w.do("GET", path+"?access_token="+w.token("fabu"), nil); res.StatusCode != 502 || !strings.Contains(string(body), "<html>") {
		t.Errorf("html: %d %s", res.StatusCode, body)
	}
	used := func() any {
		return w.api("fabu", "POST", "/cgi-bin/openapi/quota/get", object{"cgi_path": path})["quota"].(object)["used"]
	}
	before := used().(float64)
	for _, c := range []struct {
		kind string
		done float64
	}{{"drop", 0}, {"drop_after", 1}} {
		disturb(c.kind, nil)
		// A fresh connection: on a used one net/http would repeat the call.
		req, err := http.NewRequestWithContext(w.ctx, "GET", w.server.URL+path+"?access_token="+w.token("fabu"), nil)
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		if res, err := client.Do(req); err == nil {
			res.Body.Close()
			t.Errorf("%s: answered %d", c.kind, res.StatusCode)
		}
		if now := used().(float64); now-before != c.done {
			t.Errorf("%s: %v calls counted", c.kind, now-before)
		}
		before = used().(float64)
	}
	disturb("revoke", nil)
	w.want("revoked", w.api("fabu", "GET", path, nil), 40001)
	w.want("and stays so", w.api("fabu", "GET", path, nil), 40001)
	delete(w.tokens, "fabu")
	w.want("a new token", w.api("fabu", "GET", path, nil), 0)
	for _, kind := range []string{"delay", "late"} {
		disturb(kind, object{"delay_ms": 150})
		start := time.Now()
		w.want(kind, w.api("fabu", "GET", path, nil), 0)
		if took := time.Since(start); took < 150*time.Millisecond {
			t.Errorf("%s: took %v", kind, took)
		}
	}
	for _, bad := range []object{
		{"path": "callback", "kind": "code", "code": 1}, {"path": path, "kind": "duplicate"}, {"path": "x", "kind": "drop"},
		{"path": path, "kind": "code"}, {"path": path, "kind": "delay", "delay_ms": -1}, {"path": path, "kind": "smell"},
	} {
		if status, out := w.tryPlay("POST", "/faults", bad); status != 422 {
			t.Errorf("%v is taken: %d %v", bad, status, out)
		}
	}
}
