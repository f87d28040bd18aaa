package api

import (
	"context"
	"slices"

	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// optionValues are what the options of an account may be set to.
var optionValues = map[string][]string{
	"location_report": {"0", "1", "2"}, "voice_recognize": {"0", "1"}, "customer_service": {"0", "1"},
}

// authorizerPage is how many accounts are listed at once.
const authorizerPage = 500

// issue makes a token for an account, and a new refresh token where renew says so; the old one is dead then.
func (s *Server) issue(ctx context.Context, k *state.Component, given state.Authorisation, renew bool) (map[string]any, error) {
	if renew || given.Refresh == "" {
		given.Refresh = "refreshtoken@@@" + state.RandomText(60)
	}
	if err := s.Store.Write(ctx, func(tx *db.Tx) error { return s.Store.PutAuthorisation(ctx, tx, given) }); err != nil {
		return nil, err
	}
	t := s.newToken(s.Store.AccountN(given.Account), state.AuthorizerToken)
	t.Grant.Component = k.N
	return map[string]any{"authorizer_access_token": t.Value, "expires_in": tokenLife / 1000, "authorizer_refresh_token": given.Refresh},
		s.Store.AddToken(ctx, t)
}

type category struct {
	Category struct {
		ID int `json:"id"`
	} `json:"funcscope_category"`
}

func categories(sets []int) []category {
	list := make([]category, len(sets))
	for i, n := range sets {
		list[i].Category.ID = n
	}
	return list
}

// queryAuth changes the code of an authorisation into tokens, once.
func (s *Server) queryAuth(ctx context.Context, c *call) (any, error) {
	var in componentIn
	k, err := s.byToken(ctx, c, &in)
	if err != nil {
		return nil, err
	}
	code, ok, err := s.Store.FindCredential(ctx, state.AuthCode, in.Code)
	switch {
	case err != nil:
		return nil, err
	case !ok || code.Account != -k.N:
		return nil, fail(61009, "code is invalid")
	case s.Store.Wall() >= code.ExpiresAt:
		return nil, fail(61010, "code is expired")
	}
	given, ok, err := s.Store.Authorisation(ctx, s.Store.Reader(), k.N, code.Grant.Account)
	if err != nil {
		return nil, err
	}
	if first, err := s.Store.UseUp(ctx, in.Code); err != nil {
		return nil, err
	} else if !first || !ok {
		return nil, fail(61009, "code is invalid")
	}
	out, err := s.issue(ctx, k, given, true)
	if err != nil {
		return nil, err
	}
	out["authorizer_appid"], out["func_info"] = s.Store.AccountN(given.Account).AppID, categories(given.Sets)
	return map[string]any{"authorization_info": out}, nil
}

// ofAccount finds what the account that a call names gave to its component.
func (s *Server) ofAccount(ctx context.Context, c *call, in *componentIn) (*state.Component, *state.Account, state.Authorisation, error) {
	var given state.Authorisation
	k, err := s.byToken(ctx, c, in)
	if err != nil {
		return nil, nil, given, err
	}
	a := s.Store.AccountByAppID(in.Account)
	if a == nil {
		return nil, nil, given, fail(40013, "invalid appid")
	}
	given, ok, err := s.Store.Authorisation(ctx, s.Store.Reader(), k.N, a.N)
	if err == nil && !ok {
		err = errNotGiven
	}
	return k, a, given, err
}

// authorizerToken gives a new token for a refresh token, which stays as it is unless the component is said to get another
// one each time: WeChat's documents tell platforms to keep what comes. Its
// staff speak of five minutes in which the old one still works; here it is dead at once, the harder case.
func (s *Server) authorizerToken(ctx context.Context, c *call) (any, error) {
	var in componentIn
	k, _, given, err := s.ofAccount(ctx, c, &in)
	if err != nil {
		return nil, err
	}
	if given.Refresh == "" || given.Refresh != in.Refresh {
		return nil, fail(61023, "refresh_token is invalid")
	}
	return s.issue(ctx, k, given, k.ChangesRefresh)
}

// authorizerInfo tells what an account is and what it gave.
func (s *Server) authorizerInfo(ctx context.Context, c *call) (any, error) {
	var in componentIn
	_, a, given, err := s.ofAccount(ctx, c, &in)
	if err != nil {
		return nil, err
	}
	type id struct {
		ID int `json:"id"`
	}
	kind, proved := 0, -1
	if a.Kind == wechat.Service {
		kind = 2
	}
	if a.Verified {
		proved = 0
	}
	return map[string]any{
		"authorizer_info": map[string]any{"nick_name": a.Name, "head_img": s.Base + "/sandbox/api/accounts/" + a.ID + "/avatar",
			"service_type_info": id{kind}, "verify_type_info": id{proved}, "user_name": a.OriginalID, "principal_name": a.Principal,
			"alias": a.WeixinID, "qrcode_url": s.Base + "/sandbox/api/accounts/" + a.ID + "/qr", "signature": a.Intro},
		"authorization_info": map[string]any{"authorizer_appid": a.AppID, "authorizer_refresh_token": given.Refresh, "func_info": categories(given.Sets)},
	}, nil
}

func (s *Server) authorizerOption(ctx context.Context, c *call) (any, error) {
	var in componentIn
	_, a, given, err := s.ofAccount(ctx, c, &in)
	if err != nil {
		return nil, err
	}
	if optionValues[in.Option] == nil {
		return nil, fail(61011, "invalid component option") // the code is unverified
	}
	return map[string]any{"authorizer_appid": a.AppID, "option_name": in.Option, "option_value": given.Options[in.Option]}, nil
}

func (s *Server) setAuthorizerOption(ctx context.Context, c *call) (any, error) {
	var in componentIn
	_, _, given, err := s.ofAccount(ctx, c, &in)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(optionValues[in.Option], in.Value) {
		return nil, fail(61011, "invalid component option") // the code is unverified
	}
	given.Options[in.Option] = in.Value
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error { return s.Store.PutAuthorisation(ctx, tx, given) })
}

func (s *Server) authorizerList(ctx context.Context, c *call) (any, error) {
	var in componentIn
	k, err := s.byToken(ctx, c, &in)
	if err != nil {
		return nil, err
	}
	if in.Offset < 0 || in.Count < 1 || in.Count > authorizerPage {
		return nil, fail(40097, "invalid args") // the code is unverified
	}
	all, err := s.Store.Authorisations(ctx, s.Store.Reader(), k.N)
	page := all[min(in.Offset, len(all)):]
	page = page[:min(in.Count, len(page))]
	list := make([]map[string]any, len(page))
	for i, a := range page {
		list[i] = map[string]any{"authorizer_appid": s.Store.AccountN(a.Account).AppID, "refresh_token": a.Refresh, "auth_time": a.At / 1000}
	}
	return map[string]any{"total_count": len(all), "list": list}, err
}
