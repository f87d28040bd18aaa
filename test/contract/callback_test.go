package contract

import (
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"weizheng/wechat"
)

// pushers are accounts in each of the three modes; what of a body can be read without the key.
var pushers = []struct {
	account         string
	mode            wechat.Mode
	sealed, legible bool
}{
	{"zhengwu", wechat.Safe, true, false},
	{"renshe", wechat.Compatible, true, true},
	{"xinqu", wechat.Plain, false, true},
}

// TestCallbacks: in every mode each message and event opens with the codec, says what the citizen did, and its answer is
// shown.
func TestCallbacks(t *testing.T) {
	t.Parallel()
	for _, p := range pushers {
		t.Run(string(p.mode), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.dev.answers(func(m *wechat.Message) wechat.Reply {
				if m.MsgType == "event" && m.Event != "CLICK" {
					return nil
				}
				return wechat.Text{Content: "收到 " + m.MsgType + " & <" + m.Content + m.EventKey + ">"}
			})
			w.play("POST", "/follow", object{"account": p.account, "citizen": "zhang"})
			if got := w.next("follow"); got.Event != "subscribe" || got.EventKey != "" || got.Ticket != "" {
				t.Errorf("%+v", got.Message)
			}
			for _, c := range citizenActs(w) {
				in := object{"account": p.account, "citizen": "zhang"}
				maps.Copy(in, c.in)
				w.play("POST", c.path, in)
				got := w.next(c.label)
				if !c.says(got.Message) {
					t.Errorf("%s: %+v", c.label, got.Message)
				}
				w.framed(c.label, got, p.account, p.sealed, p.legible)
				if last := w.last(p.account, "zhang"); c.shows != "" && (last["content"] != c.shows || last["origin"] != "reply") {
					t.Errorf("%s: shown %v", c.label, last)
				}
			}
			w.play("POST", "/unfollow", object{"account": p.account, "citizen": "zhang"})
			if got := w.next("unfollow"); got.Event != "unsubscribe" {
				t.Errorf("%+v", got.Message)
			}
			w.repeated(p.account)
		})
	}
}

// framed looks at what stands around the message.
func (w *world) framed(label string, got received, account string, sealed, legible bool) {
	w.Helper()
	a, openid := w.account(account), w.openid(account, "zhang")
	if got.path != "/wx/"+account || got.ToUserName != a.OriginalID || got.FromUserName != openid || got.query.OpenID != openid ||
		got.CreateTime != w.wall.Now().Unix() || (got.MsgType != "event") != (got.MsgID != 0) {
		w.Errorf("%s: %s %+v", label, got.path, got.Message)
	}
	if (got.query.EncryptType == "aes") != sealed || (got.query.MsgSignature != "") != sealed || got.query.Signature == "" ||
		strings.Contains(got.body, "<Encrypt>") != sealed || strings.Contains(got.body, openid) != legible {
		w.Errorf("%s: query %+v, body %.200s", label, got.query, got.body)
	}
}

type citizenAct struct {
	label, path string
	in          object
	says        func(m *wechat.Message) bool
	shows       string
}

// citizenActs are one of each message and event that a citizen makes without a menu; menus have their own test.
func citizenActs(w *world) []citizenAct {
	picture, film := w.phoneFile("image", "a.png", png), w.phoneFile("video", "a.mp4", sampleFiles["video"].content)
	message := func(typ string, in object, shows string, says func(m *wechat.Message) bool) citizenAct {
		in["type"] = typ
		return citizenAct{typ, "/messages", in, func(m *wechat.Message) bool { return m.MsgType == typ && says(m) }, shows}
	}
	event := func(name string, in object, shows string, says func(m *wechat.Message) bool) citizenAct {
		in["event"] = name
		return citizenAct{name, "/events", in, func(m *wechat.Message) bool { return m.MsgType == "event" && m.Event == name && says(m) }, shows}
	}
	is := func(*wechat.Message) bool { return true }
	return []citizenAct{
		message("text", object{"content": "居住证 & <怎么办>]]>😀"}, "收到 text & <居住证 & <怎么办>]]>😀>", func(m *wechat.Message) bool { return m.Content == "居住证 & <怎么办>]]>😀" }),
		message("image", object{"media_id": picture}, "收到 image & <>", func(m *wechat.Message) bool { return m.MediaID != "" && m.PicURL != "" }),
		message("voice", object{"recognition": "你好"}, "收到 voice & <>", func(m *wechat.Message) bool { return m.MediaID != "" && m.MediaID16K != "" && m.Format == "amr" }),
		message("video", object{"media_id": film}, "收到 video & <>", func(m *wechat.Message) bool { return m.MediaID != "" && m.ThumbMediaID != "" }),
		message("shortvideo", object{"media_id": film}, "收到 shortvideo & <>", func(m *wechat.Message) bool { return m.MediaID != "" && m.ThumbMediaID != "" }),
		message("location", object{"lat": 23.134521, "lng": 113.358803, "label": "市民广场"}, "收到 location & <>",
			func(m *wechat.Message) bool {
				return m.LocationX == 23.134521 && m.LocationY == 113.358803 && m.Scale != "" && m.Label == "市民广场"
			}),
		message("link", object{"title": "题", "description": "说明", "url": "https://a.cn/?a=1&b=2"}, "收到 link & <>",
			func(m *wechat.Message) bool {
				return m.Title == "题" && m.Description == "说明" && m.URL == "https://a.cn/?a=1&b=2"
			}),
		event("CLICK", object{"key": "K&1"}, "收到 event & <K&1>", func(m *wechat.Message) bool { return m.EventKey == "K&1" }),
		event("VIEW", object{"url": "https://a.cn/?a=1&b=2"}, "", func(m *wechat.Message) bool { return m.EventKey == "https://a.cn/?a=1&b=2" }),
		event("SCAN", object{"scene": "hall"}, "", func(m *wechat.Message) bool { return m.EventKey == "hall" }),
		event("LOCATION", object{"lat": 23.1, "lng": 113.3, "precision": 30}, "", func(m *wechat.Message) bool { return m.Latitude == 23.1 && m.Longitude == 113.3 && m.Precision == 30 }),
		event("user_info_modified", object{}, "", is),
		event("user_authorization_revoke", object{"revoke_info": "301"}, "", func(m *wechat.Message) bool { return m.RevokeInfo == "301" }),
	}
}

