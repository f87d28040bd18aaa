package api

import (
	"context"
	"crypto/subtle"
)

// quotaHandlers are those of allowances and of what helps to find a fault.
func (s *Server) quotaHandlers() map[string]handler {
	return map[string]handler{
		"/cgi-bin/clear_quota":         s.clearQuota,
		"/cgi-bin/clear_quota/v2":      s.clearQuotaBySecret,
		"/cgi-bin/openapi/quota/clear": s.clearPath,
		"/cgi-bin/openapi/rid/get":     s.requestOf,
		"/cgi-bin/callback/check":      s.checkCallback,
	}
}

// clearQuota makes all calls of the day count as not made. WeChat docs: clearQuota.
func (s *Server) clearQuota(ctx context.Context, c *call) (any, error) {
	var in struct {
		AppID string `json:"appid"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.AppID != c.account.AppID {
		return nil, fail(40013, "invalid appid")
	}
	return nil, s.clearAll(ctx, c)
}

// clearQuotaBySecret does the same without a token, which may be out of calls itself. WeChat docs: clearQuotaByAppSecret.
func (s *Server) clearQuotaBySecret(ctx context.Context, c *call) (any, error) {
	if c.query.Get("appid") == "" {
		return nil, fail(41002, "appid missing")
	}
	secret := c.query.Get("appsecret")
	if secret == "" {
		return nil, fail(41004, "appsecret missing")
	}
	a := s.Store.AccountByAppID(c.query.Get("appid"))
	if a == nil {
		return nil, fail(40013, "invalid appid")
	}
	c.account = a
	if subtle.ConstantTimeCompare([]byte(a.Secret), []byte(secret)) != 1 {
		return nil, fail(40125, "invalid appsecret, view more at http://t.cn/RAEkdVq")
	}
	return nil, s.clearAll(ctx, c)
}

// clearAll spends one of the ten that both calls have together in a month.
func (s *Server) clearAll(ctx context.Context, c *call) error {
	if err := s.spendMonth(ctx, c, "clear_quota"); err != nil {
		return err
	}
	s.Store.ClearUsed(c.account.N, "")
	return nil
}

func (s *Server) spendMonth(ctx context.Context, c *call, name string) error {
	ok, err := s.Store.UseMonth(ctx, c.account.N, name, int64(c.endpoint.Monthly))
	if err == nil && !ok {
		return fail(48006, "forbid to clear quota because of reaching the limit")
	}
	return err
}

// clearPath makes the calls of one path count as not made. One place of the page names /channels/ec/ only, another all
// paths; here it is all. WeChat docs: clearApiQuota.
func (s *Server) clearPath(ctx context.Context, c *call) (any, error) {
	e, err := c.askedPath()
	if err != nil {
		return nil, err
	}
	if err := s.spendMonth(ctx, c, "quota/clear"); err != nil {
		return nil, err
	}
	s.Store.ClearUsed(c.account.N, e.Path)
	return nil, nil
}
