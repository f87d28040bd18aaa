package page

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// openHost is where WeChat has the pages of web authorisation; programs that cannot be told otherwise send people there.
const openHost = "open.weixin.qq.com"

// isAuthorize reports whether an address is a page of WeChat's that asks the citizen, WeChat's or the sandbox's: web
// authorisation, one-time subscription, a third-party platform.
func (b *Browser) isAuthorize(u *url.URL) bool {
	return u.Path == "/connect/oauth2/authorize" && (u.Host == openHost || b.isOwn(u)) ||
		u.Path == oncePath && (u.Host == mpHost || b.isOwn(u)) ||
		isBind(u.Path) && (u.Host == mpHost || u.Host == openHost || b.isOwn(u))
}

// isOwn reports whether an address is the sandbox's.
func (b *Browser) isOwn(u *url.URL) bool {
	return u.Host == b.base.Host || isLoopback(u.Hostname()) && isLoopback(b.base.Hostname()) && u.Port() == b.base.Port()
}

// allowed reports whether an address may be opened: on this machine, of an account, or of a third-party platform.
func (b *Browser) allowed(u *url.URL) bool {
	if b.isOwn(u) {
		return false // the proxy in front of itself
	}
	if isLoopback(u.Hostname()) {
		return true
	}
	for _, a := range b.Store.Accounts() {
		if callback, err := url.Parse(a.Callback); err == nil && callback.Host == u.Host && u.Host != "" {
			return true
		}
		if inDomain(a.OAuthDomain, u.Host) {
			return true
		}
		for _, domain := range a.JSDomains {
			if inDomain(domain, u.Host) {
				return true
			}
		}
	}
	return slices.ContainsFunc(b.Store.PlatformDomains(), func(domain string) bool { return inDomain(domain, u.Host) })
}

func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// inDomain compares a configured domain with a host: the same name exactly, and the same port where one is configured.
func inDomain(domain, host string) bool {
	if domain == "" {
		return false
	}
	if strings.EqualFold(domain, host) {
		return true
	}
	if _, _, err := net.SplitHostPort(domain); err == nil {
		return false
	}
	name, _, err := net.SplitHostPort(host)
	return err == nil && strings.EqualFold(domain, name)
}
