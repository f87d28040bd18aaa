package merchant

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the digest that WeChat Pay names for bills
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"weizheng/platform/clock"
)

// When bills are there. WeChat docs: 申请交易账单, 申请资金账单, 下载账单.
const (
	billHour   = 10 // of the next day ("每日10点后生成昨日交易账单")
	billMonths = 3
	linkLife   = 5 * time.Minute // wall (unverified)
)

// wanted is a bill, and in a download token until when it may be fetched.
type wanted struct {
	Account int64  `json:"a"`
	Flow    bool   `json:"f,omitempty"`
	Day     string `json:"d"`
	Type    string `json:"t"`
	GZIP    bool   `json:"z,omitempty"`
	Until   int64  `json:"u"` // wall
}

func (s *Server) tradeBill(ctx context.Context, c *call) (any, error) {
	return s.bill(ctx, c, wanted{}, "bill_type", []string{"ALL", "SUCCESS", "REFUND"})
}

func (s *Server) fundFlowBill(ctx context.Context, c *call) (any, error) {
	return s.bill(ctx, c, wanted{Flow: true}, "account_type", []string{"BASIC", "OPERATION", "FEES"})
}

// bill answers where a bill can be fetched, and its digest before any compression.
func (s *Server) bill(ctx context.Context, c *call, w wanted, kind string, kinds []string) (any, error) {
	q := c.r.URL.Query()
	w.Account, w.Day, w.Type = c.account.N, q.Get("bill_date"), q.Get(kind)
	if w.Type == "" {
		w.Type = kinds[0]
	}
	if !slices.Contains(kinds, w.Type) {
		return nil, queryError(kind, "不支持的账单类型")
	}
	switch tar := q.Get("tar_type"); tar {
	case "":
	case "GZIP":
		w.GZIP = true
	default:
		return nil, queryError("tar_type", "仅支持GZIP")
	}
	if err := s.checkDay(w.Day); err != nil {
		return nil, err
	}
	content, err := s.write(ctx, c, w)
	if err != nil {
		return nil, err
	}
	w.Until = clock.Millis(s.Wall.Now().Add(linkLife))
	token, err := c.merchant.token(w)
	if err != nil {
		return nil, err
	}
	s.bills.keep(token, content)
	sum := sha1.Sum(content) //nolint:gosec // see above
	return map[string]string{"hash_type": "SHA1", "hash_value": hex.EncodeToString(sum[:]), "download_url": s.Base + downloadPath + "?token=" + token}, nil
}

// checkDay wants a day of the last three months whose bill has been made.
func (s *Server) checkDay(day string) error {
	at, err := time.ParseInLocation(time.DateOnly, day, clock.Zone)
	if err != nil {
		return queryError("bill_date", "应为YYYY-MM-DD")
	}
	now := clock.FromMillis(s.Store.Civil()).In(clock.Zone)
	switch made := at.AddDate(0, 0, 1).Add(billHour * time.Hour); {
	case !now.After(at.AddDate(0, 0, 1)):
		return invalidRequest("账单日期必须早于今天")
	case now.Before(made):
		return errBillTooNew
	case at.AddDate(0, billMonths, 0).Before(now.AddDate(0, 0, -1)):
		return invalidRequest("仅支持三个月内的账单下载申请")
	}
	return nil
}

// token is a download link's secret: what is to be fetched, under the merchant's APIv3 key.
func (k *keys) token(w wanted) (string, error) {
	doc, err := json.Marshal(w)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(k.mac(doc), doc...)), nil
}

func (k *keys) mac(doc []byte) []byte {
	mac := hmac.New(sha256.New, []byte("bill "+k.APIv3Key))
	mac.Write(doc)
	return mac.Sum(nil)
}

// download answers the bill itself, unsigned.
func (s *Server) download(ctx context.Context, c *call) (any, error) {
	token, err := base64.RawURLEncoding.DecodeString(c.r.URL.Query().Get("token"))
	if err != nil || len(token) < sha256.Size || !hmac.Equal(token[:sha256.Size], c.merchant.mac(token[sha256.Size:])) {
		return nil, queryError("token", "无效的token")
	}
	var w wanted
	if err := json.Unmarshal(token[sha256.Size:], &w); err != nil {
		return nil, err
	}
	if clock.Millis(s.Wall.Now()) > w.Until || w.Account != c.account.N {
		return nil, &failure{status: http.StatusForbidden, code: "NO_AUTH", message: "下载链接已失效"}
	}
	content, kept := s.bills.find(c.r.URL.Query().Get("token"))
	if !kept {
		content, err = s.write(ctx, c, w)
	}
	if err != nil || !w.GZIP {
		return file{"text/plain; charset=utf-8", content}, err
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(content); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return file{"application/gzip", packed.Bytes()}, nil
}

// line writes the values of a bill's line, each with the ` in front that keeps spreadsheets from guessing.
func line(b *strings.Builder, values ...string) {
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('`')
		b.WriteString(strings.Map(func(r rune) rune {
			if r == ',' || r == '\r' || r == '\n' || r == '`' {
				return ' '
			}
			return r
		}, v))
	}
	b.WriteString("\r\n")
}
