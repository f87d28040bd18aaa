package contract

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/wechat/client"
	"weizheng/wechat/pay"
)

// TestPaying plays an order from its beginning to the bills, under both ways of knowing that it is WeChat who speaks.
func TestPaying(t *testing.T) {
	t.Parallel()
	for label, byKey := range map[string]bool{"certificates": false, "public key": true} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			w := newTill(t)
			if byKey {
				w.play("PATCH", "/accounts/"+main+"/merchant", object{"verify_by": "public_key"})
			}
			c := w.payer(w.payConfig(byKey))
			w.openOrder(c)
			trade := w.payment(c)
			w.refunding(c, trade)
			w.bills(c)
		})
	}
}

// openOrder: what is not paid is open, or closed for good.
func (w *till) openOrder(c *pay.Client) {
	w.Helper()
	if _, err := c.Prepay(w.ctx, w.order("order-closed")); err != nil {
		w.Fatalf("prepay: %v", err)
	}
	if got, err := c.Query(w.ctx, "order-closed"); err != nil || got.State != pay.TradeOpen || got.TransactionID != "" || !got.PaidAt.IsZero() {
		w.Errorf("an open order: %+v %v", got, err)
	}
	if err := c.Close(w.ctx, "order-closed"); err != nil {
		w.Errorf("close: %v", err)
	}
	if got, err := c.Query(w.ctx, "order-closed"); err != nil || got.State != pay.TradeClosed {
		w.Errorf("a closed order: %+v %v", got, err)
	}
}

func (w *till) payment(c *pay.Client) pay.Trade {
	w.Helper()
	first, err := c.Prepay(w.ctx, w.order("order-1"))
	if err != nil {
		w.Fatalf("prepay: %v", err)
	}
	if again, err := c.Prepay(w.ctx, w.order("order-1")); err != nil || again != first {
		w.Errorf("the same order once more: %s %v, want %s", again, err, first)
	}
	bill := w.tap(c, first)
	if bill["total"] != 2050.0 || bill["payee"] != "青云政务" || bill["description"] != "不动产登记费" {
		w.Errorf("the sheet shows %v", bill)
	}
	n := w.heard(c)
	if n.Event != "TRANSACTION.SUCCESS" || n.Trade == nil || n.Refund != nil || n.ID == "" {
		w.Fatalf("the notice: %+v", n)
	}
	want := pay.Trade{AppID: c.AppID(), MchID: c.MchID(), OutTradeNo: "order-1", TransactionID: n.Trade.TransactionID, State: pay.TradePaid,
		Total: 2050, PayerTotal: 2050, Currency: "CNY", OpenID: w.openid(main, "zhang"), Attach: "a,b", PaidAt: n.Trade.PaidAt}
	if *n.Trade != want || len(want.TransactionID) != 28 || want.PaidAt.IsZero() {
		w.Errorf("the notice says %+v", *n.Trade)
	}
	for label, ask := range map[string]func() (pay.Trade, error){
		"by our number":      func() (pay.Trade, error) { return c.Query(w.ctx, "order-1") },
		"by WeChat's number": func() (pay.Trade, error) { return c.QueryByID(w.ctx, want.TransactionID) },
	} {
		if got, err := ask(); err != nil || !got.PaidAt.Equal(want.PaidAt) || got.TransactionID != want.TransactionID || got.State != pay.TradePaid {
			w.Errorf("%s: %+v %v", label, got, err)
		}
	}
	w.receipt(want)
	return want
}

// receipt: the payer has one, and the account may write for 48 hours without counting.
func (w *till) receipt(paid pay.Trade) {
	w.Helper()
	notices := w.list(w.play("GET", "/notices?citizen=zhang", nil)["notices"])
	if len(notices) != 1 || notices[0]["kind"] != "payment" || notices[0]["title"] != "微信支付凭证" {
		w.Errorf("the receipt: %v", notices)
	}
	c := w.client(main)
	for i := range 25 { // far more than any other interaction allows
		if err := c.SendCustom(w.ctx, paid.OpenID, client.Text{Content: "已收到您的缴费"}); err != nil {
			w.Fatalf("message %d after a payment: %v", i, err)
		}
	}
	if got := w.last(main, "zhang"); got["content"] != "已收到您的缴费" {
		w.Errorf("the chat ends with %v", got)
	}
}

