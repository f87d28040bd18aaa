package web

import (
	"crypto/rand"
	"encoding/base64"
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

// policy returns the content security policy of a face. No inline script runs anywhere but with the page's nonce.
// Styles: articles written in editors carry style attributes, which the sanitiser has already limited; style elements
// come from our own files only. Browsers that know style-src-elem and -attr ignore style-src.
func (s *Server) policy(face Face, nonce string) string {
	const styles = "style-src 'self' 'unsafe-inline'; style-src-elem 'self'; style-src-attr 'unsafe-inline'; "
	switch face {
	case Citizen, Public, Staff:
		frames := "'none'"
		if len(s.sources.Frames) > 0 && face != Staff {
			frames = strings.Join(s.sources.Frames, " ")
		}
		return "default-src 'none'; " + styles +
			"script-src " + join("'self' 'nonce-"+nonce+"'", s.sources.Scripts) + "; " +
			"img-src " + join("'self' data:", s.sources.Images) + "; media-src 'self'; connect-src 'self'; " +
			"form-action 'self'; base-uri 'none'; frame-ancestors " + frames
	case Console:
		return "default-src 'none'; " + styles + "script-src 'self'; img-src 'self' data: blob: https:; " +
			"media-src 'self' blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; " +
			"frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	}
	return "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
}

func join(first string, rest []string) string {
	return strings.Join(append([]string{first}, rest...), " ")
}

// secure sets the headers that every answer has; a handler may narrow them.
func (s *Server) secure(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin") // a page's path may name a matter: only our own sites see it
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=(), usb=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	if s.tls {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// dress sets the headers that a face has.
func (s *Server) dress(h http.Header, face Face, nonce string) {
	h.Set("Content-Security-Policy", s.policy(face, nonce))
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
