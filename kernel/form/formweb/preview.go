package formweb

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"

	"weizheng/kernel/form"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type previewIn struct {
	Draft form.Form `json:"draft"`
}

// scripts are taken out of a preview, whose frame forbids them, and so is what stands in for them.
var scripts = regexp.MustCompile(`(?s)<(script|noscript)\b.*?</(script|noscript)>`)

// preview draws a draft as a phone would show it, by the same templates; ?elder=1 large. Its answer is HTML for a frame
// that may run nothing.
func (c console) preview(w http.ResponseWriter, r *http.Request) {
	var in previewIn
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		web.Fail(w, r, errs.New(errs.Invalid, "web.malformed").Because(err))
		return
	}
	id, err := pathID(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	sheet, err := c.Forms.Get(r.Context(), id)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	head, err := c.head(r, sheet, in.Draft)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	d := &drawing{Faces: c.faces, ctx: r.Context()}
	drawn, err := d.draw(in.Draft, in.Draft.Shape(nil), nil)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	out := &recorder{header: http.Header{}}
	c.faces.page.RenderStatus(out, r, http.StatusOK, head, sheetPage{Sheet: drawn})
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(scripts.ReplaceAll(out.body.Bytes(), nil)) // the clerk is gone if this fails
}

func (c console) head(r *http.Request, sheet form.Sheet, draft form.Form) (web.Head, error) {
	head := web.Head{Title: draft.Title, Lead: draft.Lead}
	var err error
	if head.Owner, err = c.faces.owner(r.Context(), sheet); err != nil || sheet.Account == 0 {
		return head, err
	}
	a, err := c.Accounts.Known(r.Context(), sheet.Account)
	head.Site = web.Site{Slug: a.Slug, Name: a.Profile.Name}
	return head, err
}

// recorder keeps a page instead of sending it: the cookie that chooses large letters stays with it.
type recorder struct {
	header http.Header
	body   bytes.Buffer
}

// Header is thrown away.
func (r *recorder) Header() http.Header { return r.header }

// Write keeps the page.
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

// WriteHeader does nothing: a preview is always shown.
func (r *recorder) WriteHeader(int) {}
