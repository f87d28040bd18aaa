package web

import (
	"context"
	"net/http"
	"net/netip"

	"weizheng/platform/access"
)

// visit is what the server knows of one request. It belongs to the request's goroutine.
type visit struct {
	server  *Server
	writer  http.ResponseWriter // cookies of a login go here
	address netip.Addr
	agent   string
	nonce   string // "" until it is asked for
	route   *Route // nil until matched
	actor   access.Actor
	session *Session // nil when nobody is logged in or there is no session at all
}

type visitKey struct{}

func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// once returns the answer's nonce.
func (v *visit) once() string {
	if v.nonce == "" {
		v.nonce = newNonce()
	}
	return v.nonce
}

func routeOf(ctx context.Context) string {
	if v := visitOf(ctx); v != nil && v.route != nil {
		return v.route.Pattern()
	}
	return ""
}

// ClientIP returns the address of the client of this request; forwarded addresses count when a trusted proxy wrote them.
func ClientIP(ctx context.Context) netip.Addr {
	if v := visitOf(ctx); v != nil {
		return v.address
	}
	return netip.Addr{}
}

// Nonce returns the token that lets one inline script of this answer run under its content security policy.
func Nonce(ctx context.Context) string {
	if v := visitOf(ctx); v != nil {
		return v.once()
	}
	return ""
}

// Current returns the session of this request, if there is one; also one whose person may not act (yet): who acts is
// access.From.
func Current(ctx context.Context) (Session, bool) {
	if v := visitOf(ctx); v != nil && v.session != nil {
		return *v.session, true
	}
	return Session{}, false
}
