package wechat

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"testing/quick"

	"github.com/google/go-cmp/cmp"
)

func TestParseMessage(t *testing.T) {
	t.Parallel()
	for _, row := range callbacks {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			m, err := ParseMessage([]byte(row.body))
			if err != nil {
				t.Fatal(err)
			}
			if string(m.Raw) != row.body {
				t.Error("Raw is not what came")
			}
			want := row.want
			want.ToUserName, want.FromUserName, want.CreateTime = "gh_1", "o_citizen", 1348831860
			want.MsgType, want.Raw = m.MsgType, m.Raw
			if diff := cmp.Diff(want.fields(), m.fields()); diff != "" {
				t.Error(diff)
			}
			if m.Key() != row.key {
				t.Errorf("Key = %s, want %s", m.Key(), row.key)
			}
			if m.FromCitizen() == (m.Event != "") {
				t.Errorf("FromCitizen = %v", m.FromCitizen())
			}
			checkRoundTrip(t, m)
		})
	}
}

// fields is the message for comparison and failure texts, without the methods that hide it.
func (m Message) fields() any {
	type bare Message
	return bare(m)
}

// checkRoundTrip encodes m, parses that, and wants the same message back.
func checkRoundTrip(t *testing.T, m *Message) {
	t.Helper()
	encoded, err := EncodeMessage(m)
	if err != nil {
		t.Fatalf("EncodeMessage: %v", err)
	}
	again, err := ParseMessage(encoded)
	if err != nil {
		t.Fatalf("ParseMessage(%s): %v", encoded, err)
	}
	again.Raw = m.Raw
	if diff := cmp.Diff(m.fields(), again.fields()); diff != "" {
		t.Errorf("round trip over %s: %s", encoded, diff)
	}
}

// TestEveryFieldTravels fills every field of Message with values it has never seen: a field that the encoder or the parser
// forgets does not come back.
func TestEveryFieldTravels(t *testing.T) {
	t.Parallel()
	var m Message
	v := reflect.ValueOf(&m).Elem()
	for i := range v.NumField() {
		fillField(v.Field(i), i+1)
	}
	m.InfoType, m.Raw = "", nil
	checkRoundTrip(t, &m)
	m.InfoType = "authorized"
	checkRoundTrip(t, &m)
}

func fillField(v reflect.Value, seed int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("s%d]]>&<\r\n末", seed))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(seed))
	case reflect.Float64:
		v.SetFloat(float64(seed) + 0.25)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillField(v.Elem(), seed)
	case reflect.Struct:
		for i := range v.NumField() {
			fillField(v.Field(i), seed*10+i)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			fillField(v.Index(i), seed*10+i)
		}
	}
}

func TestNotices(t *testing.T) {
	t.Parallel()
	m, err := ParseMessage([]byte(authorizedNotice))
	if err != nil {
		t.Fatal(err)
	}
	want := Message{AppID: "wx_c", CreateTime: 1413192760, InfoType: "authorized", AuthorizerAppID: "wx_a",
		AuthorizationCode: "code", AuthorizationCodeExpiredTime: 600, PreAuthCode: "pre", Raw: m.Raw}
	if diff := cmp.Diff(want.fields(), m.fields()); diff != "" {
		t.Error(diff)
	}
	checkRoundTrip(t, m)
	m, err = ParseMessage([]byte(ticketNotice))
	if err != nil || m.ComponentVerifyTicket != "ticket@@@x" || m.FromCitizen() {
		t.Errorf("%+v, %v", m.fields(), err)
	}
	if !strings.HasPrefix(m.Key(), "r:") || len(m.Key()) != 2+64 {
		t.Errorf("a notice has no sender, its key is %s", m.Key())
	}
}