func (w *till) refunding(c *pay.Client, trade pay.Trade) {
	w.Helper()
	ask := pay.RefundOrder{OutTradeNo: trade.OutTradeNo, OutRefundNo: "refund-1", Amount: 50, Total: 2050, Reason: "多缴", NotifyURL: notifyAt}
	r, err := c.Refund(w.ctx, ask)
	if err != nil || r.State != pay.RefundRunning || r.Amount != 50 || r.TransactionID != trade.TransactionID {
		w.Fatalf("refund: %+v %v", r, err)
	}
	if again, err := c.Refund(w.ctx, ask); err != nil || again.RefundID != r.RefundID {
		w.Errorf("the same refund once more: %+v %v", again, err)
	}
	if got := w.shop.take(); len(got) != 0 {
		w.Errorf("told before it is done: %d", len(got))
	}
	w.moveCivil(2 * time.Second)
	n := w.heard(c)
	if n.Event != "REFUND.SUCCESS" || n.Refund == nil || n.Refund.RefundID != r.RefundID || n.Refund.State != pay.RefundDone ||
		n.Refund.Amount != 50 || n.Refund.DoneAt.IsZero() {
		w.Errorf("the notice: %+v", n)
	}
	if got, err := c.QueryRefund(w.ctx, "refund-1"); err != nil || got.State != pay.RefundDone || got.Total != 2050 {
		w.Errorf("query: %+v %v", got, err)
	}
	if got, err := c.Query(w.ctx, trade.OutTradeNo); err != nil || got.State != pay.TradeRefunded {
		w.Errorf("the order afterwards: %+v %v", got, err)
	}
	w.play("POST", "/accounts/"+main+"/outcomes", object{"kind": "refund", "values": []string{"ABNORMAL", "CLOSED"}})
	for i, want := range []pay.RefundState{pay.RefundAbnormal, pay.RefundClosed} {
		ask.OutRefundNo = "refund-" + string(want)
		if _, err := c.Refund(w.ctx, ask); err != nil {
			w.Fatalf("refund %d: %v", i, err)
		}
		w.moveCivil(2 * time.Second)
		if n := w.heard(c); n.Event != "REFUND."+string(want) || n.Refund.State != want {
			w.Errorf("the notice: %+v", n)
		}
	}
}

func (w *till) bills(c *pay.Client) {
	w.Helper()
	midnight := clock.StartOfDay(w.civil.Now())
	today := clock.Day(midnight)
	if _, err := c.TradeBill(w.ctx, today, pay.BillAll); pay.CodeOf(err) != "INVALID_REQUEST" {
		w.Errorf("the bill of today: %v", err)
	}
	w.moveCivil(midnight.Add(33 * time.Hour).Sub(w.civil.Now()))
	if _, err := c.TradeBill(w.ctx, today, pay.BillAll); pay.CodeOf(err) != "STATEMENT_CREATING" {
		w.Errorf("before ten o'clock: %v", err)
	}
	w.moveCivil(2 * time.Hour)
	content, err := c.TradeBill(w.ctx, today, pay.BillAll)
	if err != nil {
		w.Fatalf("bill: %v", err)
	}
	lines := bytes.Split(bytes.TrimSpace(content), []byte("\r\n"))
	if len(lines) != 7 || !strings.Contains(string(lines[1]), "`order-1,") || !strings.Contains(string(lines[1]), "`20.50") || !strings.Contains(string(lines[2]), "`refund-1,`0.50") {
		w.Errorf("the bill:\n%s", content)
	}
	for i, l := range lines[1:5] {
		if got, want := bytes.Count(l, []byte{','}), bytes.Count(lines[0], []byte{','}); got != want {
			w.Errorf("line %d has %d commas, its head %d", i+1, got, want)
		}
	}
	if !strings.HasPrefix(string(lines[6]), "`4,`20.50,`1.50,") {
		w.Errorf("the sum: %s", lines[6])
	}
	if content, err = c.FundFlowBill(w.ctx, today); err != nil || !strings.Contains(string(content), "`2,`1,`20.50,`1,`0.50") {
		w.Errorf("the fund flow: %v\n%s", err, content)
	}
	if _, err := c.TradeBill(w.ctx, clock.Day(midnight.AddDate(0, 0, -10)), pay.BillAll); pay.CodeOf(err) != "NO_STATEMENT_EXIST" {
		w.Errorf("a day on which nothing happened: %v", err)
	}
}

// TestCertificatesChange: a new platform certificate is downloaded when somebody signs with it.
func TestCertificatesChange(t *testing.T) {
	t.Parallel()
	w := newTill(t)
	c := w.payer(w.payConfig(false))
	w.paid(c, "order-1")
	w.heard(c)
	w.wall.pass(2 * time.Minute) // certificates are asked for at most once a minute
	w.play("POST", "/accounts/"+main+"/merchant/rotate", nil)
	w.paid(c, "order-2")
	if n := w.heard(c); n.Trade == nil || n.Trade.OutTradeNo != "order-2" {
		t.Errorf("after the change: %+v", n)
	}
	if n := w.calls("/v3/certificates"); n != 2 {
		t.Errorf("certificates were downloaded %d times", n)
	}

	// The merchant changes over to the public key: who knows both goes on, who knows certificates alone cannot.
	both := w.payer(w.payConfig(true))
	w.paid(both, "order-3")
	w.heard(both)
	w.play("PATCH", "/accounts/"+main+"/merchant", object{"verify_by": "public_key"})
	w.paid(both, "order-4")
	w.heard(both)
	if _, err := c.Query(w.ctx, "order-4"); err == nil || pay.CodeOf(err) != "" {
		t.Errorf("an answer that cannot be checked: %v", err)
	}
}
