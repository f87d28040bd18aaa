package merchant

import (
	"context"

	"weizheng/platform/db"
	"weizheng/wechat/sandbox/state"
)

// described says what an order's state means (trade_state_desc).
var described = map[string]string{
	state.OrderOpen: "订单未支付", state.OrderPaid: "支付成功", state.OrderClosed: "订单已关闭",
	state.OrderRefunded: "订单发生过退款，退款详情请查询退款单",
}

// transaction is an order as queries and notices show it.
func transaction(k *keys, a *state.Account, o state.Order, st string) map[string]any {
	t := map[string]any{
		"appid": a.AppID, "mchid": k.MchID, "out_trade_no": o.OutNo, "trade_state": st, "trade_state_desc": described[st],
		"promotion_detail": []any{}, "attach": o.Attach,
		"amount": map[string]any{"total": o.Total, "currency": "CNY", "payer_currency": "CNY"},
	}
	if o.PaidAt > 0 {
		t["transaction_id"], t["trade_type"], t["bank_type"] = o.Transaction, "JSAPI", "OTHERS"
		t["success_time"], t["payer"] = dated(o.PaidAt), map[string]string{"openid": o.OpenID}
		t["amount"] = map[string]any{"total": o.Total, "payer_total": o.Total, "currency": "CNY", "payer_currency": "CNY"}
	}
	return t
}

func (s *Server) queryByID(ctx context.Context, c *call) (any, error) {
	if err := s.checkMerchant(ctx, c, c.r.URL.Query().Get("mchid"), "query"); err != nil {
		return nil, err
	}
	o, err := s.Store.OrderByTransaction(ctx, s.Store.Reader(), c.account.N, c.r.PathValue("transaction_id"))
	if err != nil {
		return nil, orMissing(err, errNoOrder)
	}
	return transaction(c.merchant, c.account, o, o.StateAt(s.Store.Civil())), nil
}

func (s *Server) queryByNo(ctx context.Context, c *call) (any, error) {
	if err := s.checkMerchant(ctx, c, c.r.URL.Query().Get("mchid"), "query"); err != nil {
		return nil, err
	}
	o, err := s.Store.OrderByOutNo(ctx, s.Store.Reader(), c.account.N, c.r.PathValue("out_trade_no"))
	if err != nil {
		return nil, orMissing(err, errNoOrder)
	}
	return transaction(c.merchant, c.account, o, o.StateAt(s.Store.Civil())), nil
}

// closeOrder ends an order that nobody has paid; the answer is 204.
func (s *Server) closeOrder(ctx context.Context, c *call) (any, error) {
	var in struct {
		MchID string `json:"mchid"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := s.checkMerchant(ctx, c, in.MchID, "body"); err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		o, err := s.Store.OrderByOutNo(ctx, tx, c.account.N, c.r.PathValue("out_trade_no"))
		if err != nil {
			return orMissing(err, errNoOrder)
		}
		switch o.StateAt(s.Store.Civil()) {
		case state.OrderPaid, state.OrderRefunded:
			return errPaid
		case state.OrderClosed:
			return errClosed
		}
		o.State = state.OrderClosed
		return s.Store.SaveOrder(ctx, tx, o)
	})
}
