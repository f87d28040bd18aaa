package client

import (
	"context"
	"net/url"
	"strings"
)

// pageQuery writes the query of a page of WeChat's in the given order.
func pageQuery(pairs ...string) string {
	parts := make([]string, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			parts = append(parts, pairs[i]+"="+strings.ReplaceAll(url.QueryEscape(pairs[i+1]), "+", "%20"))
		}
	}
	return strings.Join(parts, "&")
}

// officialAccounts is the auth_type that offers Official Accounts only.
const officialAccounts = "1"

func checkRedirect(redirect string) error {
	var v checks
	u, err := url.Parse(redirect)
	v.unless(err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http"), "redirect", "wechat.url", nil)
	return v.err()
}

// LoginURL is the page for a computer on which an administrator authorises the platform by scanning a code: it comes back
// to redirect, which must lie on the platform's domain, with auth_code and expires_in. preAuth is of PreAuthCode and works
// once; appid names the one account that is offered, "" offers all. WeChat docs: Authorization_Process_Technical_Description.
func (p *Platform) LoginURL(preAuth, redirect, appid string) (string, error) {
	return p.wire.cfg.Endpoints.MP + "/cgi-bin/componentloginpage?" + pageQuery("component_appid", p.wire.cfg.AppID, "pre_auth_code", preAuth,
		"redirect_uri", redirect, "auth_type", officialAccounts, "biz_appid", appid), checkRedirect(redirect)
}

// BindURL is the same for the administrator's phone.
func (p *Platform) BindURL(preAuth, redirect, appid string) (string, error) {
	return p.wire.cfg.Endpoints.Open + "/wxaopen/safe/bindcomponent?" + pageQuery("action", "bindcomponent", "no_scan", "1", "component_appid",
		p.wire.cfg.AppID, "pre_auth_code", preAuth, "redirect_uri", redirect, "auth_type", officialAccounts, "biz_appid", appid) +
		"#wechat_redirect", checkRedirect(redirect)
}

// OAuthURL is Client.OAuthURL for an account that gave the platform its web services; redirect lies on the platform's own
// domain for that. The answer also names the account's appid. WeChat docs: 代公众号发起网页授权.
func (p *Platform) OAuthURL(appid, redirect string, scope Scope, state string) (string, error) {
	c := &Client{wire: &wire{cfg: Config{AppID: appid, Endpoints: p.wire.cfg.Endpoints}}}
	address, err := c.OAuthURL(redirect, scope, state)
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(address, "#wechat_redirect") + "&component_appid=" + url.QueryEscape(p.wire.cfg.AppID) + "#wechat_redirect", nil
}

// OAuthToken exchanges the code of such a redirect, once.
func (p *Platform) OAuthToken(ctx context.Context, appid, code string) (UserToken, error) {
	var out userGrant
	err := p.get(ctx, "/sns/oauth2/component/access_token", url.Values{"appid": {appid}, "code": {code}, "grant_type": {"authorization_code"}}, &out)
	return out.token(), err
}

// OAuthRefresh renews such an authorisation.
func (p *Platform) OAuthRefresh(ctx context.Context, appid, refreshToken string) (UserToken, error) {
	var out userGrant
	err := p.get(ctx, "/sns/oauth2/component/refresh_token", url.Values{"appid": {appid}, "refresh_token": {refreshToken}, "grant_type": {"refresh_token"}}, &out)
	return out.token(), err
}