func TestParseMessageRefuses(t *testing.T) {
	t.Parallel()
	ok := callbacks[0].body
	deep := strings.Repeat("<a>", maxDepth) + strings.Repeat("</a>", maxDepth)
	rows := []struct{ label, body string }{
		{"nothing", ""},
		{"not XML", `{"MsgType":"text"}`},
		{"another root", strings.NewReplacer("<xml>", "<xmi>", "</xml>", "</xmi>").Replace(ok)},
		{"unfinished", strings.TrimSuffix(ok, "</xml>")},
		{"data after the root", ok + "x"},
		{"a second root", ok + "<xml/>"},
		{"data before the root", "x" + ok},
		{"doctype", `<!DOCTYPE xml [<!ENTITY e "x">]>` + ok},
		{"entity of its own", strings.Replace(ok, "<MsgId>", "<MsgId>&e;", 1)},
		{"external entity", `<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><MsgType>&e;</MsgType></xml>`},
		{"processing instruction", "<?php x ?>" + ok},
		{"encoding", `<?xml version="1.0" encoding="GBK"?>` + ok},
		{"crossed elements", "<xml><MsgType>text</xml></MsgType>"},
		{"invalid UTF-8", strings.Replace(ok, "你", "\xff\xfe", 1)},
		{"no type", "<xml><ToUserName>a</ToUserName></xml>"},
		{"empty type", "<xml><MsgType> </MsgType></xml>"},
		{"MsgType twice", strings.Replace(ok, "</xml>", "<MsgType>event</MsgType></xml>", 1)},
		{"FromUserName twice", strings.Replace(ok, "</xml>", "<FromUserName>o2</FromUserName></xml>", 1)},
		{"AppID in two spellings", "<xml><MsgType>event</MsgType><AppID>a</AppID><AppId>b</AppId></xml>"},
		{"ScanType twice", "<xml><MsgType>event</MsgType><ScanCodeInfo><ScanType>a</ScanType><ScanType>b</ScanType></ScanCodeInfo></xml>"},
		{"simple element with a child", "<xml><MsgType><a/></MsgType></xml>"},
		{"letters in MsgId", "<xml><MsgType>text</MsgType><MsgId>12x</MsgId></xml>"},
		{"MsgId beyond 64 bits", "<xml><MsgType>text</MsgType><MsgId>99999999999999999999</MsgId></xml>"},
		{"NaN as latitude", "<xml><MsgType>event</MsgType><Latitude>NaN</Latitude></xml>"},
		{"too deep", "<xml><MsgType>text</MsgType>" + deep + "</xml>"},
		{"too many", "<xml><MsgType>text</MsgType>" + strings.Repeat("<a/>", maxElements) + "</xml>"},
		{"too long", "<xml><MsgType>text</MsgType><Content>" + strings.Repeat("x", MaxBody) + "</Content></xml>"},
	}
	for _, row := range rows {
		m, err := ParseMessage([]byte(row.body))
		if !errors.Is(err, ErrFormat) || m != nil {
			t.Errorf("%s: %v, %v", row.label, m, err)
		}
		if err != nil && strings.Contains(err.Error(), "o_citizen") {
			t.Errorf("%s: the error quotes content: %v", row.label, err)
		}
	}
}

func TestParseMessageTolerates(t *testing.T) {
	t.Parallel()
	rows := []struct {
		label, body string
		right       func(m *Message) bool
	}{
		{"XML declaration", `<?xml version="1.0" encoding="UTF-8"?>` + callbacks[0].body, func(m *Message) bool { return m.MsgID != 0 }},
		{"no sender", "<xml><MsgType>event</MsgType><Event>x</Event></xml>", func(m *Message) bool { return m.FromUserName == "" && m.Key()[:2] == "r:" }},
		{"unknown element twice", "<xml><MsgType>text</MsgType><New>1</New><New>2</New></xml>", func(m *Message) bool { return m.MsgType == "text" }},
		{"layout around children", "<xml>\n <MsgType>event</MsgType>\n <ScanCodeInfo>\n <ScanType>a</ScanType>\n </ScanCodeInfo>\n</xml>\n", func(m *Message) bool { return m.ScanCodeInfo.ScanType == "a" }},
		{"empty number", "<xml><MsgType>event</MsgType><TotalCount></TotalCount></xml>", func(m *Message) bool { return m.TotalCount == 0 }},
		{"control character in a message", "<xml><MsgType>text</MsgType><Content><![CDATA[a\x08b]]></Content></xml>", func(m *Message) bool { return m.Content == "a\uFFFDb" }},
		{"CDATA that holds its own end", "<xml><MsgType>text</MsgType><Content><![CDATA[a]]]]><![CDATA[>b]]></Content></xml>", func(m *Message) bool { return m.Content == "a]]>b" }},
	}
	for _, row := range rows {
		m, err := ParseMessage([]byte(row.body))
		if err != nil || !row.right(m) {
			t.Errorf("%s: %v, %v", row.label, m, err)
		}
	}
}

