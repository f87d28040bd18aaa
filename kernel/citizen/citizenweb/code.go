package citizenweb

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/citizen"
	"weizheng/kernel/setting"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/text"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
	"weizheng/wechat"
)

// codeWord is the setting of the word that gives a code; longestWord bounds what is compared with it, in bytes.
const (
	codeWord    = "citizen.code_word"
	longestWord = 60
)

// browserKey is where the browser's session keeps what its guesses are counted by.
const browserKey = "code"

// codes answers the word for a one-time code, in accounts that cannot ask WeChat who a visitor is.
type codes struct {
	Deps
	words words
}

// offer tells a code as the passive reply, and makes it good with the recorded answer. It is asked before the person on
// duty: who needs a code while talking to somebody gets it.
func (c codes) offer(ctx context.Context, in part.In) (part.Answer, bool, error) {
	if in.Text == "" || len(in.Text) > longestWord || in.Person == "" {
		return part.Answer{}, false, nil
	}
	word := c.Citizens.Settings.Text(ctx, codeWord, setting.At{Unit: in.Account.Unit, Account: in.Account.ID})
	if word == "" || text.Normalise(in.Text) != text.Normalise(word) {
		return part.Answer{}, false, nil
	}
	a, err := c.Accounts.Known(ctx, in.Account.ID)
	if err != nil || a.CanAuthorise() {
		return part.Answer{}, false, err
	}
	wait, err := c.Citizens.CodeWait(ctx, in.Account.ID, in.Person)
	if err != nil {
		return part.Answer{}, false, err
	}
	if wait > 0 {
		minutes := int(wait.Round(time.Minute)/time.Minute) + 1
		said := c.words.texts.Say("citizen.code_often", map[string]any{"minutes": minutes})
		return part.Answer{Reply: wechat.Text{Content: said}, Source: "citizen.code:often" + part.SourceSecret}, true, nil
	}
	code, err := citizen.DrawCode()
	if err != nil {
		return part.Answer{}, false, err
	}
	said := c.words.texts.Say("citizen.code_told", map[string]any{"code": code, "minutes": int(citizen.CodeLife / time.Minute)})
	return part.Answer{
		Reply: wechat.Text{Content: said}, Source: "citizen.code" + part.SourceSecret,
		Effect: func(ctx context.Context, tx *db.Tx, _ int64) error {
			return c.Citizens.IssueCode(ctx, tx, in.Account.ID, in.Message.FromUserName, code, in.Now)
		},
	}, true, nil
}

type codeIn struct {
	Code string `form:"code"`
}

// showCode asks for the code that the chat gives.
func (v visitor) showCode(w http.ResponseWriter, r *http.Request, status int, form web.Filled[codeIn]) {
	ctx := r.Context()
	a, err := v.account(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if a.CanAuthorise() { // WeChat tells who it is
		http.Redirect(w, r, v.oauthOf(a, r.URL.Query().Get("return")), http.StatusFound)
		return
	}
	if v.Sessions.Get(ctx, web.CitizenSession, browserKey) == "" {
		if err := v.Sessions.Put(ctx, web.CitizenSession, browserKey, crypt.RandomToken()); err != nil {
			web.Fail(w, r, err)
			return
		}
	}
	word := v.Citizens.Settings.Text(ctx, codeWord, setting.At{Unit: a.Unit, Account: a.ID})
	drawn := look.Form{
		Fields: []look.Field{{Name: "code", Kind: look.KindCode, Label: "六位口令", Required: true, Max: 12,
			Hint: "在公众号的聊天里发送“" + word + "”，马上会收到"}},
		Submit: "进入", Promise: "口令 5 分钟内有效，只能用一次。工作人员不会向您要口令。",
	}
	w.Header().Set("Cache-Control", "no-store")
	v.form.RenderStatus(w, r, status, web.Head{
		Title: "请先认出您", Back: "/c/" + a.Slug + "/",
		Lead: "“" + a.Profile.Name + "”不能直接从微信得知您是谁。请回到聊天窗口发送“" + word + "”，把收到的口令填在这里。",
	}, drawn.Fill(form.Token, form.Values, form.Faults, form.Top))
}

// enter takes the code and logs in.
func (v visitor) enter(r *http.Request, in *codeIn) (string, error) {
	ctx := r.Context()
	a, err := v.account(r)
	if err != nil {
		return "", err
	}
	if a.CanAuthorise() {
		return "", errs.New(errs.NotFound, "not_found")
	}
	t := citizen.Typed{
		Account: a.ID, Code: in.Code, Browser: v.Sessions.Get(ctx, web.CitizenSession, browserKey), Address: web.ClientIP(ctx),
	}
	if actor := access.From(ctx); actor.Kind == access.Citizen {
		t.Citizen = actor.ID
	}
	who, err := v.Citizens.Redeem(ctx, t)
	if err != nil {
		return "", err
	}
	if _, err := v.Sessions.Login(ctx, web.CitizenSession, who, nil); err != nil {
		return "", err
	}
	return citizen.SafeReturn(a.Slug, r.URL.Query().Get("return")), nil
}

// codeOf is the page that asks for a code and leads on to an address afterwards.
func codeOf(a account.Account, returnTo string) string {
	return "/c/" + a.Slug + "/code?" + url.Values{"return": {citizen.SafeReturn(a.Slug, returnTo)}}.Encode()
}

func (v visitor) oauthOf(a account.Account, returnTo string) string {
	return "/c/" + a.Slug + "/oauth?" + url.Values{"return": {citizen.SafeReturn(a.Slug, returnTo)}}.Encode()
}
