package pay

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/signers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/validators"
)

// Client calls WeChat Pay for one merchant. It is safe for concurrent use.
type Client struct {
	cfg    Config
	signer *signers.SHA256WithRSASigner
	trust  *trust
	sdk    *core.Client // checks every answer's signature
	loose  *core.Client // checks none: for bills, which are not signed and have a digest instead
}

// New makes a client. It does not call anybody. The error has a field for everything that is wrong.
func New(ctx context.Context, cfg Config) (*Client, error) {
	keys, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(cfg.Base)
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, signer: &signers.SHA256WithRSASigner{MchID: cfg.MchID, CertificateSerialNo: cfg.Serial, PrivateKey: keys.own}}
	hc := &http.Client{Transport: redirect{base, cfg.HTTP}, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // WeChat Pay does not redirect, and a signature is for one address
	}}
	c.loose, err = core.NewClientWithDialSettings(ctx, &core.DialSettings{HTTPClient: hc, Signer: c.signer, Validator: &validators.NullValidator{}})
	if err != nil {
		return nil, err
	}
	c.trust = newTrust(cfg, keys.public, c.loose)
	c.sdk = core.NewClientWithValidator(c.loose, c.trust)
	return c, nil
}

// AppID returns the appid of the account in which people pay.
func (c *Client) AppID() string { return c.cfg.AppID }

// MchID returns the merchant's number.
func (c *Client) MchID() string { return c.cfg.MchID }

// String keeps the keys out of %v.
func (c *Client) String() string { return "pay.Client(" + c.cfg.MchID + ")" }

// GoString keeps the keys out of %#v.
func (c *Client) GoString() string { return c.String() }

// redirect sends what the SDK addresses to WeChat Pay, whose host is a constant there, to the configured address.
type redirect struct {
	base *url.URL
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t redirect) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = t.base.Scheme, t.base.Host, ""
	res, err := t.next.RoundTrip(r)
	if err == nil {
		res.Body = capped(res.Body)
	}
	return res, err
}

// bounded gives a call a deadline if it has none.
func bounded(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, limit)
}

// maxAnswer bounds what is read of an answer; the bill of a busy day has some 10 MB.
const maxAnswer = 256 << 20

// limited is a body of which no more than maxAnswer is read.
type limited struct {
	io.Reader
	io.Closer
}

func capped(body io.ReadCloser) io.ReadCloser { return limited{io.LimitReader(body, maxAnswer), body} }
