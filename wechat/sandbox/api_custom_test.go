package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"weizheng/wechat/sandbox/media"
)

var (
	png  = []byte("\x89PNG\r\n\x1a\n0000")
	jpeg = []byte("\xff\xd8\xff\xe0aaaa")
	mp4  = []byte("\x00\x00\x00\x18ftypmp42aaaa")
)

// upload stores a temporary file of the account and returns its id.
func (w *world) upload(account, typ, name string, content []byte) string {
	w.Helper()
	body, mime := form("media", name, content)
	_, answer := w.do("POST", "/cgi-bin/media/upload?type="+typ+"&access_token="+w.token(account), body, "Content-Type", mime)
	out := w.asObject(answer)
	w.want("upload "+typ, out, 0)
	if typ == "thumb" {
		return out["thumb_media_id"].(string)
	}
	return out["media_id"].(string)
}

func TestCustomMessages(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("zhengwu", "zhang")
	openid := w.box.OpenID("zhengwu", "zhang")
	image, voice := w.upload("zhengwu", "image", "a.png", png), w.upload("zhengwu", "voice", "a.amr", media.Silence("好"))
	video, thumb := w.upload("zhengwu", "video", "a.mp4", mp4), w.upload("zhengwu", "thumb", "a.jpg", jpeg)
	article := object{"title": "标题", "description": "说明", "url": "http://a.cn/", "picurl": "http://a.cn/p.png"}
	for _, c := range []struct {
		label, typ string
		part       any
		code       int
		shows      string // the item's type
	}{
		{"text", "text", object{"content": "你好\n<a href=\"http://a.cn\">看</a>"}, 0, "text"},
		{"empty text", "text", object{"content": ""}, 44004, ""},
		{"long text", "text", object{"content": strings.Repeat("x", 2049)}, 45002, ""},
		{"image", "image", object{"media_id": image}, 0, "image"},
		{"image of a voice", "image", object{"media_id": voice}, 40007, ""},
		{"no image", "image", object{}, 40007, ""},
		{"voice", "voice", object{"media_id": voice}, 0, "voice"},
		{"video", "video", object{"media_id": video, "thumb_media_id": thumb, "title": "片"}, 0, "video"},
		{"music", "music", object{"title": "歌", "musicurl": "http://a.cn/m.mp3", "thumb_media_id": thumb}, 0, "music"},
		{"music without thumb", "music", object{"title": "歌"}, 40007, ""},
		{"news", "news", object{"articles": []object{article}}, 0, "news"},
		{"two news", "news", object{"articles": []object{article, article}}, 45008, ""},
		{"no news", "news", object{"articles": []object{}}, 44003, ""},
		{"msgmenu", "msgmenu", object{"head_content": "满意吗", "tail_content": "谢谢",
			"list": []object{{"id": "101", "content": "满意"}, {"id": 102, "content": "不满意"}}}, 0, "msgmenu"},
		{"empty msgmenu", "msgmenu", object{"head_content": "x"}, 44004, ""},
		{"mini program", "miniprogrampage", object{"title": "x", "appid": "wx0000000000000001", "pagepath": "p",
			"thumb_media_id": thumb}, 0, "miniprogram"},
		{"unlinked mini program", "miniprogrampage", object{"title": "x", "appid": "wx2", "pagepath": "p"}, 40166, ""},
		{"mpnewsarticle", "mpnewsarticle", object{"article_id": "x"}, 53600, ""},
		{"mpnews", "mpnews", object{"media_id": "x"}, 40007, ""},
		{"unknown type", "smell", object{}, 40008, ""},
	} {
		w.say("zhengwu", "zhang", "开窗")
		w.settle()
		before := len(w.chat("zhengwu", "zhang"))
		out := w.api("zhengwu", "POST", "/cgi-bin/message/custom/send",
			object{"touser": openid, "msgtype": c.typ, c.typ: c.part})
		w.want(c.label, out, c.code)
		items := w.chat("zhengwu", "zhang")
		if c.code != 0 {
			if len(items) != before {
				t.Errorf("%s: refused, yet something is shown: %v", c.label, items[len(items)-1])
			}
			continue
		}
		if last := items[len(items)-1]; last["type"] != c.shows || last["from"] != "account" || last["origin"] != "custom" {
			t.Errorf("%s: shown %v", c.label, last)
		}
	}
	w.want("a stranger", w.api("zhengwu", "POST", "/cgi-bin/message/custom/send",
		object{"touser": "oNobody", "msgtype": "text", "text": object{"content": "x"}}), 40003)
	w.want("customer service accounts are off", w.api("zhengwu", "POST", "/cgi-bin/message/custom/send",
		object{"touser": openid, "msgtype": "text", "text": object{"content": "x"}, "customservice": object{"kf_account": "a@b"}}), 65400)
	w.want("escapes", w.api("zhengwu", "POST", "/cgi-bin/message/custom/send",
		`{"touser":"`+openid+`","msgtype":"text","text":{"content":"\u4f60\n\"\\"}}`), 0)
	items := w.chat("zhengwu", "zhang")
	if got := items[len(items)-1]["content"]; got != `\u4f60`+"\n\"\\" {
		t.Errorf("escapes are shown as %q", got)
	}
}