// repeated: a callback that was not answered comes again, the same, three times in all; then the phone says so.
func (w *world) repeated(account string) {
	w.Helper()
	w.follow(account, "li")
	w.dev.take()
	w.play("PUT", "/faults", object{"faults": []object{{"path": "callback", "account": account, "kind": "drop", "times": 3}}})
	w.play("POST", "/messages", object{"account": account, "citizen": "li", "type": "text", "content": "在吗"})
	w.settle()
	got := w.dev.take()
	if len(got) != 3 || got[0].Key() != got[1].Key() || got[1].Key() != got[2].Key() || got[0].Key() != "m:"+strconv.FormatInt(got[0].MsgID, 10) {
		w.Errorf("%d deliveries", len(got))
	}
	if last := w.last(account, "li"); last["type"] != "system" || last["content"] != "该公众号暂时无法提供服务，请稍后再试" {
		w.Errorf("shown %v", last)
	}
}

// TestReplies: what may be shown in answer to what, each type as the phone has it.
func TestReplies(t *testing.T) {
	t.Parallel()
	for _, p := range pushers {
		t.Run(string(p.mode), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.follow(p.account, "zhang")
			ids := w.files(p.account)
			card := func(n string) wechat.Article {
				return wechat.Article{Title: "题" + n, URL: "https://gov.example/" + n}
			}
			const gone = "system"
			for _, c := range []struct {
				label     string
				reply     wechat.Reply
				toMessage string // type of the item in answer to a text; "" nothing
				toTap     string // in answer to a tap
			}{
				{"nothing", nil, "", ""},
				{"text", wechat.Text{Content: "好\n<a href=\"https://a.cn\">看</a>"}, "text", "text"},
				{"2049 bytes", wechat.Text{Content: strings.Repeat("x", 2049)}, gone, gone},
				{"image", wechat.Image{MediaID: ids["image"]}, "image", "image"},
				{"no such image", wechat.Image{MediaID: "abc"}, gone, gone},
				{"voice", wechat.Voice{MediaID: ids["voice"]}, "voice", "voice"},
				{"video", wechat.Video{MediaID: ids["video"], Title: "片"}, "video", "video"},
				{"music", wechat.Music{Title: "歌", URL: "https://a.cn/m.mp3", ThumbMediaID: ids["thumb"]}, "music", "music"},
				{"one card", wechat.News{Articles: []wechat.Article{card("1")}}, "news", "news"},
				{"two cards", wechat.News{Articles: []wechat.Article{card("1"), card("2")}}, gone, "news"},
				{"eight cards", wechat.News{Articles: []wechat.Article{card("1"), card("2"), card("3"), card("4"), card("5"), card("6"), card("7"), card("8")}}, gone, "news"},
				{"nine cards", wechat.News{Articles: []wechat.Article{card("1"), card("2"), card("3"), card("4"), card("5"), card("6"), card("7"), card("8"), card("9")}}, gone, gone},
				{"hand over", wechat.TransferToService{}, "", ""},
			} {
				w.dev.answers(func(*wechat.Message) wechat.Reply { return c.reply })
				for _, trigger := range []string{"text", "event"} {
					want, before := c.toMessage, len(w.chat(p.account, "zhang"))
					if trigger == "text" {
						w.say(p.account, "zhang", "你好")
						before++ // what was said
					} else {
						want = c.toTap
						w.play("POST", "/events", object{"account": p.account, "citizen": "zhang", "event": "CLICK", "key": "K"})
						w.settle()
					}
					items := w.chat(p.account, "zhang")[before:]
					if want == "" && len(items) != 0 || want != "" && (len(items) != 1 || items[0]["type"] != want) {
						t.Errorf("%s in answer to %s: %v, want %q", c.label, trigger, items, want)
					}
					// What the checker of replies says beforehand is what is then shown.
					if fits := wechat.ValidateReply(c.reply, trigger) == nil; fits != (want != gone) && c.label != "no such image" {
						t.Errorf("%s in answer to %s: the checker says %v", c.label, trigger, fits)
					}
				}
				w.wall.pass(time.Second)
			}
		})
	}
}

// TestCallbackAddressIsChecked: a new address must echo, signed with the account's token.
func TestCallbackAddressIsChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, p := range pushers {
		if out := w.play("POST", "/accounts/"+p.account+"/verify", nil); out["ok"] != true {
			t.Errorf("%s: %v", p.mode, out)
		}
	}
	other, err := wechat.NewCodec(wechat.CodecConfig{Token: "another", Mode: wechat.Plain})
	if err != nil {
		t.Fatal(err)
	}
	w.dev.codecs["/wx/xinqu"] = other
	if out := w.play("POST", "/accounts/xinqu/verify", nil); out["ok"] != false || out["error"] == "" {
		t.Errorf("an address with another token: %v", out)
	}
}
