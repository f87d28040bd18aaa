package api

import (
	"context"
	"crypto/subtle"

	"weizheng/wechat/sandbox/state"
)

// WeChat docs: snsAccessToken, snsRefreshToken, snsAuth, snsUserInfo.
const (
	userTokenLife = 7200 * 1000
	refreshLife   = 30 * 24 * 3600 * 1000
)

type snsBody struct {
	Token    string `json:"access_token"`
	Expires  int64  `json:"expires_in"`
	Refresh  string `json:"refresh_token"`
	OpenID   string `json:"openid"`
	Scope    string `json:"scope"`
	Snapshot int    `json:"is_snapshotuser,omitempty"`
	UnionID  string `json:"unionid,omitempty"`
}

// snsToken changes a code into the citizen's tokens, once.
func (s *Server) snsToken(ctx context.Context, c *call) (any, error) {
	a, err := s.snsLogin(c)
	if err != nil {
		return nil, err
	}
	return s.redeem(ctx, a, c.query.Get("code"), 0)
}

// redeem changes the code that an account, or a component for it, asked for.
func (s *Server) redeem(ctx context.Context, a *state.Account, code string, component int64) (any, error) {
	if code == "" {
		return nil, fail(41008, "missing code")
	}
	found, ok, err := s.Store.FindCredential(ctx, state.OAuthCode, code)
	switch {
	case err != nil:
		return nil, err
	case !ok || found.Account != a.N || found.Grant.Component != component:
		return nil, fail(40029, "invalid code")
	case found.Grant.Password:
		return nil, errPassword
	case found.DeadAt != 0:
		return nil, fail(40163, "code been used")
	case s.Store.Wall() >= found.ExpiresAt:
		return nil, fail(42003, "code expired")
	}
	first, err := s.Store.UseUp(ctx, code)
	if err != nil {
		return nil, err
	}
	if !first {
		return nil, fail(40163, "code been used")
	}
	return s.grant(ctx, a, found.Grant, "")
}

// snsLogin checks appid and secret of a call with a code.
func (s *Server) snsLogin(c *call) (*state.Account, error) {
	q := c.query
	if err := checkGrant(q.Get("grant_type"), "authorization_code", q.Get("appid")); err != nil {
		return nil, err
	}
	if q.Get("secret") == "" {
		return nil, fail(41004, "appsecret missing")
	}
	a := s.Store.AccountByAppID(q.Get("appid"))
	if a == nil {
		return nil, fail(40013, "invalid appid")
	}
	c.account = a
	if subtle.ConstantTimeCompare([]byte(a.Secret), []byte(q.Get("secret"))) != 1 {
		return nil, fail(40125, "invalid appsecret, view more at http://t.cn/RAEkdVq")
	}
	return a, s.admit(c)
}

// grant issues a user token, with a refresh token unless one is kept.
func (s *Server) grant(ctx context.Context, a *state.Account, g state.Grant, refresh string) (any, error) {
	now := s.Store.Wall()
	token := state.Credential{Value: tokenPrefix + state.RandomText(107), Kind: state.OAuthToken, Account: a.N, MadeAt: now,
		ExpiresAt: now + userTokenLife, Grant: g}
	made := []state.Credential{token}
	if refresh == "" {
		refresh = tokenPrefix + state.RandomText(107)
		made = append(made, state.Credential{Value: refresh, Kind: state.OAuthRefresh, Account: a.N, MadeAt: now,
			ExpiresAt: now + refreshLife, Grant: g})
	}
	if err := s.Store.AddCredentials(ctx, made...); err != nil {
		return nil, err
	}
	out := snsBody{Token: token.Value, Expires: userTokenLife / 1000, Refresh: refresh, OpenID: g.OpenID, Scope: g.Scope}
	if g.Snapshot {
		out.Snapshot = 1
	}
	if g.Scope == scopeUserInfo {
		out.UnionID = g.UnionID
	}
	return out, nil
}

// errPassword is a citizen who changed their password since. WeChat docs: Global_Return_Code.
var errPassword = fail(42007, "access_token and refresh_token exception")

const scopeUserInfo = "snsapi_userinfo"

