package web

import (
	"net/http"
	"regexp"
	"time"
)

var slugForm = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

// cookieName uses the prefix with which browsers insist on Secure, Path=/ and no Domain, wherever TLS allows it. Each
// account has a cookie of its own: a phone may follow several, and is somebody else to each until they are joined.
func cookieName(kind SessionKind, account string, secure bool) string {
	name := "wz-" + string(kind)
	if account != "" {
		if !slugForm.MatchString(account) {
			return "wz-none" // no account is called so, and the name must not break the header
		}
		name += "-" + account
	}
	if secure {
		return "__Host-" + name
	}
	return name
}

// setCookie gives the browser its token for as long as the session can live; no token takes it away. A staff cookie
// ends with the browser: desks are shared.
func (s *Sessions) setCookie(c *carrier, token string, life time.Duration) {
	cookie := &http.Cookie{Name: c.cookie, Value: token, Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	switch {
	case token == "":
		cookie.MaxAge = -1
	case c.kind == CitizenSession:
		cookie.MaxAge = int(life.Seconds())
	}
	http.SetCookie(c.writer, cookie)
}
