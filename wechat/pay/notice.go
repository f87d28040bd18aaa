package pay

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/services/payments"
	"github.com/wechatpay-apiv3/wechatpay-go/utils"

	"weizheng/platform/errs"
)

const aesGCM = "AEAD_AES_256_GCM"

// Notice is something that WeChat Pay told us. Of Trade and Refund one is set; both nil: an event that is not known here,
// which is answered like the others.
type Notice struct {
	ID     string // the same in every repetition
	Event  string // TRANSACTION.SUCCESS, REFUND.SUCCESS, REFUND.ABNORMAL, REFUND.CLOSED, …
	At     time.Time
	Trade  *Trade
	Refund *Refund
}

// ParseNotice verifies who speaks, and only then decrypts and reads. Answer 200 or 204 within 5 s when the notice is kept or
// was known already, else 5xx: WeChat repeats it for a day. Compare amount, appid and merchant with the order before
// anything is believed to be paid.
//
// errs.Denied "pay.notice": not WeChat's, or not for this merchant; nothing of the body was read. errs.Unavailable: the
// platform's certificates cannot be had now. errs.Invalid "pay.notice_form": WeChat's, but nothing that can be read.
func (c *Client) ParseNotice(ctx context.Context, h http.Header, body []byte) (Notice, error) {
	ctx, cancel := bounded(ctx, c.cfg.Timeout/billTimes)
	defer cancel()
	if err := c.trust.check(ctx, h, body); err != nil {
		if no, ok := err.(errSignature); ok { //nolint:errorlint // check returns it as it is
			return Notice{}, errs.New(errs.Denied, "pay.notice").Because(no)
		}
		return Notice{}, errs.New(errs.Unavailable, "pay.away").Because(err)
	}
	var in struct {
		ID       string `json:"id"`
		Created  string `json:"create_time"`
		Event    string `json:"event_type"`
		Resource *struct {
			Algorithm  string `json:"algorithm"`
			Ciphertext string `json:"ciphertext"`
			Associated string `json:"associated_data"`
			Nonce      string `json:"nonce"`
		} `json:"resource"`
	}
	if err := json.Unmarshal(body, &in); err != nil || in.Resource == nil || in.ID == "" || in.Event == "" {
		return Notice{}, badForm("not a notice")
	}
	if in.Resource.Algorithm != aesGCM || len(in.Resource.Nonce) != 12 {
		return Notice{}, badForm("encrypted in an unknown way")
	}
	plain, err := utils.DecryptAES256GCM(c.cfg.APIv3Key, in.Resource.Associated, in.Resource.Nonce, in.Resource.Ciphertext)
	if err != nil {
		return Notice{}, badForm("not under this APIv3 key")
	}
	n := Notice{ID: in.ID, Event: in.Event, At: instant(in.Created)}
	if err := c.read(&n, plain); err != nil {
		return Notice{}, err
	}
	return n, nil
}

func badForm(why string) error {
	return errs.New(errs.Invalid, "pay.notice_form").Because(errSignature(why))
}

// read reads what was encrypted.
func (c *Client) read(n *Notice, plain string) error {
	var mchid string
	switch {
	case strings.HasPrefix(n.Event, "TRANSACTION."):
		var t payments.Transaction
		if err := json.Unmarshal([]byte(plain), &t); err != nil {
			return badForm("not a trade")
		}
		trade := tradeOf(t)
		n.Trade, mchid = &trade, trade.MchID
	case strings.HasPrefix(n.Event, "REFUND."):
		var r refundNotice
		if err := json.Unmarshal([]byte(plain), &r); err != nil {
			return badForm("not a refund")
		}
		n.Refund, mchid = r.refund(), r.MchID
	default:
		return nil
	}
	if mchid != c.cfg.MchID {
		return errs.New(errs.Denied, "pay.notice").Because(errSignature("notice for another merchant"))
	}
	return nil
}

// refundNotice is a refund as notices have it, which is not as queries have it.
type refundNotice struct {
	MchID         string `json:"mchid"`
	OutTradeNo    string `json:"out_trade_no"`
	TransactionID string `json:"transaction_id"`
	OutRefundNo   string `json:"out_refund_no"`
	RefundID      string `json:"refund_id"`
	Status        string `json:"refund_status"`
	SuccessTime   string `json:"success_time"`
	Amount        struct {
		Total  int64 `json:"total"`
		Refund int64 `json:"refund"`
	} `json:"amount"`
}

func (r refundNotice) refund() *Refund {
	return &Refund{RefundID: r.RefundID, OutRefundNo: r.OutRefundNo, OutTradeNo: r.OutTradeNo, TransactionID: r.TransactionID,
		State: RefundState(r.Status), Amount: r.Amount.Refund, Total: r.Amount.Total, DoneAt: instant(r.SuccessTime)}
}
