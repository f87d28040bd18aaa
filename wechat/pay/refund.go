package pay

import (
	"context"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/services/refunddomestic"
)

// RefundState is how a refund stands (status).
type RefundState string

// The states. Abnormal: the money did not arrive and waits on the merchant's website; Closed: nothing was given back.
const (
	RefundRunning  RefundState = "PROCESSING"
	RefundDone     RefundState = "SUCCESS"
	RefundClosed   RefundState = "CLOSED"
	RefundAbnormal RefundState = "ABNORMAL"
)

// RefundOrder asks for money to be given back. WeChat docs: 退款申请.
type RefundOrder struct {
	OutTradeNo    string // one of the two, or both
	TransactionID string
	OutRefundNo   string // ours, 1–64 characters; a repetition with the same number is the same refund
	Amount        int64  // fen, of this refund; up to 50 refunds of an order, for a year
	Total         int64  // fen, of the order
	Reason        string // shown to the payer, up to 80 characters
	NotifyURL     string // "" tells nobody
}

// Refund is money on its way back, from a call or from a notice that was verified.
type Refund struct {
	RefundID      string // WeChat's
	OutRefundNo   string
	OutTradeNo    string
	TransactionID string
	State         RefundState
	Amount        int64 // fen
	Total         int64 // fen, of the order
	DoneAt        time.Time
}

// Refund orders one. Success means that it was taken, not that the payer has the money: a notice or QueryRefund says that.
// After an error that is Busy or Unavailable repeat it with the same OutRefundNo, never with another.
func (c *Client) Refund(ctx context.Context, r RefundOrder) (Refund, error) {
	ctx, cancel := bounded(ctx, c.cfg.Timeout)
	defer cancel()
	in := refunddomestic.CreateRequest{
		OutRefundNo: new(r.OutRefundNo),
		Amount:      &refunddomestic.AmountReq{Refund: new(r.Amount), Total: new(r.Total), Currency: new("CNY")},
		OutTradeNo:  optional(r.OutTradeNo), TransactionId: optional(r.TransactionID), Reason: optional(r.Reason), NotifyUrl: optional(r.NotifyURL),
	}
	out, result, err := (&refunddomestic.RefundsApiService{Client: c.sdk}).Create(ctx, in)
	if err != nil {
		return Refund{}, c.failed(ctx, "refund", result, err)
	}
	return refundOf(*out), nil
}

// QueryRefund asks how a refund stands.
func (c *Client) QueryRefund(ctx context.Context, outRefundNo string) (Refund, error) {
	ctx, cancel := bounded(ctx, c.cfg.Timeout)
	defer cancel()
	out, result, err := (&refunddomestic.RefundsApiService{Client: c.sdk}).QueryByOutRefundNo(ctx,
		refunddomestic.QueryByOutRefundNoRequest{OutRefundNo: new(outRefundNo)})
	if err != nil {
		return Refund{}, c.failed(ctx, "query refund", result, err)
	}
	return refundOf(*out), nil
}

func refundOf(r refunddomestic.Refund) Refund {
	refund := Refund{RefundID: value(r.RefundId), OutRefundNo: value(r.OutRefundNo), OutTradeNo: value(r.OutTradeNo),
		TransactionID: value(r.TransactionId), State: RefundState(value(r.Status)), DoneAt: value(r.SuccessTime)}
	if r.Amount != nil {
		refund.Amount, refund.Total = value(r.Amount.Refund), value(r.Amount.Total)
	}
	return refund
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
