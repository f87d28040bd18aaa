package gosdk

import (
	"bytes"
	"io"
	"maps"
	"mime/multipart"
	"testing"

	"github.com/silenceper/wechat/v2/officialaccount/message"
)

// TestCallbacks lets the SDK's handler read and answer in each of the three modes.
func TestCallbacks(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"plain", "compatible", "safe"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			a := register(t, "go-"+mode, mode, true)
			a.inbound()
			a.replies()
			a.play("POST", "/unfollow", object{"account": a.id, "citizen": a.citizen})
			if m := a.next(); m.Event != message.EventUnsubscribe {
				t.Errorf("%+v", m)
			}
		})
	}
}

// file puts a file on the phone.
func (a *account) file(kind, name string, content []byte) string {
	a.Helper()
	body := &bytes.Buffer{}
	m := multipart.NewWriter(body)
	part, err := m.CreateFormFile("media", name)
	if err == nil {
		_, err = part.Write(content)
	}
	a.no("form", err)
	a.no("form", m.Close())
	_, answer := a.do("POST", a.base+"/sandbox/api/media?type="+kind, io.Reader(body), m.FormDataContentType())
	_, id, _ := bytes.Cut(answer, []byte(`"media_id":"`))
	id, _, _ = bytes.Cut(id, []byte(`"`))
	return string(id)
}

func (a *account) inbound() {
	picture, film := a.file("image", "a.png", files["image"]), a.file("video", "a.mp4", files["video"])
	for _, c := range []struct {
		path string
		in   object
		says func(m *message.MixMessage) bool
	}{
		{"/messages", object{"type": "text", "content": "居住证 & <怎么办>"}, func(m *message.MixMessage) bool { return m.MsgType == "text" && m.Content == "居住证 & <怎么办>" }},
		{"/messages", object{"type": "text", "content": "满意", "menu_id": "101"}, func(m *message.MixMessage) bool { return m.BizMsgMenuID == 101 }},
		{"/messages", object{"type": "image", "media_id": picture}, func(m *message.MixMessage) bool { return m.MsgType == "image" && m.MediaID != "" && m.PicURL != "" }},
		{"/messages", object{"type": "voice", "recognition": "你好"}, func(m *message.MixMessage) bool { return m.MsgType == "voice" && m.MediaID != "" && m.Format == "amr" }},
		{"/messages", object{"type": "video", "media_id": film}, func(m *message.MixMessage) bool { return m.MsgType == "video" && m.ThumbMediaID != "" }},
		{"/messages", object{"type": "location", "lat": 23.134521, "lng": 113.358803, "scale": 16, "label": "广场"},
			func(m *message.MixMessage) bool {
				return m.LocationX == 23.134521 && m.LocationY == 113.358803 && m.Scale == 16 && m.Label == "广场"
			}},
		{"/messages", object{"type": "link", "title": "题", "url": "https://gov.example/?a=1&b=2"}, func(m *message.MixMessage) bool { return m.URL == "https://gov.example/?a=1&b=2" && m.Title == "题" }},
		{"/events", object{"event": "CLICK", "key": "K&1"}, func(m *message.MixMessage) bool { return m.Event == message.EventClick && m.EventKey == "K&1" }},
		{"/events", object{"event": "VIEW", "url": "https://gov.example/"}, func(m *message.MixMessage) bool {
			return m.Event == message.EventView && m.EventKey == "https://gov.example/"
		}},
		{"/events", object{"event": "SCAN", "scene": "hall"}, func(m *message.MixMessage) bool { return m.Event == message.EventScan && m.EventKey == "hall" }},
		{"/events", object{"event": "LOCATION", "lat": 23.1, "lng": 113.3}, func(m *message.MixMessage) bool {
			return m.Event == message.EventLocation && m.Latitude != "" && m.Longitude != ""
		}},
		{"/events", object{"event": "scancode_waitmsg", "key": "K", "scan_result": "1"}, func(m *message.MixMessage) bool {
			return m.Event == message.EventScancodeWaitmsg && m.ScanCodeInfo.ScanResult == "1" && m.ScanCodeInfo.ScanType == "qrcode"
		}},
		{"/events", object{"event": "pic_weixin", "key": "K", "media_ids": []string{picture}}, func(m *message.MixMessage) bool {
			return m.Event == message.EventPicWeixin && m.SendPicsInfo.Count == 1 && len(m.SendPicsInfo.PicList) == 1 && a.next().MsgType == "image"
		}},
		{"/events", object{"event": "location_select", "key": "K", "lat": 23.1, "lng": 113.3, "label": "广场"}, func(m *message.MixMessage) bool {
			return m.Event == message.EventLocationSelect && m.SendLocationInfo.LocationX == 23.1 && m.SendLocationInfo.Label == "广场" && a.next().MsgType == "location"
		}},
	} {
		in := object{"account": a.id, "citizen": a.citizen}
		maps.Copy(in, c.in)
		a.play("POST", c.path, in)
		if m := a.next(); !c.says(m) || m.GetOpenID() != a.openid || m.CreateTime == 0 {
			a.Errorf("%v: %+v", c.in, m)
		}
	}
}

