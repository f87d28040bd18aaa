package client

import (
	"context"
	"net/url"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
)

// Platform calls WeChat for a third-party platform (第三方平台), to which accounts give permissions.
type Platform struct {
	wire   *wire
	tokens *StoredTokens
}

// NewPlatform makes a client of the platform whose appid and secret cfg has. ticket gives the newest
// component_verify_ticket that was pushed; store keeps the platform's token, nil is in memory.
func NewPlatform(cfg Config, ticket func(context.Context) (string, error), store TokenStore) *Platform {
	p := &Platform{wire: newWire(cfg)}
	p.tokens = newStored(p.wire, store, cfg.AppID+":component", func(ctx context.Context, _ bool) (string, time.Duration, error) {
		t, err := ticket(ctx)
		if err != nil {
			return "", 0, err
		}
		var out struct {
			Token   string `json:"component_access_token"`
			Expires int64  `json:"expires_in"`
		}
		err = p.wire.do(ctx, request{path: "/cgi-bin/component/api_component_token", out: &out, in: map[string]string{
			"component_appid": cfg.AppID, "component_appsecret": cfg.Secret, "component_verify_ticket": t}})
		return out.Token, time.Duration(out.Expires) * time.Second, err
	})
	return p
}

// String keeps the secret out of %v.
func (p *Platform) String() string { return "client.Platform(" + p.wire.cfg.AppID + ")" }

// GoString keeps the secret out of %#v.
func (p *Platform) GoString() string { return p.String() }

// StartTickets lets WeChat push tickets, at once and then every ten minutes. WeChat docs: startPushTicket.
func (p *Platform) StartTickets(ctx context.Context) error {
	return p.wire.do(ctx, request{path: "/cgi-bin/component/api_start_push_ticket", in: map[string]string{
		"component_appid": p.wire.cfg.AppID, "component_secret": p.wire.cfg.Secret}})
}

// call makes a call of the platform's own.
func (p *Platform) call(ctx context.Context, name string, in map[string]any, out any) error {
	in["component_appid"] = p.wire.cfg.AppID
	return p.renewing(ctx, func(token string) error {
		return p.wire.do(ctx, request{path: "/cgi-bin/component/" + name, in: in, out: out, query: url.Values{"component_access_token": {token}}})
	})
}

// get asks with the platform's token in the query, for a page of an account; a dead token is replaced once.
func (p *Platform) get(ctx context.Context, path string, query url.Values, out any) error {
	query.Set("component_appid", p.wire.cfg.AppID)
	return p.renewing(ctx, func(token string) error {
		query.Set("component_access_token", token)
		return p.wire.do(ctx, request{path: path, query: query, out: out})
	})
}

// renewing makes a call with the platform's token; a dead one is replaced once.
func (p *Platform) renewing(ctx context.Context, do func(token string) error) error {
	for try := 1; ; try++ {
		token, err := p.tokens.Token(ctx)
		if err != nil {
			return err
		}
		err = do(token)
		if try > 1 || wechat.Code(CodeOf(err)).Action() != wechat.ActRefreshToken {
			return err
		}
		if err := p.tokens.Drop(ctx, token); err != nil {
			return err
		}
	}
}

// PreAuthCode opens the page on which an administrator authorises, for ten minutes. WeChat docs: getPreAuthCode.
func (p *Platform) PreAuthCode(ctx context.Context) (string, error) {
	var out struct {
		Code string `json:"pre_auth_code"`
	}
	err := p.call(ctx, "api_create_preauthcode", map[string]any{}, &out)
	return out.Code, err
}

// Authorisation is what an account gave. Keep Refresh durably before anything else: without it the account has to
// authorise again. It does not print.
type Authorisation struct {
	AppID   string
	Refresh string
	Sets    []int // permission sets
}

// String tells everything but the token.
func (a Authorisation) String() string { return "client.Authorisation(" + a.AppID + ")" }

// GoString keeps the token out of %#v.
func (a Authorisation) GoString() string { return a.String() }

type authorisationIn struct {
	AppID   string `json:"authorizer_appid"`
	Refresh string `json:"authorizer_refresh_token"`
	Sets    []struct {
		Category struct {
			ID int `json:"id"`
		} `json:"funcscope_category"`
	} `json:"func_info"`
}

