package gateway

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"weizheng/part"
	"weizheng/wechat"
)

func TestACitizensWordIsRecordedAndAnswered(t *testing.T) {
	for _, mode := range []wechat.Mode{wechat.Plain, wechat.Compatible, wechat.Safe} {
		t.Run(string(mode), func(t *testing.T) {
			each(t, mode, []part.Responder{echoResponder}, func(t *testing.T, w *world) {
				if got := w.said(w.push(text(1, "社保卡怎么办"))); got != "您说：社保卡怎么办" {
					t.Errorf("answer %q", got)
				}
				if w.rows() != 1 {
					t.Errorf("%d rows, want 1", w.rows())
				}
				if n, err := w.ReadBatch(t.Context()); n != 1 || err != nil {
					t.Fatalf("handed out %d, %v", n, err)
				}
				in := w.seen.got[0]
				if in.Message.Content != "社保卡怎么办" || in.Source != "reply:1" || in.Person == "" || in.Account.Slug != "qingyun" {
					t.Errorf("subscribers saw %+v", in)
				}
				if n, err := w.ReadBatch(t.Context()); n != 0 || err != nil {
					t.Errorf("handed out %d again, %v", n, err)
				}
			})
		})
	}
}

func TestTheRowHoldsNothingReadable(t *testing.T) {
	each(t, wechat.Safe, []part.Responder{echoResponder}, func(t *testing.T, w *world) {
		w.said(w.push(text(1, "我叫张三")))
		var dedupe, person, sealed, answer string
		err := w.DB.QueryRow(t.Context(), `select dedupe, person, sealed, answer from inbound`).Scan(&dedupe, &person, &sealed, &answer)
		if err != nil {
			t.Fatal(err)
		}
		for _, column := range []string{dedupe, person, sealed, answer} {
			if strings.Contains(column, testOpenID) || strings.Contains(column, "张三") {
				t.Errorf("readable in the row: %q", column)
			}
		}
	})
}

func TestTheAddressIsProved(t *testing.T) {
	each(t, wechat.Safe, nil, func(t *testing.T, w *world) {
		now := strconv.FormatInt(w.wall.Now().Unix(), 10)
		for _, c := range []struct {
			label, signature, timestamp string
			status                      int
			body                        string
		}{
			{"signed", wechat.SignPlain(testToken, now, "n"), now, 200, "echo-123"},
			{"wrong token", wechat.SignPlain("BBBBB", now, "n"), now, 403, "signature\n"},
			{"no signature", "", now, 403, "signature\n"},
			{"stale", wechat.SignPlain(testToken, "1714036504", "n"), "1714036504", 403, "stale\n"},
		} {
			q := url.Values{"signature": {c.signature}, "timestamp": {c.timestamp}, "nonce": {"n"}, "echostr": {"echo-123"}}
			rec := w.request(httptest.NewRequest(http.MethodGet, "/wx/qingyun?"+q.Encode(), nil))
			if rec.Code != c.status || rec.Body.String() != c.body {
				t.Errorf("%s: %d %q, want %d %q", c.label, rec.Code, rec.Body, c.status, c.body)
			}
		}
	})
}

