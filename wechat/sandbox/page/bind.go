package page

import (
	"context"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/skip2/go-qrcode"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/state"
)

// The pages on which the administrator of an account authorises a third-party platform: one for a computer, with a code to
// scan, and one for the phone. WeChat docs: Authorization_Process_Technical_Description.
const (
	loginPath    = "/cgi-bin/componentloginpage"
	bindPath     = "/wxaopen/safe/bindcomponent" // at the open host
	olderBind    = "/safe/bindcomponent"         // at the mp host, before
	loginAgain   = "2"                           // seconds after which the page on the computer looks again
	codeSide     = 330                           // pixels
	officialType = "1"                           // auth_type: Official Accounts only; 2 mini programs only, 3 both
)

func isBind(path string) bool { return path == bindPath || path == olderBind }

// setNames are the names of permission sets as the page shows them. WeChat docs: 公众号权限集; without a name here the
// number is shown.
var setNames = map[int]string{
	1: "消息管理", 2: "用户管理", 3: "账号服务", 4: "网页服务", 6: "多客服", 7: "群发与通知", 11: "素材管理", 15: "自定义菜单",
	18: "小程序开发", 19: "客服管理", 89: "订阅通知", 117: "图像识别",
}

// binding is a request to authorise that was found right.
type binding struct {
	component *state.Component
	redirect  *url.URL
	preAuth   state.Credential
	query     url.Values
}

func (b *Browser) readBinding(ctx context.Context, q url.Values) (binding, *refusal, error) {
	no := func(text string) (binding, *refusal, error) { return binding{}, &refusal{text: text}, nil }
	k, err := b.Store.Component(ctx, q.Get("component_appid"))
	if errs.Is(err, errs.NotFound) || err == nil && k.AppID != q.Get("component_appid") {
		return no("component_appid 参数错误")
	}
	if err != nil {
		return binding{}, nil, err
	}
	redirect, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || redirect.Scheme != "http" && redirect.Scheme != "https" || k.PageDomain != "" && !inDomain(k.PageDomain, redirect.Host) {
		return no("请确认授权后回调页所在域名与申请第三方平台时填写的授权发起页域名相同")
	}
	if kind := q.Get("auth_type"); kind != "" && kind != officialType && kind != "3" {
		return no("沙箱里没有小程序可以授权（auth_type）")
	}
	if biz := q.Get("biz_appid"); biz != "" && b.Store.AccountByAppID(biz) == nil {
		return no("biz_appid 参数错误")
	}
	code, ok, err := b.Store.FindCredential(ctx, state.PreAuthCode, q.Get("pre_auth_code"))
	if err != nil {
		return binding{}, nil, err
	}
	if !ok || code.Account != -k.N || b.Store.Wall() >= code.ExpiresAt {
		return no("预授权码无效或已过期，请回到第三方平台重新发起")
	}
	return binding{k, redirect, code, q}, nil, nil
}

// back is the platform's page with the code of the authorisation.
func (r binding) back(code string) string {
	target := *r.redirect
	extra := url.Values{"auth_code": {code}, "expires_in": {strconv.Itoa(act.AuthCodeLife / 1000)}}
	target.RawQuery = strings.TrimPrefix(target.RawQuery+"&"+extra.Encode(), "&")
	return target.String()
}

// Login is the page for a computer: a code to scan, until somebody has; then it goes back to the platform.
func (b *Browser) Login(w http.ResponseWriter, r *http.Request) {
	req, no, err := b.readBinding(r.Context(), r.URL.Query())
	if err != nil || no != nil {
		b.refuseBinding(w, no, err)
		return
	}
	if req.preAuth.DeadAt != 0 {
		http.Redirect(w, r, req.back(req.preAuth.Grant.Code), http.StatusFound)
		return
	}
	q := url.Values{"action": {"bindcomponent"}}
	for _, name := range []string{"component_appid", "pre_auth_code", "redirect_uri", "auth_type", "biz_appid"} {
		if v := req.query.Get(name); v != "" {
			q.Set(name, v)
		}
	}
	link := b.Base + bindPath + "?" + q.Encode() + "#wechat_redirect"
	picture, err := qrcode.Encode(link, qrcode.Low, codeSide)
	if err != nil {
		b.refuseBinding(w, nil, err)
		return
	}
	w.Header().Set("Refresh", loginAgain)
	b.show(w, loginPage, map[string]any{"Name": req.component.Name, "Link": link, "Side": codeSide,
		"Code": template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(picture))}) //nolint:gosec // our own picture
}

func (b *Browser) refuseBinding(w http.ResponseWriter, no *refusal, err error) {
	if no != nil {
		b.message(w, http.StatusOK, "无法授权", no.text)
		return
	}
	b.Log.Error("a page of authorisation failed", "error", err)
	b.message(w, http.StatusInternalServerError, "系统繁忙", "请稍后再试。")
}

// offered is an account that the page offers.
type offered struct {
	AppID, Name string
	First       bool
}

