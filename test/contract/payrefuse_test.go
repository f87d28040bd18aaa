package contract

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat/pay"
)

const (
	jsapiPath  = "/v3/pay/transactions/jsapi"
	refundPath = "/v3/refund/domestic/refunds"
)

// change returns a JSON object with one thing different; a nil value takes it out.
func change(o object, name string, value any) object {
	c := object{}
	maps.Copy(c, o)
	c[name] = value
	if value == nil {
		delete(c, name)
	}
	return c
}

// prepayBody is a right order.
func (w *till) prepayBody(no string) object {
	return object{"appid": w.text("appid"), "mchid": w.text("mchid"), "description": "停车费", "out_trade_no": no, "notify_url": notifyAt,
		"amount": object{"total": 100, "currency": "CNY"}, "payer": object{"openid": w.openid(main, "zhang")}}
}

// refused wants a request to be answered with status and code, and with a signature where the merchant is known.
func (w *till) refused(label string, s signed, status int, code string) {
	w.Helper()
	if s.path == refundPath {
		w.wall.pass(time.Second) // six wrong ones a second are enough
	}
	if gotStatus, gotCode, answer := w.send(s); gotStatus != status || gotCode != code {
		w.Errorf("%s: HTTP %d %s, want %d %s (%v)", label, gotStatus, gotCode, status, code, answer)
	}
}

// TestRequestsAreVerified breaks every part of what proves a merchant.
func TestRequestsAreVerified(t *testing.T) {
	t.Parallel()
	w := newTill(t)
	body := func(no string) string { return jsonOf(w.prepayBody(no)) }
	drop := func(name string) func(http.Header, string) string {
		return func(h http.Header, b string) string { h.Del(name); return b }
	}
	auth := func(old, new string) func(http.Header, string) string {
		return func(h http.Header, b string) string {
			h.Set("Authorization", strings.Replace(h.Get("Authorization"), old, new, 1))
			return b
		}
	}
	rows := []struct {
		label  string
		s      signed
		status int
		code   string
	}{
		{"without Authorization", signed{tamper: drop("Authorization")}, 401, "SIGN_ERROR"},
		{"another scheme", signed{tamper: auth("WECHATPAY2-SHA256-RSA2048", "WECHATPAY2-SM2-WITH-SM3")}, 401, "SIGN_ERROR"},
		{"a value without quotes", signed{tamper: auth(`nonce_str="`, `nonce_str=`)}, 401, "SIGN_ERROR"},
		{"a value twice", signed{tamper: auth(`mchid="`, `serial_no="1",mchid="`)}, 401, "SIGN_ERROR"},
		{"an unknown value", signed{tamper: auth(`mchid="`, `colour="red",mchid="`)}, 401, "SIGN_ERROR"},
		{"without User-Agent", signed{tamper: drop("User-Agent")}, 400, "PARAM_ERROR"},
		{"without Accept", signed{tamper: drop("Accept")}, 400, "PARAM_ERROR"},
		{"a merchant of nobody", signed{mchid: "1600000000"}, 400, "MCH_NOT_EXISTS"},
		{"an old timestamp", signed{age: 6 * time.Minute}, 401, "SIGN_ERROR"},
		{"a timestamp to come", signed{age: -6 * time.Minute}, 401, "SIGN_ERROR"},
		{"a long nonce", signed{nonce: strings.Repeat("n", 33)}, 401, "SIGN_ERROR"},
		{"another serial number", signed{serial: strings.Repeat("A", 40)}, 401, "SIGN_ERROR"},
		{"another signature", signed{tamper: auth(`signature="`, `signature="AAAA`)}, 401, "SIGN_ERROR"},
		{"another nonce than signed", signed{tamper: auth(`nonce_str="0`, `nonce_str="1`)}, 401, "SIGN_ERROR"},
		{"another body than signed", signed{tamper: func(_ http.Header, b string) string { return strings.Replace(b, "100", "1", 1) }}, 401, "SIGN_ERROR"},
	}
	for i, row := range rows {
		row.s.method, row.s.path, row.s.body = "POST", jsapiPath, body(fmt.Sprintf("order-%d", i))
		w.refused(row.label, row.s, row.status, row.code)
		if _, code, _ := w.send(signed{method: "GET", path: fmt.Sprintf("/v3/pay/transactions/out-trade-no/order-%d?mchid=%s", i, w.text("mchid"))}); code != "ORDER_NOT_EXIST" {
			t.Errorf("%s: something was ordered all the same: %s", row.label, code)
		}
	}
	if status, code, _ := w.send(signed{method: "POST", path: jsapiPath, body: body("order-right"), age: 4 * time.Minute}); status != 200 {
		t.Errorf("a right request: %d %s", status, code)
	}
	w.refused("a path that is not there", signed{method: "POST", path: "/v3/pay/transactions/native"}, 404, "NOT_FOUND")
	w.play("PATCH", "/accounts/"+main, object{"verified": false})
	w.refused("an account that is verified no more", signed{method: "POST", path: jsapiPath, body: body("order-late")}, 403, "NO_AUTH")
}

