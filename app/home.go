package app

import (
	"io/fs"
	"net/http"

	"weizheng/part"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	"weizheng/web/citizen"
)

// home is an account's home page /c/{account}/: what it is for, the pages it has, the blocks that parts contribute.
// Anybody may read it, outside WeChat too.
type home struct {
	house *House
	page  web.Page[homeView]
}

type homeView struct {
	Intro  citizen.Notice
	Doors  citizen.Doors
	Blocks []citizen.Cells
}

func (h *House) homeRoutes() ([]web.Route, error) {
	files, err := fs.Sub(pageFiles, "pages")
	if err != nil {
		return nil, err
	}
	page, err := web.NewPage[homeView](h.Pages, files, "home.html")
	if err != nil {
		return nil, err
	}
	serve := home{h, page}.serve
	return []web.Route{web.Raw(web.Citizen, http.MethodGet, "/c/{account}/{$}", web.Anyone, nil, serve)}, nil
}

func (p home) serve(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	a, err := p.house.Accounts.BySlug(ctx, r.PathValue("account"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := homeView{
		Intro: citizen.Notice{Text: a.Profile.Intro},
		Doors: citizen.Doors{Title: "办事", Items: []citizen.Door{{Title: "我的服务", Desc: "我的提问、资料和设置", URL: "/c/" + a.Slug + "/me"}}},
	}
	for _, b := range p.house.Lists.Blocks() {
		lines, err := b.Load(ctx, a.ID)
		if err != nil {
			web.Fail(w, r, errs.Wrap(err, "block %s", b.Name))
			return
		}
		if len(lines) > 0 {
			v.Blocks = append(v.Blocks, cells(b.Title, lines))
		}
	}
	p.page.Render(w, r, web.Head{Title: a.Profile.Name, Lead: a.Profile.Principal}, v)
}

func cells(title string, lines []part.Line) citizen.Cells {
	c := citizen.Cells{Title: title}
	for _, l := range lines {
		c.Items = append(c.Items, citizen.Cell{Title: l.Title, Note: l.Note, URL: l.URL})
	}
	return c
}