func TestHostileCallbacksAreRefused(t *testing.T) {
	each(t, wechat.Safe, []part.Responder{echoResponder}, func(t *testing.T, w *world) {
		plainXML, err := wechat.EncodeMessage(text(9, "坏"))
		if err != nil {
			t.Fatal(err)
		}
		now := w.wall.Now().Unix()
		good, goodBody, err := w.codec.Push(plainXML, testGh, testOpenID, now, "nonce", []byte("0123456789abcdef"))
		if err != nil {
			t.Fatal(err)
		}
		with := func(change func(q *wechat.Query)) wechat.Query { q := good; change(&q); return q }
		foreign, err := wechat.NewCodec(wechat.CodecConfig{AppID: "wx0000000000000000", Token: testToken, Mode: wechat.Safe, Keys: []string{testKey}})
		if err != nil {
			t.Fatal(err)
		}
		otherKey := newCodec(t, wechat.Safe, "1234567890123456789012345678901234567890123")
		plainCodec := newCodec(t, wechat.Plain)
		stale, staleBody, _ := w.codec.Push(plainXML, testGh, testOpenID, now-301, "nonce", []byte("0123456789abcdef"))
		future, futureBody, _ := w.codec.Push(plainXML, testGh, testOpenID, now+301, "nonce", []byte("0123456789abcdef"))
		appid, appidBody, _ := foreign.Push(plainXML, testGh, testOpenID, now, "nonce", []byte("0123456789abcdef"))
		key, keyBody, _ := otherKey.Push(plainXML, testGh, testOpenID, now, "nonce", []byte("0123456789abcdef"))
		down, downBody, _ := plainCodec.Push(plainXML, testGh, testOpenID, now, "nonce", []byte("0123456789abcdef"))
		inside := func(xml string) (wechat.Query, []byte) {
			q, body, err := w.codec.Push([]byte(xml), testGh, testOpenID, now, "nonce", []byte("0123456789abcdef"))
			if err != nil {
				t.Fatal(err)
			}
			return q, body
		}
		type row struct {
			label  string
			q      wechat.Query
			body   []byte
			status int
		}
		rows := []row{
			{"wrong msg_signature", with(func(q *wechat.Query) { q.MsgSignature = strings.Repeat("0", 40) }), goodBody, 403},
			{"signature of the query alone", with(func(q *wechat.Query) { q.MsgSignature = "" }), goodBody, 403},
			{"other body under the signature", good, []byte(strings.Replace(string(goodBody), "<Encrypt><![CDATA[", "<Encrypt><![CDATA[AAAA", 1)), 403},
			{"stale", stale, staleBody, 403},
			{"from the future", future, futureBody, 403},
			{"wrong appid inside", appid, appidBody, 403},
			{"wrong key", key, keyBody, 403},
			{"downgrade: a clear body", down, downBody, 400},
			{"downgrade by encrypt_type", with(func(q *wechat.Query) { q.EncryptType = "raw" }), plainXML, 400},
			{"empty body", good, nil, 400},
			{"no XML", good, []byte("hello"), 400},
			{"body over the limit", good, []byte(strings.Repeat("a", wechat.MaxBody+1)), 413},
		}
		for label, xml := range map[string]string{
			"broken XML":      `<xml><ToUserName>x</ToUserName`,
			"entity trick":    `<!DOCTYPE xml [<!ENTITY a "b">]><xml><MsgType>text</MsgType><Content>&a;</Content></xml>`,
			"external entity": `<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>`,
			"trailing data":   string(plainXML) + `<xml></xml>`,
			"doubled sender":  `<xml><ToUserName>a</ToUserName><FromUserName>b</FromUserName><FromUserName>c</FromUserName><MsgType>text</MsgType></xml>`,
			"not even a root": ``,
			"illegal UTF-8":   "<xml><MsgType>text</MsgType><Content>\xff\xfe</Content></xml>",
			"deep nesting":    strings.Repeat("<a>", 5000) + strings.Repeat("</a>", 5000),
			"number overflow": `<xml><MsgType>text</MsgType><MsgId>99999999999999999999999</MsgId></xml>`,
			"a JSON body":     `{"MsgType":"text"}`,
		} {
			q, body := inside(xml)
			rows = append(rows, row{label, q, body, 400})
		}
		for _, c := range rows {
			if rec := w.send(c.q, c.body); rec.Code != c.status {
				t.Errorf("%s: status %d (%s), want %d", c.label, rec.Code, strings.TrimSpace(rec.Body.String()), c.status)
			}
		}
		if n := w.rows(); n != 0 {
			t.Errorf("%d rows were written by refused callbacks", n)
		}
		if got := w.said(w.send(good, goodBody)); got != "您说：坏" {
			t.Errorf("the good one after them: %q", got)
		}
		for _, canary := range []string{testToken, testKey, testOpenID, "坏"} {
			if strings.Contains(w.logged(), canary) {
				t.Errorf("the log holds %q", canary)
			}
		}
		if rec := w.request(httptest.NewRequest(http.MethodPost, "/wx/nobody", nil)); rec.Code != 404 {
			t.Errorf("unknown account: %d", rec.Code)
		}
		if rec := w.request(httptest.NewRequest(http.MethodDelete, "/wx/qingyun", nil)); rec.Code != 405 {
			t.Errorf("DELETE: %d", rec.Code)
		}
	})
}