// TestOrdersAreChecked breaks every limit of an order.
func TestOrdersAreChecked(t *testing.T) {
	t.Parallel()
	w := newTill(t)
	other := w.play("POST", "/accounts", object{"id": "other", "name": "别处", "kind": "service", "verified": true})["account"].(object)
	theirs := w.play("POST", "/accounts/other/merchant", nil)["merchant"].(object)
	if status, _, _ := w.send(signed{method: "POST", path: jsapiPath, body: jsonOf(w.prepayBody("order-open"))}); status != 200 {
		t.Fatalf("a right order: %d", status)
	}
	c := w.payer(w.payConfig(true))
	w.paid(c, "order-paid")
	if _, err := c.Prepay(w.ctx, w.order("order-shut")); err != nil || c.Close(w.ctx, "order-shut") != nil {
		t.Fatal("no closed order", err)
	}
	long := func(n int) string { return strings.Repeat("长", n) }
	rows := []struct {
		field  string
		value  any
		status int
		code   string
	}{
		{"appid", nil, 400, "PARAM_ERROR"}, {"appid", other["appid"], 400, "APPID_MCHID_NOT_MATCH"},
		{"mchid", nil, 400, "PARAM_ERROR"}, {"mchid", "1699999999", 400, "MCH_NOT_EXISTS"}, {"mchid", theirs["mchid"], 403, "NO_AUTH"},
		{"description", nil, 400, "PARAM_ERROR"}, {"description", long(128), 400, "PARAM_ERROR"}, {"description", long(127), 200, ""},
		{"out_trade_no", "12345", 400, "PARAM_ERROR"}, {"out_trade_no", strings.Repeat("1", 33), 400, "PARAM_ERROR"},
		{"out_trade_no", "order 12", 400, "PARAM_ERROR"}, {"out_trade_no", strings.Repeat("1", 32), 200, ""},
		{"out_trade_no", "order-paid", 400, "ORDERPAID"}, {"out_trade_no", "order-shut", 400, "ORDER_CLOSED"},
		{"out_trade_no", "order-open", 200, ""},
		{"attach", long(129), 400, "PARAM_ERROR"}, {"goods_tag", long(33), 400, "PARAM_ERROR"},
		{"notify_url", nil, 400, "PARAM_ERROR"}, {"notify_url", notifyAt + "?a=b", 400, "PARAM_ERROR"}, {"notify_url", "http://shop.example/n", 400, "PARAM_ERROR"},
		{"notify_url", "https://shop.example/" + strings.Repeat("n", 255), 400, "PARAM_ERROR"}, {"notify_url", "http://127.0.0.1:1/n", 200, ""},
		{"amount", nil, 400, "PARAM_ERROR"}, {"amount", object{"total": 0}, 400, "PARAM_ERROR"}, {"amount", object{"total": -1}, 400, "PARAM_ERROR"},
		{"amount", object{"total": 1.5}, 400, "PARAM_ERROR"}, {"amount", object{"total": "1"}, 400, "PARAM_ERROR"}, {"amount", object{"total": 1, "currency": "USD"}, 400, "PARAM_ERROR"},
		{"amount", object{"total": 1}, 200, ""},
		{"payer", nil, 400, "PARAM_ERROR"}, {"payer", object{"openid": "onobody"}, 400, "PARAM_ERROR"},
		{"time_expire", "tomorrow", 400, "PARAM_ERROR"}, {"time_expire", w.civil.Now().Format(time.RFC3339), 400, "INVALID_REQUEST"},
		{"time_expire", w.civil.Now().Add(time.Hour).Format(time.RFC3339), 200, ""},
	}
	for i, row := range rows {
		body := change(w.prepayBody(fmt.Sprintf("order-%03d", i)), row.field, row.value)
		w.refused(fmt.Sprintf("%s %.40v", row.field, row.value), signed{method: "POST", path: jsapiPath, body: jsonOf(body)}, row.status, row.code)
	}
	w.follow("renshe", "zhang")
	body := change(w.prepayBody("order-foreign"), "payer", object{"openid": w.openid("renshe", "zhang")})
	w.refused("an openid of another account", signed{method: "POST", path: jsapiPath, body: jsonOf(body)}, 400, "INVALID_REQUEST")
	w.refused("the number of another order", signed{method: "POST", path: jsapiPath, body: jsonOf(change(w.prepayBody("order-open"), "amount", object{"total": 101}))}, 403, "OUT_TRADE_NO_USED")
	for _, body := range []string{"", "{", "[]", "\xff", `"x"`} {
		w.refused("body "+body, signed{method: "POST", path: jsapiPath, body: body}, 400, "PARAM_ERROR")
	}

	// Asking and closing.
	at, mchid := "/v3/pay/transactions/", "?mchid="+w.text("mchid")
	w.refused("no merchant", signed{method: "GET", path: at + "out-trade-no/order-paid"}, 400, "PARAM_ERROR")
	w.refused("an unknown merchant", signed{method: "GET", path: at + "out-trade-no/order-paid?mchid=1"}, 400, "MCH_NOT_EXISTS")
	w.refused("an unknown order", signed{method: "GET", path: at + "out-trade-no/order-none" + mchid}, 404, "ORDER_NOT_EXIST")
	w.refused("an unknown payment", signed{method: "GET", path: at + "id/4200" + mchid}, 404, "ORDER_NOT_EXIST")
	shut := func(no string) signed {
		return signed{method: "POST", path: at + "out-trade-no/" + no + "/close", body: jsonOf(object{"mchid": w.text("mchid")})}
	}
	w.refused("closing what is paid", shut("order-paid"), 400, "ORDERPAID")
	w.refused("closing what is closed", shut("order-shut"), 400, "ORDER_CLOSED")
	w.refused("closing nothing", shut("order-none"), 404, "ORDER_NOT_EXIST")
	w.refused("closing what is open", shut("order-open"), 204, "")
}

