package contract

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// spoken makes zhang a follower of the account who has just written.
func spoken(w *world, account string) {
	w.follow(account, "zhang")
	w.say(account, "zhang", "你好")
}

func serviceRows() []row {
	return []row{
		{
			path: "/cgi-bin/message/custom/send", auth: wechat.AuthToken, s: verified, f: verified, day: 500_000, prepare: spoken,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { return c.SendCustom(w.ctx, w.openid(account, "zhang"), client.Text{Content: "您好"}) }
			},
			effect: everyMessage, refusals: messageRefusals(),
		},
		{
			path: "/cgi-bin/message/custom/typing", auth: wechat.AuthToken, s: verified, f: verified, prepare: spoken,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { return c.Typing(w.ctx, w.openid(account, "zhang"), true) }
			},
			effect: typingShown,
			refusals: []refusal{
				{label: "shown already", code: 45081, kind: errs.Refused, action: wechat.ActShow, do: func(w *world) error {
					w.wantCode("typing", w.client(main).Typing(w.ctx, w.openid(main, "zhang"), true), 0)
					return w.client(main).Typing(w.ctx, w.openid(main, "zhang"), true)
				}},
				{label: "30 seconds after the last word", code: 45080, kind: errs.Refused, action: wechat.ActShow, do: func(w *world) error {
					w.moveCivil(31 * time.Second)
					return w.client(main).Typing(w.ctx, w.openid(main, "zhang"), true)
				}},
				stranger("a stranger", func(w *world) error { return w.client(main).Typing(w.ctx, "oNobody", true) }),
				{label: "another command", code: 45072, kind: errs.Internal, action: wechat.ActFixRequest, local: "", do: rawTyping},
			},
		},
	}
}

// rawTyping asks for what the client cannot ask for and dresses the answer as the client would.
func rawTyping(w *world) error {
	w.play("PUT", "/faults", object{"faults": []object{{"path": "/cgi-bin/message/custom/typing", "kind": "code",
		"code": w.raw(main, "POST", "/cgi-bin/message/custom/typing", `{"touser":"`+w.openid(main, "zhang")+`","command":"Shout"}`)}}})
	return w.client(main).Typing(w.ctx, w.openid(main, "zhang"), true)
}

// files uploads one file of each kind for the account.
func (w *world) files(account string) map[client.MediaKind]string {
	w.Helper()
	ids := map[client.MediaKind]string{}
	for kind, f := range sampleFiles {
		m, err := w.client(account).UploadMedia(w.ctx, kind, file(f.name, f.content))
		if err != nil {
			w.Fatal(err)
		}
		ids[kind] = m.ID
	}
	return ids
}

// everyMessage sends each type and looks at the chat.
func everyMessage(w *world) {
	w.follow(main, "zhang")
	ids, c := w.files(main), w.client(main)
	shown := func(label string, m client.CustomMessage, want object) object {
		w.Helper()
		w.say(main, "zhang", "开窗")
		w.wantCode(label, c.SendCustom(w.ctx, w.openid(main, "zhang"), m), 0)
		got := w.last(main, "zhang")
		want["from"], want["origin"] = "account", "custom"
		for name, value := range want {
			if !reflect.DeepEqual(got[name], value) {
				w.Errorf("%s: %s is %v, want %v", label, name, got[name], value)
			}
		}
		return got
	}
	fetched := func(label string, got object, name string, content []byte) {
		w.Helper()
		path, _ := got[name].(string)
		if _, body := w.exchange("GET", "http://"+boxHost+path, nil, nil); path == "" || string(body) != string(content) {
			w.Errorf("%s: the phone cannot load %s %q", label, name, path)
		}
	}
	text := "第一行\n<a href=\"https://gov.example/?a=1&b=2\">网页</a> \u2028 😀 \\u4e2d"
	shown("text", client.Text{Content: text}, object{"type": "text", "content": text})
	shown("a long text", client.Text{Content: strings.Repeat("x", 2048)}, object{"type": "text"})
	fetched("image", shown("image", client.Image{MediaID: ids["image"]}, object{"type": "image"}), "url", sampleFiles["image"].content)
	fetched("voice", shown("voice", client.Voice{MediaID: ids["voice"]}, object{"type": "voice", "format": "amr"}), "url", sampleFiles["voice"].content)
	video := shown("video", client.Video{MediaID: ids["video"], ThumbMediaID: ids["thumb"], Title: "片", Description: "说明"},
		object{"type": "video", "title": "片", "description": "说明"})
	fetched("video", video, "url", sampleFiles["video"].content)
	fetched("video", video, "thumb_url", sampleFiles["thumb"].content)
	shown("music", client.Music{Title: "歌", Description: "词", URL: "https://a.cn/m.mp3", HQURL: "https://a.cn/h.mp3", ThumbMediaID: ids["thumb"]},
		object{"type": "music", "title": "歌", "description": "词", "url": "https://a.cn/m.mp3", "hq_url": "https://a.cn/h.mp3"})
	shown("news", client.News{Title: "标题", Description: "摘要", URL: "https://gov.example/1", PicURL: "https://gov.example/1.png"},
		object{"type": "news", "articles": []any{object{"title": "标题", "description": "摘要", "url": "https://gov.example/1", "pic_url": "https://gov.example/1.png"}}})
	shown("mini program", client.MiniProgramPage{Title: "办事", AppID: "wx0000000000000001", PagePath: "pages/a", ThumbMediaID: ids["thumb"]},
		object{"type": "miniprogram", "title": "办事", "appid": "wx0000000000000001", "pagepath": "pages/a"})
	shown("choices", client.ChoiceMenu{Head: "满意吗？", Items: []client.Choice{{ID: "101", Content: "满意"}, {ID: "102", Content: "不满意"}}, Tail: "谢谢"},
		object{"type": "msgmenu", "head": "满意吗？", "tail": "谢谢", "list": []any{object{"id": "101", "content": "满意"}, object{"id": "102", "content": "不满意"}}})
	w.settle()
	w.dev.take()
	w.play("POST", "/messages", object{"account": main, "citizen": "zhang", "type": "text", "content": "不满意", "menu_id": "102"})
	if got := w.next("a choice"); got.MsgType != "text" || got.Content != "不满意" || got.BizMsgMenuID != "102" {
		w.Errorf("a choice comes back as %+v", got.Message)
	}
}

