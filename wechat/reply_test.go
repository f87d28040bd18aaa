package wechat

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/errs"
)

var replies = []struct {
	label string
	r     Reply
	xml   string // after the head
	json  string
}{
	{"text", Text{"您好 <a href=\"https://a.cn\">办事</a>"},
		`<Content><![CDATA[您好 <a href="https://a.cn">办事</a>]]></Content>`,
		`{"type":"text","content":"您好 <a href=\"https://a.cn\">办事</a>"}`},
	{"text with the end of CDATA", Text{"a]]>b\r\nc"},
		"<Content><![CDATA[a]]]]><![CDATA[>b]]>&#xD;<![CDATA[\nc]]></Content>", `{"type":"text","content":"a]]>b\r\nc"}`},
	{"image", Image{"m1"}, `<Image><MediaId><![CDATA[m1]]></MediaId></Image>`, `{"type":"image","media_id":"m1"}`},
	{"voice", Voice{"m1"}, `<Voice><MediaId><![CDATA[m1]]></MediaId></Voice>`, `{"type":"voice","media_id":"m1"}`},
	{"video", Video{"m1", "t", "d"},
		`<Video><MediaId><![CDATA[m1]]></MediaId><Title><![CDATA[t]]></Title><Description><![CDATA[d]]></Description></Video>`,
		`{"type":"video","media_id":"m1","title":"t","description":"d"}`},
	{"music", Music{URL: "http://a", ThumbMediaID: "t"},
		`<Music><MusicUrl><![CDATA[http://a]]></MusicUrl><ThumbMediaId><![CDATA[t]]></ThumbMediaId></Music>`,
		`{"type":"music","url":"http://a","thumb_media_id":"t"}`},
	{"news", News{[]Article{{"t", "", "https://p", "https://u"}}},
		`<ArticleCount>1</ArticleCount><Articles><item><Title><![CDATA[t]]></Title><Description><![CDATA[]]></Description><PicUrl><![CDATA[https://p]]></PicUrl><Url><![CDATA[https://u]]></Url></item></Articles>`,
		`{"type":"news","articles":[{"title":"t","pic_url":"https://p","url":"https://u"}]}`},
	{"transfer", TransferToService{}, ``, `{"type":"transfer_customer_service"}`},
	{"transfer to somebody", TransferToService{"a@b"}, `<TransInfo><KfAccount><![CDATA[a@b]]></KfAccount></TransInfo>`,
		`{"type":"transfer_customer_service","account":"a@b"}`},
}

func TestReplyForms(t *testing.T) {
	t.Parallel()
	for _, row := range replies {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			b, err := EncodeReply("o1", "gh_1", time.Unix(12, 0), row.r)
			if err != nil {
				t.Fatal(err)
			}
			want := "<xml><ToUserName><![CDATA[o1]]></ToUserName><FromUserName><![CDATA[gh_1]]></FromUserName><CreateTime>12</CreateTime>" +
				"<MsgType><![CDATA[" + row.r.Type() + "]]></MsgType>" + row.xml + "</xml>"
			if diff := cmp.Diff(want, string(b)); diff != "" {
				t.Error(diff)
			}
			to, from, back, err := ParseReply(b)
			if err != nil || to != "o1" || from != "gh_1" {
				t.Errorf("ParseReply: %s %s %v", to, from, err)
			}
			if diff := cmp.Diff(row.r, back); diff != "" {
				t.Error(diff)
			}
			stored, err := MarshalReply(row.r)
			if err != nil || string(stored) != row.json {
				t.Errorf("MarshalReply = %s, %v", stored, err)
			}
			back, err = UnmarshalReply(stored)
			if diff := cmp.Diff(row.r, back); diff != "" || err != nil {
				t.Error(diff, err)
			}
			if err := ValidateReply(row.r, "text"); err != nil {
				t.Errorf("ValidateReply: %v", err)
			}
		})
	}
}

func TestNoReply(t *testing.T) {
	t.Parallel()
	b, err := EncodeReply("", "", time.Time{}, nil)
	if string(b) != "success" || err != nil || !NoAnswer(b) || !NoAnswer(nil) || NoAnswer([]byte("success\n")) {
		t.Errorf("%q, %v", b, err)
	}
	for _, body := range []string{"", "success"} {
		if _, _, r, err := ParseReply([]byte(body)); r != nil || err != nil {
			t.Errorf("%q: %v, %v", body, r, err)
		}
	}
	b, err = MarshalReply(nil)
	if string(b) != "null" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if r, err := UnmarshalReply(b); r != nil || err != nil {
		t.Errorf("%v, %v", r, err)
	}
	if err := ValidateReply(nil, "text"); err != nil {
		t.Error(err)
	}
	if _, err := EncodeReply("", "gh_1", noon, Text{"x"}); err == nil {
		t.Error("a reply to nobody")
	}
}