// snsRefresh gives a new token for a refresh token.
func (s *Server) snsRefresh(ctx context.Context, c *call) (any, error) {
	q := c.query
	if err := checkGrant(q.Get("grant_type"), "refresh_token", q.Get("appid")); err != nil {
		return nil, err
	}
	a := s.Store.AccountByAppID(q.Get("appid"))
	if a == nil {
		return nil, fail(40013, "invalid appid")
	}
	c.account = a
	if q.Get("refresh_token") == "" {
		return nil, fail(41003, "refresh_token missing")
	}
	if err := s.admit(c); err != nil {
		return nil, err
	}
	return s.refresh(ctx, a, q.Get("refresh_token"), 0)
}

// refresh gives a new token for what an account, or a component for it, holds.
func (s *Server) refresh(ctx context.Context, a *state.Account, value string, component int64) (any, error) {
	if value == "" {
		return nil, fail(41003, "refresh_token missing")
	}
	found, ok, err := s.Store.FindCredential(ctx, state.OAuthRefresh, value)
	switch {
	case err != nil:
		return nil, err
	case ok && found.Grant.Password:
		return nil, errPassword
	case !ok || found.Account != a.N || found.Grant.Component != component || found.DeadAt != 0: // the citizen has taken it back
		return nil, fail(40030, "invalid refresh_token")
	case s.Store.Wall() >= found.ExpiresAt:
		return nil, fail(42002, "refresh_token expired")
	}
	return s.grant(ctx, a, found.Grant, value)
}

// userGrant checks a user token and the openid beside it.
func (s *Server) userGrant(ctx context.Context, c *call) (state.Grant, error) {
	value, openid := c.query.Get("access_token"), c.query.Get("openid")
	if value == "" {
		return state.Grant{}, fail(41001, "access_token missing")
	}
	if openid == "" {
		return state.Grant{}, fail(41009, "missing openid")
	}
	found, ok, err := s.Store.FindCredential(ctx, state.OAuthToken, value)
	switch {
	case err != nil:
		return state.Grant{}, err
	case ok && found.Grant.Password:
		return state.Grant{}, errPassword
	case !ok || found.DeadAt != 0:
		return state.Grant{}, fail(40001, "invalid credential, access_token is invalid or not latest")
	case s.Store.Wall() >= found.ExpiresAt:
		return state.Grant{}, fail(42001, "access_token expired")
	case found.Grant.OpenID != openid:
		return state.Grant{}, errOpenID
	}
	if c.account = s.Store.AccountN(found.Account); c.account == nil {
		return state.Grant{}, fail(40001, "invalid credential, access_token is invalid or not latest")
	}
	return found.Grant, s.admit(c)
}

// snsAuth says whether a user token is valid.
func (s *Server) snsAuth(ctx context.Context, c *call) (any, error) {
	_, err := s.userGrant(ctx, c)
	return nil, err
}

type snsUser struct {
	OpenID    string   `json:"openid"`
	Nickname  string   `json:"nickname"`
	Sex       int      `json:"sex"`
	Language  string   `json:"language"`
	City      string   `json:"city"`
	Province  string   `json:"province"`
	Country   string   `json:"country"`
	Avatar    string   `json:"headimgurl"`
	Privilege []string `json:"privilege"`
	UnionID   string   `json:"unionid,omitempty"`
}

// snsUserInfo tells name and picture after consent; sex and region are blank since 2021.
func (s *Server) snsUserInfo(ctx context.Context, c *call) (any, error) {
	g, err := s.userGrant(ctx, c)
	if err != nil {
		return nil, err
	}
	if g.Scope != scopeUserInfo {
		return nil, errNoRight
	}
	out := snsUser{OpenID: g.OpenID, Nickname: "微信用户", Privilege: []string{}, UnionID: g.UnionID,
		Avatar: s.Base + "/sandbox/api/avatar/none"}
	if g.Snapshot {
		return out, nil
	}
	citizen, err := s.Store.CitizenN(ctx, g.Citizen)
	if err != nil {
		return nil, err
	}
	c.citizen = citizen.ID
	out.Nickname, out.Avatar = citizen.Name, s.Base+"/sandbox/api/avatar/"+citizen.ID
	return out, nil
}