// TestRefundsAreChecked breaks every limit of a refund.
func TestRefundsAreChecked(t *testing.T) {
	t.Parallel()
	w := newTill(t)
	c := w.payer(w.payConfig(true))
	w.paid(c, "order-paid")
	if _, err := c.Prepay(w.ctx, w.order("order-open")); err != nil {
		t.Fatal(err)
	}
	refund := refundPath
	right := func(no string) object {
		return object{"out_trade_no": "order-paid", "out_refund_no": no, "amount": object{"refund": 10, "total": 2050, "currency": "CNY"}}
	}
	amount := func(refund, total any) object { return object{"refund": refund, "total": total, "currency": "CNY"} }
	rows := []struct {
		field  string
		value  any
		status int
		code   string
	}{
		{"out_trade_no", nil, 400, "PARAM_ERROR"}, {"out_trade_no", "order-none", 404, "RESOURCE_NOT_EXISTS"}, {"out_trade_no", "order-open", 404, "RESOURCE_NOT_EXISTS"},
		{"transaction_id", "4200", 404, "RESOURCE_NOT_EXISTS"},
		{"out_refund_no", "", 400, "PARAM_ERROR"}, {"out_refund_no", strings.Repeat("r", 65), 400, "PARAM_ERROR"},
		{"reason", strings.Repeat("由", 81), 400, "PARAM_ERROR"}, {"notify_url", notifyAt + "?a", 400, "PARAM_ERROR"},
		{"amount", nil, 400, "PARAM_ERROR"}, {"amount", amount(0, 2050), 400, "PARAM_ERROR"}, {"amount", amount(10, nil), 400, "PARAM_ERROR"},
		{"amount", object{"refund": 10, "total": 2050}, 400, "PARAM_ERROR"}, {"amount", amount(10, 2051), 400, "INVALID_REQUEST"}, {"amount", amount(2051, 2050), 400, "INVALID_REQUEST"},
	}
	for i, row := range rows {
		body := change(right(fmt.Sprintf("r-%d", i)), row.field, row.value)
		w.refused(fmt.Sprintf("%s %.40v", row.field, row.value), signed{method: "POST", path: refund, body: jsonOf(body)}, row.status, row.code)
	}
	w.refused("an unknown refund", signed{method: "GET", path: refund + "/r-none"}, 404, "RESOURCE_NOT_EXISTS")
	for _, code := range []string{"NOT_ENOUGH", "USER_ACCOUNT_ABNORMAL"} {
		w.play("POST", "/accounts/"+main+"/outcomes", object{"kind": "refund", "values": []string{code}})
		w.refused("planned", signed{method: "POST", path: refund, body: jsonOf(right("r-planned"))}, 403, code)
	}
	send := func(no string) signed { return signed{method: "POST", path: refund, body: jsonOf(right(no))} }
	for i := range 50 {
		w.refused("part", send(fmt.Sprintf("part-%d", i)), 200, "")
	}
	w.refused("the 51st part", send("part-51"), 400, "INVALID_REQUEST")
	w.refused("a part once more", send("part-7"), 200, "")
	w.refused("a part with another amount", signed{method: "POST", path: refund, body: jsonOf(change(right("part-7"), "amount", amount(11, 2050)))}, 400, "INVALID_REQUEST")
	w.paid(c, "order-old")
	w.moveCivil(367 * 24 * time.Hour)
	w.refused("after a year", signed{method: "POST", path: refund, body: jsonOf(change(right("late"), "out_trade_no", "order-old"))}, 400, "INVALID_REQUEST")
}

