package merchant

import (
	"context"
	"strconv"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/state"
)

const (
	payWindow = 48 * 3600 * 1000 // civil ms in which customer messages are not counted after a payment (unverified)
	byPayment = "payment"        // the kind of that allowance
	anyNumber = -1
)

// refused is what the phone says instead of the sheet.
func refused(why string) error { return errs.New(errs.Refused, "sandbox.pay_refused").With("why", why) }

// Bill checks what a page gave to the phone as the real phone does. WeChat docs: JSAPI调起支付.
func (s *Server) Bill(ctx context.Context, a *state.Account, c state.Citizen, asked act.Asked) (act.Bill, error) {
	k, err := s.keysOfAccount(ctx, a.N)
	if errs.Is(err, errs.NotFound) {
		return act.Bill{}, act.ErrNoMerchant
	}
	if err != nil {
		return act.Bill{}, err
	}
	for name, value := range map[string]string{"timeStamp": asked.Timestamp, "nonceStr": asked.Nonce, "paySign": asked.PaySign} {
		if value == "" {
			return act.Bill{}, refused("调用支付JSAPI缺少参数：" + name)
		}
	}
	if _, err := strconv.ParseUint(asked.Timestamp, 10, 63); err != nil {
		return act.Bill{}, refused("调用支付JSAPI参数错误：timeStamp")
	}
	message := asked.AppID + "\n" + asked.Timestamp + "\n" + asked.Nonce + "\n" + asked.Package + "\n"
	if asked.SignType != "RSA" || !verified(k.own, message, asked.PaySign) {
		return act.Bill{}, refused("支付验证签名失败")
	}
	o, err := s.payable(ctx, s.Store.Reader(), c, asked.PrepayID)
	if err != nil {
		return act.Bill{}, err
	}
	if o.Account != a.N {
		return act.Bill{}, refused("支付验证签名失败")
	}
	return act.Bill{PrepayID: o.Prepay, Payee: a.Name, Description: o.Description, Total: o.Total}, nil
}

// payable finds an order that the citizen can pay now.
func (s *Server) payable(ctx context.Context, q db.Queryer, c state.Citizen, prepay string) (state.Order, error) {
	o, err := s.Store.OrderByPrepay(ctx, q, prepay)
	if errs.Is(err, errs.NotFound) {
		return o, refused("订单不存在或prepay_id无效")
	}
	if err != nil {
		return o, err
	}
	now := s.Store.Civil()
	switch o.StateAt(now) {
	case state.OrderPaid, state.OrderRefunded:
		return o, refused("该订单已支付")
	case state.OrderClosed:
		return o, refused("该订单已关闭")
	}
	if now >= o.PrepayUntil {
		return o, refused("该订单已过期，请重新下单")
	}
	payer, err := s.Store.Contact(ctx, q, o.Account, c.N)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return o, err
	}
	if err != nil || payer.OpenID != o.OpenID {
		return o, refused("下单账号与支付账号不一致，请核实后再支付")
	}
	return o, nil
}

// Pay pays an order: the payment notice follows, the citizen gets a receipt, and a service account may write to them for 48
// hours as often as it likes.
func (s *Server) Pay(ctx context.Context, c state.Citizen, prepay string, enough bool) error {
	if !enough {
		if _, err := s.payable(ctx, s.Store.Reader(), c, prepay); err != nil {
			return err
		}
		return act.ErrShort
	}
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		o, err := s.payable(ctx, tx, c, prepay)
		if err != nil {
			return err
		}
		a := s.Store.AccountN(o.Account)
		o.State, o.Transaction, o.PaidAt = state.OrderPaid, s.Store.NewTransactionID(), s.Store.Civil()
		if err := s.Store.SaveOrder(ctx, tx, o); err != nil {
			return err
		}
		if err := s.tellPaid(ctx, tx, a, o); err != nil {
			return err
		}
		if err := s.Store.AddNotice(ctx, tx, receipt(a, c, o)); err != nil {
			return err
		}
		payer, err := s.Store.Contact(ctx, tx, a.N, c.N)
		if err != nil || a.Kind != wechat.Service || !payer.Subscribed {
			return err
		}
		if err := s.Store.Grant(ctx, tx, payer.N, byPayment, o.PaidAt+payWindow, anyNumber); err != nil {
			return err
		}
		return s.Store.Touch(ctx, tx, payer.N)
	})
}

// receipt is the line of 微信支付 on the citizen's phone.
func receipt(a *state.Account, c state.Citizen, o state.Order) state.Notice {
	field := func(name, key, value string) map[string]any {
		return map[string]any{"name": name, "key": key, "value": value}
	}
	return state.Notice{Account: a.N, Citizen: c.N, Kind: "payment", Body: map[string]any{
		"template_id": "", "title": "微信支付凭证", "url": "", "fields": []any{
			field("付款金额", "amount", "￥"+yuan(o.Total)), field("收款方", "payee", a.Name), field("商品", "description", o.Description),
			field("交易单号", "transaction_id", o.Transaction),
		},
	}}
}