func (b *Browser) offered(req binding, c state.Citizen) []offered {
	var list []offered
	for _, a := range b.Store.Accounts() {
		biz := req.query.Get("biz_appid")
		if a.Administers(c.ID) && (biz == "" || biz == a.AppID) {
			list = append(list, offered{a.AppID, a.Name, len(list) == 0})
		}
	}
	return list
}

// bind asks the administrator which account gives what.
func (b *Browser) bind(w http.ResponseWriter, r *http.Request) {
	req, list, ok := b.bindable(w, r)
	if !ok {
		return
	}
	type set struct {
		N    int
		Name string
	}
	sets := []set{}
	for _, n := range wechat.AllPermissionSets() {
		name := setNames[n]
		if name == "" {
			name = strconv.Itoa(n)
		}
		sets = append(sets, set{n, name})
	}
	b.show(w, bindPage, map[string]any{"Name": req.component.Name, "Accounts": list, "Sets": sets})
}

// bindable reads the request and shows what is wrong with it.
func (b *Browser) bindable(w http.ResponseWriter, r *http.Request) (binding, []offered, bool) {
	req, no, err := b.readBinding(r.Context(), r.URL.Query())
	if err != nil || no != nil {
		b.refuseBinding(w, no, err)
		return req, nil, false
	}
	if req.preAuth.DeadAt != 0 {
		b.refuseBinding(w, &refusal{text: "这个授权链接已经用过，请回到第三方平台重新发起"}, nil)
		return req, nil, false
	}
	list := b.offered(req, citizenOf(r))
	if len(list) == 0 {
		b.refuseBinding(w, &refusal{text: "您不是可授权账号的管理员，请由公众号管理员本人操作"}, nil)
		return req, nil, false
	}
	return req, list, true
}

// bound is the administrator's answer. A phone that came by a link (no_scan) goes back to the platform by itself; one
// that scanned leaves that to the page on the computer.
func (b *Browser) bound(w http.ResponseWriter, r *http.Request) {
	req, list, ok := b.bindable(w, r)
	if !ok {
		return
	}
	if r.PostFormValue("decision") != "allow" {
		b.message(w, http.StatusOK, "已取消授权", "没有把任何权限交给第三方平台。")
		return
	}
	appid := r.PostFormValue("account")
	sets := []int{}
	for _, text := range r.PostForm["set"] {
		if n, err := strconv.Atoi(text); err == nil && slices.Contains(wechat.AllPermissionSets(), n) {
			sets = append(sets, n)
		}
	}
	if len(sets) == 0 || !slices.ContainsFunc(list, func(o offered) bool { return o.AppID == appid }) {
		b.message(w, http.StatusOK, "请选择公众号和至少一项权限", "请返回上一页重新选择。")
		return
	}
	code, err := b.Acts.Authorise(r.Context(), req.component, b.Store.AccountByAppID(appid), sets, req.preAuth.Value)
	if errors.Is(err, state.ErrUsed) {
		b.refuseBinding(w, &refusal{text: "这个授权链接已经用过，请回到第三方平台重新发起"}, nil)
		return
	}
	if err != nil {
		b.refuseBinding(w, nil, err)
		return
	}
	if req.query.Get("no_scan") != "1" {
		b.message(w, http.StatusOK, "授权成功", "请回到电脑上继续。")
		return
	}
	address, err := b.Open(citizenOf(r).ID, req.back(code))
	if err != nil {
		b.message(w, http.StatusForbidden, "授权成功，但沙箱不打开这个网址", req.redirect.Redacted())
		return
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
}

var loginPage = template.Must(template.New("login").Parse(`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>公众号授权</title><style>` + pageStyle + `img.code{width:{{.Side}}px;height:{{.Side}}px}</style></head>
<body><main><h1>授权给「{{.Name}}」</h1><p>请公众号管理员用微信扫码，选择公众号和权限</p>
<img class="code" src="{{.Code}}" alt="授权二维码"><p>在沙箱的手机里，也可以把这个链接粘贴到「扫一扫」：</p><p><code>{{.Link}}</code></p>
<p>确认之后，这一页会自己回到第三方平台。</p></main></body></html>
`))

var bindPage = template.Must(template.New("bind").Parse(`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>公众号授权</title><style>` + pageStyle + `fieldset{border:0;padding:0;margin:1rem 0;text-align:left}legend{font-weight:600}
label{display:block;min-height:44px;line-height:44px}input{width:20px;height:20px;margin-right:.5rem;vertical-align:middle}</style>
<script src="/__wechat/browser.js"></script></head>
<body><main><h1>{{.Name}}</h1><p>申请管理您的公众号</p>
<form method="post"><fieldset><legend>公众号</legend>{{range .Accounts}}<label><input type="radio" name="account" value="{{.AppID}}"{{if .First}} checked{{end}}>{{.Name}}</label>{{end}}</fieldset>
<fieldset><legend>交给它的权限</legend>{{range .Sets}}<label><input type="checkbox" name="set" value="{{.N}}" checked>{{.Name}}</label>{{end}}</fieldset>
<button class="yes" name="decision" value="allow">同意授权</button><button class="no" name="decision" value="deny">取消</button></form>
</main></body></html>
`))