func (in authorisationIn) given() Authorisation {
	a := Authorisation{AppID: in.AppID, Refresh: in.Refresh}
	for _, s := range in.Sets {
		a.Sets = append(a.Sets, s.Category.ID)
	}
	return a
}

// QueryAuth changes the code of an authorisation, which works once. WeChat docs: getAuthorizerAccessToken.
func (p *Platform) QueryAuth(ctx context.Context, code string) (Authorisation, error) {
	var out struct {
		Info authorisationIn `json:"authorization_info"`
	}
	err := p.call(ctx, "api_query_auth", map[string]any{"authorization_code": code}, &out)
	return out.Info.given(), err
}

// Authorizer is an account that authorised the platform.
type Authorizer struct {
	Authorisation
	Name       string
	OriginalID string
}

// Authorizer asks what an account is and gave. WeChat docs: getAuthorizerInfo.
func (p *Platform) Authorizer(ctx context.Context, appid string) (Authorizer, error) {
	var out struct {
		Account struct {
			Name string `json:"nick_name"`
			User string `json:"user_name"`
		} `json:"authorizer_info"`
		Info authorisationIn `json:"authorization_info"`
	}
	err := p.call(ctx, "api_get_authorizer_info", map[string]any{"authorizer_appid": appid}, &out)
	return Authorizer{out.Info.given(), out.Account.Name, out.Account.User}, err
}

// Option reads location_report, voice_recognize or customer_service of an account.
func (p *Platform) Option(ctx context.Context, appid, name string) (string, error) {
	var out struct {
		Value string `json:"option_value"`
	}
	err := p.call(ctx, "api_get_authorizer_option", map[string]any{"authorizer_appid": appid, "option_name": name}, &out)
	return out.Value, err
}

// SetOption changes it.
func (p *Platform) SetOption(ctx context.Context, appid, name, value string) error {
	return p.call(ctx, "api_set_authorizer_option", map[string]any{"authorizer_appid": appid, "option_name": name, "option_value": value}, nil)
}

// Authorizers lists up to 500 accounts from offset. WeChat docs: getAuthorizerList.
func (p *Platform) Authorizers(ctx context.Context, offset, count int) (list []Authorisation, total int64, err error) {
	var v checks
	v.between("count", int64(count), 1, 500)
	if err := v.err(); err != nil {
		return nil, 0, err
	}
	var out struct {
		Total int64 `json:"total_count"`
		List  []struct {
			AppID   string `json:"authorizer_appid"`
			Refresh string `json:"refresh_token"`
		} `json:"list"`
	}
	err = p.call(ctx, "api_get_authorizer_list", map[string]any{"offset": offset, "count": count}, &out)
	for _, a := range out.List {
		list = append(list, Authorisation{AppID: a.AppID, Refresh: a.Refresh})
	}
	return list, out.Total, err
}

// RefreshStore keeps the refresh tokens of authorisations, durably.
type RefreshStore interface {
	Refresh(ctx context.Context, appid string) (string, error)
	SaveRefresh(ctx context.Context, appid, token string) error
}

// ComponentTokens is the token source of an account that authorised the platform: it fetches by the account's refresh
// token. WeChat may hand out another one with each token; that is saved before the token is used.
func ComponentTokens(p *Platform, appid string, refreshes RefreshStore, store TokenStore) *StoredTokens {
	return newStored(p.wire, store, appid, func(ctx context.Context, _ bool) (string, time.Duration, error) {
		refresh, err := refreshes.Refresh(ctx, appid)
		if err != nil {
			return "", 0, errs.Wrap(err, "load refresh token")
		}
		var out struct {
			Token   string `json:"authorizer_access_token"`
			Expires int64  `json:"expires_in"`
			Refresh string `json:"authorizer_refresh_token"`
		}
		err = p.call(ctx, "api_authorizer_token", map[string]any{"authorizer_appid": appid, "authorizer_refresh_token": refresh}, &out)
		if err != nil {
			return "", 0, err
		}
		if out.Refresh != "" && out.Refresh != refresh {
			if err := refreshes.SaveRefresh(ctx, appid, out.Refresh); err != nil {
				return "", 0, errs.Wrap(err, "save refresh token")
			}
		}
		return out.Token, time.Duration(out.Expires) * time.Second, nil
	})
}
