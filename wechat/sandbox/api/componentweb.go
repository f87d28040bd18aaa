package api

import (
	"context"

	"weizheng/wechat/sandbox/state"
)

// componentWebHandlers are web authorisation by a third-party platform on behalf of an account. WeChat docs: 代公众号发起网页授权.
func (s *Server) componentWebHandlers() map[string]handler {
	return map[string]handler{
		"/sns/oauth2/component/access_token":  s.componentSNSToken,
		"/sns/oauth2/component/refresh_token": s.componentSNSRefresh,
	}
}

// ofWeb finds component and account of such a call and checks what the account gave.
func (s *Server) ofWeb(ctx context.Context, c *call, grant string) (*state.Component, *state.Account, error) {
	q := c.query
	if err := checkGrant(q.Get("grant_type"), grant, q.Get("appid")); err != nil {
		return nil, nil, err
	}
	k, err := s.tokenOwner(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	if q.Get("component_appid") != k.AppID {
		return nil, nil, fail(40013, "invalid appid")
	}
	if err := componentIP(k, c); err != nil {
		return nil, nil, err
	}
	a := s.Store.AccountByAppID(q.Get("appid"))
	if a == nil {
		return nil, nil, fail(40013, "invalid appid")
	}
	c.account = a
	given, ok, err := s.Store.Authorisation(ctx, s.Store.Reader(), k.N, a.N)
	if err != nil {
		return nil, nil, err
	}
	if !ok {
		return nil, nil, errNotGiven
	}
	if err := givenFor(given, c.endpoint.Path); err != nil {
		return nil, nil, err
	}
	return k, a, s.admit(c)
}

// componentSNSToken changes a code into the citizen's tokens, once. A code that an account asked for itself is of no use
// here, nor the other way round (unverified).
func (s *Server) componentSNSToken(ctx context.Context, c *call) (any, error) {
	k, a, err := s.ofWeb(ctx, c, "authorization_code")
	if err != nil {
		return nil, err
	}
	return s.redeem(ctx, a, c.query.Get("code"), k.N)
}

// componentSNSRefresh gives a new token for a refresh token.
func (s *Server) componentSNSRefresh(ctx context.Context, c *call) (any, error) {
	k, a, err := s.ofWeb(ctx, c, "refresh_token")
	if err != nil {
		return nil, err
	}
	return s.refresh(ctx, a, c.query.Get("refresh_token"), k.N)
}