func TestKeyTellsApart(t *testing.T) {
	t.Parallel()
	event := Message{FromUserName: "o1", CreateTime: 5, Event: "TEMPLATESENDJOBFINISH", JobID: 1}
	other := event
	other.JobID = 2
	if event.Key() == other.Key() {
		t.Error("two jobs that end in one second have one key")
	}
	long := Message{FromUserName: "o1", CreateTime: 5, Event: "VIEW", EventKey: strings.Repeat("u", 4096)}
	if n := len(long.Key()); n > 200 {
		t.Errorf("key of %d bytes", n)
	}
	longer := long
	longer.EventKey += "u"
	if long.Key() == longer.Key() {
		t.Error("long keys collide")
	}
}

func TestStatusIs(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"failed:user block", "failed: user block", "Failed: User Block"} {
		if m := (Message{Status: s}); !m.StatusIs("failed:user block") || m.StatusIs("success") {
			t.Errorf("%q", s)
		}
	}
}

func TestMessageDoesNotTell(t *testing.T) {
	t.Parallel()
	const canary = "CANARY-42"
	m := Message{MsgType: "text", ToUserName: "gh", FromUserName: canary, Content: canary, EventKey: canary, Recognition: canary,
		Label: canary, OpenID: canary, UnionID: canary, Raw: []byte(canary), Ticket: canary, ScanCodeInfo: &ScanCodeInfo{ScanResult: canary}}
	var log bytes.Buffer
	for _, logger := range []*slog.Logger{slog.New(slog.NewJSONHandler(&log, nil)), slog.New(slog.NewTextHandler(&log, nil))} {
		logger.Info("x", "m", m)
		logger.Info("x", "m", &m)
	}
	secrets := []any{CodecConfig{Token: canary, Keys: []string{canary}}, Opened{Plain: []byte(canary)}, mustCodec(t, Safe, vectorKey), mustKey(t, vectorKey)}
	for _, v := range secrets {
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		fmt.Fprintf(&log, "%v %+v %#v %s %x", v, v, v, v, fmt.Sprint(v))
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		fmt.Fprintf(&log, verb, m)
		fmt.Fprintf(&log, verb, &m)
	}
	for _, secret := range []string{canary, "Q0FOQVJZLTQy", vectorToken} { // the second is the first in base64
		if strings.Contains(log.String(), secret) {
			t.Error(log.String())
		}
	}
	if !strings.Contains(log.String(), "text") {
		t.Error("nothing about the message at all")
	}
}

func TestCDATA(t *testing.T) {
	t.Parallel()
	same := func(s string) bool {
		s = strings.ToValidUTF8(s, "\uFFFD")
		s = strings.Map(func(c rune) rune {
			if illegal(c) {
				return '\uFFFD'
			}
			return c
		}, s)
		m, err := ParseMessage(append(appendText([]byte("<xml><MsgType>text</MsgType>"), "Content", s), "</xml>"...))
		return err == nil && m.Content == s
	}
	for _, s := range []string{"", "]]>", "a]]]>b", "]]>]]>", "]]", "]", ">", "\r", "\r\n", "]]\r>", "\x00\x08", "<![CDATA[x]]>", "&#8;", "末\uFFFE"} {
		if !same(s) {
			t.Errorf("%q does not survive", s)
		}
	}
	if err := quick.Check(same, nil); err != nil {
		t.Error(err)
	}
	if got := string(appendCDATA(nil, "a\xffb")); got != "a\uFFFDb" {
		t.Errorf("invalid UTF-8 becomes %q", got)
	}
}
