// Package conf reads what must be known before the database opens: where to listen, where the data, the database and
// the keys are, whom to believe about client addresses, how to log. Everything else is a setting in the database.
//
// A value comes from the flags, else the environment (WEIZHENG_ and the key in capitals, dots as underscores), else the
// TOML file, else the default. A key that is not in Keys is an error wherever it stands, so that a misspelt one cannot
// be silently ignored; all faults are reported at once.
package conf

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/knadh/koanf/v2"

	"weizheng/platform/log"
)

// Config is the checked configuration.
type Config struct {
	Listen         string // host:port of citizens, WeChat and, unless ConsoleListen is set, the console
	ConsoleListen  string // host:port of the console alone; "" = on Listen
	PublicURL      string // scheme://host[:port] as citizens see it, no slash at the end
	Data           string // folder of files and, by default, the SQLite database; absolute
	Database       Database
	Keys           string // see crypt.OpenSource: a path (absolute), "env:NAME" or "exec:/path"
	TLS            TLS
	TrustedProxies []netip.Prefix
	ConsoleAllow   []netip.Prefix // who may use the console; empty: everybody
	MetricsAllow   []netip.Prefix // who may read /metrics besides this machine
	Log            Log
}

// Database says which database holds the rows.
type Database struct{ URL string }

// TLS names the certificate and key files; both empty = plain HTTP, behind a proxy that speaks TLS.
type TLS struct{ Cert, Key string }

// Log says how much is logged and how.
type Log struct {
	Level  slog.Level
	Format string // log.JSON or log.Text
}

// check turns the merged values into a Config and reports every fault.
func check(k *koanf.Koanf) (Config, error) {
	var faults []error
	fail := func(key, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: "+format, append([]any{key}, args...)...))
	}
	c := Config{
		Listen:        k.String("listen"),
		ConsoleListen: k.String("console_listen"),
		PublicURL:     strings.TrimSuffix(k.String("public_url"), "/"),
		Keys:          k.String("keys"),
		TLS:           TLS{k.String("tls.cert"), k.String("tls.key")},
		Log:           Log{Format: k.String("log.format")},
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		fail("listen", "%q is not host:port", c.Listen)
	}
	if _, _, err := net.SplitHostPort(c.ConsoleListen); err != nil && c.ConsoleListen != "" {
		fail("console_listen", "%q is not host:port", c.ConsoleListen)
	}
	if u, err := url.Parse(c.PublicURL); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Path != "" || u.RawQuery != "" {
		fail("public_url", "%q is not http(s)://host[:port]", c.PublicURL)
	}
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		fail("tls", "cert and key go together")
	}
	if err := c.Log.Level.UnmarshalText([]byte(k.String("log.level"))); err != nil {
		fail("log.level", "%q is none of debug, info, warn, error", k.String("log.level"))
	}
	if c.Log.Format != log.JSON && c.Log.Format != log.Text {
		fail("log.format", "%q is neither json nor text", c.Log.Format)
	}
	var err error
	if c.Data, err = filepath.Abs(k.String("data")); err != nil || k.String("data") == "" {
		fail("data", "%q is no folder", k.String("data"))
	}
	c.Database.URL = databaseURL(k.String("database.url"), c.Data, fail)
	c.Keys = keySource(c.Keys, c.Data, fail)
	c.TrustedProxies = prefixes(k, "trusted_proxies", fail)
	c.ConsoleAllow = prefixes(k, "console_allow", fail)
	c.MetricsAllow = prefixes(k, "metrics_allow", fail)
	return c, errors.Join(faults...)
}

type failFunc func(key, format string, args ...any)

// databaseURL fills in the default and refuses what platform/db cannot open. A URL may hold a password: errors do not
// quote it.
func databaseURL(s, data string, fail failFunc) string {
	switch {
	case s == "":
		return "sqlite:" + filepath.Join(data, "weizheng.db")
	case strings.HasPrefix(s, "sqlite:"):
		path, err := filepath.Abs(strings.TrimPrefix(s, "sqlite:"))
		if err != nil || s == "sqlite:" {
			fail("database.url", "sqlite: needs a file")
		}
		return "sqlite:" + path
	case strings.HasPrefix(s, "postgres://"), strings.HasPrefix(s, "postgresql://"):
		return s
	}
	fail("database.url", "begins with neither sqlite: nor postgres://")
	return ""
}

// keySource makes a path absolute and refuses one inside the data folder: whoever copies the data must not have the
// keys with it.
func keySource(s, data string, fail failFunc) string {
	if s == "" {
		fail("keys", "is empty")
		return ""
	}
	if strings.HasPrefix(s, "env:") || strings.HasPrefix(s, "exec:") {
		return s
	}
	path, err := filepath.Abs(s)
	if err != nil {
		fail("keys", "%q is no path", s)
		return ""
	}
	if rel, err := filepath.Rel(data, path); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		fail("keys", "the key file lies inside the data folder %s; keep it elsewhere", data)
	}
	return path
}

// prefixes reads a list, or a string with commas, of addresses and CIDR ranges.
func prefixes(k *koanf.Koanf, key string, fail failFunc) []netip.Prefix {
	var words []string
	switch x := k.Get(key).(type) {
	case string:
		words = strings.FieldsFunc(x, func(r rune) bool { return r == ',' || r == ' ' })
	case []string:
		words = x
	case []any:
		for _, e := range x {
			words = append(words, fmt.Sprint(e))
		}
	}
	var out []netip.Prefix
	for _, w := range words {
		if a, err := netip.ParseAddr(w); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(w)
		if err != nil {
			fail(key, "%q is neither an address nor a range like 10.0.0.0/8", w)
			continue
		}
		out = append(out, p.Masked())
	}
	return out
}