// messageRefusals break one limit of one type each; the window's are in TestWindows.
func messageRefusals() []refusal {
	no := func(label string, code wechat.Code, kind errs.Kind, action wechat.Action, m client.CustomMessage) refusal {
		return refusal{label: label, code: code, kind: kind, action: action, do: func(w *world) error {
			return w.client(main).SendCustom(w.ctx, w.openid(main, "zhang"), m)
		}}
	}
	const invalid, fix = errs.Invalid, wechat.ActFixContent
	return []refusal{
		no("no text", 44004, invalid, fix, client.Text{}),
		no("2049 bytes", 45002, invalid, fix, client.Text{Content: strings.Repeat("x", 2049)}),
		no("no such picture", 40007, invalid, wechat.ActRenewMedia, client.Image{MediaID: "abc"}),
		no("no such voice", 40007, invalid, wechat.ActRenewMedia, client.Voice{MediaID: "abc"}),
		no("no such video", 40007, invalid, wechat.ActRenewMedia, client.Video{MediaID: "abc"}),
		no("music without a picture", 40007, invalid, wechat.ActRenewMedia, client.Music{Title: "歌"}),
		no("an article that is not published", 53600, errs.NotFound, wechat.ActShow, client.PublishedArticle{ArticleID: "abc"}),
		no("no choices", 44004, invalid, fix, client.ChoiceMenu{Head: "x"}),
		no("a mini program that is not linked", 40166, invalid, fix, client.MiniProgramPage{Title: "x", AppID: "wx00", PagePath: "p"}),
		no("customer service accounts are off", 65400, errs.Refused, wechat.ActShow, client.FromAgent(client.Text{Content: "x"}, "a@b")),
		stranger("a stranger", func(w *world) error { return w.client(main).SendCustom(w.ctx, "oNobody", client.Text{Content: "x"}) }),
		{label: "media after three days", code: 40007, kind: invalid, action: wechat.ActRenewMedia, do: func(w *world) error {
			id := w.files(main)["image"]
			w.moveCivil(3 * 24 * time.Hour)
			w.say(main, "zhang", "开窗")
			return w.client(main).SendCustom(w.ctx, w.openid(main, "zhang"), client.Image{MediaID: id})
		}},
		foreignMessage("two cards", 45008, invalid, fix, `"msgtype":"news","news":{"articles":[{"title":"1","url":"https://a.cn"},{"title":"2","url":"https://a.cn"}]}`),
		foreignMessage("an unknown type", 40008, invalid, fix, `"msgtype":"smell","smell":{}`),
		foreignMessage("a withdrawn type", 40072, invalid, fix, `"msgtype":"wxcard","wxcard":{"card_id":"x"}`),
	}
}

// foreignMessage is one that the client has no type for: its answer is dressed as the client would dress it.
func foreignMessage(label string, code wechat.Code, kind errs.Kind, action wechat.Action, body string) refusal {
	const path = "/cgi-bin/message/custom/send"
	return refusal{label: label, code: code, kind: kind, action: action, do: func(w *world) error {
		got := w.raw(main, "POST", path, `{"touser":"`+w.openid(main, "zhang")+`",`+body+`}`)
		w.play("PUT", "/faults", object{"faults": []object{{"path": path, "kind": "code", "code": got}}})
		return w.client(main).SendCustom(w.ctx, w.openid(main, "zhang"), client.Text{Content: "x"})
	}}
}

