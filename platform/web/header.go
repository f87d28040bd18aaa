package web

import (
	"crypto/rand"
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
)

// Sources are the origins beyond our own that pages may use; each is a CSP source such as https://res.wx.qq.com.
type Sources struct {
	Frames  []string // who may show citizen pages in a frame: nobody, but for the demo's phone
	Scripts []string // where citizen pages may load WeChat's JS-SDK from
	Images  []string // where pictures of content may come from
}

// DefaultSources allow WeChat's JS-SDK and WeChat's picture hosts.
func DefaultSources() Sources {
	return Sources{
		Scripts: []string{"https://res.wx.qq.com"},
		Images:  []string{"https://mmbiz.qpic.cn", "https://thirdwx.qlogo.cn", "https://wx.qlogo.cn"},
	}
}

// withDefaults takes the default for each list that is nil; an empty list is none.
func (s Sources) withDefaults() Sources {
	if s.Scripts == nil {
		s.Scripts = DefaultSources().Scripts
	}
	if s.Images == nil {
		s.Images = DefaultSources().Images
	}
	return s
}

// policies are the content security policies of the faces; nonceMark stands for the answer's nonce. No inline script runs
// anywhere but with it. Styles: articles written in editors carry style attributes, which the sanitiser has already
// limited; style elements come from our own files only. Browsers that know style-src-elem and -attr ignore style-src.
func policies(sources Sources) map[Face]string {
	const styles = "style-src 'self' 'unsafe-inline'; style-src-elem 'self'; style-src-attr 'unsafe-inline'; "
	page := func(frames string) string {
		return "default-src 'none'; " + styles +
			"script-src " + join("'self' 'nonce-"+nonceMark+"'", sources.Scripts) + "; " +
			"img-src " + join("'self' data:", sources.Images) + "; media-src 'self'; connect-src 'self'; " +
			"form-action 'self'; base-uri 'none'; frame-ancestors " + frames
	}
	frames := "'none'"
	if len(sources.Frames) > 0 {
		frames = strings.Join(sources.Frames, " ")
	}
	const nothing = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
	return map[Face]string{
		Citizen: page(frames), Public: page(frames), Staff: page("'none'"),
		Console: "default-src 'none'; " + styles + "script-src 'self'; img-src 'self' data: blob: https:; " +
			"media-src 'self' blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; " +
			"frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		Open: nothing, Callback: nothing, Ops: nothing,
	}
}

const nonceMark = "{nonce}"

func join(first string, rest []string) string {
	return strings.Join(append([]string{first}, rest...), " ")
}

// fixed are the headers that every answer has; a handler may narrow them. The slices are shared and full, so that
// whoever adds to one gets a copy.
func fixed(tls bool) http.Header {
	h := http.Header{
		"X-Content-Type-Options":     {"nosniff"},
		"Referrer-Policy":            {"strict-origin-when-cross-origin"}, // a page's path may name a matter: only our own sites see it
		"Permissions-Policy":         {"camera=(), microphone=(), geolocation=(self), payment=(), usb=()"},
		"Cross-Origin-Opener-Policy": {"same-origin"},
	}
	if tls {
		h["Strict-Transport-Security"] = []string{"max-age=31536000"}
	}
	return h
}

func (s *Server) secure(h http.Header) { maps.Copy(h, s.fixed) }

// dress sets the headers that a face has. A callback's answer is read by WeChat's servers, never by a browser: it goes
// without those that speak to one.
func (s *Server) dress(h http.Header, face Face, v *visit) {
	if face == Callback {
		for name := range s.fixed {
			if name != "X-Content-Type-Options" {
				delete(h, name)
			}
		}
		return
	}
	policy := s.policies[face]
	if strings.Contains(policy, nonceMark) { //nolint:staticcheck // a nonce is drawn only where one is asked for
		policy = strings.Replace(policy, nonceMark, v.once(), 1)
	}
	h.Set("Content-Security-Policy", policy)
	if face == Console || face == Staff || len(s.sources.Frames) == 0 {
		h.Set("X-Frame-Options", "DENY")
	}
	if faceRules[face].private {
		h.Set("Cache-Control", "no-store")
	}
}

func newNonce() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails: Go's promise since 1.24
	return base64.RawStdEncoding.EncodeToString(b)
}
