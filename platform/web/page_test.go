package web

import (
	"context"
	"html/template"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"weizheng/platform/errs"
)

var layouts = fstest.MapFS{"layout.html": {Data: []byte(
	`{{define "layout"}}<html{{if .Elder}} class="elder"{{end}}><title>{{.Title}}</title><a href="{{.ElderURL}}">{{shout "字号"}}</a>{{.Site.Name}}{{template "content" .}}<script nonce="{{.Nonce}}"></script></html>{{end}}` +
		`{{define "error"}}<p>{{.Data.Detail}} {{.Data.Request}}</p>{{end}}`)}}

func pagesOf(t *testing.T) *Pages {
	t.Helper()
	p, err := NewPages(PagesConfig{Layouts: layouts, Funcs: template.FuncMap{"shout": func(s string) string { return s + "!" }},
		Site: func(_ context.Context, account string) (Site, error) {
			if account != "zw" {
				return Site{}, errs.New(errs.NotFound, "not_found")
			}
			return Site{Slug: account, Name: "青云政务"}, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

type pageData struct{ Text string }

func pageRoute(t *testing.T, p *Pages, source string) Route {
	t.Helper()
	page, err := NewPage[pageData](p, fstest.MapFS{"a.html": {Data: []byte(source)}}, "a.html")
	if err != nil {
		t.Fatal(err)
	}
	return Raw(Citizen, "GET", "/c/{account}/a", Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
		page.Render(w, r, Head{Title: "标题"}, pageData{Text: "<script>alert(1)</script>"})
	})
}

func TestPages(t *testing.T) {
	t.Parallel()
	p := pagesOf(t)
	h := open(t, []Route{pageRoute(t, p, `{{define "content"}}<p>{{.Data.Text}}</p>{{end}}`)}, func(c *Config) { c.ErrorPage = p.Error })
	b := h.browser(t)
	rows := []struct {
		label, path string
		status      int
		has, not    []string
	}{
		{"normal", "/c/zw/a?x=1", 200, []string{"<title>标题</title>", "青云政务", "&lt;script&gt;", "字号!", "?elder=1&amp;x=1"}, []string{`class="elder"`, "<script>alert"}},
		{"elder", "/c/zw/a?elder=1&x=1", 200, []string{`class="elder"`, "?elder=0&amp;x=1"}, nil},
		{"elder is remembered", "/c/zw/a", 200, []string{`class="elder"`}, nil},
		{"and forgotten", "/c/zw/a?elder=0", 200, nil, []string{`class="elder"`}},
		{"unknown account", "/c/nobody/a", 404, []string{"没有这条内容"}, nil},
	}
	for _, row := range rows {
		w := b.do("GET", row.path, "", "Accept", "text/html")
		if w.Code != row.status || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s", row.label, w.Code, w.Header().Get("Content-Type"))
		}
		for _, part := range row.has {
			if !strings.Contains(w.Body.String(), part) {
				t.Errorf("%s: lacks %q: %s", row.label, part, w.Body)
			}
		}
		for _, part := range row.not {
			if strings.Contains(w.Body.String(), part) {
				t.Errorf("%s: has %q: %s", row.label, part, w.Body)
			}
		}
	}
}

func TestABrokenTemplateIsAProblemNotHalfAPage(t *testing.T) {
	t.Parallel()
	p := pagesOf(t)
	h := open(t, []Route{pageRoute(t, p, `{{define "content"}}before {{.Data.Missing}}{{end}}`)}, func(c *Config) { c.ErrorPage = p.Error })
	w := h.browser(t).do("GET", "/c/zw/a", "", "Accept", "text/html")
	if w.Code != 500 || strings.Contains(w.Body.String(), "before") || !strings.Contains(w.Body.String(), "编号") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestPagesAreCheckedAtStart(t *testing.T) {
	t.Parallel()
	if _, err := NewPages(PagesConfig{Layouts: fstest.MapFS{"x.html": {Data: []byte(`{{define "layout"}}{{end}}`)}}}); err == nil {
		t.Error("layouts without an error page")
	}
	p := pagesOf(t)
	for label, source := range map[string]string{"syntax": `{{define "content"}}{{if}}{{end}}`, "no content": `text`, "unknown function": `{{define "content"}}{{whisper "x"}}{{end}}`} {
		if _, err := NewPage[pageData](p, fstest.MapFS{"a.html": {Data: []byte(source)}}, "a.html"); err == nil {
			t.Errorf("%s: accepted", label)
		}
	}
	if _, err := NewPage[pageData](p, fstest.MapFS{}, "a.html"); err == nil {
		t.Error("a missing file is accepted")
	}
}
