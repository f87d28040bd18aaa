package reminderweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"weizheng/kernel/matter"
	"weizheng/kernel/reminder"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
)

// phone is the pages under /s/.
type phone struct {
	Deps
	forms  *web.Forms
	tasks  web.Page[tasksPage]
	matter web.Page[matterPage]
	form   web.Page[formPage]
	told   web.Page[look.Done]
}

// sayer lets forms say what any part says.
type sayer func(key string, params map[string]any) string

// Say says a key.
func (s sayer) Say(key string, params map[string]any) string { return s(key, params) }

func newPhone(d Deps) phone {
	p := phone{Deps: d, forms: web.NewForms(d.Reminders.DB, d.Reminders.Wall, sayer(d.Say), d.Reminders.Log)}
	var faults [4]error
	p.tasks, faults[0] = web.NewPage[tasksPage](d.Pages, pages, "pages/tasks.html")
	p.matter, faults[1] = web.NewPage[matterPage](d.Pages, pages, "pages/matter.html")
	p.form, faults[2] = web.NewPage[formPage](d.Pages, pages, "pages/form.html")
	p.told, faults[3] = web.NewPage[look.Done](d.Pages, pages, "pages/told.html")
	for _, err := range faults {
		if err != nil { // the templates are embedded: a test that builds the part finds it
			panic("reminderweb: " + err.Error())
		}
	}
	return p
}

func (p phone) routes() []web.Route {
	page := func(path, permission string, scope web.Scope, h http.HandlerFunc) web.Route {
		return web.Raw(web.Staff, http.MethodGet, path, permission, scope, h)
	}
	routes := []web.Route{
		page("/s/l/{link}", web.Anyone, nil, p.follow), // the link is its own proof; a guess at it is one at a MAC
		page("/s/oauth", web.Anyone, nil, p.enter),     // no limit for logins: a mobile network is one address for thousands
		page("/s/{$}", matterRead, web.Anywhere, p.showTasks),
		page("/s/matter/{matter}", matterRead, p.scope, p.showMatter),
		page("/s/out", web.Anyone, nil, p.showOut),
	}
	// Wrong codes are counted like those of a login.
	routes = append(routes, web.FormRoutes(p.forms, web.Staff, "/s/code/{link}", web.Anyone, nil, p.showCode, p.enterByCode)...)
	routes = append(routes, web.FormRoutes(p.forms, web.Staff, "/s/leave", web.Self, nil, p.showLeave, p.leave)...)
	return append(routes, web.FormRoutes(p.forms, web.Staff, "/s/matter/{matter}/do/{action}", matterAct, p.scope, p.showAct, p.act)...)
}

// scope is where a matter lies for who asks; a sealed one is nowhere for all but its parties.
func (p phone) scope(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := matterID(r)
	if err != nil {
		return access.Object{}, err
	}
	return p.Matters.Object(ctx, id)
}

func matterID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("matter"), 10, 64)
	if err != nil || id <= 0 {
		return 0, errs.New(errs.NotFound, "not_found")
	}
	return id, nil
}

func (p phone) now() time.Time { return p.Matters.Civil.Now() }

func (p phone) moment(ms int64) string { return look.Moment(clock.FromMillis(ms), p.now()) }

// lastDay is the day of a term's end as people say it: what ends at 24:00 ends on the day before the instant.
func (p phone) lastDay(ms int64) string { return look.Day(clock.FromMillis(ms-1), p.now()) }

// site is what the pages say about themselves: they belong to no account.
var site = web.Site{Name: "待办"}

func head(title, lead, back string) web.Head {
	return web.Head{Title: title, Lead: lead, Back: back, Site: site}
}

// light is a light by colour and word.
func (p phone) light(l matter.Light) *look.Mark {
	kinds := [...]string{"good", "warn", "bad"}
	return &look.Mark{Kind: kinds[l], Text: p.Say("reminder.light_word."+l.String(), nil)}
}

// SignIn tells somebody without a session how to get one; it is web.Config.SignIn of the Staff face.
func SignIn(w http.ResponseWriter, r *http.Request) {
	web.Fail(w, r, errs.New(errs.Unauthenticated, "reminder.session_over"))
}

func destination(l reminder.Link) string {
	if l.Matter == 0 {
		return "/s/"
	}
	return "/s/matter/" + strconv.FormatInt(l.Matter, 10)
}
