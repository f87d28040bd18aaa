package contract

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/pay"
)

// payRow is one endpoint of WeChat Pay as its page describes it.
type payRow struct {
	method, path string
	again        bool // may be repeated
	second       int  // calls a second of a merchant; 0: not published
	// call is right, on an order of its own (no) that is paid; it may be made again and again.
	call func(w *till, c *pay.Client, no string) error
	// raw is the same by hand, so that the second is full sooner.
	raw func(w *till, no string) signed
	// wrong breaks one rule: what the client makes of the answer.
	wrong func(w *till, c *pay.Client, no string) error
	code  string
	kind  errs.Kind
}

func payRows() []payRow {
	at := "/v3/pay/transactions/"
	yesterday := func(w *till) string { return clock.Day(w.civil.Now().AddDate(0, 0, -1)) }
	none := func(call func(ctx context.Context, c *pay.Client) error) func(*till, *pay.Client, string) error {
		return func(w *till, c *pay.Client, _ string) error { return call(w.ctx, c) }
	}
	back := func(w *till, c *pay.Client, no, refund string, amount int64) error {
		_, err := c.Refund(w.ctx, pay.RefundOrder{OutTradeNo: no, OutRefundNo: refund, Amount: amount, Total: 2050})
		return err
	}
	return []payRow{
		{method: "POST", path: jsapiPath, again: true, second: 600,
			call: func(w *till, c *pay.Client, no string) error { _, err := c.Prepay(w.ctx, w.order(no+"-2")); return err },
			raw: func(w *till, no string) signed {
				return signed{method: "POST", path: jsapiPath, body: jsonOf(w.prepayBody(no + "-2"))}
			},
			wrong: func(w *till, c *pay.Client, no string) error { _, err := c.Prepay(w.ctx, w.order(no)); return err }, code: "ORDERPAID", kind: errs.Conflict},
		{method: "GET", path: at + "id/{transaction_id}", again: true, second: 1800,
			call: func(w *till, c *pay.Client, no string) error {
				t, err := c.Query(w.ctx, no)
				if err == nil {
					_, err = c.QueryByID(w.ctx, t.TransactionID)
				}
				return err
			},
			wrong: none(func(ctx context.Context, c *pay.Client) error { _, err := c.QueryByID(ctx, "4200000000"); return err }), code: "ORDER_NOT_EXIST", kind: errs.NotFound},
		{method: "GET", path: at + "out-trade-no/{out_trade_no}", again: true, second: 1800,
			call:  func(w *till, c *pay.Client, no string) error { _, err := c.Query(w.ctx, no); return err },
			wrong: none(func(ctx context.Context, c *pay.Client) error { _, err := c.Query(ctx, "order-none"); return err }), code: "ORDER_NOT_EXIST", kind: errs.NotFound},
		{method: "POST", path: at + "out-trade-no/{out_trade_no}/close",
			call: func(w *till, c *pay.Client, no string) error {
				if _, err := c.Prepay(w.ctx, w.order(no+"-3")); err != nil {
					return err
				}
				return c.Close(w.ctx, no+"-3")
			},
			wrong: func(w *till, c *pay.Client, no string) error { return c.Close(w.ctx, no) }, code: "ORDERPAID", kind: errs.Conflict},
		{method: "POST", path: refundPath, again: true, second: 150,
			call: func(w *till, c *pay.Client, no string) error { return back(w, c, no, no+"-r", 10) },
			raw: func(_ *till, no string) signed {
				return signed{method: "POST", path: refundPath, body: jsonOf(object{"out_trade_no": no, "out_refund_no": no + "-r",
					"amount": object{"refund": 10, "total": 2050, "currency": "CNY"}})}
			},
			wrong: func(w *till, c *pay.Client, no string) error { return back(w, c, no, no+"-x", 2051) }, code: "INVALID_REQUEST", kind: errs.Refused},
		{method: "GET", path: refundPath + "/{out_refund_no}", again: true, second: 300,
			call: func(w *till, c *pay.Client, no string) error {
				err := back(w, c, no, no+"-r", 10)
				if err == nil {
					_, err = c.QueryRefund(w.ctx, no+"-r")
				}
				return err
			},
			raw:   func(_ *till, no string) signed { return signed{method: "GET", path: refundPath + "/" + no + "-r"} },
			wrong: none(func(ctx context.Context, c *pay.Client) error { _, err := c.QueryRefund(ctx, "none"); return err }), code: "RESOURCE_NOT_EXISTS", kind: errs.NotFound},
		{method: "GET", path: "/v3/certificates", again: true,
			call: func(w *till, _ *pay.Client, no string) error {
				_, err := w.payer(w.payConfig(false)).Query(w.ctx, no)
				return err
			},
			wrong: func(w *till, _ *pay.Client, no string) error {
				cfg := w.payConfig(false)
				cfg.Serial = "0000000000000000000000000000000000000000"
				_, err := w.payer(cfg).Query(w.ctx, no)
				return err
			}, code: "SIGN_ERROR", kind: errs.Refused},
		{method: "GET", path: "/v3/bill/tradebill", again: true,
			call: func(w *till, c *pay.Client, _ string) error {
				_, err := c.TradeBill(w.ctx, yesterday(w), pay.BillAll)
				return err
			},
			wrong: func(w *till, c *pay.Client, _ string) error {
				_, err := c.TradeBill(w.ctx, clock.Day(w.civil.Now()), pay.BillAll)
				return err
			}, code: "INVALID_REQUEST", kind: errs.Refused},
		{method: "GET", path: "/v3/bill/fundflowbill", again: true,
			call: func(w *till, c *pay.Client, _ string) error {
				_, err := c.FundFlowBill(w.ctx, yesterday(w))
				return err
			},
			wrong: func(w *till, c *pay.Client, _ string) error {
				_, err := c.FundFlowBill(w.ctx, clock.Day(w.civil.Now().AddDate(0, 0, -30)))
				return err
			}, code: "NO_STATEMENT_EXIST", kind: errs.NotFound},
		{method: "GET", path: "/v3/billdownload/file", again: true,
			call: func(w *till, c *pay.Client, _ string) error {
				_, err := c.TradeBill(w.ctx, yesterday(w), pay.BillAll)
				return err
			},
			wrong: forgedDownload, code: "PARAM_ERROR", kind: errs.Invalid},
	}
}

