package contract

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat/pay"
)

// jsonOf writes JSON.
func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// TestForgedNotices changes one thing of a right notice at a time.
func TestForgedNotices(t *testing.T) {
	t.Parallel()
	w := newTill(t)
	c := w.payer(w.payConfig(false))
	w.paid(c, "order-1")
	got := w.shop.take()
	if len(got) != 1 {
		t.Fatalf("%d notices", len(got))
	}
	right := got[0]
	forger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	set := func(name, value string) func(http.Header, []byte) []byte {
		return func(h http.Header, b []byte) []byte { h.Set(name, value); return b }
	}
	later := func(d time.Duration) string { return strconv.FormatInt(w.wall.Now().Add(d).Unix(), 10) }
	rows := map[string]func(h http.Header, body []byte) []byte{
		"another signature":            set("Wechatpay-Signature", base64.StdEncoding.EncodeToString(make([]byte, 256))),
		"a probe of WeChat's":          set("Wechatpay-Signature", "WECHATPAY/SIGNTEST/"+right.header.Get("Wechatpay-Signature")),
		"no signature":                 set("Wechatpay-Signature", ""),
		"another nonce":                set("Wechatpay-Nonce", "0"),
		"no nonce":                     set("Wechatpay-Nonce", ""),
		"another timestamp":            set("Wechatpay-Timestamp", later(-time.Second)),
		"no timestamp":                 set("Wechatpay-Timestamp", ""),
		"a timestamp that is none":     set("Wechatpay-Timestamp", "now"),
		"an unknown serial":            set("Wechatpay-Serial", strings.Repeat("B", 40)),
		"a public key we do not have":  set("Wechatpay-Serial", w.text("public_key_id")),
		"no serial":                    set("Wechatpay-Serial", ""),
		"another kind of signature":    set("Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3"),
		"two serials":                  func(h http.Header, b []byte) []byte { h.Add("Wechatpay-Serial", "B"); return b },
		"another body":                 func(_ http.Header, b []byte) []byte { return append(b, ' ') },
		"no body":                      func(http.Header, []byte) []byte { return nil },
		"signed by somebody":           func(h http.Header, b []byte) []byte { signAs(forger, h, b); return b },
		"a right one, six minutes old": func(h http.Header, b []byte) []byte { w.wall.pass(6 * time.Minute); return b },
	}
	for label, forge := range rows {
		if strings.HasPrefix(label, "a right one") {
			continue // the last of all, as it moves the clock
		}
		h := right.header.Clone()
		n, err := c.ParseNotice(w.ctx, h, forge(h, append([]byte(nil), right.body...)))
		if errs.KindOf(err) != errs.Denied || n != (pay.Notice{}) {
			t.Errorf("%s: %+v %v", label, n, err)
		}
	}
	if n, err := c.ParseNotice(w.ctx, right.header, right.body); err != nil || n.Trade.OutTradeNo != "order-1" {
		t.Errorf("the right one: %+v %v", n, err)
	}
	other := w.payConfig(false)
	other.MchID = "1600000001" // the same keys, so that only the number inside tells
	if n, err := w.payer(other).ParseNotice(w.ctx, right.header, right.body); err == nil {
		t.Errorf("a notice for another merchant: %+v", n)
	}
	forge := rows["a right one, six minutes old"]
	if n, err := c.ParseNotice(w.ctx, right.header, forge(right.header, right.body)); errs.KindOf(err) != errs.Denied {
		t.Errorf("an old one: %+v %v", n, err)
	}
}

// signAs signs a notice as somebody who has the merchant's secrets but not the platform's.
func signAs(key *rsa.PrivateKey, h http.Header, body []byte) {
	sum := sha256.Sum256([]byte(h.Get("Wechatpay-Timestamp") + "\n" + h.Get("Wechatpay-Nonce") + "\n" + string(body) + "\n"))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	h.Set("Wechatpay-Signature", base64.StdEncoding.EncodeToString(sig))
}

// TestWrongKeyCannotRead: who has another APIv3 key believes the signature and reads nothing.
func TestWrongKeyCannotRead(t *testing.T) {
	t.Parallel()
	w := newTill(t)
	w.play("PATCH", "/accounts/"+main+"/merchant", object{"verify_by": "public_key"})
	w.paid(w.payer(w.payConfig(true)), "order-1")
	got := w.shop.take()
	wrong := w.payConfig(true)
	wrong.APIv3Key = strings.Repeat("0", 32)
	if n, err := w.payer(wrong).ParseNotice(w.ctx, got[0].header, got[0].body); errs.KindOf(err) != errs.Invalid || n.Trade != nil {
		t.Errorf("%+v %v", n, err)
	}
}

