package api

import (
	"context"
	"crypto/subtle"
	"slices"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// preAuthLife is how long a pre-authorisation code opens the page, once, in wall ms: the documents' example says 600 s,
// developers have seen 1800 (unverified).
const preAuthLife = 600 * 1000

// componentHandlers are those of third-party platforms. WeChat docs: 第三方平台, ticket and token.
func (s *Server) componentHandlers() map[string]handler {
	return map[string]handler{
		"/cgi-bin/component/api_start_push_ticket":     s.startTickets,
		"/cgi-bin/component/api_component_token":       s.componentToken,
		"/cgi-bin/component/api_create_preauthcode":    s.preAuth,
		"/cgi-bin/component/api_query_auth":            s.queryAuth,
		"/cgi-bin/component/api_authorizer_token":      s.authorizerToken,
		"/cgi-bin/component/api_get_authorizer_info":   s.authorizerInfo,
		"/cgi-bin/component/api_get_authorizer_option": s.authorizerOption,
		"/cgi-bin/component/api_set_authorizer_option": s.setAuthorizerOption,
		"/cgi-bin/component/api_get_authorizer_list":   s.authorizerList,
	}
}

type componentIn struct {
	AppID  string `json:"component_appid"`
	Secret string `json:"component_secret"`
	Other  string `json:"component_appsecret"`
	Ticket string `json:"component_verify_ticket"`

	Code    string `json:"authorization_code"`
	Account string `json:"authorizer_appid"`
	Refresh string `json:"authorizer_refresh_token"`
	Option  string `json:"option_name"`
	Value   string `json:"option_value"`
	Offset  int    `json:"offset"`
	Count   int    `json:"count"`
}

// bySecret finds the component of a call that proves itself by its secret.
func (s *Server) bySecret(ctx context.Context, c *call, in *componentIn) (*state.Component, error) {
	if err := c.decode(in); err != nil {
		return nil, err
	}
	k, err := s.Store.Component(ctx, in.AppID)
	if errs.Is(err, errs.NotFound) || err == nil && k.AppID != in.AppID {
		return nil, fail(40013, "invalid appid")
	}
	if err != nil {
		return nil, err
	}
	if secret := in.Secret + in.Other; subtle.ConstantTimeCompare([]byte(k.Secret), []byte(secret)) != 1 {
		return nil, fail(40125, "invalid appsecret")
	}
	return k, componentIP(k, c)
}

// componentIP refuses callers outside of a component's whitelist.
func componentIP(k *state.Component, c *call) error {
	if ip := callerOf(c.r.RemoteAddr); len(k.IPWhitelist) > 0 && !slices.Contains(k.IPWhitelist, ip) {
		return fail(61004, "access clientip is not registered requestIP: "+ip)
	}
	return nil
}

// byToken finds the component of a call with its token, and reads the call.
func (s *Server) byToken(ctx context.Context, c *call, in *componentIn) (*state.Component, error) {
	k, err := s.tokenOwner(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := c.decode(in); err != nil {
		return nil, err
	}
	if in.AppID != k.AppID {
		return nil, fail(40013, "invalid appid")
	}
	return k, componentIP(k, c)
}

// tokenOwner finds whose component token a call has.
func (s *Server) tokenOwner(ctx context.Context, c *call) (*state.Component, error) {
	value := c.query.Get("component_access_token")
	if value == "" {
		value = c.query.Get("access_token")
	}
	if value == "" {
		return nil, fail(41001, "access_token missing")
	}
	t, ok, err := s.Store.FindCredential(ctx, state.ComponentToken, value)
	if err != nil {
		return nil, err
	}
	if !ok || t.DeadAt != 0 {
		return nil, fail(40001, "invalid credential, access_token is invalid or not latest")
	}
	if s.Store.Wall() >= t.ExpiresAt {
		return nil, fail(42001, "access_token expired")
	}
	return s.Store.ComponentN(ctx, -t.Account)
}

// startTickets begins to push tickets, with one at once.
func (s *Server) startTickets(ctx context.Context, c *call) (any, error) {
	var in componentIn
	k, err := s.bySecret(ctx, c, &in)
	if err != nil {
		return nil, err
	}
	next := *k
	next.Pushing = true
	if k, err = s.Store.PutComponent(ctx, next); err != nil {
		return nil, err
	}
	return nil, s.Acts.Push.BeginTickets(ctx, k)
}

// componentToken changes a ticket into the component's token.
func (s *Server) componentToken(ctx context.Context, c *call) (any, error) {
	var in componentIn
	k, err := s.bySecret(ctx, c, &in)
	if err != nil {
		return nil, err
	}
	t, ok, err := s.Store.FindCredential(ctx, state.VerifyTicket, in.Ticket)
	switch {
	case err != nil:
		return nil, err
	case !ok || t.Account != -k.N:
		return nil, fail(61006, "component ticket is invalid")
	case s.Store.Wall() >= t.ExpiresAt:
		return nil, fail(61005, "component ticket is expired")
	}
	made := s.componentCredential(k, state.ComponentToken, tokenPrefix, 120, tokenLife)
	return map[string]any{"component_access_token": made.Value, "expires_in": tokenLife / 1000}, s.Store.AddCredentials(ctx, made)
}

func (s *Server) componentCredential(k *state.Component, kind, prefix string, chars int, life int64) state.Credential {
	now := s.Store.Wall()
	return state.Credential{Value: prefix + state.RandomText(chars), Kind: kind, Account: -k.N, MadeAt: now, ExpiresAt: now + life}
}

func (s *Server) preAuth(ctx context.Context, c *call) (any, error) {
	var in componentIn
	k, err := s.byToken(ctx, c, &in)
	if err != nil {
		return nil, err
	}
	made := s.componentCredential(k, state.PreAuthCode, "preauthcode@@@", 60, preAuthLife)
	return map[string]any{"pre_auth_code": made.Value, "expires_in": preAuthLife / 1000}, s.Store.AddCredentials(ctx, made)
}

// errNotGiven is a component that the account gave nothing.
var errNotGiven = fail(61003, "component is not authorized by this account")

// givenFor refuses a call that needs a set which was not given.
func givenFor(given state.Authorisation, path string) error {
	sets := wechat.PermissionSets(path)
	if len(sets) > 0 && !slices.ContainsFunc(sets, func(n int) bool { return slices.Contains(given.Sets, n) }) {
		return fail(61007, "api is unauthorized to component")
	}
	return nil
}

// permitted holds a call with an authorizer's token against the component's whitelist and what the account gave to it.
func (s *Server) permitted(ctx context.Context, c *call) error {
	t, ok := s.Store.Token(c.query.Get("access_token"))
	if !ok || t.Kind != state.AuthorizerToken {
		return nil
	}
	given, ok, err := s.Store.Authorisation(ctx, s.Store.Reader(), t.Grant.Component, t.Account)
	if err != nil {
		return err
	}
	if !ok {
		return errNotGiven
	}
	k, err := s.Store.ComponentN(ctx, t.Grant.Component)
	if err != nil {
		return err
	}
	if err := componentIP(k, c); err != nil {
		return err
	}
	return givenFor(given, c.endpoint.Path)
}
