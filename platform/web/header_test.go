package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestHeaders(t *testing.T) {
	t.Parallel()
	routes := []Route{ticketRoute(), Raw(Citizen, "GET", "/c/{account}/page", Anyone, nil, nothing), Raw(Public, "GET", "/page", Anyone, nil, nothing)}
	rows := []struct {
		label, path, url string
		frames           []string
		has              map[string]string // header → part
		not              map[string]string
	}{
		{"console", "/console/api/tickets/40", "http://x", nil, map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Cache-Control": "no-store", "Content-Security-Policy": "frame-ancestors 'none'", "X-Request-Id": ""}, map[string]string{"Strict-Transport-Security": "max"}},
		{"citizen", "/c/zw/page", "http://x", nil, map[string]string{"Content-Security-Policy": "frame-ancestors 'none'", "Cache-Control": "no-store", "Referrer-Policy": "strict-origin", "X-Content-Type-Options": "nosniff"},
			map[string]string{"Content-Security-Policy": "script-src 'self' 'unsafe-inline'"}},
		{"citizen in the demo's phone", "/c/zw/page", "http://x", []string{"http://127.0.0.1:8090"}, map[string]string{"Content-Security-Policy": "frame-ancestors http://127.0.0.1:8090"},
			map[string]string{"X-Frame-Options": "DENY"}},
		{"console in the demo", "/console/api/tickets/40", "http://x", []string{"http://127.0.0.1:8090"}, map[string]string{"Content-Security-Policy": "frame-ancestors 'none'", "X-Frame-Options": "DENY"}, nil},
		{"tls", "/page", "https://x", nil, map[string]string{"Strict-Transport-Security": "max-age=31536000"}, map[string]string{"Cache-Control": "no-store"}},
	}
	for _, row := range rows {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			h := open(t, routes, func(c *Config) { c.PublicURL = row.url; c.Sources.Frames = row.frames })
			w := h.browser(t).do("GET", row.path, "")
			for name, part := range row.has {
				if got := w.Header().Get(name); got == "" || !strings.Contains(got, part) {
					t.Errorf("%s is %q, want %q", name, got, part)
				}
			}
			for name, part := range row.not {
				if got := w.Header().Get(name); strings.Contains(got, part) {
					t.Errorf("%s is %q, without %q", name, got, part)
				}
			}
		})
	}
}

func TestNonceIsTheAnswersOwn(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{Raw(Citizen, "GET", "/c/{account}/page", Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(Nonce(r.Context())))
	})})
	b := h.browser(t)
	first, second := b.do("GET", "/c/zw/page", ""), b.do("GET", "/c/zw/page", "")
	if first.Body.String() == second.Body.String() || len(first.Body.String()) < 20 {
		t.Error("the nonce repeats")
	}
	if csp := first.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "'nonce-"+first.Body.String()+"'") {
		t.Errorf("CSP %q lacks the nonce", csp)
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{Raw(Public, "GET", "/page", Anyone, nil, nothing)}, func(c *Config) { c.TrustedProxies = prefixes("10.0.0.0/8") })
	for _, row := range []struct {
		label, peer, given string
		kept               bool
	}{
		{"a proxy's is kept", "10.0.0.1:1", "abcdef0123456789", true},
		{"a client's is not", "203.0.113.1:1", "abcdef0123456789", false},
		{"nor a strange one", "10.0.0.1:1", "a\" injected", false},
	} {
		b := h.browser(t)
		b.address = row.peer
		got := b.do("GET", "/page", "", "X-Request-Id", row.given).Header().Get("X-Request-Id")
		if (got == row.given) != row.kept || !regexp.MustCompile(`^[0-9a-zA-Z]{12,}$`).MatchString(got) {
			t.Errorf("%s: %q", row.label, got)
		}
	}
}
