package pay

import (
	"context"
	"strconv"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"
	"github.com/wechatpay-apiv3/wechatpay-go/utils"

	"weizheng/platform/errs"
)

// Order is what somebody is to pay for. WeChat docs: JSAPI下单.
type Order struct {
	OutTradeNo  string // ours: 6–32 digits, letters, _ - | *
	Description string // 1–127 characters, shown to the payer
	Total       int64  // fen, at least 1
	OpenID      string // of the payer, in this account
	NotifyURL   string // https, without a query
	Attach      string // comes back with every answer; up to 128 characters
	Expire      time.Time
}

// Prepay makes an order and returns its prepay_id, which lives for two hours. The same order once more is harmless.
func (c *Client) Prepay(ctx context.Context, o Order) (string, error) {
	ctx, cancel := bounded(ctx, c.cfg.Timeout)
	defer cancel()
	in := jsapi.PrepayRequest{
		Appid: new(c.cfg.AppID), Mchid: new(c.cfg.MchID), Description: new(o.Description),
		OutTradeNo: new(o.OutTradeNo), NotifyUrl: new(o.NotifyURL),
		Amount: &jsapi.Amount{Total: new(o.Total), Currency: new("CNY")}, Payer: &jsapi.Payer{Openid: new(o.OpenID)},
	}
	if o.Attach != "" {
		in.Attach = new(o.Attach)
	}
	if !o.Expire.IsZero() {
		in.TimeExpire = new(o.Expire)
	}
	out, result, err := (&jsapi.JsapiApiService{Client: c.sdk}).Prepay(ctx, in)
	if err != nil {
		return "", c.failed(ctx, "prepay", result, err)
	}
	if out.PrepayId == nil || *out.PrepayId == "" {
		return "", c.failed(ctx, "prepay", result, errSignature("answer without prepay_id"))
	}
	return *out.PrepayId, nil
}

// Sheet are the parameters with which a page asks the phone to show the pay sheet: as they are for WeixinJSBridge's
// getBrandWCPayRequest; chooseWXPay of the JS-SDK wants the same with the name timestamp instead of timeStamp.
type Sheet struct {
	AppID     string `json:"appId"`
	TimeStamp string `json:"timeStamp"` // seconds, a string
	NonceStr  string `json:"nonceStr"`
	Package   string `json:"package"` // prepay_id=…
	SignType  string `json:"signType"`
	PaySign   string `json:"paySign"`
}

// Sheet signs a prepay_id for the page. WeChat docs: JSAPI调起支付.
func (c *Client) Sheet(ctx context.Context, prepayID string) (Sheet, error) {
	nonce, err := utils.GenerateNonce()
	if err != nil {
		return Sheet{}, errs.Wrap(err, "make a nonce")
	}
	s := Sheet{AppID: c.cfg.AppID, TimeStamp: strconv.FormatInt(c.cfg.Wall.Now().Unix(), 10), NonceStr: nonce,
		Package: "prepay_id=" + prepayID, SignType: "RSA"}
	signed, err := c.signer.Sign(ctx, s.AppID+"\n"+s.TimeStamp+"\n"+s.NonceStr+"\n"+s.Package+"\n")
	if err != nil {
		return Sheet{}, errs.Wrap(err, "sign for the phone")
	}
	s.PaySign = signed.Signature
	return s, nil
}
