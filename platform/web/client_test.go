package web

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

func prefixes(list ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, p := range list {
		all = append(all, netip.MustParsePrefix(p))
	}
	return all
}

func TestClientAddress(t *testing.T) {
	t.Parallel()
	rows := []struct {
		label, peer string
		forwarded   []string
		want        string
	}{
		{"direct", "203.0.113.9:1", nil, "203.0.113.9"},
		{"a client's own header is not believed", "203.0.113.9:1", []string{"1.2.3.4"}, "203.0.113.9"},
		{"one proxy", "10.0.0.1:1", []string{"198.51.100.7"}, "198.51.100.7"},
		{"two proxies", "10.0.0.1:1", []string{"198.51.100.7, 10.0.0.2"}, "198.51.100.7"},
		{"forged in front of the real one", "10.0.0.1:1", []string{"1.2.3.4, 198.51.100.7"}, "198.51.100.7"},
		{"two headers", "10.0.0.1:1", []string{"1.2.3.4", "198.51.100.7"}, "198.51.100.7"},
		{"broken", "10.0.0.1:1", []string{"garbage"}, "10.0.0.1"},
		{"proxy without header", "10.0.0.1:1", nil, "10.0.0.1"},
		{"six in four", "[::ffff:203.0.113.9]:1", nil, "203.0.113.9"},
		{"unix socket", "@", nil, "invalid IP"},
	}
	for _, row := range rows {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = row.peer
		for _, f := range row.forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		if got := clientAddress(r, prefixes("10.0.0.0/8")).String(); got != row.want {
			t.Errorf("%s: %s, want %s", row.label, got, row.want)
		}
	}
}

func TestBucketOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"203.0.113.9": "203.0.113.9", "2001:db8:1:2:aaaa::1": "2001:db8:1:2::/64", "2001:db8:1:2:bbbb::1": "2001:db8:1:2::/64",
	} {
		if got := bucketOf(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
