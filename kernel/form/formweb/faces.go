package formweb

import (
	"weizheng/platform/web"
	look "weizheng/web/citizen"
)

// Faces draws forms for citizens. Make it with New; it is safe for concurrent use.
type Faces struct {
	Deps
	texts *web.Texts
	page  web.Page[sheetPage]
	told  web.Page[look.Done]
}

// sheetPage is a page with a form.
type sheetPage struct {
	Notice *look.Notice
	Sheet  look.Sheet
}

// New parses the pages. Its templates are embedded: what is wrong with them is found by every test that builds it.
func New(d Deps) *Faces {
	f := &Faces{Deps: d}
	var faults [3]error
	f.texts, faults[0] = web.NewTexts(texts)
	f.page, faults[1] = web.NewPage[sheetPage](d.Pages, pages, "pages/form.html")
	f.told, faults[2] = web.NewPage[look.Done](d.Pages, pages, "pages/sent.html")
	for _, err := range faults {
		if err != nil {
			panic("formweb: " + err.Error())
		}
	}
	return f
}
