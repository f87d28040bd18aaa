package wechat

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	vectorKey    = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG" // its last character carries bits base64 does not use
	vectorAppID  = "wxb11529c136998cb6"
	vectorToken  = "pamtest"
	vectorMsg    = "<xml><Content><![CDATA[你好xxxxxxxxxx]]></Content></xml>"
	vectorCipher = "Q3stYC6hdFzMh9T8HCvyDCTb0jqnUvjprynNz/8UA96+BiS/PAKPBxKg8k5gKljZeZXnHBhi9YsutJbinkJrPowlpVITJFTyi+EBleuEKiJ1/Gv8oUz2pgjjHAlV5Ci6g2Bb3pJ18c1jUd4knVPbUvOYc9An8lxlQfqalxKaU2M="
	vectorSign   = "3cb1bb42f82d281f7ba8c9eed35ef13a06763b4c"
	otherKey     = "ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210zyxwvut"
	random16     = "0123456789abcdef"
)

func TestSignatures(t *testing.T) {
	t.Parallel()
	// The value on WeChat's page about message push for mini games.
	if got := SignPlain("AAAAA", "1714036504", "1514711492"); got != "f464b24fc39322e44b38aa78f5edd27bd1441696" {
		t.Errorf("SignPlain = %s", got)
	}
	// printf '%s' "$(printf '%s\n' pamtest 1409304348 xxxxxx "$cipher" | LC_ALL=C sort | tr -d '\n')" | openssl sha1
	if got := SignMsg(vectorToken, "1409304348", "xxxxxx", vectorCipher); got != vectorSign {
		t.Errorf("SignMsg = %s", got)
	}
	ticket := "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
	for _, page := range []string{"http://mp.weixin.qq.com?params=value", "http://mp.weixin.qq.com?params=value#/inner"} {
		if got := SignJS(ticket, "Wm3WZYTPz0wzccnW", "1414587457", page); got != "0f9de62fce790f9a083d5c99e95740ceb90c27ed" {
			t.Errorf("SignJS(%s) = %s", page, got)
		}
	}
}

func TestCipherVector(t *testing.T) {
	t.Parallel()
	key := mustKey(t, vectorKey)
	got, err := key.Encrypt([]byte(random16), []byte(vectorMsg), vectorAppID)
	if err != nil || got != vectorCipher {
		t.Fatalf("Encrypt = %s, %v", got, err)
	}
	plain, err := key.Decrypt(vectorCipher, vectorAppID)
	if err != nil || string(plain) != vectorMsg {
		t.Fatalf("Decrypt = %s, %v", plain, err)
	}
}

