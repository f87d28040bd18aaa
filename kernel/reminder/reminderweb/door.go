package reminderweb

import (
	"net/http"

	"weizheng/kernel/reminder"
	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
)

// nonceKey is where the browser's session keeps what ties a web authorisation to it.
const nonceKey = "door"

// follow leads whoever opens a link to its page: at once when they are in, else through WeChat's web authorisation, which
// must know them as the phone that the link was sent to.
func (p phone) follow(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is half of a key
	link, err := p.Reminders.Follow(r.Context(), r.PathValue("link"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if who := access.From(r.Context()); who.Kind == access.Staff && who.ID == link.Staff {
		http.Redirect(w, r, destination(link), http.StatusSeeOther)
		return
	}
	p.knock(w, r, link, 0)
}

// knock sends the browser to WeChat and has it remember its nonce.
func (p phone) knock(w http.ResponseWriter, r *http.Request, link reminder.Link, tries int64) {
	ctx := r.Context()
	known := p.Sessions.Get(ctx, web.PhoneSession, nonceKey)
	begun, err := p.Reminders.Knock(ctx, link, known, tries)
	if errs.As(err).Key() == "reminder.no_authoriser" {
		http.Redirect(w, r, "/s/code/"+r.PathValue("link"), http.StatusSeeOther)
		return
	}
	if err == nil && begun.Nonce != known {
		err = p.Sessions.Put(ctx, web.PhoneSession, nonceKey, begun.Nonce)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, begun.URL, http.StatusFound)
}

// enter is where WeChat sends the browser back to. A used code (a page opened again from the history) is sent round once
// more, once.
func (p phone) enter(w http.ResponseWriter, r *http.Request) {
	ctx, q := r.Context(), r.URL.Query()
	in, err := p.Reminders.Enter(ctx, q.Get("code"), q.Get("state"), p.Sessions.Get(ctx, web.PhoneSession, nonceKey))
	if err == nil && in.Again {
		p.knock(w, r, in.Link, 1)
		return
	}
	if err == nil {
		_, err = p.Sessions.Login(ctx, web.PhoneSession, in.Staff, in.Data())
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, destination(in.Link), http.StatusSeeOther)
}

type codeIn struct {
	Code string `form:"code"`
}

// formPage is a page with one form.
type formPage struct {
	Notice *look.Notice
	Form   look.Form
}

// showCode asks for the second factor where the account cannot ask WeChat who opens the link.
func (p phone) showCode(w http.ResponseWriter, r *http.Request, status int, form web.Filled[codeIn]) {
	w.Header().Set("Referrer-Policy", "no-referrer")
	link, err := p.Reminders.Follow(r.Context(), r.PathValue("link"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	asks, err := p.Reminders.AsksWeChat(r.Context(), link)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if asks { // WeChat tells who it is
		http.Redirect(w, r, "/s/l/"+r.PathValue("link"), http.StatusSeeOther)
		return
	}
	drawn := look.Form{
		Fields: []look.Field{{Name: "code", Kind: look.KindCode, Label: "动态验证码", Required: true, Max: 6, Hint: "与登录控制台时相同的 6 位数字"}},
		Submit: "进入", Promise: "这个公众号不能从微信得知您是谁，所以要验证码。15 分钟不用会自动退出。",
	}
	p.form.RenderStatus(w, r, status, head("确认是您本人", "输入验证码后就能看到待办。", ""), formPage{Form: drawn.Fill(form.Token, form.Values, form.Faults, form.Top)})
}

func (p phone) enterByCode(r *http.Request, in *codeIn) (string, error) {
	ctx := r.Context()
	link, err := p.Reminders.Follow(ctx, r.PathValue("link"))
	if err != nil {
		return "", err
	}
	got, err := p.Reminders.EnterByCode(ctx, link, in.Code, web.ClientIP(ctx).String())
	if err != nil {
		return "", err
	}
	if _, err := p.Sessions.Login(ctx, web.PhoneSession, got.Staff, got.Data()); err != nil {
		return "", err
	}
	return destination(got.Link), nil
}

// leaveIn asks nothing: the button is all.
type leaveIn struct{}

func (p phone) showLeave(w http.ResponseWriter, r *http.Request, status int, form web.Filled[leaveIn]) {
	drawn := look.Form{Submit: "退出", Promise: "绑定不变，以后的提醒照常发来，点开就能再进入。"}
	p.form.RenderStatus(w, r, status, head("退出", "退出后，这部手机要从提醒里重新进入。", "/s/"), formPage{Form: drawn.Fill(form.Token, form.Values, form.Faults, form.Top)})
}

func (p phone) leave(r *http.Request, _ *leaveIn) (string, error) {
	return "/s/out", p.Sessions.Logout(r.Context(), web.PhoneSession)
}

// showOut needs no session, since there is none any more.
func (p phone) showOut(w http.ResponseWriter, r *http.Request) {
	p.told.Render(w, r, head("已经退出", "", ""), look.Done{Text: "要再看待办，请点公众号里最近的一条提醒，或发“" + wordTasks + "”。"})
}
