package citizenweb

import (
	"context"
	"net/http"
	"time"

	"weizheng/kernel/account"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
)

// visitor is the citizen's own pages.
type visitor struct {
	Deps
	words words
	erase eraser
	forms *web.Forms
	me    web.Page[mePage]
	data  web.Page[[]look.Facts]
	form  web.Page[look.Form]
	told  web.Page[look.Done]
}

func newVisitor(d Deps) visitor {
	w := ownWords()
	v := visitor{Deps: d, words: w, erase: eraser{d}, forms: web.NewForms(d.Citizens.DB, d.Citizens.Wall, w.texts, d.Citizens.Log)}
	var faults [4]error
	v.me, faults[0] = web.NewPage[mePage](d.Pages, pages, "pages/me.html")
	v.data, faults[1] = web.NewPage[[]look.Facts](d.Pages, pages, "pages/data.html")
	v.form, faults[2] = web.NewPage[look.Form](d.Pages, pages, "pages/form.html")
	v.told, faults[3] = web.NewPage[look.Done](d.Pages, pages, "pages/told.html")
	for _, err := range faults {
		if err != nil { // the templates are embedded: a test that builds the part finds it
			panic("citizenweb: " + err.Error())
		}
	}
	return v
}

func (v visitor) routes() []web.Route {
	const base = "/c/{account}"
	page := func(path, permission string, h http.HandlerFunc) web.Route {
		return web.Raw(web.Citizen, http.MethodGet, base+path, permission, nil, h)
	}
	routes := []web.Route{
		page("/oauth", web.Anyone, v.oauth), // no limit for logins: a mobile network is one address for thousands
		page("/me", web.Self, v.showMe),
		page("/me/data", web.Self, v.showData),
		page("/out", web.Anyone, v.showTold("out")),
		page("/erased", web.Anyone, v.showTold("erased")),
	}
	// Wrong codes are counted, see citizen.Redeem.
	routes = append(routes, web.FormRoutes(v.forms, web.Citizen, base+"/code", web.Anyone, nil, v.showCode, v.enter)...)
	routes = append(routes, web.FormRoutes(v.forms, web.Citizen, base+"/me/logout", web.Self, nil, v.showLogout, v.logout)...)
	return append(routes, web.FormRoutes(v.forms, web.Citizen, base+"/me/erase", web.Self, nil, v.showErase, v.eraseMe)...)
}

// account is the account of a page's address; one out of service has no pages.
func (v visitor) account(r *http.Request) (account.Account, error) {
	a, err := v.Accounts.BySlug(r.Context(), r.PathValue("account"))
	if err == nil && a.Status != account.Active {
		err = errs.New(errs.NotFound, "not_found")
	}
	return a, err
}

// self is the citizen who is logged in.
func self(ctx context.Context) int64 { return access.From(ctx).ID }

// moment is an instant as people say it; "" when there is none.
func (v visitor) moment(ms int64) string {
	if ms == 0 {
		return ""
	}
	return look.Moment(clock.FromMillis(ms), v.Citizens.Civil.Now())
}

func (v visitor) day(t time.Time) string { return look.Day(t, v.Citizens.Civil.Now()) }