func TestWindows(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if err := w.box.SeedFollows(w.ctx, seedFollow("zhengwu", "zhang", w.wall.Now())); err != nil {
		t.Fatal(err)
	}
	openid := w.box.OpenID("zhengwu", "zhang")
	send := func() object {
		return w.api("zhengwu", "POST", "/cgi-bin/message/custom/send",
			object{"touser": openid, "msgtype": "text", "text": object{"content": "x"}})
	}
	advance := func(d time.Duration) { w.play("POST", "/clock", object{"advance_ms": d.Milliseconds()}) }
	w.want("no interaction yet", send(), 45015)
	w.say("zhengwu", "zhang", "你好")
	for range 5 {
		w.want("five after a message", send(), 0)
	}
	w.want("the sixth", send(), 45047)
	w.say("zhengwu", "zhang", "还在吗")
	w.want("the next message opens it again", send(), 0)
	advance(48*time.Hour - time.Second)
	w.want("just before 48 hours", send(), 0)
	advance(time.Second)
	w.want("after 48 hours", send(), 45015)

	for _, c := range []struct {
		label string
		event object
		opens bool
	}{
		{"click", object{"event": "CLICK", "key": "K"}, true},
		{"scan and wait", object{"event": "scancode_waitmsg", "key": "K", "scan_result": "1"}, true},
		{"scan and push", object{"event": "scancode_push", "key": "K", "scan_result": "1"}, true},
		{"scan of a code", object{"event": "SCAN", "scene": "1"}, true},
		{"view", object{"event": "VIEW", "url": "http://a.cn/"}, false},
		{"location report", object{"event": "LOCATION", "lat": 1, "lng": 2}, false},
	} {
		advance(time.Hour)
		c.event["account"], c.event["citizen"] = "zhengwu", "zhang"
		w.play("POST", "/events", c.event)
		if !c.opens {
			w.want(c.label, send(), 45015)
			continue
		}
		for range 3 {
			w.want(c.label+": three", send(), 0)
		}
		w.want(c.label+": the fourth", send(), 45047)
		advance(61 * time.Second)
		w.want(c.label+": after a minute", send(), 45015)
	}
	w.play("POST", "/unfollow", object{"account": "zhengwu", "citizen": "zhang"})
	w.follow("zhengwu", "zhang")
	for range 3 {
		w.want("three after a follow", send(), 0)
	}
	w.want("the fourth after a follow", send(), 45047)
	w.say("zhengwu", "zhang", "你好")
	w.play("POST", "/unfollow", object{"account": "zhengwu", "citizen": "zhang"})
	w.want("who unfollowed", send(), 45015)
}

func TestTyping(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if err := w.box.SeedFollows(w.ctx, seedFollow("zhengwu", "zhang", w.wall.Now())); err != nil {
		t.Fatal(err)
	}
	typing := func(command string) object {
		return w.api("zhengwu", "POST", "/cgi-bin/message/custom/typing",
			object{"touser": w.box.OpenID("zhengwu", "zhang"), "command": command})
	}
	w.want("nobody spoke", typing("Typing"), 45080)
	w.say("zhengwu", "zhang", "在吗")
	w.want("typing", typing("Typing"), 0)
	w.want("still typing", typing("Typing"), 45081)
	w.want("stopped", typing("CancelTyping"), 0)
	w.want("again", typing("Typing"), 0)
	w.want("another command", typing("Shout"), 45072)
	w.play("POST", "/clock", object{"advance_ms": 16_000})
	w.want("it lasts 15 seconds", typing("Typing"), 0)
	w.play("POST", "/clock", object{"advance_ms": 31_000})
	w.want("30 seconds are over", typing("Typing"), 45080)
}
