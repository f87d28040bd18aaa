package web

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"
)

func TestFiles(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"index.html":                  {Data: []byte("<!doctype html>应用")},
		"assets/index-BxYz12Ab.js":    {Data: []byte("let a=1")},
		"assets/index-BxYz12Ab.js.gz": {Data: []byte("packed")},
		"assets/citizen.3f9a2c1d.css": {Data: []byte("a{}")},
		"logo-elements.svg":           {Data: []byte("<svg/>")},
	}
	rt, err := Files(Console, "/console/", files, "index.html")
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, []Route{rt}).browser(t)
	const forever = "public, max-age=31536000, immutable"
	rows := []struct {
		label, path, accept string
		status              int
		body, cache, kind   string
	}{
		{"index", "/console/", "", 200, "应用", "no-cache", "text/html"},
		{"address of the application", "/console/tickets/40", "", 200, "应用", "no-cache", "text/html"},
		{"hashed", "/console/assets/index-BxYz12Ab.js", "", 200, "let a=1", forever, "text/javascript"},
		{"packed", "/console/assets/index-BxYz12Ab.js", "br, gzip;q=0.8", 200, "packed", forever, "text/javascript"},
		{"packed refused", "/console/assets/index-BxYz12Ab.js", "gzip;q=0", 200, "let a=1", forever, "text/javascript"},
		{"other digest", "/console/assets/citizen.3f9a2c1d.css", "", 200, "a{}", forever, "text/css"},
		{"a word is no digest", "/console/logo-elements.svg", "", 200, "<svg/>", "no-cache", "image/svg+xml"},
		{"missing file", "/console/assets/gone-BxYz12Ab.js", "", 404, "", "", "application/problem+json"},
		{"no way out", "/console/..%2f..%2fetc/passwd", "", 200, "应用", "no-cache", "text/html"},
	}
	for _, row := range rows {
		w := b.do("GET", row.path, "", "Accept-Encoding", row.accept)
		if w.Code != row.status || !strings.Contains(w.Body.String(), row.body) || !strings.HasPrefix(w.Header().Get("Content-Type"), row.kind) {
			t.Errorf("%s: %d %s %q", row.label, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
		if row.status == 200 && (w.Header().Get("Cache-Control") != row.cache || w.Header().Get("ETag") == "") {
			t.Errorf("%s: cache %q etag %q", row.label, w.Header().Get("Cache-Control"), w.Header().Get("ETag"))
		}
	}
	if w := b.do("GET", "/console/assets/", ""); bytes.Contains(w.Body.Bytes(), []byte("index-BxYz12Ab")) {
		t.Error("a folder is listed")
	}
	if w := b.do("GET", "/console", ""); w.Code != 307 && w.Code != 301 || w.Header().Get("Location") != "/console/" {
		t.Errorf("without the slash: %d %s", w.Code, w.Header().Get("Location"))
	}
	first := b.do("GET", "/console/", "")
	if w := b.do("GET", "/console/", "", "If-None-Match", first.Header().Get("ETag")); w.Code != 304 {
		t.Errorf("unchanged: %d", w.Code)
	}
	if csp := first.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self';") || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("CSP %q", csp)
	}
}

func TestFilesNeedTheirFallback(t *testing.T) {
	t.Parallel()
	if _, err := Files(Console, "/console/", fstest.MapFS{}, "index.html"); err == nil {
		t.Error("an empty folder serves an application")
	}
}
