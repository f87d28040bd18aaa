package conf

import (
	"fmt"
	"io"
	"strings"
)

// Key documents one key of the configuration.
type Key struct {
	Name    string
	Default string
	Doc     string // one or more sentences in plain English
	Example string // shown commented out when the default is empty
}

// Keys is the whole configuration; `weizheng config` prints it. Keys of sections stand last, as TOML wants them.
var Keys = []Key{
	{"listen", "127.0.0.1:8080", "Address for citizens, WeChat and the open API; the console too unless console_listen is set.", ""},
	{"console_listen", "", "Address for the staff console alone, best on an inner network. Empty: the console is on listen.", "10.0.0.5:8443"},
	{"public_url", "http://127.0.0.1:8080", "The address as citizens see it; links, web authorisation and WeChat's callback are built from it.", "https://wx.example.gov.cn"},
	{"data", "data", "Folder of files and of the SQLite database.", ""},
	{"keys", "weizheng.keys", "The key ring: a file (0600, outside the data folder), env:NAME of a variable that holds its content, or exec:/path of a program that prints it (key service).", ""},
	{"trusted_proxies", "", "Addresses or ranges, separated by commas, whose X-Forwarded-For is believed.", "10.0.0.0/8,127.0.0.1"},
	{"console_allow", "", "Addresses or ranges, separated by commas, from which the console may be used. Empty: from everywhere that reaches it.", "10.0.0.0/8"},
	{"metrics_allow", "", "Addresses or ranges, separated by commas, that may read /metrics besides this machine itself. Empty: nobody else.", "10.0.0.9"},
	{"database.url", "", "sqlite:/path/file.db or postgres://user@host/db. Empty: weizheng.db in the data folder.", "postgres://weizheng@/weizheng?host=/var/run/postgresql"},
	{"tls.cert", "", "Certificate chain (PEM). Empty: plain HTTP behind a proxy that speaks TLS.", "/etc/weizheng/tls.crt"},
	{"tls.key", "", "Private key of the certificate (PEM).", "/etc/weizheng/tls.key"},
	{"log.level", "info", "debug, info, warn or error.", ""},
	{"log.format", "json", "json, or text for a terminal.", ""},
}

// Example writes a complete TOML file in which every key is explained and has its default.
func Example(w io.Writer) error {
	section := ""
	for _, k := range Keys {
		name := k.Name
		if head, rest, nested := strings.Cut(name, "."); nested {
			if head != section {
				if _, err := fmt.Fprintf(w, "[%s]\n", head); err != nil {
					return err
				}
				section = head
			}
			name = rest
		}
		line := fmt.Sprintf("%s = %q", name, k.Default)
		if k.Example != "" {
			line += fmt.Sprintf("\n# %s = %q", name, k.Example)
		}
		if _, err := fmt.Fprintf(w, "# %s\n# Environment: %s. Flag: --%s.\n%s\n\n", k.Doc, envName(k.Name), flagName(k.Name), line); err != nil {
			return err
		}
	}
	return nil
}
