package pay

import (
	"context"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/services/payments"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"
)

// TradeState is how an order stands (trade_state).
type TradeState string

// The states that orders inside WeChat have.
const (
	TradePaid     TradeState = "SUCCESS"
	TradeRefunded TradeState = "REFUND" // wholly or in part: the refunds say how much
	TradeOpen     TradeState = "NOTPAY"
	TradeClosed   TradeState = "CLOSED"
)

// Trade is an order as WeChat sees it, from a query or from a notice that was verified.
type Trade struct {
	AppID         string
	MchID         string
	OutTradeNo    string
	TransactionID string // WeChat's; "" before it is paid. What to be idempotent by
	State         TradeState
	Total         int64 // fen, of the order
	PayerTotal    int64 // fen, what the payer paid; less than Total with a voucher
	Currency      string
	OpenID        string // "" before it is paid
	Attach        string
	PaidAt        time.Time // zero before it is paid
}

// Query asks for an order by our number. Poll it when no notice comes.
func (c *Client) Query(ctx context.Context, outTradeNo string) (Trade, error) {
	ctx, cancel := bounded(ctx, c.cfg.Timeout)
	defer cancel()
	out, result, err := (&jsapi.JsapiApiService{Client: c.sdk}).QueryOrderByOutTradeNo(ctx,
		jsapi.QueryOrderByOutTradeNoRequest{OutTradeNo: new(outTradeNo), Mchid: new(c.cfg.MchID)})
	if err != nil {
		return Trade{}, c.failed(ctx, "query", result, err)
	}
	return tradeOf(*out), nil
}

// QueryByID asks for an order by WeChat's number.
func (c *Client) QueryByID(ctx context.Context, transactionID string) (Trade, error) {
	ctx, cancel := bounded(ctx, c.cfg.Timeout)
	defer cancel()
	out, result, err := (&jsapi.JsapiApiService{Client: c.sdk}).QueryOrderById(ctx,
		jsapi.QueryOrderByIdRequest{TransactionId: new(transactionID), Mchid: new(c.cfg.MchID)})
	if err != nil {
		return Trade{}, c.failed(ctx, "query", result, err)
	}
	return tradeOf(*out), nil
}

// Close ends an order that nobody has paid. Its number cannot be used again.
func (c *Client) Close(ctx context.Context, outTradeNo string) error {
	ctx, cancel := bounded(ctx, c.cfg.Timeout)
	defer cancel()
	result, err := (&jsapi.JsapiApiService{Client: c.sdk}).CloseOrder(ctx,
		jsapi.CloseOrderRequest{OutTradeNo: new(outTradeNo), Mchid: new(c.cfg.MchID)})
	if err != nil {
		return c.failed(ctx, "close", result, err)
	}
	return nil
}

func tradeOf(t payments.Transaction) Trade {
	trade := Trade{
		AppID: value(t.Appid), MchID: value(t.Mchid), OutTradeNo: value(t.OutTradeNo), TransactionID: value(t.TransactionId),
		State: TradeState(value(t.TradeState)), Attach: value(t.Attach), PaidAt: instant(value(t.SuccessTime)),
	}
	if t.Amount != nil {
		trade.Total, trade.PayerTotal, trade.Currency = value(t.Amount.Total), value(t.Amount.PayerTotal), value(t.Amount.Currency)
	}
	if t.Payer != nil {
		trade.OpenID = value(t.Payer.Openid)
	}
	return trade
}

// value is what a pointer of the SDK points at, or nothing.
func value[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}

// instant reads a time as WeChat writes it; zero for none.
func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t
}