func TestParseReplyRefuses(t *testing.T) {
	t.Parallel()
	head := func(kind string) string {
		return "<xml><ToUserName>o1</ToUserName><FromUserName>gh_1</FromUserName><CreateTime>12</CreateTime><MsgType>" + kind + "</MsgType>"
	}
	item := "<item><Title>t</Title><Description>d</Description><PicUrl>p</PicUrl><Url>u</Url></item>"
	rows := []struct{ label, body string }{
		{"JSON", `{"msgtype":"text"}`},
		{"success with a newline", "success\n"},
		{"unknown type", head("hologram") + "<Content>x</Content></xml>"},
		{"mpnews", head("mpnews") + "</xml>"},
		{"type in capitals", head("Text") + "<Content>x</Content></xml>"},
		{"no content", head("text") + "</xml>"},
		{"empty content", head("text") + "<Content></Content></xml>"},
		{"content twice", head("text") + "<Content>x</Content><Content>y</Content></xml>"},
		{"no receiver", "<xml><FromUserName>gh_1</FromUserName><CreateTime>12</CreateTime><MsgType>text</MsgType><Content>x</Content></xml>"},
		{"empty sender", "<xml><ToUserName>o1</ToUserName><FromUserName></FromUserName><CreateTime>12</CreateTime><MsgType>text</MsgType><Content>x</Content></xml>"},
		{"no time", "<xml><ToUserName>o1</ToUserName><FromUserName>gh_1</FromUserName><MsgType>text</MsgType><Content>x</Content></xml>"},
		{"time in words", "<xml><ToUserName>o1</ToUserName><FromUserName>gh_1</FromUserName><CreateTime>now</CreateTime><MsgType>text</MsgType><Content>x</Content></xml>"},
		{"media id outside Image", head("image") + "<MediaId>m</MediaId></xml>"},
		{"image without media id", head("image") + "<Image></Image></xml>"},
		{"voice in Image", head("voice") + "<Image><MediaId>m</MediaId></Image></xml>"},
		{"music without thumb", head("music") + "<Music><MusicUrl>u</MusicUrl></Music></xml>"},
		{"news without count", head("news") + "<Articles>" + item + "</Articles></xml>"},
		{"news with a wrong count", head("news") + "<ArticleCount>2</ArticleCount><Articles>" + item + "</Articles></xml>"},
		{"news without articles", head("news") + "<ArticleCount>0</ArticleCount><Articles></Articles></xml>"},
		{"article without url", head("news") + "<ArticleCount>1</ArticleCount><Articles>" + strings.Replace(item, "<Url>u</Url>", "", 1) + "</Articles></xml>"},
		{"article without title", head("news") + "<ArticleCount>1</ArticleCount><Articles>" + strings.Replace(item, "<Title>t</Title>", "<Title/>", 1) + "</Articles></xml>"},
		{"transfer to nobody", head("transfer_customer_service") + "<TransInfo/></xml>"},
		{"data after it", head("text") + "<Content>x</Content></xml>success"},
	}
	for _, row := range rows {
		if _, _, r, err := ParseReply([]byte(row.body)); !errors.Is(err, ErrFormat) || r != nil {
			t.Errorf("%s: %v, %v", row.label, r, err)
		}
	}
	old := head("text") + "<Content>x</Content><FuncFlag>0</FuncFlag></xml>"
	if _, _, r, err := ParseReply([]byte(old)); err != nil || r != (Text{"x"}) {
		t.Errorf("an element of older days: %v, %v", r, err)
	}
}

func TestValidateReply(t *testing.T) {
	t.Parallel()
	card := Article{Title: "t", URL: "https://u"}
	cards := func(n int) News {
		var all News
		for range n {
			all.Articles = append(all.Articles, card)
		}
		return all
	}
	rows := []struct {
		label   string
		r       Reply
		trigger string
		want    string // fields with faults
	}{
		{"text of 2048 bytes", Text{strings.Repeat("a", 2048)}, "text", ""},
		{"text of 2049 bytes in 683 characters", Text{strings.Repeat("政", 683)}, "text", "content"},
		{"empty text", Text{" \n"}, "event", "content"},
		{"one card for a message", cards(1), "location", ""},
		{"two cards for a message", cards(2), "text", "articles"},
		{"eight cards for an event", cards(8), "event", ""},
		{"nine cards for an event", cards(9), "event", "articles"},
		{"no card", News{}, "event", "articles"},
		{"card without anything", News{[]Article{card, {PicURL: "ftp://x"}}}, "event", "articles.1.title articles.1.url articles.1.pic_url"},
		{"card that runs a script", News{[]Article{{Title: "t", URL: "javascript:alert(1)"}}}, "event", "articles.0.url"},
		{"image of nothing", Image{}, "text", "media_id"},
		{"video of nothing", Video{Title: "t"}, "text", "media_id"},
		{"voice of nothing", Voice{}, "text", "media_id"},
		{"music without thumb", Music{URL: "a"}, "text", "thumb_media_id url"},
	}
	for _, row := range rows {
		err := ValidateReply(row.r, row.trigger)
		var fields []string
		if err != nil {
			for _, f := range errs.As(err).Fields() {
				fields = append(fields, f.Field)
			}
		}
		if got := strings.Join(fields, " "); got != row.want {
			t.Errorf("%s: faults at %q, want %q", row.label, got, row.want)
		}
		if err != nil && !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", row.label, err)
		}
	}
}

func TestUnmarshalReplyRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "1", `"x"`, "{}", `{"type":"hologram"}`, `{"type":"text","media_id":"x"}`,
		`{"type":"text","content":"a"}{}`, `{"type":"text","content":1}`, `{"type":"news","articles":{}}`} {
		if r, err := UnmarshalReply([]byte(s)); err == nil {
			t.Errorf("%s gives %v", s, r)
		}
	}
}
