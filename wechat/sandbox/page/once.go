package page

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// The page of one-time subscription (一次性订阅消息), at WeChat's mp host. WeChat docs: 一次性订阅消息.
const (
	mpHost       = "mp.weixin.qq.com"
	oncePath     = "/mp/subscribemsg"
	lastScene    = 10_000
	longReserved = 128 // bytes
)

// onceRequest is a question that was found right.
type onceRequest struct {
	account  *state.Account
	redirect *url.URL
	scene    int
	query    url.Values
}

func (b *Browser) readOnce(q url.Values) (onceRequest, *refusal) {
	a := b.Store.AccountByAppID(q.Get("appid"))
	if a == nil {
		return onceRequest{}, &refusal{"AppID 参数错误", "40013"}
	}
	endpoint, _ := wechat.EndpointOf(oncePath)
	scene, badScene := strconv.Atoi(q.Get("scene"))
	redirect, err := url.Parse(q.Get("redirect_url"))
	switch {
	case !endpoint.Allows(a.Kind, a.Verified):
		return onceRequest{}, &refusal{"该公众号没有一次性订阅消息的权限", "48001"}
	case q.Get("action") != "get_confirm":
		return onceRequest{}, &refusal{"action 参数错误", "40097"}
	case badScene != nil || scene < 0 || scene > lastScene:
		return onceRequest{}, &refusal{"scene 应是 0 到 10000 的整数", "40097"}
	case q.Get("template_id") != b.Store.OnceTemplate(a):
		return onceRequest{}, &refusal{"template_id 参数错误", "40037"}
	case len(q.Get("reserved")) > longReserved:
		return onceRequest{}, &refusal{"reserved 不能超过 128 字节", "40097"}
	case err != nil || redirect.Scheme != "http" && redirect.Scheme != "https" || !ownDomain(a, redirect.Host):
		return onceRequest{}, &refusal{"redirect_url 域名与后台配置不一致", "10003"}
	}
	return onceRequest{a, redirect, scene, q}, nil
}

// ownDomain reports whether a host is among the domains that an account has configured for its pages.
func ownDomain(a *state.Account, host string) bool {
	for _, domain := range append([]string{a.OAuthDomain}, a.JSDomains...) {
		if inDomain(domain, host) {
			return true
		}
	}
	return false
}

// once asks the citizen.
func (b *Browser) once(w http.ResponseWriter, r *http.Request) {
	req, no := b.readOnce(r.URL.Query())
	if no != nil {
		b.refuse(w, no)
		return
	}
	b.show(w, oncePage, map[string]string{"Account": req.account.Name})
}

// onceDecided goes back to the account's page with the answer; an allowance is one message under the scene.
func (b *Browser) onceDecided(w http.ResponseWriter, r *http.Request) {
	req, no := b.readOnce(r.URL.Query())
	if no != nil {
		b.refuse(w, no)
		return
	}
	citizen, action := citizenOf(r), "cancel"
	if r.PostFormValue("decision") == "allow" {
		action = "confirm"
		err := b.Store.Write(r.Context(), func(tx *db.Tx) error {
			c, err := b.Store.Meet(r.Context(), tx, req.account, citizen)
			if err != nil {
				return err
			}
			return b.Store.AllowOnce(r.Context(), tx, c.N, req.scene)
		})
		if err != nil {
			b.Log.ErrorContext(r.Context(), "a one-time subscription was not stored", "error", err)
			b.message(w, http.StatusInternalServerError, "系统繁忙", "请稍后再试。")
			return
		}
	}
	target := *req.redirect
	extra := url.Values{"template_id": {req.query.Get("template_id")}, "action": {action},
		"scene": {strconv.Itoa(req.scene)}, "reserved": {req.query.Get("reserved")}}
	if action == "confirm" {
		extra.Set("openid", b.Store.OpenID(req.account.ID, citizen.ID))
	}
	target.RawQuery = strings.TrimPrefix(target.RawQuery+"&"+extra.Encode(), "&")
	address, err := b.Open(citizen.ID, target.String())
	if err != nil {
		b.message(w, http.StatusForbidden, "沙箱不打开这个网址", target.Redacted())
		return
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
}

var oncePage = template.Must(template.New("once").Parse(`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>订阅消息</title><style>` + pageStyle + `</style><script src="/__wechat/browser.js"></script></head>
<body><main><h1>{{.Account}}</h1><p>申请给您发送一条消息</p>
<form method="post"><button class="yes" name="decision" value="allow">允许</button><button class="no" name="decision" value="deny">取消</button></form>
</main></body></html>
`))

// show writes a page of WeChat's own.
func (b *Browser) show(w http.ResponseWriter, page *template.Template, data any) {
	var text strings.Builder
	if err := page.Execute(&text, data); err != nil {
		b.Log.Error("a page of the sandbox failed", "page", page.Name(), "error", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(text.String())) // a reader that has gone does not matter
}