// TestWindows: five messages in 48 hours after a message; three in a minute after a follow, a scan, or a tap on one of
// three types of button; nothing else opens a window.
func TestWindows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(main)
	code, err := c.CreateQR(w.ctx, client.QR{Action: client.QRLimitScene, SceneID: 7})
	w.wantCode("code", err, 0)
	send := func() error { return c.SendCustom(w.ctx, w.openid(main, "zhang"), client.Text{Content: "x"}) }
	refused := func(label string, code wechat.Code, kind errs.Kind) {
		t.Helper()
		err := send()
		if client.CodeOf(err) != int(code) || !errs.Is(err, kind) || client.ActionOf(err) != wechat.ActOtherChannel {
			t.Errorf("%s: %v", label, err)
		}
	}
	event := func(name string, more object) func() {
		return func() {
			in := object{"account": main, "citizen": "zhang", "event": name}
			maps.Copy(in, more)
			w.play("POST", "/events", in)
		}
	}
	for _, c := range []struct {
		label string
		act   func()
		sends int
		open  time.Duration
	}{
		{"a follow", func() { w.follow(main, "zhang") }, 3, time.Minute},
		{"a message", func() { w.say(main, "zhang", "你好") }, 5, 48 * time.Hour},
		{"CLICK", event("CLICK", object{"key": "K"}), 3, time.Minute},
		{"scancode_push", event("scancode_push", object{"key": "K", "scan_result": "1"}), 3, time.Minute},
		{"scancode_waitmsg", event("scancode_waitmsg", object{"key": "K", "scan_result": "1"}), 3, time.Minute},
		{"a scan", func() { w.play("POST", "/scan", object{"citizen": "zhang", "ticket": code.Ticket}) }, 3, time.Minute},
		{"VIEW", event("VIEW", object{"url": "https://a.cn/"}), 0, 0},
		{"view_miniprogram", event("view_miniprogram", object{"page": "p"}), 0, 0},
		{"LOCATION", event("LOCATION", object{"lat": 23.1, "lng": 113.3}), 0, 0},
		{"a web authorisation", func() { w.authorise(main, "zhang", client.ScopeBase) }, 0, 0},
	} {
		w.moveCivil(49 * time.Hour)
		if c.label != "a follow" {
			refused("before "+c.label, 45015, errs.Refused)
		}
		c.act()
		for n := range c.sends {
			w.wantCode(fmt.Sprint(c.label, ": message ", n+1), send(), 0)
		}
		if c.sends == 0 {
			refused("after "+c.label, 45015, errs.Refused)
			continue
		}
		refused("one more after "+c.label, 45047, errs.Exhausted)
		c.act = nil
		w.moveCivil(c.open - time.Millisecond)
		refused("just before the window of "+c.label+" closes", 45047, errs.Exhausted)
		w.moveCivil(time.Millisecond)
		refused("after the window of "+c.label, 45015, errs.Refused)
	}
	w.say(main, "zhang", "一")
	for range 5 {
		w.wantCode("five", send(), 0)
	}
	w.say(main, "zhang", "二")
	w.wantCode("the next message opens it anew", send(), 0)
	w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
	refused("who left", 45015, errs.Refused)
	if n := len(w.chat(main, "zhang")); n < 20 {
		t.Errorf("only %d items in the chat", n)
	}
}

// typingShown: the phone shows it until the message, the next word, or the end of it.
func typingShown(w *world) {
	spoken(w, main)
	hints := w.listen("zhang")
	c := w.client(main)
	typing := func(on bool) error { return c.Typing(w.ctx, w.openid(main, "zhang"), on) }
	w.wantCode("typing", typing(true), 0)
	hints("typing", true)
	w.wantCode("and no more", typing(false), 0)
	hints("typing", false)
	w.wantCode("again", typing(true), 0)
	hints("typing", true)
	w.wantCode("a message", c.SendCustom(w.ctx, w.openid(main, "zhang"), client.Text{Content: "好了"}), 0)
	hints("typing", false)
	w.wantCode("after it, again", typing(true), 0)
	hints("typing", true)
}

// listen follows the hints that a citizen's phone gets; the result waits for one about the account.
func (w *world) listen(citizen string) func(topic string, on bool) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second)
	w.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+boxHost+"/sandbox/api/stream?citizen="+citizen, nil)
	if err != nil {
		w.Fatal(err)
	}
	res, err := w.net.RoundTrip(req)
	if err != nil {
		w.Fatal(err)
	}
	lines := bufio.NewScanner(res.Body)
	lines.Scan() // the greeting: from now on nothing is missed
	return func(topic string, on bool) {
		w.Helper()
		for lines.Scan() {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			var h struct {
				Topic, Account, Citizen string
				On                      *bool
			}
			if !ok || json.Unmarshal([]byte(data), &h) != nil || h.Topic != topic {
				continue
			}
			if h.Account != main || h.Citizen != citizen || h.On == nil || *h.On != on {
				w.Errorf("%s: %s, want on %v", topic, data, on)
			}
			return
		}
		w.Fatalf("no hint of %s: %v", topic, lines.Err())
	}
}