func TestUnknownAndSenderlessMessagesAreRecorded(t *testing.T) {
	each(t, wechat.Compatible, []part.Responder{echoResponder}, func(t *testing.T, w *world) {
		for _, xml := range []string{
			`<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>hologram</MsgType><MsgId>5</MsgId><Depth>3</Depth></xml>`,
			`<xml><ToUserName>gh_1</ToUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>无名</Content></xml>`,
			`<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>moon_landing</Event></xml>`,
		} {
			rec := w.pushRaw(w.codec, []byte(xml))
			if rec.Code != 200 || rec.Body.String() != "success" {
				t.Errorf("%d %q for %s", rec.Code, rec.Body, xml)
			}
		}
		if n := w.rows(); n != 3 {
			t.Errorf("%d rows, want 3", n)
		}
		if n, err := w.ReadBatch(t.Context()); n != 3 || err != nil {
			t.Errorf("handed out %d, %v", n, err)
		}
		if raw := string(w.seen.got[0].Message.Raw); !strings.Contains(raw, "<Depth>3</Depth>") {
			t.Errorf("the unknown field was lost: %s", raw)
		}
	})
}

func TestTheOldKeyStillOpensAndAnswers(t *testing.T) {
	each(t, wechat.Safe, []part.Responder{echoResponder}, func(t *testing.T, w *world) {
		plain, err := wechat.EncodeMessage(text(3, "换钥匙"))
		if err != nil {
			t.Fatal(err)
		}
		before := newCodec(t, wechat.Safe, oldKey)
		rec := w.pushRaw(before, plain)
		body, err := before.OpenReply(rec.Body.Bytes())
		if err != nil || !strings.Contains(string(body), "您说：换钥匙") {
			t.Errorf("WeChat, still with the old key, got %q, %v", body, err)
		}
	})
}

func TestABusyGatewayRefusesAndShowsTheGap(t *testing.T) {
	each(t, wechat.Plain, []part.Responder{echoResponder}, func(t *testing.T, w *world) {
		for range cap(w.slots) {
			w.slots <- struct{}{}
		}
		rec := w.push(text(1, "挤"))
		if rec.Code != 503 || rec.Header().Get("Retry-After") == "" {
			t.Errorf("status %d, headers %v", rec.Code, rec.Header())
		}
		waited := make(chan *httptest.ResponseRecorder)
		w.Limits.Patience = time.Minute
		go func() { waited <- w.push(text(2, "等")) }()
		for range cap(w.slots) {
			<-w.slots
		}
		if got := w.said(<-waited); got != "您说：等" {
			t.Errorf("who waited got %q", got)
		}
		w.wall.forward(gapQuiet + time.Second)
		w.flushGaps(t.Context())
		gaps, err := w.Gaps(t.Context(), 7, time.Time{}, 10)
		if err != nil || len(gaps) != 1 || gaps[0].Refused != 1 || gaps[0].Reason != "busy" {
			t.Errorf("gaps %+v, %v", gaps, err)
		}
		if got := w.said(w.push(text(1, "挤"))); got != "您说：挤" {
			t.Errorf("delivered again: %q", got)
		}
	})
}
