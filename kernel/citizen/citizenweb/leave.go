package citizenweb

import (
	"net/http"

	"weizheng/platform/errs"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
)

// logoutIn asks nothing: the button is all.
type logoutIn struct{}

func (v visitor) showLogout(w http.ResponseWriter, r *http.Request, status int, form web.Filled[logoutIn]) {
	v.form.RenderStatus(w, r, status, web.Head{
		Title: "退出登录", Lead: "退出后，这部手机上不再显示您的办理记录。下次打开会重新确认是您本人。", Back: "/c/" + r.PathValue("account") + "/me",
	}, look.Form{Submit: "退出登录"}.Fill(form.Token, form.Values, form.Faults, form.Top))
}

func (v visitor) logout(r *http.Request, _ *logoutIn) (string, error) {
	return "/c/" + r.PathValue("account") + "/out", v.Sessions.Logout(r.Context(), web.CitizenSession)
}

type eraseIn struct {
	Sure bool `form:"sure"`
}

func (v visitor) showErase(w http.ResponseWriter, r *http.Request, status int, form web.Filled[eraseIn]) {
	drawn := look.Form{
		Fields: []look.Field{{Name: "sure", Kind: look.KindConsent, Label: "我明白清除后不能恢复", Required: true}},
		Submit: "清除我的数据", Promise: "立即生效；正在办理的事项按规定保存到期后清除。",
	}
	v.form.RenderStatus(w, r, status, web.Head{
		Title: "清除我的数据", Back: "/c/" + r.PathValue("account") + "/me/data",
		Lead: "您的资料、会话和标记会被清除，所有公众号都不再认得您。之后再来，就像第一次来一样。",
	}, drawn.Fill(form.Token, form.Values, form.Faults, form.Top))
}

func (v visitor) eraseMe(r *http.Request, in *eraseIn) (string, error) {
	if !in.Sure {
		return "", errs.InvalidFields([]errs.Field{{Field: "sure", Key: "citizen.sure"}})
	}
	ctx := r.Context()
	if err := v.Citizens.Erase(ctx, self(ctx), "本人在页面上要求清除", v.erase.after(ctx)); err != nil {
		return "", err
	}
	return "/c/" + r.PathValue("account") + "/erased", v.Sessions.Logout(ctx, web.CitizenSession)
}

// showTold shows what has been done; the pages need no session, since there is none any more.
func (v visitor) showTold(what string) http.HandlerFunc {
	head, text := web.Head{Title: "已经退出"}, "这部手机上不再显示您的办理记录。"
	if what == "erased" {
		head, text = web.Head{Title: "已经清除"}, "您的资料已清除，各部分存有的内容正在逐一删除，几分钟内完成。"
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := v.account(r); err != nil {
			web.Fail(w, r, err)
			return
		}
		v.told.Render(w, r, head, look.Done{Text: text})
	}
}