// TestNoticesAreRepeated follows the schedule until the merchant takes a notice, or to its end.
func TestNoticesAreRepeated(t *testing.T) {
	t.Parallel()
	w := newTill(t)
	c := w.payer(w.payConfig(true))
	w.shop.answers(500, `{"code":"FAIL","message":"失败"}`)
	w.paid(c, "order-1")
	first := w.shop.take()
	if len(first) != 1 {
		t.Fatalf("%d notices", len(first))
	}
	// Each wait ends exactly when it should.
	for i, pause := range []time.Duration{15 * time.Second, 15 * time.Second, 30 * time.Second, 3 * time.Minute, 10 * time.Minute} {
		w.moveCivil(pause - 3*time.Second)
		w.settle()
		if got := w.shop.take(); len(got) != 0 {
			t.Fatalf("try %d came too early", i+2)
		}
		w.moveCivil(3 * time.Second)
		w.settle()
		got := w.shop.take()
		if len(got) != 1 {
			t.Fatalf("try %d: %d notices", i+2, len(got))
		}
		if noticeID(t, got[0]) != noticeID(t, first[0]) {
			t.Errorf("try %d has another id", i+2)
		}
	}
	w.shop.answers(200, `{"code":"FAIL"}`) // a body that says no is no
	w.moveCivil(20 * time.Minute)
	w.settle()
	w.shop.answers(200, `{"code":"SUCCESS"}`)
	w.moveCivil(30 * time.Minute)
	w.settle()
	w.moveCivil(48 * time.Hour)
	w.settle()
	if got := w.shop.take(); len(got) != 2 {
		t.Errorf("%d notices until it was taken, want 2", len(got))
	}

	w.shop.answers(500, "")
	w.paid(c, "order-2")
	for range 40 {
		w.moveCivil(6 * time.Hour)
		w.settle()
	}
	if got := w.shop.take(); len(got) != 16 {
		t.Errorf("%d tries in all, want 16", len(got))
	}

	w.shop.answers(204, "")
	w.play("POST", "/faults", object{"path": "pay_notice", "kind": "duplicate"})
	w.paid(c, "order-3")
	if got := w.shop.take(); len(got) != 2 || noticeID(t, got[0]) != noticeID(t, got[1]) {
		t.Errorf("a duplicate: %d notices", len(got))
	}
	w.play("POST", "/faults", object{"path": "pay_notice", "kind": "drop"})
	w.paid(c, "order-4")
	w.moveCivil(16 * time.Second)
	w.settle()
	if got := w.shop.take(); len(got) != 2 {
		t.Errorf("after a lost answer: %d notices, want 2", len(got))
	}
}

func noticeID(t *testing.T, n told) string {
	t.Helper()
	var in struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(n.body, &in); err != nil || in.ID == "" {
		t.Fatalf("a notice without id: %s", n.body)
	}
	return in.ID
}

// TestTheSheetIsChecked: the phone says no to what a page has made up.
func TestTheSheetIsChecked(t *testing.T) {
	t.Parallel()
	w := newTill(t)
	c := w.payer(w.payConfig(true))
	prepay, err := c.Prepay(w.ctx, w.order("order-1"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := c.Prepay(w.ctx, w.order("order-2"))
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := c.Sheet(w.ctx, prepay)
	if err != nil {
		t.Fatal(err)
	}
	right := onPage("zhang", sheet)
	no := func(label string, in object, why string) {
		t.Helper()
		res, content := w.exchange("POST", "http://"+boxHost+"/sandbox/api/pay/bill", strings.NewReader(jsonOf(in)), nil)
		if res.StatusCode != 422 || !strings.Contains(string(content), why) {
			t.Errorf("%s: %d %s, want %s", label, res.StatusCode, content, why)
		}
	}
	for field, value := range map[string]string{"timestamp": "1", "nonce": "x", "package": "prepay_id=" + second, "sign_type": "MD5", "pay_sign": "AAAA"} {
		no("another "+field, change(right, field, value), "支付验证签名失败")
	}
	for field, name := range map[string]string{"timestamp": "timeStamp", "nonce": "nonceStr", "pay_sign": "paySign"} {
		no("no "+field, change(right, field, nil), "缺少参数："+name)
	}
	no("a date for a timestamp", change(right, "timestamp", "2026-11-20"), "timeStamp")
	no("somebody else", change(right, "citizen", "li"), "不一致")
	made, err := c.Sheet(w.ctx, "wx0")
	if err != nil {
		t.Fatal(err)
	}
	no("an order of nobody", onPage("zhang", made), "prepay_id无效")
	if res, content := w.exchange("POST", "http://"+boxHost+"/sandbox/api/pay", strings.NewReader(jsonOf(object{"citizen": "zhang",
		"prepay_id": prepay, "means": "empty_card"})), nil); res.StatusCode != 409 || len(w.shop.take()) != 0 {
		t.Errorf("a card without money: %d %s", res.StatusCode, content)
	}
	w.tap(c, prepay)
	no("paid already", right, "已支付")
	if err := c.Close(w.ctx, "order-2"); err != nil {
		t.Fatal(err)
	}
	sheet, _ = c.Sheet(w.ctx, second)
	no("closed", onPage("zhang", sheet), "已关闭")
	third, err := c.Prepay(w.ctx, w.order("order-3"))
	if err != nil {
		t.Fatal(err)
	}
	sheet, _ = c.Sheet(w.ctx, third)
	w.moveCivil(2 * time.Hour)
	no("after two hours", onPage("zhang", sheet), "已过期")
	if again, err := c.Prepay(w.ctx, w.order("order-3")); err != nil {
		t.Errorf("ordered anew: %v", err)
	} else {
		w.tap(c, again)
	}
}
