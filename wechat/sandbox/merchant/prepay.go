package merchant

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// The limits of an order. WeChat docs: JSAPI下单.
const (
	maxDescription = 127
	maxAttach      = 128
	maxNotifyURL   = 255
	maxGoodsTag    = 32
	prepayLife     = 2 * 3600 * 1000 // civil ms. WeChat Pay docs: JSAPI下单, "该值有效期为2小时"
	soonest        = 60 * 1000       // civil ms from now to time_expire (unverified)
)

var outTradeNo = regexp.MustCompile(`^[0-9A-Za-z_\-|*]{6,32}$`)

type prepayIn struct {
	AppID       string `json:"appid"`
	MchID       string `json:"mchid"`
	Description string `json:"description"`
	OutNo       string `json:"out_trade_no"`
	Expire      string `json:"time_expire"`
	Attach      string `json:"attach"`
	NotifyURL   string `json:"notify_url"`
	GoodsTag    string `json:"goods_tag"`
	Amount      *struct {
		Total    *int64 `json:"total"`
		Currency string `json:"currency"`
	} `json:"amount"`
	Payer *struct {
		OpenID string `json:"openid"`
	} `json:"payer"`
}

// prepay makes an order, or renews the one of that number if nothing about it is different.
func (s *Server) prepay(ctx context.Context, c *call) (any, error) {
	var in prepayIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := s.checkMerchant(ctx, c, in.MchID, "body"); err != nil {
		return nil, err
	}
	o, err := s.order(c, in)
	if err != nil {
		return nil, err
	}
	if err := s.checkPayer(ctx, c, in); err != nil {
		return nil, err
	}
	var prepay string
	err = s.Store.Write(ctx, func(tx *db.Tx) error {
		old, err := s.Store.OrderByOutNo(ctx, tx, c.account.N, o.OutNo)
		if errs.Is(err, errs.NotFound) {
			prepay = o.Prepay
			return s.Store.AddOrder(ctx, tx, o)
		}
		if err != nil {
			return err
		}
		prepay = old.Prepay
		return s.renew(ctx, tx, old, o)
	})
	if err != nil {
		return nil, err
	}
	return map[string]string{"prepay_id": prepay}, nil
}

func (s *Server) renew(ctx context.Context, tx *db.Tx, old, o state.Order) error {
	switch old.StateAt(s.Store.Civil()) {
	case state.OrderPaid, state.OrderRefunded:
		return errPaid
	case state.OrderClosed:
		return errClosed
	}
	same := old
	same.N, same.Prepay, same.MadeAt, same.PrepayUntil = o.N, o.Prepay, o.MadeAt, o.PrepayUntil
	if same != o {
		return errUsed
	}
	old.PrepayUntil = o.PrepayUntil
	return s.Store.SaveOrder(ctx, tx, old)
}

// order checks what the body says by itself.
func (s *Server) order(c *call, in prepayIn) (state.Order, error) {
	now := s.Store.Civil()
	o := state.Order{Account: c.account.N, OutNo: in.OutNo, Prepay: s.Store.NewPrepayID(), Description: in.Description, Attach: in.Attach,
		GoodsTag: in.GoodsTag, NotifyURL: in.NotifyURL, State: state.OrderOpen, MadeAt: now, PrepayUntil: now + prepayLife}
	if in.AppID == "" {
		return o, paramError("/appid", "公众号ID", "必填")
	}
	if in.AppID != c.account.AppID {
		return o, errAppID
	}
	if n := utf8.RuneCountInString(in.Description); n < 1 || n > maxDescription {
		return o, paramError("/description", "商品描述", "长度应为1到127个字符")
	}
	if !outTradeNo.MatchString(in.OutNo) {
		return o, paramError("/out_trade_no", "商户订单号", "应为6到32个数字、大小写字母或_-|*")
	}
	if utf8.RuneCountInString(in.Attach) > maxAttach {
		return o, paramError("/attach", "商户数据包", "长度不得超过128个字符")
	}
	if utf8.RuneCountInString(in.GoodsTag) > maxGoodsTag {
		return o, paramError("/goods_tag", "订单优惠标记", "长度不得超过32个字符")
	}
	if err := checkNotifyURL(in.NotifyURL, true); err != nil {
		return o, err
	}
	if in.Amount == nil || in.Amount.Total == nil {
		return o, paramError("/amount/total", "总金额", "必填")
	}
	if o.Total = *in.Amount.Total; o.Total < 1 {
		return o, paramError("/amount/total", "总金额", "值低于最小值 1")
	}
	if in.Amount.Currency != "" && in.Amount.Currency != "CNY" {
		return o, paramError("/amount/currency", "货币类型", "仅支持CNY")
	}
	if in.Payer == nil || in.Payer.OpenID == "" {
		return o, paramError("/payer/openid", "用户标识", "必填")
	}
	o.OpenID = in.Payer.OpenID
	if in.Expire != "" {
		at, err := time.Parse(time.RFC3339, in.Expire)
		if err != nil {
			return o, paramError("/time_expire", "交易结束时间", "应为rfc3339格式")
		}
		if o.ExpireAt = clock.Millis(at); o.ExpireAt < now+soonest {
			return o, invalidRequest("交易结束时间应晚于当前时间1分钟以上")
		}
	}
	return o, nil
}

// checkNotifyURL checks where notices go. The sandbox alone allows http to this machine.
func checkNotifyURL(address string, must bool) error {
	if address == "" && !must {
		return nil
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || len(address) > maxNotifyURL:
		return paramError("/notify_url", "通知地址", "应为不超过255个字符的完整网址")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return paramError("/notify_url", "通知地址", "不能携带查询串")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return paramError("/notify_url", "通知地址", "必须为https（沙箱另允许本机的http地址）")
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// checkMerchant wants the number of the merchant who signed.
func (s *Server) checkMerchant(ctx context.Context, c *call, mchid, location string) error {
	if mchid == "" && location == "body" {
		return paramError("/mchid", "直连商户号", "必填")
	}
	if mchid == "" {
		return queryError("mchid", "缺少mchid")
	}
	if mchid == c.merchant.MchID {
		return nil
	}
	if _, err := s.Store.MerchantByID(ctx, mchid); err != nil {
		return orMissing(err, errMerchant)
	}
	return errNoAuth
}

// checkPayer wants an openid of that account.
func (s *Server) checkPayer(ctx context.Context, c *call, in prepayIn) error {
	contact, err := s.Store.ContactByOpenID(ctx, s.Store.Reader(), in.Payer.OpenID)
	if err != nil {
		return orMissing(err, paramError("/payer/openid", "用户标识", "无效的openid"))
	}
	if contact.Account != c.account.N {
		return invalidRequest("appid和openid不匹配")
	}
	return nil
}

// orMissing says missing where nothing was found.
func orMissing(err error, missing *failure) error {
	if errs.Is(err, errs.NotFound) {
		return missing
	}
	return err
}

// decode reads the JSON body.
func (c *call) decode(in any) error {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return paramError("", "请求体", "为空")
	}
	if !utf8.Valid(c.body) {
		return paramError("", "请求体", "不是UTF-8编码")
	}
	if err := json.Unmarshal(c.body, in); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return paramError("/"+strings.ReplaceAll(wrong.Field, ".", "/"), wrong.Field, "类型应为"+wrong.Type.String())
		}
		return paramError("", "请求体", "不是JSON，位置"+strconv.FormatInt(offset(err), 10))
	}
	return nil
}

func offset(err error) int64 {
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return e.Offset
	}
	return 0
}