// TestPayErrors holds what the client makes of refusals and silence.
func TestPayErrors(t *testing.T) {
	t.Parallel()
	w := newTill(t)
	c := w.payer(w.payConfig(true))
	w.paid(c, "order-paid")
	rows := []struct {
		label string
		do    func() error
		code  string
		kind  errs.Kind
	}{
		{"a parameter", func() error { o := w.order("x"); _, err := c.Prepay(w.ctx, o); return err }, "PARAM_ERROR", errs.Invalid},
		{"paid already", func() error { _, err := c.Prepay(w.ctx, w.order("order-paid")); return err }, "ORDERPAID", errs.Conflict},
		{"no order", func() error { _, err := c.Query(w.ctx, "order-none"); return err }, "ORDER_NOT_EXIST", errs.NotFound},
		{"no refund", func() error { _, err := c.QueryRefund(w.ctx, "none"); return err }, "RESOURCE_NOT_EXISTS", errs.NotFound},
		{"too often", w.faulty(c, "code", 429), "FREQUENCY_LIMITED", errs.Busy},
		{"their fault", w.faulty(c, "code", 500), "SYSTEM_ERROR", errs.Busy},
		{"HTML", w.faulty(c, "html", 0), "", errs.Busy},
		{"no answer", w.faulty(c, "drop", 0), "", errs.Unavailable},
		{"a lost answer", w.faulty(c, "drop_after", 0), "", errs.Unavailable},
	}
	for _, row := range rows {
		err := row.do()
		e, ok := errors.AsType[*pay.Error](err)
		if !ok || e.Code != row.code || errs.KindOf(err) != row.kind || e.MchID != c.MchID() {
			t.Errorf("%s: %v (kind %v)", row.label, err, errs.KindOf(err))
			continue
		}
		for _, secret := range []string{w.openid(main, "zhang"), w.text("api_v3_key"), boxHost, "shop.example", "Authorization"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error holds %s: %v", row.label, secret, err)
			}
		}
	}
	wrong := w.payConfig(false)
	wrong.APIv3Key = strings.Repeat("0", 32)
	if _, err := w.payer(wrong).Query(w.ctx, "order-paid"); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("with another APIv3 key: %v", err)
	}
}

func (w *till) faulty(c *pay.Client, kind string, code int) func() error {
	return func() error {
		w.play("POST", "/faults", object{"path": "/v3/*", "kind": kind, "code": code})
		_, err := c.Query(w.ctx, "order-paid")
		return err
	}
}
