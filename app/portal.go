package app

import (
	"io/fs"
	"net/http"

	"weizheng/kernel/account"
	"weizheng/platform/access"
	"weizheng/platform/web"
	"weizheng/web/citizen"
	"weizheng/wechat"
)

// portal is the front page /: the official accounts of this government, so that anybody can see which are genuine.
type portal struct {
	house *House
	page  web.Page[citizen.Cells]
}

func (h *House) portalRoutes() ([]web.Route, error) {
	files, err := fs.Sub(pageFiles, "pages")
	if err != nil {
		return nil, err
	}
	page, err := web.NewPage[citizen.Cells](h.Pages, files, "portal.html")
	if err != nil {
		return nil, err
	}
	return []web.Route{web.Raw(web.Public, http.MethodGet, "/{$}", web.Anyone, nil, portal{h, page}.serve)}, nil
}

func (p portal) serve(w http.ResponseWriter, r *http.Request) {
	list, err := p.house.Accounts.List(r.Context(), access.Reach{All: true})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	cells := citizen.Cells{Title: "官方公众号", Tip: "名称和主体都一致的才是我们的公众号。"}
	owner := ""
	for _, a := range list {
		if a.Status != account.Active {
			continue
		}
		kind := "订阅号"
		if a.Kind == wechat.Service {
			kind = "服务号"
		}
		cell := citizen.Cell{Title: a.Profile.Name, Desc: a.Profile.Intro, Note: kind, URL: "/c/" + a.Slug + "/"}
		if a.Verified {
			cell.Mark = &citizen.Mark{Kind: "good", Text: "已认证"}
		}
		cells.Items, owner = append(cells.Items, cell), a.Profile.Principal
	}
	p.page.Render(w, r, web.Head{
		Title: "政务公众号", Lead: "本系统运行的全部官方公众号。", Site: web.Site{Name: "政务公众号", Owner: owner},
	}, cells)
}
