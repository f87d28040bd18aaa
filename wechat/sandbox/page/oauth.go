package page

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: Wechat_webpage_authorization.
const (
	codeLife      = 5 * 60 * 1000 // ms (unverified)
	scopeBase     = "snsapi_base"
	scopeUserInfo = "snsapi_userinfo"
)

// stateForm is what a state may be.
var stateForm = regexp.MustCompile(`^[A-Za-z0-9]{0,128}$`)

// request is a request for authorisation that was found right.
type request struct {
	account  *state.Account
	redirect *url.URL
	scope    string
	state    string
	query    url.Values

	component *state.Component // the third-party platform that asks for the account; nil: the account itself
}

// refusal is what WeChat's page says, with its code.
type refusal struct{ text, code string }

func (b *Browser) read(q url.Values) (request, *refusal) {
	a := b.Store.AccountByAppID(q.Get("appid"))
	switch {
	case q.Get("appid") == "":
		return request{}, &refusal{"appid 不能为空", "10012"}
	case a == nil:
		return request{}, &refusal{"AppID 参数错误", "40013"}
	case q.Get("redirect_uri") == "":
		return request{}, &refusal{"redirect_uri 不能为空", "10011"}
	case q.Get("scope") == "":
		return request{}, &refusal{"scope 不能为空", "10010"}
	}
	endpoint, _ := wechat.EndpointOf("/connect/oauth2/authorize")
	scope := q.Get("scope")
	if !endpoint.Allows(a.Kind, a.Verified) || scope != scopeBase && scope != scopeUserInfo {
		return request{}, &refusal{"Scope 参数错误或没有 Scope 权限", "10005"}
	}
	if q.Get("response_type") != "code" {
		return request{}, &refusal{"response_type 参数错误", "10004"}
	}
	component, domain := (*state.Component)(nil), a.OAuthDomain
	if appid := q.Get("component_appid"); appid != "" {
		if component = b.Store.WebHost(a.N, appid); component == nil {
			return request{}, &refusal{"该公众号没有把网页服务授权给这个第三方平台", "61003"} // the number is unverified
		}
		domain = component.WebDomain
	}
	redirect, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || redirect.Scheme != "http" && redirect.Scheme != "https" || !inDomain(domain, redirect.Host) {
		return request{}, &refusal{"redirect_uri 域名与后台配置不一致", "10003"}
	}
	if !stateForm.MatchString(q.Get("state")) {
		return request{}, &refusal{"state 只能是 128 字节以内的字母和数字", "10013"}
	}
	return request{account: a, redirect: redirect, scope: scope, state: q.Get("state"), query: q, component: component}, nil
}

// authorize answers at once for snsapi_base, and asks for snsapi_userinfo.
func (b *Browser) authorize(w http.ResponseWriter, r *http.Request) {
	citizen := citizenOf(r)
	req, no := b.read(r.URL.Query())
	if no != nil {
		b.refuse(w, no)
		return
	}
	if req.scope == scopeBase || citizen.Snapshot {
		b.grant(w, r, req, citizen.Snapshot)
		return
	}
	if unasked(r) {
		b.grant(w, r, req, true)
		return
	}
	b.consent(w, req, citizen)
}

// unasked reports whether a script of the page, and no person, led here: since 2022-07-12 WeChat then shows a snapshot
// of the page to a citizen who is nobody. Programs that are no browsers say nothing about it.
func unasked(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-User") == ""
}

func (b *Browser) refuse(w http.ResponseWriter, no *refusal) {
	b.message(w, http.StatusOK, no.text, "错误码："+no.code)
}

// decide is the answer to the question of the consent page.
func (b *Browser) decide(w http.ResponseWriter, r *http.Request) {
	req, no := b.read(r.URL.Query())
	if no != nil {
		b.refuse(w, no)
		return
	}
	if r.PostFormValue("decision") != "allow" {
		b.message(w, http.StatusOK, "已拒绝授权", "没有把任何信息提供给公众号。")
		return
	}
	b.grant(w, r, req, false)
}

// grant makes a code and goes to the redirect address with it.
func (b *Browser) grant(w http.ResponseWriter, r *http.Request, req request, snapshot bool) {
	citizen := citizenOf(r)
	code, err := b.code(r.Context(), req, citizen, snapshot)
	if err != nil {
		b.Log.ErrorContext(r.Context(), "a code for web authorisation was not made", "error", err)
		b.message(w, http.StatusInternalServerError, "系统繁忙", "请稍后再试。")
		return
	}
	target := *req.redirect
	extra := url.Values{"code": {code}, "state": {req.state}}
	if req.component != nil {
		extra.Set("appid", req.account.AppID)
	}
	target.RawQuery = strings.TrimPrefix(target.RawQuery+"&"+extra.Encode(), "&")
	address, err := b.Open(citizen.ID, target.String())
	if err != nil {
		b.message(w, http.StatusForbidden, "沙箱不打开这个网址", target.Redacted())
		return
	}
	http.Redirect(w, r, address, http.StatusFound)
}

func (b *Browser) code(ctx context.Context, req request, citizen state.Citizen, snapshot bool) (string, error) {
	a := req.account
	g := state.Grant{Citizen: citizen.N, Scope: req.scope, Snapshot: snapshot,
		OpenID: b.Store.OpenID(a.ID, citizen.ID), UnionID: b.Store.UnionID(a.Principal, citizen.ID)}
	if req.component != nil {
		g.Component = req.component.N
	}
	if snapshot {
		day := clock.Day(clock.FromMillis(b.Store.Civil()))
		g.OpenID = b.Store.FalseID(a.ID, citizen.ID, day)
		if g.UnionID != "" {
			g.UnionID = b.Store.FalseID(a.Principal, citizen.ID, day)
		}
	} else if err := b.Store.Write(ctx, func(tx *db.Tx) error {
		if _, err := b.Store.Meet(ctx, tx, a, citizen); err != nil || req.scope != scopeUserInfo {
			return err
		}
		return b.Store.KeepAuthorised(ctx, tx, a.N, citizen.N)
	}); err != nil {
		return "", err
	}
	now := b.Store.Wall()
	c := state.Credential{Value: "0" + state.RandomText(31), Kind: state.OAuthCode, Account: a.N, MadeAt: now,
		ExpiresAt: now + codeLife, Grant: g}
	return c.Value, b.Store.AddCredentials(ctx, c)
}

var consentPage = template.Must(template.New("consent").Parse(`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>网页授权</title><style>` + pageStyle + `</style><script src="/__wechat/browser.js"></script></head>
<body><main><h1>{{.Account}}</h1><p>申请获得以下信息</p><ul><li>你的昵称、头像（{{.Citizen}}）</li></ul>
<form method="post"><button class="yes" name="decision" value="allow">允许</button><button class="no" name="decision" value="deny">拒绝</button></form>
</main></body></html>
`))

func (b *Browser) consent(w http.ResponseWriter, req request, citizen state.Citizen) {
	b.show(w, consentPage, map[string]string{"Account": req.account.Name, "Citizen": citizen.Name})
}
