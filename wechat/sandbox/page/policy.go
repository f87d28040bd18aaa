package page

import (
	"net/http"
	"strings"
)

// frame lets the phone show the page although it is a frame, lets the browser's script run, and nobody else frame it.
func (b *Browser) frame(h http.Header, nonce, scripts string) {
	h.Del("X-Frame-Options")
	h.Del("Cross-Origin-Opener-Policy")
	h.Del("Cross-Origin-Embedder-Policy")
	h.Del("Cross-Origin-Resource-Policy")
	h.Del("Strict-Transport-Security")
	policies := h.Values("Content-Security-Policy")
	h.Del("Content-Security-Policy")
	for _, policy := range policies {
		if policy = phonePolicy(policy, nonce, scripts); policy != "" {
			h.Add("Content-Security-Policy", policy)
		}
	}
	h.Add("Content-Security-Policy", "frame-ancestors 'self' "+b.base.Scheme+"://"+b.base.Host+" "+
		strings.Replace(b.host("*"), "*.localhost", "localhost", 1)+" "+b.host("*"))
}

// phonePolicy is a content security policy without frame-ancestors, under which the browser's own script and the JS-SDK
// (at the address scripts) may run and ask the phone's host: WeChat's bridge is not subject to a page's policy either.
func phonePolicy(policy, nonce, scripts string) string {
	var kept []string
	values := map[string]string{}
	for directive := range strings.SplitSeq(policy, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), " ")
		name = strings.ToLower(name)
		if name == "" || name == "frame-ancestors" || name == "upgrade-insecure-requests" || name == "block-all-mixed-content" {
			continue
		}
		if _, twice := values[name]; !twice {
			kept, values[name] = append(kept, name), strings.TrimSpace(value)
		}
	}
	kept = widen(kept, values, "script-src", "'nonce-"+nonce+"' "+scripts)
	kept = widen(kept, values, "script-src-elem", "'nonce-"+nonce+"' "+scripts)
	kept = widen(kept, values, "connect-src", "'self'")
	for i, name := range kept {
		kept[i] = strings.TrimSpace(name + " " + values[name])
	}
	return strings.Join(kept, "; ")
}

// widen adds a source to a directive; one that is only implied by default-src is written out first.
func widen(kept []string, values map[string]string, name, source string) []string {
	value, there := values[name]
	if !there {
		fallback, implied := values["default-src"]
		if !implied || name == "script-src-elem" {
			return kept
		}
		kept, value = append(kept, name), fallback
	}
	if value == "'none'" {
		value = ""
	}
	if strings.Contains(value, "'unsafe-inline'") && strings.HasPrefix(source, "'nonce-") {
		source = "'self'" // a nonce would switch 'unsafe-inline' off
	}
	values[name] = strings.TrimSpace(value + " " + source)
	return kept
}
