package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// clientAddress is the address the request came from. X-Forwarded-For is read from its end, and only as far as trusted
// proxies wrote it: whatever a client puts into the header itself is never believed.
func clientAddress(r *http.Request, trusted []netip.Prefix) netip.Addr {
	addr := peer(r)
	if !contains(trusted, addr) {
		return addr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, word := range slices.Backward(hops) {
		hop, err := netip.ParseAddr(strings.TrimSpace(word))
		if err != nil {
			return addr // a broken list is believed up to here
		}
		addr = hop.Unmap()
		if !contains(trusted, addr) {
			return addr
		}
	}
	return addr
}

func peer(r *http.Request) netip.Addr {
	if ap, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		return ap.Addr().Unmap()
	}
	return netip.Addr{} // a unix socket, or a test without an address
}

func contains(list []netip.Prefix, addr netip.Addr) bool {
	for _, p := range list {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// bucketOf is what limits count an address by: an IPv6 customer owns at least a /64.
func bucketOf(addr netip.Addr) string {
	if !addr.IsValid() {
		return ""
	}
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}