func (a *account) replies() {
	ids := a.media()
	articles := func(n int) *message.News {
		list := make([]*message.Article, n)
		for i := range list {
			list[i] = message.NewArticle("题 & <1>", "说明", "https://gov.example/1.png", "https://gov.example/?a=1&b=2")
		}
		return message.NewNews(list)
	}
	for _, c := range []struct {
		label string
		reply *message.Reply
		shows string
	}{
		{"text", &message.Reply{MsgType: message.MsgTypeText, MsgData: message.NewText("您好 <&> ]]>\n二")}, "text"},
		{"image", &message.Reply{MsgType: message.MsgTypeImage, MsgData: message.NewImage(ids["image"])}, "image"},
		{"voice", &message.Reply{MsgType: message.MsgTypeVoice, MsgData: message.NewVoice(ids["voice"])}, "voice"},
		{"video", &message.Reply{MsgType: message.MsgTypeVideo, MsgData: message.NewVideo(ids["video"], "片", "说明")}, "video"},
		{"music", &message.Reply{MsgType: message.MsgTypeMusic, MsgData: message.NewMusic("歌", "词", "https://gov.example/m.mp3", "", ids["thumb"])}, "music"},
		{"news", &message.Reply{MsgType: message.MsgTypeNews, MsgData: articles(1)}, "news"},
		{"two news in answer to a text", &message.Reply{MsgType: message.MsgTypeNews, MsgData: articles(2)}, "system"},
	} {
		a.answers(func(*message.MixMessage) *message.Reply { return c.reply })
		a.say(c.label)
		a.next()
		got := a.shown(c.shows)
		if c.shows == "text" && got["content"] != "您好 <&> ]]>\n二" {
			a.Errorf("%s: %v", c.label, got)
		}
		if c.shows != "system" && got["origin"] != "reply" {
			a.Errorf("%s: %v", c.label, got)
		}
	}
	before := len(a.play("GET", "/chat?limit=500&account="+a.id+"&citizen="+a.citizen, nil)["items"].([]any))
	for _, reply := range []*message.Reply{nil, {MsgType: message.MsgTypeTransfer, MsgData: message.NewTransferCustomer("")}} {
		a.answers(func(*message.MixMessage) *message.Reply { return reply })
		a.say("静默")
		a.next()
		a.until("the delivery", func() bool {
			items := a.play("GET", "/chat?limit=500&account="+a.id+"&citizen="+a.citizen, nil)["items"].([]any)
			delivery, _ := items[len(items)-1].(object)["delivery"].(object)
			return delivery["state"] == "ok"
		})
		before++
	}
	if after := len(a.play("GET", "/chat?limit=500&account="+a.id+"&citizen="+a.citizen, nil)["items"].([]any)); after != before {
		a.Errorf("an answer of nothing shows something: %d items, want %d", after, before)
	}
	a.answers(nil)
}
