package client

import (
	"context"
	"net/url"
	"time"

	"weizheng/platform/clock"
)

// ClearQuota makes all calls of the day count as not made. Only by an administrator's action: an account has ten a month,
// together with ClearQuotaBySecret (48006). WeChat docs: clearQuota.
func (c *Client) ClearQuota(ctx context.Context) error {
	err := c.wire.do(ctx, request{path: "/cgi-bin/clear_quota", in: map[string]string{"appid": c.AppID()}})
	if err == nil {
		c.wire.gate.liftAll()
	}
	return err
}

// ClearQuotaBySecret does the same without a token, which may itself be out of quota. WeChat docs: clearQuotaByAppSecret.
func (c *Client) ClearQuotaBySecret(ctx context.Context) error {
	err := c.wire.do(ctx, request{path: "/cgi-bin/clear_quota/v2",
		query: url.Values{"appid": {c.AppID()}, "appsecret": {c.wire.cfg.Secret}}})
	if err == nil {
		c.wire.gate.liftAll()
	}
	return err
}

// ClearPathQuota makes the day's calls of one path count as not made, fifty times a month. WeChat docs: clearApiQuota.
func (c *Client) ClearPathQuota(ctx context.Context, path string) error {
	err := c.wire.do(ctx, request{path: "/cgi-bin/openapi/quota/clear", in: map[string]string{"cgi_path": path}})
	if err == nil {
		c.wire.gate.lift(path)
	}
	return err
}

// FailedCall is what WeChat kept of a call that failed. It may hold personal data: show it, log nothing of it.
type FailedCall struct {
	At     time.Time
	Took   time.Duration
	Query  string // secrets shortened by WeChat
	Body   string
	Answer string
	IP     string
}

// FailedCall looks up a call by the rid of its Error, for seven days. WeChat docs: getRidInfo.
func (c *Client) FailedCall(ctx context.Context, rid string) (FailedCall, error) {
	var out struct {
		Request struct {
			Invoked int64  `json:"invoke_time"`
			Took    int64  `json:"cost_in_ms"`
			URL     string `json:"request_url"`
			Body    string `json:"request_body"`
			Answer  string `json:"response_body"`
			IP      string `json:"client_ip"`
		} `json:"request"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/openapi/rid/get", in: map[string]string{"rid": rid}, out: &out})
	if err != nil {
		return FailedCall{}, err
	}
	r := out.Request
	return FailedCall{At: clock.FromMillis(r.Invoked * 1000), Took: time.Duration(r.Took) * time.Millisecond, Query: r.URL, Body: r.Body,
		Answer: r.Answer, IP: r.IP}, nil
}

// Where a check of the callback address is made from.
const (
	OperatorTelecom = "CHINANET"
	OperatorUnicom  = "UNICOM"
	OperatorTencent = "CAP"
	OperatorDefault = "DEFAULT" // by the address
)

// CallbackCheck is what WeChat found at the account's callback address.
type CallbackCheck struct {
	Addresses []CallbackAddress `json:"dns"`
	Pings     []CallbackPing    `json:"ping"`
}

// CallbackAddress is an address that the name leads to.
type CallbackAddress struct {
	IP       string `json:"ip"`
	Operator string `json:"real_operator"`
}

// CallbackPing is one packet to an address.
type CallbackPing struct {
	IP   string `json:"ip"`
	From string `json:"from_operator"`
	Loss string `json:"package_loss"` // "0%" or "100%"
	Time string `json:"time"`         // such as "23.079ms"
}

// CheckCallback lets WeChat resolve and ping the account's callback address; action is dns, ping or all. Code 40201: the
// account has none. WeChat docs: callbackCheck.
func (c *Client) CheckCallback(ctx context.Context, action, operator string) (CallbackCheck, error) {
	var out CallbackCheck
	err := c.wire.do(ctx, request{path: "/cgi-bin/callback/check", in: map[string]string{"action": action, "check_operator": operator}, out: &out})
	return out, err
}

// APIAddresses returns the addresses of WeChat's API, for a firewall's list; refresh daily. WeChat docs: getApiDomainIp.
func (c *Client) APIAddresses(ctx context.Context) ([]string, error) {
	var out struct {
		IPs []string `json:"ip_list"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/get_api_domain_ip", out: &out})
	return out.IPs, err
}
