package merchant

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"weizheng/platform/clock"
	"weizheng/wechat/sandbox/state"
)

// The columns of bills. WeChat docs: 交易账单字段, 资金账单字段.
const (
	tradeHead = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,"
	backHead  = "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,"
	tradeTail = "商品名称,商户数据包,手续费,费率,订单金额,"
	tradeSum  = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
	flowHead  = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,资金变更提交申请人,备注,业务凭证号\r\n"
	flowSum   = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n"
)

// deed is one line of a bill: a payment, or with a refund what was given back of it.
type deed struct {
	at     int64
	order  state.Order
	refund *state.Refund
}

// write makes a bill of what happened on the day; NO_STATEMENT_EXIST when nothing did.
func (s *Server) write(ctx context.Context, c *call, w wanted) ([]byte, error) {
	deeds, err := s.deeds(ctx, c, w)
	if err != nil {
		return nil, err
	}
	if len(deeds) == 0 {
		return nil, errNoBill
	}
	if w.Flow {
		return s.flow(ctx, c, w, deeds)
	}
	var b strings.Builder
	head := tradeHead
	if w.Type != "SUCCESS" {
		head += backHead
	}
	head += tradeTail
	if w.Type != "SUCCESS" {
		head += "申请退款金额,"
	}
	b.WriteString(head + "费率备注\r\n")
	var paid, back int64
	for _, d := range deeds {
		s.tradeLine(&b, c, w, d)
		if d.refund != nil {
			back += d.refund.Amount
		} else {
			paid += d.order.Total
		}
	}
	b.WriteString(tradeSum)
	line(&b, strconv.Itoa(len(deeds)), yuan(paid), yuan(back), "0.00", "0.00000", yuan(paid), yuan(back))
	return []byte(b.String()), nil
}

func (s *Server) tradeLine(b *strings.Builder, c *call, w wanted, d deed) {
	o := d.order
	st, paid, asked := "SUCCESS", yuan(o.Total), "0.00"
	back := []string{"0", "0", "0.00", "0.00", "", ""}
	if d.refund != nil {
		st, paid, asked = "REFUND", "0.00", yuan(d.refund.Amount)
		back = []string{d.refund.ID, d.refund.OutNo, asked, "0.00", "ORIGINAL", d.refund.State}
	}
	values := []string{when(d.at), c.account.AppID, c.merchant.MchID, "0", "", o.Transaction, o.OutNo, o.OpenID, "JSAPI", st, "OTHERS", "CNY", paid, "0.00"}
	if w.Type != "SUCCESS" {
		values = append(values, back...)
	}
	values = append(values, o.Description, o.Attach, "0.00000", "0.00%", paid)
	if w.Type != "SUCCESS" {
		values = append(values, asked)
	}
	line(b, append(values, "")...)
}

// deeds lists what happened on the day, the oldest first.
func (s *Server) deeds(ctx context.Context, c *call, w wanted) ([]deed, error) {
	at, err := time.ParseInLocation(time.DateOnly, w.Day, clock.Zone)
	if err != nil {
		return nil, err
	}
	if w.Flow && w.Type != "BASIC" {
		return nil, nil // this merchant has no other account
	}
	return s.happened(ctx, c.account.N, clock.Millis(at), clock.Millis(at.AddDate(0, 0, 1)), w)
}

func (s *Server) happened(ctx context.Context, account, from, to int64, w wanted) ([]deed, error) {
	var list []deed
	if w.Flow || w.Type != "REFUND" {
		orders, err := s.Store.PaidOrders(ctx, account, from, to)
		if err != nil {
			return nil, err
		}
		for _, o := range orders {
			list = append(list, deed{at: o.PaidAt, order: o})
		}
	}
	if w.Flow || w.Type != "SUCCESS" {
		refunds, err := s.Store.RefundsMade(ctx, account, from, to)
		if err != nil {
			return nil, err
		}
		for _, r := range refunds {
			if w.Flow && r.State != state.RefundDone {
				continue // no money moved
			}
			o, err := s.Store.OrderN(ctx, s.Store.Reader(), r.Order)
			if err != nil {
				return nil, err
			}
			list = append(list, deed{at: r.MadeAt, order: o, refund: &r})
		}
	}
	slices.SortStableFunc(list, func(a, b deed) int { return cmp.Compare(a.at, b.at) })
	return list, nil
}

// flow is a bill of what went in and out of the merchant's basic account.
func (s *Server) flow(ctx context.Context, c *call, w wanted, deeds []deed) ([]byte, error) {
	earlier, err := s.happened(ctx, c.account.N, 0, deeds[0].at, w)
	if err != nil {
		return nil, err
	}
	var left, in, out, ins, outs int64
	for _, d := range earlier {
		left += d.change()
	}
	var b strings.Builder
	b.WriteString(flowHead)
	for _, d := range deeds {
		left += d.change()
		what, kind, way, amount, id, ticket := "交易", "交易", "收入", d.order.Total, d.order.Transaction, d.order.OutNo
		if d.refund != nil {
			what, kind, way, amount, id, ticket = "退款", "退款", "支出", d.refund.Amount, d.refund.ID, d.refund.OutNo
			out, outs = out+amount, outs+1
		} else {
			in, ins = in+amount, ins+1
		}
		line(&b, when(d.at), d.order.Transaction, id, what, kind, way, yuan(amount), yuan(left), "system", "", ticket)
	}
	b.WriteString(flowSum)
	line(&b, strconv.Itoa(len(deeds)), strconv.FormatInt(ins, 10), yuan(in), strconv.FormatInt(outs, 10), yuan(out))
	return []byte(b.String()), nil
}

// change is what a deed does to the balance.
func (d deed) change() int64 {
	if d.refund != nil {
		return -d.refund.Amount
	}
	return d.order.Total
}

func when(ms int64) string { return clock.FromMillis(ms).In(clock.Zone).Format(time.DateTime) }
