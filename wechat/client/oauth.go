package client

import (
	"context"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Scope is what a web authorisation asks for.
type Scope string

// The scopes. ScopeUser needs the citizen's tap on a button of ours first: on page load WeChat opens the snapshot page.
const (
	ScopeBase Scope = "snsapi_base"     // openid, without asking
	ScopeUser Scope = "snsapi_userinfo" // nickname and picture, after consent
)

var statePattern = regexp.MustCompile(`^[A-Za-z0-9]{1,128}$`)

// OAuthURL is the page that sends the citizen back to redirect with a code. state has 1–128 letters and digits; redirect
// must lie on the domain that the account registered. WeChat docs: web authorisation, step 1.
func (c *Client) OAuthURL(redirect string, scope Scope, state string) (string, error) {
	var v checks
	u, err := url.Parse(redirect)
	v.unless(err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http"), "redirect", "wechat.url", nil)
	v.unless(scope == ScopeBase || scope == ScopeUser, "scope", "wechat.scope", nil)
	v.unless(statePattern.MatchString(state), "state", "wechat.state", nil)
	if err := v.err(); err != nil {
		return "", err
	}
	// WeChat compares the order of the parameters and wants the fragment; url.Values would sort.
	return c.wire.cfg.Endpoints.Open + "/connect/oauth2/authorize?appid=" + url.QueryEscape(c.wire.cfg.AppID) +
		"&redirect_uri=" + strings.ReplaceAll(url.QueryEscape(redirect), "+", "%20") +
		"&response_type=code&scope=" + string(scope) + "&state=" + state + "#wechat_redirect", nil
}

// UserToken is a citizen's web authorisation. It does not print.
type UserToken struct {
	AccessToken  string
	RefreshToken string // valid for 30 days
	OpenID       string
	UnionID      string // with ScopeUser, if the account is bound to an open platform account
	Scope        string
	Life         time.Duration // of AccessToken, 2 h
	Snapshot     bool          // 快照页: openid and unionid are made up; never make or find a person by them
}

// String tells nothing of the tokens.
func (t UserToken) String() string { return "client.UserToken(" + t.Scope + ")" }

// GoString keeps the tokens out of %#v.
func (t UserToken) GoString() string { return t.String() }

// LogValue keeps the tokens out of logs.
func (t UserToken) LogValue() slog.Value { return slog.StringValue(t.String()) }

type userGrant struct {
	AccessToken  string `json:"access_token"`
	ExpiresIn    int64  `json:"expires_in"`
	RefreshToken string `json:"refresh_token"`
	OpenID       string `json:"openid"`
	UnionID      string `json:"unionid"`
	Scope        string `json:"scope"`
	Snapshot     int    `json:"is_snapshotuser"`
}

func (g userGrant) token() UserToken {
	return UserToken{AccessToken: g.AccessToken, RefreshToken: g.RefreshToken, OpenID: g.OpenID, UnionID: g.UnionID,
		Scope: g.Scope, Life: time.Duration(g.ExpiresIn) * time.Second, Snapshot: g.Snapshot == 1}
}

// OAuthToken exchanges the code of a redirect; a code works once, within five minutes. ActRestartOAuth in the error means:
// send the browser round again, once. WeChat docs: api_snsaccesstoken.
func (c *Client) OAuthToken(ctx context.Context, code string) (UserToken, error) {
	return c.userToken(ctx, request{path: "/sns/oauth2/access_token", query: url.Values{
		"appid": {c.wire.cfg.AppID}, "secret": {c.wire.cfg.Secret}, "code": {code}, "grant_type": {"authorization_code"},
	}})
}

// OAuthRefresh renews an authorisation. WeChat docs: api_snsrefreshtoken.
func (c *Client) OAuthRefresh(ctx context.Context, refreshToken string) (UserToken, error) {
	return c.userToken(ctx, request{path: "/sns/oauth2/refresh_token", query: url.Values{
		"appid": {c.wire.cfg.AppID}, "grant_type": {"refresh_token"}, "refresh_token": {refreshToken},
	}})
}

func (c *Client) userToken(ctx context.Context, r request) (UserToken, error) {
	var out userGrant
	r.out = &out
	if err := c.wire.do(ctx, r); err != nil {
		return UserToken{}, err
	}
	return out.token(), nil
}

// UserInfo is what a citizen consented to show.
type UserInfo struct {
	OpenID     string `json:"openid"`
	UnionID    string `json:"unionid"`
	Nickname   string `json:"nickname"`
	HeadImgURL string `json:"headimgurl"`
}

// OAuthUser returns the citizen's nickname and picture; the authorisation needs ScopeUser. WeChat docs: api_snsuserinfo.
func (c *Client) OAuthUser(ctx context.Context, t UserToken) (UserInfo, error) {
	var out UserInfo
	err := c.wire.do(ctx, request{path: "/sns/userinfo", out: &out, query: url.Values{
		"access_token": {t.AccessToken}, "openid": {t.OpenID}, "lang": {"zh_CN"},
	}})
	return out, err
}