// forgedDownload fetches a bill with a link that nobody gave.
func forgedDownload(w *till, c *pay.Client, _ string) error {
	status, code, _ := w.send(signed{method: "GET", path: "/v3/billdownload/file?token=x"})
	if status != 400 || code != "PARAM_ERROR" {
		return fmt.Errorf("HTTP %d %s", status, code)
	}
	_, err := c.Prepay(w.ctx, pay.Order{OutTradeNo: "short", Description: "x", Total: 1, OpenID: "o", NotifyURL: notifyAt}) // the same code by a call
	return err
}

// TestPayRows plays every row in both ways of checking WeChat's signature.
func TestPayRows(t *testing.T) {
	t.Parallel()
	for label, byKey := range map[string]bool{"certificates": false, "public key": true} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			w := newTill(t)
			if byKey {
				w.play("PATCH", "/accounts/"+main+"/merchant", object{"verify_by": "public_key"})
			}
			c := w.payer(w.payConfig(byKey))
			for i, r := range payRows() {
				r.play(w, c, fmt.Sprintf("order-%d", i), byKey)
			}
		})
	}
}

func (r payRow) play(w *till, c *pay.Client, no string, byKey bool) {
	w.Helper()
	e, ok := wechat.EndpointOf(r.path)
	if !ok || e.Method != r.method || e.Auth != wechat.AuthMerchant || e.Idempotent != r.again {
		w.Errorf("the table has %+v", e)
	}
	if r.path == "/v3/certificates" && byKey {
		return // who has the key asks for no certificates
	}
	w.paid(c, no)
	if e.Path == "/v3/bill/tradebill" || e.Path == "/v3/bill/fundflowbill" || e.Path == "/v3/billdownload/file" {
		w.moveCivil(24 * time.Hour) // to noon of the next day
	}
	for range 2 {
		if err := r.call(w, c, no); err != nil {
			w.Fatalf("%s: a right call: %v", r.path, err)
		}
		if !r.again {
			break
		}
	}
	err := r.wrong(w, c, no)
	if no, ok := errors.AsType[*pay.Error](err); !ok || no.Code != r.code || errs.KindOf(err) != r.kind {
		w.Errorf("%s: a wrong call: %v (kind %v), want %s", r.path, err, errs.KindOf(err), r.code)
	}
	if r.raw != nil && r.second <= 150 && !byKey {
		r.fill(w, no)
	}
}

// fill uses a second up: the next call hears FREQUENCY_LIMITED, and not in the next second.
func (r payRow) fill(w *till, no string) {
	w.Helper()
	w.wall.pass(time.Second)
	call := r.raw(w, no)
	for i := range r.second {
		if status, code, _ := w.send(call); status != 200 {
			w.Fatalf("call %d of %d: %d %s", i+1, r.second, status, code)
		}
	}
	if status, code, _ := w.send(call); status != 429 || code != "FREQUENCY_LIMITED" {
		w.Errorf("one more: %d %s", status, code)
	}
	w.wall.pass(time.Second)
	if status, code, _ := w.send(call); status != 200 {
		w.Errorf("a second later: %d %s", status, code)
	}
}

// TestWrongRefundsAreFew: six wrong ones a second; then even a right one waits.
func TestWrongRefundsAreFew(t *testing.T) {
	t.Parallel()
	w := newTill(t)
	c := w.payer(w.payConfig(false))
	w.paid(c, "order-1")
	ask := func(amount int64) error {
		_, err := c.Refund(w.ctx, pay.RefundOrder{OutTradeNo: "order-1", OutRefundNo: "r", Amount: amount, Total: 2050})
		return err
	}
	for range 6 {
		if err := ask(2051); pay.CodeOf(err) != "INVALID_REQUEST" {
			t.Fatal(err)
		}
	}
	if err := ask(50); pay.CodeOf(err) != "FREQUENCY_LIMITED" || !errs.Is(err, errs.Busy) {
		t.Errorf("a right one then: %v", err)
	}
	w.wall.pass(time.Second)
	if err := ask(50); err != nil {
		t.Errorf("a second later: %v", err)
	}
}
