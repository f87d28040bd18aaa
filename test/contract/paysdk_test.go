package contract

import (
	"bytes"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/downloader"
	"github.com/wechatpay-apiv3/wechatpay-go/core/notify"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"
	"github.com/wechatpay-apiv3/wechatpay-go/services/refunddomestic"
	"github.com/wechatpay-apiv3/wechatpay-go/utils"

	"weizheng/wechat/pay"
)

// turnedTo sends everything to the sandbox, as docs/sandbox.md tells strangers to do.
type turnedTo struct {
	base *url.URL
	next http.RoundTripper
}

func (s turnedTo) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = s.base.Scheme, s.base.Host, ""
	return s.next.RoundTrip(r)
}

// official is the official SDK as a stranger sets it up, with what verifies notices.
func (w *till) official(byKey bool) (*core.Client, auth.Verifier) {
	w.Helper()
	hc := option.WithHTTPClient(&http.Client{Transport: turnedTo{&url.URL{Scheme: "http", Host: boxHost}, w.net}})
	if byKey {
		public, err := utils.LoadPublicKey(w.text("public_key"))
		if err != nil {
			w.Fatal(err)
		}
		c, err := core.NewClient(w.ctx, option.WithWechatPayPublicKeyAuthCipher(w.text("mchid"), w.text("serial"), w.key, w.text("public_key_id"), public), hc)
		if err != nil {
			w.Fatal(err)
		}
		return c, verifiers.NewSHA256WithRSAPubkeyVerifier(w.text("public_key_id"), *public)
	}
	merchant := option.WithMerchantCredential(w.text("mchid"), w.text("serial"), w.key)
	plain, err := core.NewClient(w.ctx, merchant, option.WithoutValidator(), hc)
	if err != nil {
		w.Fatal(err)
	}
	certs, err := downloader.NewCertificateDownloaderWithClient(w.ctx, plain, w.text("api_v3_key"))
	if err != nil {
		w.Fatalf("certificates: %v", err)
	}
	v := verifiers.NewSHA256WithRSAVerifier(certs)
	c, err := core.NewClient(w.ctx, merchant, option.WithVerifier(v), hc)
	if err != nil {
		w.Fatal(err)
	}
	return c, v
}

// TestOfficialSDK: the official SDK, with nothing of ours around it, orders, asks, gives back and believes the notices.
func TestOfficialSDK(t *testing.T) {
	t.Parallel()
	for label, byKey := range map[string]bool{"certificates": false, "public key": true} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			w := newTill(t)
			if byKey {
				w.play("PATCH", "/accounts/"+main+"/merchant", object{"verify_by": "public_key"})
			}
			client, verifier := w.official(byKey)
			service := jsapi.JsapiApiService{Client: client}
			out, _, err := service.PrepayWithRequestPayment(w.ctx, jsapi.PrepayRequest{
				Appid: new(w.text("appid")), Mchid: new(w.text("mchid")), Description: new("停车费"),
				OutTradeNo: new("sdk-order-1"), NotifyUrl: new(notifyAt), Amount: &jsapi.Amount{Total: core.Int64(100)},
				Payer: &jsapi.Payer{Openid: new(w.openid(main, "zhang"))},
			})
			if err != nil {
				t.Fatalf("prepay: %v", err)
			}
			w.play("POST", "/pay/bill", onPage("zhang", pay.Sheet{AppID: *out.Appid, TimeStamp: *out.TimeStamp, NonceStr: *out.NonceStr,
				Package: *out.Package, SignType: *out.SignType, PaySign: *out.PaySign}))
			w.play("POST", "/pay", object{"citizen": "zhang", "prepay_id": *out.PrepayId, "means": "balance"})
			w.settle()
			var paid payments.Transaction
			w.believed(verifier, &paid)
			asked, _, err := service.QueryOrderByOutTradeNo(w.ctx, jsapi.QueryOrderByOutTradeNoRequest{OutTradeNo: new("sdk-order-1"), Mchid: new(w.text("mchid"))})
			if err != nil || *asked.TradeState != "SUCCESS" || paid.TransactionId == nil || *asked.TransactionId != *paid.TransactionId {
				t.Fatalf("query: %v %v, told %v", asked, err, paid)
			}
			refunds := refunddomestic.RefundsApiService{Client: client}
			if _, _, err := refunds.Create(w.ctx, refunddomestic.CreateRequest{TransactionId: paid.TransactionId, OutRefundNo: new("sdk-refund-1"),
				NotifyUrl: new(notifyAt), Amount: &refunddomestic.AmountReq{Refund: core.Int64(100), Total: core.Int64(100), Currency: new("CNY")}}); err != nil {
				t.Fatalf("refund: %v", err)
			}
			w.moveCivil(2 * time.Second)
			w.settle()
			var back map[string]any
			w.believed(verifier, &back)
			r, _, err := refunds.QueryByOutRefundNo(w.ctx, refunddomestic.QueryByOutRefundNoRequest{OutRefundNo: new("sdk-refund-1")})
			if err != nil || *r.Status != refunddomestic.STATUS_SUCCESS || back["refund_status"] != "SUCCESS" {
				t.Errorf("the refund: %v %v, told %v", r, err, back)
			}
			byID, _, err := service.QueryOrderById(w.ctx, jsapi.QueryOrderByIdRequest{TransactionId: paid.TransactionId, Mchid: new(w.text("mchid"))})
			if err != nil || *byID.TradeState != "REFUND" {
				t.Errorf("by id: %v %v", byID, err)
			}
			if _, _, err := service.Prepay(w.ctx, jsapi.PrepayRequest{Appid: new(w.text("appid")), Mchid: new(w.text("mchid")), Description: new("停车费"),
				OutTradeNo: new("sdk-order-2"), NotifyUrl: new(notifyAt), Amount: &jsapi.Amount{Total: core.Int64(100)},
				Payer: &jsapi.Payer{Openid: new(w.openid(main, "zhang"))}}); err != nil {
				t.Fatalf("prepay: %v", err)
			}
			if _, err := service.CloseOrder(w.ctx, jsapi.CloseOrderRequest{OutTradeNo: new("sdk-order-2"), Mchid: new(w.text("mchid"))}); err != nil {
				t.Errorf("close: %v", err)
			}
			shut, _, err := service.QueryOrderByOutTradeNo(w.ctx, jsapi.QueryOrderByOutTradeNoRequest{OutTradeNo: new("sdk-order-2"), Mchid: new(w.text("mchid"))})
			if err != nil || *shut.TradeState != "CLOSED" {
				t.Errorf("closed: %v %v", shut, err)
			}
		})
	}
}

// believed takes the one notice and has the SDK verify and decrypt it.
func (w *till) believed(v auth.Verifier, content any) {
	w.Helper()
	got := w.shop.take()
	if len(got) != 1 {
		w.Fatalf("%d notices", len(got))
	}
	handler, err := notify.NewRSANotifyHandler(w.text("api_v3_key"), v)
	if err != nil {
		w.Fatal(err)
	}
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, notifyAt, bytes.NewReader(got[0].body))
	if err != nil {
		w.Fatal(err)
	}
	req.Header = got[0].header
	if _, err := handler.ParseNotifyRequest(w.ctx, req, content); err != nil {
		w.Fatalf("the SDK does not believe it: %v", err)
	}
}
