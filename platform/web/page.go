package web

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
)

// Site is what every citizen page says about the account it belongs to.
type Site struct {
	Slug        string
	Name        string
	Accent      string // "#0a6c74"; at least 4.5:1 on white; "" is the style sheet's own
	Owner       string // who is responsible for the page
	Phone       string // a number a person answers
	ComplainURL string
	PersonURL   string // one tap to a person
}

// Head is what the layout shows around a page's own content.
type Head struct {
	Title string // WeChat shows it in its bar
	Lead  string // one sentence: what this page is for
	Back  string // address of the page above, or ""
	Owner string // the unit responsible for this very page, if not the site's
	Site  Site   // filled from the address's account when Slug is ""
}

// View is what a page's template sees: Data is the page's own, the rest the layout's.
type View[D any] struct {
	Head
	Elder    bool   // large text, one column
	ElderURL string // this page in the other size
	Nonce    string // for one inline script (the configuration of WeChat's JS-SDK)
	Style    string // address of the style sheet
	Script   string // address of the script
	Data     D
}

// PagesConfig is what Pages are made of.
type PagesConfig struct {
	Layouts fs.FS            // *.html: defines "layout" and "error", and components for pages
	Funcs   template.FuncMap // for layouts and pages
	Style   string
	Script  string
	Secure  bool                                                    // browsers reach us by TLS
	Site    func(ctx context.Context, account string) (Site, error) // of the {account} in an address; may be nil
}

// Pages renders citizen pages: html/template with its escaping and nothing else. Everything is parsed at start.
type Pages struct {
	config PagesConfig
	layout *template.Template
	failed Page[Problem]
}

// NewPages parses the layouts.
func NewPages(c PagesConfig) (*Pages, error) {
	layout, err := template.New("layouts").Funcs(c.Funcs).ParseFS(c.Layouts, "*.html")
	if err != nil {
		return nil, fmt.Errorf("web: layouts: %w", err)
	}
	p := &Pages{config: c, layout: layout}
	for _, name := range []string{"layout", "error"} {
		if layout.Lookup(name) == nil {
			return nil, fmt.Errorf("web: layouts define no template %q", name)
		}
	}
	t, err := layout.Clone()
	if err == nil {
		_, err = t.New("content").Parse(`{{template "error" .}}`)
	}
	p.failed = Page[Problem]{p, t, "error"}
	return p, err
}

// Page is one parsed page whose template is given a View[D].
type Page[D any] struct {
	pages    *Pages
	template *template.Template
	name     string
}

// NewPage parses the file name of files, which defines "content".
func NewPage[D any](p *Pages, files fs.FS, name string) (Page[D], error) {
	source, err := fs.ReadFile(files, name)
	if err != nil {
		return Page[D]{}, fmt.Errorf("web: page: %w", err)
	}
	t, err := p.layout.Clone()
	if err == nil {
		t, err = t.New(name).Parse(string(source))
	}
	if err != nil {
		return Page[D]{}, fmt.Errorf("web: page %s: %w", name, err)
	}
	if t.Lookup("content") == nil {
		return Page[D]{}, fmt.Errorf(`web: page %s does not define "content"`, name)
	}
	return Page[D]{p, t, name}, nil
}

// Render answers 200 with the page.
func (pg Page[D]) Render(w http.ResponseWriter, r *http.Request, head Head, data D) {
	pg.RenderStatus(w, r, http.StatusOK, head, data)
}

// RenderStatus answers with the page. It is written whole or, when the template fails, not at all.
func (pg Page[D]) RenderStatus(w http.ResponseWriter, r *http.Request, status int, head Head, data D) {
	body, err := pg.execute(w, r, head, data)
	if err != nil {
		Fail(w, r, fmt.Errorf("render %s: %w", pg.name, err))
		return
	}
	writePage(w, status, body)
}

func writePage(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the phone is gone if this fails
}

func (pg Page[D]) execute(w http.ResponseWriter, r *http.Request, head Head, data D) ([]byte, error) {
	p := pg.pages
	if account := r.PathValue("account"); head.Site.Slug == "" && account != "" && p.config.Site != nil {
		site, err := p.config.Site(r.Context(), account)
		if err != nil {
			return nil, err
		}
		head.Site = site
	}
	elder := p.elder(w, r)
	view := View[D]{Head: head, Elder: elder, ElderURL: elderURL(r.URL, !elder), Nonce: Nonce(r.Context()),
		Style: p.config.Style, Script: p.config.Script, Data: data}
	var body bytes.Buffer
	err := pg.template.ExecuteTemplate(&body, "layout", view)
	return body.Bytes(), err
}

// Error writes a problem as a page; it is Config.ErrorPage of a server with citizen pages.
func (p *Pages) Error(w http.ResponseWriter, r *http.Request, problem Problem) {
	body, err := p.failed.execute(w, r, Head{Title: problem.Title}, problem)
	if err != nil { // the site may be what failed
		plainError(w, r, problem)
		return
	}
	writePage(w, problem.Status, body)
}

const elderCookie = "wz-elder"

// elder tells whether the page is drawn large. ?elder=1 or 0 chooses and is remembered for a year.
func (p *Pages) elder(w http.ResponseWriter, r *http.Request) bool {
	choice := r.URL.Query().Get("elder")
	if choice != "0" && choice != "1" {
		cookie, err := r.Cookie(elderCookie)
		return err == nil && cookie.Value == "1"
	}
	http.SetCookie(w, &http.Cookie{Name: elderCookie, Value: choice, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: p.config.Secure, SameSite: http.SameSiteLaxMode})
	return choice == "1"
}

// elderURL is the same page in the other size, with the rest of its query.
func elderURL(u *url.URL, elder bool) string {
	q := u.Query()
	q.Set("elder", "0")
	if elder {
		q.Set("elder", "1")
	}
	return u.EscapedPath() + "?" + q.Encode()
}

var plainTemplate = template.Must(template.New("plain").Parse(`<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.Title}}</title>
<h1>{{.Title}}</h1><p>{{.Detail}}</p><p>编号 {{.Request}}</p>`))

func plainError(w http.ResponseWriter, _ *http.Request, p Problem) {
	var body bytes.Buffer
	if err := plainTemplate.Execute(&body, p); err != nil {
		body.Reset()
		body.WriteString(p.Detail)
	}
	writePage(w, p.Status, body.Bytes())
}

func (s *Server) errorPage(w http.ResponseWriter, r *http.Request, p Problem) {
	if s.config.ErrorPage != nil {
		s.config.ErrorPage(w, r, p)
		return
	}
	plainError(w, r, p)
}
