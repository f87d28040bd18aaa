package merchant

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
	"weizheng/wechat/sandbox/later"
	"weizheng/wechat/sandbox/state"
)

// Later are the handlers of what falls due in civil time, by kind.
func (s *Server) Later() map[string]later.Handler {
	return map[string]later.Handler{state.DueRefund: s.refundDue, state.DuePayNotice: s.noticeDue}
}

// noticeDue has a notice sent again.
func (s *Server) noticeDue(ctx context.Context, tx *db.Tx, row state.Later) error {
	var n int64
	if err := json.Unmarshal(row.Doc, &n); err != nil {
		return err
	}
	tx.AfterCommit(s.sender.wake)
	return s.Store.WakePayNotice(ctx, tx, n)
}

// tellPaid is the notice of a payment. WeChat docs: 支付成功回调通知.
func (s *Server) tellPaid(ctx context.Context, tx *db.Tx, a *state.Account, o state.Order) error {
	k, err := s.keysOfAccount(ctx, a.N)
	if err != nil {
		return err
	}
	t := transaction(k, a, o, o.State)
	delete(t, "promotion_detail") // only where something was promoted
	return s.tell(ctx, tx, state.PayNotice{Account: a.N, URL: o.NotifyURL, Event: "TRANSACTION.SUCCESS", Summary: "支付成功", Original: "transaction"}, t)
}

// tellRefund is the notice of how a refund ended. WeChat docs: 退款结果通知.
func (s *Server) tellRefund(ctx context.Context, tx *db.Tx, o state.Order, r state.Refund) error {
	k, err := s.keysOfAccount(ctx, o.Account)
	if err != nil {
		return err
	}
	summary := map[string]string{state.RefundDone: "退款成功", state.RefundAbnormal: "退款异常", state.RefundClosed: "退款关闭"}
	resource := map[string]any{
		"mchid": k.MchID, "out_trade_no": o.OutNo, "transaction_id": o.Transaction, "out_refund_no": r.OutNo, "refund_id": r.ID,
		"refund_status": r.State, "user_received_account": "支付用户零钱",
		"amount": map[string]any{"total": o.Total, "refund": r.Amount, "payer_total": o.Total, "payer_refund": r.Amount},
	}
	if r.State == state.RefundDone {
		resource["success_time"] = dated(r.DoneAt)
	}
	return s.tell(ctx, tx, state.PayNotice{Account: o.Account, URL: r.NotifyURL, Event: "REFUND." + r.State, Summary: summary[r.State],
		Original: "refund"}, resource)
}

func (s *Server) tell(ctx context.Context, tx *db.Tx, n state.PayNotice, resource any) error {
	doc, err := json.Marshal(resource)
	if err != nil {
		return err
	}
	n.Resource = doc
	tx.AfterCommit(s.sender.wake)
	return s.Store.AddPayNotice(ctx, tx, n)
}
