package merchant

import (
	"context"
	"encoding/json"
	"regexp"
	"unicode/utf8"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// The limits of refunds. WeChat docs: 退款申请.
const (
	maxRefunds = 50
	maxReason  = 80
)

var outRefundNo = regexp.MustCompile(`^[0-9A-Za-z_\-|*@]{1,64}$`)

type refundIn struct {
	Transaction string `json:"transaction_id"`
	OutNo       string `json:"out_trade_no"`
	OutRefundNo string `json:"out_refund_no"`
	Reason      string `json:"reason"`
	NotifyURL   string `json:"notify_url"`
	Amount      *struct {
		Refund   *int64 `json:"refund"`
		Total    *int64 `json:"total"`
		Currency string `json:"currency"`
	} `json:"amount"`
}

// refund takes an order for giving money back; whether it comes to that is told later.
func (s *Server) refund(ctx context.Context, c *call) (any, error) {
	var in refundIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	var o state.Order
	var r state.Refund
	err := s.Store.Write(ctx, func(tx *db.Tx) (err error) {
		if o, err = s.refunded(ctx, tx, c, in); err != nil {
			return err
		}
		r, err = s.Store.RefundByOutNo(ctx, tx, c.account.N, in.OutRefundNo)
		if err == nil {
			if r.Order != o.N || r.Amount != *in.Amount.Refund || o.Total != *in.Amount.Total {
				return invalidRequest("订单金额或退款金额与之前请求不一致，请核实后再试")
			}
			return nil // the same once more
		}
		if !errs.Is(err, errs.NotFound) {
			return err
		}
		r, err = s.giveBack(ctx, tx, c, &o, in)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case r.ID == "" && r.Outcome == errPoor.code:
		return nil, errPoor
	case r.ID == "":
		return nil, errPayer
	}
	return refundView(o, r), nil
}

func (in refundIn) check() error {
	switch {
	case in.Transaction == "" && in.OutNo == "":
		return paramError("/transaction_id", "微信支付订单号", "与out_trade_no二选一")
	case !outRefundNo.MatchString(in.OutRefundNo):
		return paramError("/out_refund_no", "商户退款单号", "应为1到64个数字、大小写字母或_-|*@")
	case utf8.RuneCountInString(in.Reason) > maxReason:
		return paramError("/reason", "退款原因", "长度不得超过80个字符")
	case in.Amount == nil || in.Amount.Refund == nil:
		return paramError("/amount/refund", "退款金额", "必填")
	case *in.Amount.Refund < 1:
		return paramError("/amount/refund", "退款金额", "值低于最小值 1")
	case in.Amount.Total == nil:
		return paramError("/amount/total", "原订单金额", "必填")
	case in.Amount.Currency != "CNY":
		return paramError("/amount/currency", "退款币种", "仅支持CNY")
	}
	return checkNotifyURL(in.NotifyURL, false)
}

// refunded finds the order that is to be given back.
func (s *Server) refunded(ctx context.Context, tx *db.Tx, c *call, in refundIn) (o state.Order, err error) {
	if in.Transaction != "" {
		o, err = s.Store.OrderByTransaction(ctx, tx, c.account.N, in.Transaction)
	} else {
		o, err = s.Store.OrderByOutNo(ctx, tx, c.account.N, in.OutNo)
	}
	switch {
	case err != nil:
		return o, orMissing(err, noSuch("订单不存在"))
	case in.OutNo != "" && in.OutNo != o.OutNo:
		return o, invalidRequest("微信支付订单号与商户订单号不一致")
	case o.PaidAt == 0:
		return o, noSuch("订单未支付，不能退款")
	case clock.FromMillis(o.PaidAt).AddDate(1, 0, 0).Before(clock.FromMillis(s.Store.Civil())):
		return o, invalidRequest("交易时间超过一年的订单无法提交退款")
	case *in.Amount.Total != o.Total:
		return o, invalidRequest("订单金额或退款金额与之前请求不一致，请核实后再试")
	}
	return o, nil
}

func (s *Server) giveBack(ctx context.Context, tx *db.Tx, c *call, o *state.Order, in refundIn) (state.Refund, error) {
	earlier, err := s.Store.RefundsOf(ctx, tx, o.N)
	switch {
	case err != nil:
		return state.Refund{}, err
	case *in.Amount.Refund > o.Total-o.Refunding:
		return state.Refund{}, invalidRequest("申请退款金额大于订单可退金额")
	case len(earlier) >= maxRefunds:
		return state.Refund{}, invalidRequest("每个支付订单的部分退款次数不能超过50次")
	}
	outcome, err := s.Store.NextOutcome(ctx, tx, c.account.N, state.OutcomeRefund)
	if err != nil {
		return state.Refund{}, err
	}
	if outcome == errPoor.code || outcome == errPayer.code {
		return state.Refund{Outcome: outcome}, nil // the transaction is kept: the plan is used up
	}
	now := s.Store.Civil()
	r := state.Refund{Account: c.account.N, Order: o.N, OutNo: in.OutRefundNo, ID: s.Store.NewRefundID(), Amount: *in.Amount.Refund,
		Reason: in.Reason, NotifyURL: in.NotifyURL, State: state.RefundRunning, Outcome: outcome, MadeAt: now}
	o.State = state.OrderRefunded
	o.Refunding += r.Amount
	if err := s.Store.SaveOrder(ctx, tx, *o); err != nil {
		return r, err
	}
	if err := s.Store.AddRefund(ctx, tx, r); err != nil {
		return r, err
	}
	return r, s.Store.AddLater(ctx, tx, now+c.merchant.RefundMS, state.DueRefund, due{c.account.N, r.OutNo})
}

// due names a refund that is to end.
type due struct {
	Account int64  `json:"account"`
	OutNo   string `json:"out_no"`
}

// refundDue ends a refund and has the merchant told.
func (s *Server) refundDue(ctx context.Context, tx *db.Tx, row state.Later) error {
	var d due
	if err := json.Unmarshal(row.Doc, &d); err != nil {
		return err
	}
	r, err := s.Store.RefundByOutNo(ctx, tx, d.Account, d.OutNo)
	if err != nil {
		return err
	}
	o, err := s.Store.OrderN(ctx, tx, r.Order)
	if err != nil {
		return err
	}
	r.State, r.DoneAt = state.RefundDone, s.Store.Civil()
	if r.Outcome == state.RefundClosed || r.Outcome == state.RefundAbnormal {
		r.State = r.Outcome
	}
	if r.State == state.RefundClosed { // nothing was given back
		o.Refunding -= r.Amount
		if o.Refunding == 0 {
			o.State = state.OrderPaid
		}
		if err := s.Store.SaveOrder(ctx, tx, o); err != nil {
			return err
		}
	}
	if err := s.Store.SaveRefund(ctx, tx, r); err != nil || r.NotifyURL == "" {
		return err
	}
	return s.tellRefund(ctx, tx, o, r)
}

// refundView is a refund as queries show it.
func refundView(o state.Order, r state.Refund) map[string]any {
	v := map[string]any{
		"refund_id": r.ID, "out_refund_no": r.OutNo, "transaction_id": o.Transaction, "out_trade_no": o.OutNo, "channel": "ORIGINAL",
		"user_received_account": "支付用户零钱", "create_time": dated(r.MadeAt), "status": r.State, "funds_account": "AVAILABLE",
		"promotion_detail": []any{},
		"amount": map[string]any{"total": o.Total, "refund": r.Amount, "from": []any{}, "payer_total": o.Total, "payer_refund": r.Amount,
			"settlement_refund": r.Amount, "settlement_total": o.Total, "discount_refund": 0, "currency": "CNY", "refund_fee": 0},
	}
	if r.State == state.RefundDone {
		v["success_time"] = dated(r.DoneAt)
	}
	return v
}

func (s *Server) queryRefund(ctx context.Context, c *call) (any, error) {
	r, err := s.Store.RefundByOutNo(ctx, s.Store.Reader(), c.account.N, c.r.PathValue("out_refund_no"))
	if err != nil {
		return nil, orMissing(err, noSuch("退款单不存在"))
	}
	o, err := s.Store.OrderN(ctx, s.Store.Reader(), r.Order)
	if err != nil {
		return nil, err
	}
	return refundView(o, r), nil
}

// RefundOutcomes are what the next refunds can be made to come to: an end, or a refusal at once.
var RefundOutcomes = []string{state.RefundDone, state.RefundAbnormal, state.RefundClosed, errPoor.code, errPayer.code}
