package client

import (
	"context"

	"weizheng/platform/errs"
)

// CallbackIPs returns the addresses and networks (CIDR) from which WeChat calls back. Refresh daily; a callback is
// believed for its signature, never for its address alone. WeChat docs: api_getcallbackip.
func (c *Client) CallbackIPs(ctx context.Context) ([]string, error) {
	var out struct {
		IPs []string `json:"ip_list"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/getcallbackip", out: &out})
	return out.IPs, err
}

// Quota is what is left of one endpoint today.
type Quota struct {
	DailyLimit int64 `json:"daily_limit"`
	Used       int64 `json:"used"`
	Remain     int64 `json:"remain"`

	Calls   int64 // allowed in Seconds; 0 if WeChat does not say
	Seconds int64
}

// Quota asks for the allowance of path, such as "/cgi-bin/menu/create". A path that rested for its daily quota may be
// called again if there is some. WeChat docs: api_getapiquota; /sns/ paths are refused (76022).
func (c *Client) Quota(ctx context.Context, path string) (Quota, error) {
	var out struct {
		Quota Quota `json:"quota"`
		Rate  struct {
			Calls   int64 `json:"call_count"`
			Seconds int64 `json:"refresh_second"`
		} `json:"rate_limit"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/openapi/quota/get", in: map[string]string{"cgi_path": path}, out: &out})
	if err != nil {
		return Quota{}, err
	}
	if out.Quota.Remain > 0 {
		c.wire.gate.lift(path)
	}
	out.Quota.Calls, out.Quota.Seconds = out.Rate.Calls, out.Rate.Seconds
	return out.Quota, nil
}

// checks collects the faults of an input before anything is sent.
type checks []errs.Field

func (v *checks) unless(ok bool, field, key string, params map[string]any) {
	if !ok {
		*v = append(*v, errs.Field{Field: field, Key: key, Params: params})
	}
}

// between adds the fault that n is not in lo…hi.
func (v *checks) between(field string, n, lo, hi int64) {
	v.unless(lo <= n && n <= hi, field, "wechat.between", map[string]any{"min": lo, "max": hi})
}

func (v checks) err() error { return errs.InvalidFields(v) }
