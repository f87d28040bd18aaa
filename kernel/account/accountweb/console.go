package accountweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"weizheng/kernel/account"
	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	"weizheng/wechat"
)

type console struct {
	Deps
	words words
}

func (c console) routes() []web.Route {
	const all, one = "/console/api/accounts", "/console/api/accounts/{id}"
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	return []web.Route{
		web.JSON(web.Console, get, all, read, web.Anywhere, "公众号列表", c.list),
		web.JSON(web.Console, post, all, edit, web.Anywhere, "接入公众号", c.register),
		web.JSON(web.Console, get, one, read, c.scope, "一个公众号", c.get),
		web.JSON(web.Console, http.MethodPatch, one, edit, c.scope, "修改公众号的资料、凭证和收发方式", c.change),
		web.JSON(web.Console, post, one+"/credentials", edit, c.scope, "更换 AppID、AppSecret 或令牌", c.credentials),
		web.JSON(web.Console, post, one+"/rotate", edit, c.scope, "更换加解密密钥或令牌", c.rotate),
		web.JSON(web.Console, post, one+"/mode", edit, c.scope, "改消息收发方式", c.mode),
		web.JSON(web.Console, post, one+"/suspend", edit, c.scope, "停用公众号", c.suspend),
		web.JSON(web.Console, post, one+"/resume", edit, c.scope, "恢复公众号", c.resume),
		web.JSON(web.Console, post, one+"/identity", edit, c.scope, "让它代其他公众号认人", c.identity),
		web.JSON(web.Console, post, one+"/check", read, c.scope, "接入自检", c.check),
		web.JSON(web.Console, get, one+"/check", read, c.scope, "最近一次自检", c.lastCheck),
		web.JSON(web.Console, get, one+"/capabilities", read, c.scope, "接口能力", c.capabilities),
		web.JSON(web.Console, post, one+"/capabilities/recheck", edit, c.scope, "再看一次微信拒绝过的接口", c.recheck),
		web.JSON(web.Console, get, one+"/features", read, c.scope, "现在能做什么、还能做几次", c.features),
		web.JSON(web.Console, get, one+"/quota", read, c.scope, "某天的接口次数", c.quota),
		web.JSON(web.Console, post, one+"/quota", edit, c.scope, "向微信查一个接口的额度", c.askQuota),
		web.JSON(web.Console, post, one+"/quota/clear", edit, c.scope, "请微信把今天的次数清零（每月 10 次）", c.clearQuota),
		web.JSON(web.Console, get, one+"/callbacks", read, c.scope, "每天收下和拒收的消息数", c.callbacks),
		web.JSON(web.Console, get, one+"/proofs", read, c.scope, "域名校验文件", c.proofs),
		web.JSON(web.Console, put, one+"/proofs/{name}", edit, c.scope, "放一个域名校验文件", c.setProof),
		web.JSON(web.Console, http.MethodDelete, one+"/proofs/{name}", edit, c.scope, "撤掉一个域名校验文件", c.removeProof),
	}
}

// scope maps an account's id to its unit.
func (c console) scope(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return access.Object{}, errs.New(errs.NotFound, "account.unknown")
	}
	a, err := c.Accounts.Known(ctx, id)
	return a.Object(), err
}

type listOut struct {
	Items []accountView `json:"items"`
	Next  string        `json:"next" doc:"always empty: there are tens"`
}

func (c console) list(ctx context.Context, _ *struct{}) (*listOut, error) {
	list, err := c.Accounts.List(ctx, access.From(ctx).Reach(read))
	if err != nil {
		return nil, err
	}
	views, err := c.views(ctx, list)
	return &listOut{Items: views}, err
}

type idIn struct {
	ID int64 `path:"id"`
}

func (c console) get(ctx context.Context, in *idIn) (*accountView, error) {
	return c.shown(ctx)(c.Accounts.Get(ctx, in.ID))
}

type registerIn struct {
	Body struct {
		Slug        string  `json:"slug"`
		Name        string  `json:"name"`
		Kind        string  `json:"kind" doc:"subscription or service"`
		Verified    bool    `json:"verified,omitempty"`
		UnitID      int64   `json:"unit_id"`
		OriginalID  string  `json:"original_id,omitempty"`
		AppID       string  `json:"appid"`
		Secret      string  `json:"secret,omitempty" doc:"AppSecret; may come later. Write-only."`
		Token       string  `json:"token" doc:"令牌. Write-only."`
		Key         string  `json:"encoding_aes_key,omitempty" doc:"43 characters, for the encrypted modes. Write-only."`
		Mode        string  `json:"mode" doc:"plain, compatible or safe"`
		Intro       string  `json:"intro,omitempty"`
		Principal   string  `json:"principal,omitempty"`
		Contact     string  `json:"contact,omitempty"`
		Farewell    string  `json:"farewell,omitempty"`
		Avatar      string  `json:"avatar,omitempty"`
		Persona     persona `json:"persona,omitempty"`
		OAuthDomain bool    `json:"oauth_domain,omitempty" doc:"the web authorisation domain is set in WeChat"`
	}
}

func (c console) register(ctx context.Context, in *registerIn) (*accountView, error) {
	b := &in.Body
	trim(&b.Slug, &b.Name, &b.OriginalID, &b.AppID, &b.Secret, &b.Token, &b.Key, &b.Intro, &b.Principal, &b.Contact)
	return c.shown(ctx)(c.Accounts.Register(ctx, account.RegisterIn{
		Slug: b.Slug, Kind: wechat.Kind(b.Kind), Verified: b.Verified, UnitID: b.UnitID, OriginalID: b.OriginalID, AppID: b.AppID,
		Secret: b.Secret, Token: b.Token, Key: b.Key, Mode: wechat.Mode(b.Mode), OAuthDomain: b.OAuthDomain,
		Profile: account.Profile{
			Name: b.Name, Intro: b.Intro, Principal: b.Principal, Contact: b.Contact, Farewell: b.Farewell, Avatar: b.Avatar,
			Persona: account.Persona(b.Persona),
		},
	}))
}

// trim takes off the blanks that copying from WeChat's pages brings along.
func trim(texts ...*string) {
	for _, s := range texts {
		*s = strings.TrimSpace(*s)
	}
}