func mustKey(t testing.TB, encoded string) *AESKey {
	t.Helper()
	k, err := NewAESKey(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func mustCodec(t testing.TB, mode Mode, keys ...string) *Codec {
	t.Helper()
	c, err := NewCodec(CodecConfig{AppID: vectorAppID, Token: vectorToken, Mode: mode, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var noon = time.Unix(1409304348, 0)

func TestOpenEachMode(t *testing.T) {
	t.Parallel()
	for _, mode := range []Mode{Plain, Compatible, Safe} {
		c := mustCodec(t, mode, vectorKey)
		q, body, err := c.Push([]byte(vectorMsg), "gh_1", "o1", noon.Unix(), "xxxxxx", []byte(random16))
		if err != nil {
			t.Fatal(mode, err)
		}
		if seen := strings.Contains(string(body), "你好"); seen != (mode != Safe) {
			t.Errorf("%s: clear text in the body: %v", mode, seen)
		}
		o, err := c.Open(ParseQuery(q.Values()), body, noon)
		if err != nil || string(o.Plain) != vectorMsg {
			t.Errorf("%s: Open = %s, %v", mode, o.Plain, err)
		}
		sealed, err := c.Seal([]byte(vectorMsg), o.Key, noon.Unix(), "n1", []byte(random16))
		if err != nil {
			t.Fatal(mode, err)
		}
		if clear := string(sealed) == vectorMsg; clear != (mode == Plain) {
			t.Errorf("%s: reply clear: %v", mode, clear)
		}
		back, err := c.OpenReply(sealed)
		if err != nil || string(back) != vectorMsg {
			t.Errorf("%s: OpenReply = %s, %v", mode, back, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	pushed := func(mode Mode, key string) (Query, []byte) {
		q, body, err := mustCodec(t, mode, key).Push([]byte(vectorMsg), "gh_1", "o1", noon.Unix(), "xxxxxx", []byte(random16))
		if err != nil {
			t.Fatal(err)
		}
		return q, body
	}
	safeQ, safeBody := pushed(Safe, vectorKey)
	plainQ, plainBody := pushed(Plain, "")
	compatQ, compatBody := pushed(Compatible, vectorKey)
	with := func(q Query, change func(*Query)) Query { change(&q); return q }
	_, foreign, err := func() (Query, []byte, error) {
		c, err := NewCodec(CodecConfig{AppID: "wx_other", Token: vectorToken, Mode: Safe, Keys: []string{vectorKey}})
		if err != nil {
			t.Fatal(err)
		}
		return c.Push([]byte(vectorMsg), "gh_1", "", noon.Unix(), "xxxxxx", []byte(random16))
	}()
	if err != nil {
		t.Fatal(err)
	}
	signFor := func(body []byte) Query {
		s, err := parseSealed(body)
		if err != nil {
			t.Fatal(err)
		}
		return Query{Timestamp: "1409304348", Nonce: "n", MsgSignature: SignMsg(vectorToken, "1409304348", "n", s.encrypt)}
	}
	broken := []byte("<xml><Encrypt>AAAA</Encrypt></xml>")
	rows := []struct {
		label string
		mode  Mode
		q     Query
		body  []byte
		now   time.Time
		want  error
	}{
		{"plain body with a captured plain signature in safe mode", Safe, plainQ, plainBody, noon, ErrFormat},
		{"query that asks for plain in safe mode", Safe, with(plainQ, func(q *Query) { q.EncryptType = "raw" }), plainBody, noon, ErrFormat},
		{"compatible mode does not believe the clear part alone", Compatible, plainQ, plainBody, noon, ErrFormat},
		{"compatible mode wants msg_signature", Compatible, with(compatQ, func(q *Query) { q.MsgSignature = "" }), compatBody, noon, ErrSignature},
		{"plain signature in place of msg_signature", Safe, with(safeQ, func(q *Query) { q.MsgSignature = q.Signature }), safeBody, noon, ErrSignature},
		{"wrong nonce", Safe, with(safeQ, func(q *Query) { q.Nonce = "other" }), safeBody, noon, ErrSignature},
		{"plain: wrong signature", Plain, with(plainQ, func(q *Query) { q.Signature = strings.Repeat("0", 40) }), plainBody, noon, ErrSignature},
		{"plain: no signature", Plain, with(plainQ, func(q *Query) { q.Signature = "" }), plainBody, noon, ErrSignature},
		{"plain: old", Plain, plainQ, plainBody, noon.Add(Freshness + time.Second), ErrStale},
		{"plain: from the future", Plain, plainQ, plainBody, noon.Add(-Freshness - time.Second), ErrStale},
		{"safe: old", Safe, safeQ, safeBody, noon.Add(Freshness + time.Second), ErrStale},
		{"another appid", Safe, signFor(foreign), foreign, noon, ErrAppID},
		{"not whole blocks", Safe, signFor(broken), broken, noon, ErrFormat},
		{"too long", Plain, plainQ, make([]byte, MaxBody+1), noon, ErrFormat},
		{"no XML", Safe, safeQ, []byte("{}"), noon, ErrFormat},
		{"two Encrypt", Safe, safeQ, []byte(strings.Replace(string(safeBody), "</xml>", "<Encrypt>x</Encrypt></xml>", 1)), noon, ErrFormat},
	}
	for _, row := range rows {
		if _, err := mustCodec(t, row.mode, vectorKey).Open(row.q, row.body, row.now); !errors.Is(err, row.want) {
			t.Errorf("%s: got %v, want %v", row.label, err, row.want)
		}
	}
	if _, err := mustCodec(t, Safe, otherKey).Open(safeQ, safeBody, noon); !errors.Is(err, ErrKey) {
		t.Errorf("other key: %v", err)
	}
	for _, edge := range []time.Duration{Freshness, -Freshness} {
		if _, err := mustCodec(t, Safe, vectorKey).Open(safeQ, safeBody, noon.Add(edge)); err != nil {
			t.Errorf("%v off is still fresh: %v", edge, err)
		}
	}
}

func TestKeyRotation(t *testing.T) {
	t.Parallel()
	old := mustCodec(t, Safe, vectorKey)
	q, body, err := old.Push([]byte(vectorMsg), "gh_1", "", noon.Unix(), "n", []byte(random16))
	if err != nil {
		t.Fatal(err)
	}
	both := mustCodec(t, Safe, otherKey, vectorKey)
	o, err := both.Open(q, body, noon)
	if err != nil || o.Key != 1 || string(o.Plain) != vectorMsg {
		t.Fatalf("Open = %+v, %v", o, err)
	}
	reply, err := both.Seal([]byte(vectorMsg), o.Key, noon.Unix(), "n2", []byte(random16))
	if err != nil {
		t.Fatal(err)
	}
	if back, err := old.OpenReply(reply); err != nil || string(back) != vectorMsg {
		t.Errorf("the side with the old key reads %q, %v", back, err)
	}
	if _, err := both.Seal([]byte(vectorMsg), 2, 1, "n", []byte(random16)); err == nil {
		t.Error("sealed with a key that is not there")
	}
}

func TestPaddingIsCheckedFully(t *testing.T) {
	t.Parallel()
	pad := func(n int, last ...byte) []byte {
		b := make([]byte, 64-n)
		for range n - len(last) {
			b = append(b, byte(n))
		}
		return append(b, last...)
	}
	for _, row := range []struct {
		label string
		b     []byte
		ok    bool
	}{
		{"1", pad(1), true},
		{"32", pad(32), true},
		{"17, which blocks of 16 do not have", pad(17), true},
		{"0", append(make([]byte, 63), 0), false},
		{"33", append(make([]byte, 31), []byte(strings.Repeat("!", 33))...), false},
		{"one wrong byte", append(append(make([]byte, 60), 3, 4), 4, 4), false},
	} {
		if _, ok := unpad(row.b); ok != row.ok {
			t.Errorf("%s: %v", row.label, ok)
		}
	}
}

func TestVerifyURL(t *testing.T) {
	t.Parallel()
	c := mustCodec(t, Safe, vectorKey)
	v, _ := url.ParseQuery("signature=" + SignPlain(vectorToken, "1", "2") + "&timestamp=1&nonce=2&echostr=%3Cb%3E7")
	if echo, err := c.VerifyURL(ParseQuery(v)); err != nil || echo != "<b>7" {
		t.Errorf("VerifyURL = %q, %v", echo, err)
	}
	v.Set("nonce", "3")
	if echo, err := c.VerifyURL(ParseQuery(v)); !errors.Is(err, ErrSignature) || echo != "" {
		t.Errorf("VerifyURL with a wrong nonce = %q, %v", echo, err)
	}
}

func TestNewCodecRefuses(t *testing.T) {
	t.Parallel()
	for label, c := range map[string]CodecConfig{
		"no token":     {AppID: "a", Mode: Plain},
		"unknown mode": {AppID: "a", Token: "t", Mode: "aes"},
		"no mode":      {AppID: "a", Token: "t"},
		"no key":       {AppID: "a", Token: "t", Mode: Safe},
		"no appid":     {Token: "t", Mode: Safe, Keys: []string{vectorKey}},
		"short key":    {AppID: "a", Token: "t", Mode: Safe, Keys: []string{vectorKey[1:]}},
		"not base64":   {AppID: "a", Token: "t", Mode: Safe, Keys: []string{strings.Repeat("!", 43)}},
	} {
		if _, err := NewCodec(c); err == nil {
			t.Errorf("%s: accepted", label)
		}
	}
}

func TestSealLeavesNoAnswerAlone(t *testing.T) {
	t.Parallel()
	c := mustCodec(t, Safe, vectorKey)
	for _, body := range []string{"", Success} {
		got, err := c.Seal([]byte(body), 0, 1, "n", []byte(random16))
		if err != nil || string(got) != body {
			t.Errorf("Seal(%q) = %q, %v", body, got, err)
		}
		if back, err := c.OpenReply(got); err != nil || string(back) != body {
			t.Errorf("OpenReply(%q) = %q, %v", got, back, err)
		}
	}
	if _, err := c.OpenReply([]byte(vectorMsg)); !errors.Is(err, ErrFormat) {
		t.Errorf("safe mode took a clear reply: %v", err)
	}
}
