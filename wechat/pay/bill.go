package pay

import (
	"context"
	"crypto/sha1" //nolint:gosec // the digest that WeChat Pay names for bills
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
)

// What a trade bill lists.
const (
	BillAll      = "ALL"
	BillPaid     = "SUCCESS"
	BillRefunded = "REFUND"
)

// billTimes is how much longer than other calls a bill may take.
const billTimes = 4

// TradeBill fetches the payments and refunds of a day ("2026-11-20", Asia/Shanghai) as WeChat's CSV in UTF-8, and checks it
// against the digest that WeChat has signed. The bill of yesterday is there after about 10 o'clock (Busy before that), for
// three months; NotFound when nothing happened that day. WeChat docs: 申请交易账单.
func (c *Client) TradeBill(ctx context.Context, day, kind string) ([]byte, error) {
	return c.bill(ctx, "/v3/bill/tradebill", url.Values{"bill_date": {day}, "bill_type": {kind}})
}

// FundFlowBill fetches what went in and out of the merchant's basic account on a day, like TradeBill. WeChat docs:
// 申请资金账单.
func (c *Client) FundFlowBill(ctx context.Context, day string) ([]byte, error) {
	return c.bill(ctx, "/v3/bill/fundflowbill", url.Values{"bill_date": {day}, "account_type": {"BASIC"}})
}

func (c *Client) bill(ctx context.Context, path string, query url.Values) ([]byte, error) {
	const op = "bill"
	ctx, cancel := bounded(ctx, billTimes*c.cfg.Timeout)
	defer cancel()
	result, err := c.sdk.Get(ctx, Real+path+"?"+query.Encode())
	if err != nil {
		return nil, c.failed(ctx, op, result, err)
	}
	var link struct {
		HashType  string `json:"hash_type"`
		HashValue string `json:"hash_value"`
		URL       string `json:"download_url"`
	}
	if err := json.NewDecoder(result.Response.Body).Decode(&link); err != nil {
		return nil, c.failed(ctx, op, result, errSignature("answer of an unknown shape"))
	}
	if link.HashType != "SHA1" || !c.ours(link.URL) {
		return nil, c.failed(ctx, op, result, errSignature("digest of an unknown kind, or a bill at an unknown address"))
	}
	content, result, err := c.fetch(ctx, link.URL)
	if err != nil {
		return nil, c.failed(ctx, op, result, err)
	}
	sum := sha1.Sum(content) //nolint:gosec // see above
	if subtle.ConstantTimeCompare([]byte(hex.EncodeToString(sum[:])), []byte(strings.ToLower(link.HashValue))) != 1 {
		return nil, c.failed(ctx, op, result, errSignature("bill does not have its digest"))
	}
	return content, nil
}

// ours reports whether an address belongs to WeChat Pay or the configured host: nothing else is called with our signature.
func (c *Client) ours(address string) bool {
	return strings.HasPrefix(address, Real+"/") || strings.HasPrefix(address, c.cfg.Base+"/")
}

var errTooLong = errors.New("answer too long")

func (c *Client) fetch(ctx context.Context, address string) ([]byte, *core.APIResult, error) {
	result, err := c.loose.Get(ctx, address)
	if err != nil {
		return nil, result, err
	}
	content, err := io.ReadAll(result.Response.Body)
	if closed := result.Response.Body.Close(); err == nil {
		err = closed
	}
	if len(content) >= maxAnswer {
		err = errTooLong
	}
	return content, result, err
}
