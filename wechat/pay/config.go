package pay

import (
	"crypto/rsa"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/utils"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

// Real is the address of WeChat Pay.
const Real = "https://api.mch.weixin.qq.com"

const defaultTimeout = 15 * time.Second

// Config describes a merchant. Keys are PEM text.
type Config struct {
	AppID      string // the account in which people pay
	MchID      string // 商户号
	Serial     string // of the merchant's API certificate
	PrivateKey string // of the merchant's API certificate
	APIv3Key   string // 32 characters

	// The public key of WeChat Pay (微信支付公钥) and its id, PUB_KEY_ID_…: how newer merchants know that it is WeChat who
	// speaks. Both empty: platform certificates, which are downloaded when one is needed. With a key, certificates are
	// still taken for as long as WeChat has any for this merchant, since a merchant changes over gradually.
	PublicKeyID string
	PublicKey   string

	Base    string            // Real, or the address of a simulator
	HTTP    http.RoundTripper // http.DefaultTransport
	Wall    clock.Clock       // clock.Wall: the age of signatures. The SDK dates requests itself, by the real time
	Timeout time.Duration     // of a call whose context has no deadline: 15 s; bills get 4 times that
}

// String keeps the keys out of %v.
func (c Config) String() string { return "pay.Config(" + c.MchID + ")" }

// GoString keeps the keys out of %#v.
func (c Config) GoString() string { return c.String() }

// LogValue keeps the keys out of logs.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// secrets are the keys of a Config once they were read.
type secrets struct {
	own    *rsa.PrivateKey
	public *rsa.PublicKey // nil: certificates only
}

// complete fills in what was left out and says, all at once, what is wrong.
func (c *Config) complete() (secrets, error) {
	if c.Base == "" {
		c.Base = Real
	}
	c.Base = strings.TrimSuffix(c.Base, "/")
	if c.HTTP == nil {
		c.HTTP = http.DefaultTransport
	}
	if c.Wall == nil {
		c.Wall = clock.Wall{}
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	var wrong []errs.Field
	bad := func(field string, is bool) {
		if is {
			wrong = append(wrong, errs.Field{Field: field, Key: "pay.format"})
		}
	}
	var s secrets
	var err error
	base, err := url.Parse(c.Base)
	bad("base", err != nil || base.Host == "" || base.Path != "")
	bad("appid", c.AppID == "")
	bad("mchid", c.MchID == "")
	bad("serial", c.Serial == "")
	s.own, err = utils.LoadPrivateKey(c.PrivateKey)
	bad("private_key", err != nil)
	bad("api_v3_key", len(c.APIv3Key) != 32)
	bad("public_key_id", c.PublicKeyID == "" != (c.PublicKey == "") || c.PublicKeyID != "" && !strings.HasPrefix(c.PublicKeyID, keyIDPrefix))
	if c.PublicKey != "" {
		s.public, err = utils.LoadPublicKey(c.PublicKey)
		bad("public_key", err != nil)
	}
	if wrong != nil {
		return s, errs.InvalidFields(wrong)
	}
	return s, nil
}

// keyIDPrefix begins the ids of public keys, so that they cannot be the serial number of a certificate.
const keyIDPrefix = "PUB_KEY_ID_"
