package conf

import (
	"bytes"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/spf13/pflag"
)

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "weizheng.toml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func flags(t *testing.T, args ...string) *pflag.FlagSet {
	t.Helper()
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	Flags(fs)
	fs.Bool("sandbox", false, "a flag of somebody else")
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	return fs
}

func TestLoadMerges(t *testing.T) {
	t.Parallel()
	path := write(t, `listen = "1.1.1.1:1"
public_url = "https://wx.example.gov.cn/"
data = "/srv/data"
keys = "/etc/weizheng/keys"
trusted_proxies = ["10.1.2.3/8", "127.0.0.1"]
metrics_allow = "10.9.0.0/16, 2001:db8::7"
[database]
url = "postgres://u:p@h/db"
[log]
level = "warn"
`)
	environ := []string{"WEIZHENG_LISTEN=2.2.2.2:2", "WEIZHENG_LOG_FORMAT=text", "WEIZHENG_CONSOLE_LISTEN=2.2.2.2:3",
		"WEIZHENG_CONSOLE_ALLOW=10.0.0.0/8",
		"WEIZHENG_PORT=tcp://10.0.0.1:80", "WEIZHENG_SERVICE_HOST=10.0.0.1", "WEIZHENG_TEST_PG=x", "HOME=/root"}
	got, err := Load(path, environ, flags(t, "--listen", "3.3.3.3:3", "--sandbox"))
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Listen: "3.3.3.3:3", ConsoleListen: "2.2.2.2:3", PublicURL: "https://wx.example.gov.cn", Data: "/srv/data",
		Database: Database{"postgres://u:p@h/db"}, Keys: "/etc/weizheng/keys", Log: Log{slog.LevelWarn, "text"},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.1/32")},
		ConsoleAllow:   []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		MetricsAllow:   []netip.Prefix{netip.MustParsePrefix("10.9.0.0/16"), netip.MustParsePrefix("2001:db8::7/128")},
	}
	if d := cmp.Diff(want, got, cmpopts.EquateComparable(netip.Prefix{})); d != "" {
		t.Error(d)
	}
	again, err := Load("", append(environ, "WEIZHENG_CONFIG="+path), nil)
	if err != nil || again.Listen != "2.2.2.2:2" || again.Data != "/srv/data" {
		t.Errorf("file named by the environment: %+v, %v", again, err)
	}
}

func TestDefaultsAndExample(t *testing.T) {
	t.Parallel()
	bare, err := Load("", nil, flags(t))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(bare.Database.URL, "/data/weizheng.db") || !filepath.IsAbs(bare.Keys) {
		t.Errorf("%+v", bare)
	}
	var b bytes.Buffer
	if err := Example(&b); err != nil {
		t.Fatal(err)
	}
	read, err := Load(write(t, b.String()), nil, nil)
	if err != nil {
		t.Fatalf("the example does not load: %v\n%s", err, b.String())
	}
	if d := cmp.Diff(bare, read, cmpopts.EquateComparable(netip.Prefix{})); d != "" {
		t.Errorf("the example differs from the defaults: %s", d)
	}
	for _, k := range Keys {
		if k.Doc == "" || !strings.Contains(b.String(), k.Doc) {
			t.Errorf("%s is not documented", k.Name)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label, file string
		environ     []string
		want        []string
	}{
		{"unknown key", "lisen = \"x\"\n[log]\ncolour = true\n", nil, []string{`"lisen"`, `"log.colour"`}},
		{"unknown variable", "", []string{"WEIZHENG_LISEN=x"}, []string{"WEIZHENG_LISEN"}},
		{"several faults at once", "listen = \"nowhere\"\npublic_url = \"ftp://x\"\n[log]\nlevel = \"loud\"\nformat = \"xml\"\n", nil,
			[]string{"listen:", "public_url:", "log.level:", "log.format:"}},
		{"keys beside the data", "data = \"/srv/d\"\nkeys = \"/srv/d/keys\"\n", nil, []string{"keys:"}},
		{"half of TLS", "[tls]\ncert = \"a\"\n", nil, []string{"tls:"}},
		{"database", "[database]\nurl = \"mysql://root:hunter2@h\"\n", nil, []string{"database.url:"}},
		{"proxy", "trusted_proxies = \"10.0.0.0/99\"\n", nil, []string{"trusted_proxies:"}},
		{"who may look", "metrics_allow = \"everybody\"\nconsole_allow = \"10.0.0.1-9\"\n", nil, []string{"metrics_allow:", "console_allow:"}},
		{"public address with a path", "public_url = \"https://a.b/c\"\n", nil, []string{"public_url:"}},
		{"broken file", "listen = \n", nil, []string{"weizheng.toml"}},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			_, err := Load(write(t, c.file), c.environ, nil)
			if err == nil {
				t.Fatal("taken")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q is missing from %v", w, err)
				}
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("a password in %v", err)
			}
		})
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none.toml"), nil, nil); err == nil {
		t.Error("a missing file was taken")
	}
}
