package merchant

import (
	"crypto/rsa"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"weizheng/wechat/sandbox/state"
)

const (
	scheme    = "WECHATPAY2-SHA256-RSA2048"
	tolerance = 5 * time.Minute
	maxNonce  = 32  // (unverified)
	shownSign = 128 // of the message to sign, in an error
)

// proof is what the header Authorization says.
type proof struct {
	mchid, nonce, timestamp, serial, signature string
}

var authPart = regexp.MustCompile(`^([a-z_]+)="([^"]*)"$`)

// parseAuthorization reads the header: the scheme and five values, each once, in any order.
func parseAuthorization(header string) (proof, error) {
	kind, rest, _ := strings.Cut(header, " ")
	if kind != scheme {
		return proof{}, signError("Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》")
	}
	var p proof
	fields := map[string]*string{"mchid": &p.mchid, "nonce_str": &p.nonce, "timestamp": &p.timestamp, "serial_no": &p.serial, "signature": &p.signature}
	for part := range strings.SplitSeq(rest, ",") {
		m := authPart.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil || fields[m[1]] == nil || m[2] == "" {
			return proof{}, signError("Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》")
		}
		*fields[m[1]] = m[2]
		delete(fields, m[1])
	}
	if len(fields) > 0 {
		return proof{}, signError("Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》")
	}
	return p, nil
}

// verify checks that the request is the merchant's. WeChat docs: 签名生成, 签名相关问题.
func (s *Server) verify(c *call) error {
	if c.r.Header.Get("Accept") == "" || c.r.Header.Get("User-Agent") == "" {
		return &failure{status: http.StatusBadRequest, code: "PARAM_ERROR", message: "Http头缺少Accept或User-Agent"}
	}
	p, err := parseAuthorization(c.r.Header.Get("Authorization"))
	if err != nil {
		return err
	}
	if c.merchant == nil {
		return errMerchant
	}
	at, err := strconv.ParseInt(p.timestamp, 10, 64)
	if err != nil || s.Wall.Now().Sub(time.Unix(at, 0)).Abs() > tolerance {
		return signError("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
	}
	if len(p.nonce) > maxNonce {
		return signError("Http头Authorization中的nonce_str不得超过32个字符")
	}
	if p.serial != c.merchant.Serial {
		return signError("商户证书序列号有误。请使用签名私钥匹配的证书序列号")
	}
	message := c.r.Method + "\n" + target(c.r) + "\n" + p.timestamp + "\n" + p.nonce + "\n" + string(c.body) + "\n"
	if verified(c.merchant.own, message, p.signature) {
		return nil
	}
	no := signError("错误的签名，验签失败")
	no.detail = map[string]any{
		"field": "signature", "location": "authorization", "detail": map[string]string{"issue": "sign not match"},
		"sign_information": map[string]any{"method": c.r.Method, "url": target(c.r), "sign_message_length": len(message),
			"truncated_sign_message": message[:min(len(message), shownSign)]},
	}
	return no
}

// target is the path and query as they were sent, which is what is signed.
func target(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

// sign puts the platform's signature of a body into headers.
func (s *Server) sign(h http.Header, serial string, key *rsa.PrivateKey, body []byte) error {
	timestamp, nonce := strconv.FormatInt(s.Wall.Now().Unix(), 10), state.RandomSecret(32)
	signature, err := signed(key, timestamp+"\n"+nonce+"\n"+string(body)+"\n")
	if err != nil {
		return err
	}
	h.Set("Wechatpay-Serial", serial)
	h.Set("Wechatpay-Timestamp", timestamp)
	h.Set("Wechatpay-Nonce", nonce)
	h.Set("Wechatpay-Signature", signature)
	h.Set("Wechatpay-Signature-Type", scheme)
	return nil
}
