package web

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/platform/metric"
)

func TestReadyz(t *testing.T) {
	t.Parallel()
	fine := Check{"database", func(context.Context) error { return nil }}
	away := Check{"keys", func(context.Context) error {
		return errs.New(errs.Unavailable, "db.away").Because(errors.New("host=pg1"))
	}}
	for _, row := range []struct {
		label  string
		checks []Check
		status int
		want   readiness
	}{
		{"nothing to look at", nil, 200, readiness{"ok", map[string]string{}}},
		{"all fine", []Check{fine}, 200, readiness{"ok", map[string]string{"database": "ok"}}},
		{"one away", []Check{fine, away}, 503, readiness{"failing", map[string]string{"database": "ok", "keys": "unavailable"}}},
	} {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			w := open(t, nil, func(c *Config) { c.Checks = row.checks }).browser(t).do("GET", "/readyz", "")
			var got readiness
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if w.Code != row.status || got.Status != row.want.Status || len(got.Checks) != len(row.want.Checks) || got.Checks["keys"] != row.want.Checks["keys"] {
				t.Errorf("%d %+v", w.Code, got)
			}
			if strings.Contains(w.Body.String(), "pg1") {
				t.Error("the cause is told")
			}
		})
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{ticketRoute()}, func(c *Config) { c.Metrics = metric.New() })
	b := h.browser(t).login(2)
	b.do("GET", "/console/api/tickets/50", "")
	b.cookies["wz-staff"] = "forged"
	b.do("GET", "/console/api/tickets/50", "")
	if w := b.do("GET", "/metrics", ""); w.Code != 404 {
		t.Errorf("a stranger reads metrics: %d", w.Code)
	}
	b.address = "127.0.0.1:1"
	body := b.do("GET", "/metrics", "").Body.String()
	for _, line := range []string{
		`weizheng_http_requests_total{route="GET /console/api/tickets/{id}",status="404"} 1`,
		`weizheng_http_denied_total{route="GET /console/api/tickets/{id}"} 1`,
		`weizheng_http_unknown_sessions{kind="staff"} 1`,
		`weizheng_http_request_seconds_count{route="GET /console/api/tickets/{id}"} 2`,
	} {
		if !strings.Contains(body, line) {
			t.Errorf("no %s", line)
		}
	}
}

func TestWhoMayReadMetrics(t *testing.T) {
	t.Parallel()
	allowed := []netip.Prefix{netip.MustParsePrefix("10.9.0.0/16")}
	proxy := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	for _, row := range []struct {
		label     string
		allow     []netip.Prefix
		trusted   []netip.Prefix
		from      string
		forwarded string
		status    int
	}{
		{"this machine", nil, nil, "127.0.0.1:1", "", 200},
		{"this machine by IPv6", nil, nil, "[::1]:1", "", 200},
		{"this machine, when others may too", allowed, nil, "127.0.0.1:1", "", 200},
		{"another machine", nil, nil, "10.9.0.4:1", "", 404},
		{"a machine that may", allowed, nil, "10.9.0.4:1", "", 200},
		{"a machine beside it", allowed, nil, "10.10.0.4:1", "", 404},
		{"anybody through a proxy here that is not trusted", nil, nil, "127.0.0.1:1", "203.0.113.9", 404},
		{"anybody through a trusted proxy here", allowed, proxy, "127.0.0.1:1", "203.0.113.9", 404},
		{"a machine that may, through a trusted proxy", allowed, proxy, "127.0.0.1:1", "10.9.0.4", 200},
		{"a machine that says it may", allowed, nil, "203.0.113.9:1", "10.9.0.4", 404},
	} {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			h := open(t, []Route{ticketRoute()}, func(c *Config) {
				c.Metrics, c.MetricsAllow, c.TrustedProxies = metric.New(), row.allow, row.trusted
			})
			b := h.browser(t)
			b.address = row.from
			var headers []string
			if row.forwarded != "" {
				headers = []string{"X-Forwarded-For", row.forwarded}
			}
			if w := b.do("GET", "/metrics", "", headers...); w.Code != row.status {
				t.Errorf("%d, want %d", w.Code, row.status)
			}
		})
	}
}

// pair writes a certificate for 127.0.0.1 and returns its files and the pool that trusts it.
func pair(t *testing.T) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(parsed)
	return cert, key, pool
}

func fetch(t *testing.T, client *http.Client, url string) (int, string) {
	t.Helper()
	res, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func TestStartAndStop(t *testing.T) {
	t.Parallel()
	inside, leave := make(chan struct{}), make(chan struct{})
	slow := Raw(Public, "GET", "/slow", Anyone, nil, func(w http.ResponseWriter, _ *http.Request) {
		close(inside)
		<-leave
		_, _ = w.Write([]byte("done"))
	})
	h := open(t, []Route{slow, ticketRoute()}, func(c *Config) { c.ConsoleListen = "127.0.0.1:0" })
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.Start(t.Context()); err == nil {
		t.Error("it starts twice")
	}
	client := &http.Client{}
	base, console := "http://"+h.Addr().String(), "http://"+h.ConsoleAddr().String()
	if status, _ := fetch(t, client, base+"/readyz"); status != 200 {
		t.Errorf("ready: %d", status)
	}
	if status, _ := fetch(t, client, base+"/console/api/tickets/40"); status != 404 {
		t.Errorf("console on the main listener: %d", status)
	}
	if status, _ := fetch(t, client, console+"/console/api/tickets/40"); status != 401 {
		t.Errorf("console: %d", status)
	}
	answered := make(chan string, 1)
	go func() { _, body := fetch(t, client, base+"/slow"); answered <- body }()
	<-inside
	stopped := make(chan error, 1)
	go func() { stopped <- h.Stop(context.Background()) }()
	select {
	case err := <-stopped:
		t.Fatalf("stopped before the request under way ended: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	close(leave)
	if body := <-answered; body != "done" {
		t.Errorf("the request under way got %q", body)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if _, err := client.Get(base + "/healthz"); err == nil {
		t.Error("it still listens")
	}
}

func TestStopCutsOffAfterItsBudget(t *testing.T) {
	t.Parallel()
	inside := make(chan struct{})
	h := open(t, []Route{Raw(Public, "GET", "/stuck", Anyone, nil, func(_ http.ResponseWriter, r *http.Request) {
		close(inside)
		<-r.Context().Done()
	}).Lasting(-1)})
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = http.Get("http://" + h.Addr().String() + "/stuck") }() // it is cut off
	<-inside
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := h.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestTLSFiles(t *testing.T) {
	t.Parallel()
	cert, key, pool := pair(t)
	h := open(t, nil, func(c *Config) { c.TLSCert, c.TLSKey = cert, key })
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer client.CloseIdleConnections()
	if status, _ := fetch(t, client, "https://"+h.Addr().String()+"/healthz"); status != 200 {
		t.Errorf("%d", status)
	}
	client.CloseIdleConnections()
	if err := h.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestListenErrors(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for label, change := range map[string]func(*Config){
		"main taken":    func(c *Config) { c.Listen = taken.Addr().String() },
		"console taken": func(c *Config) { c.ConsoleListen = taken.Addr().String() },
	} {
		if err := open(t, nil, change).Start(t.Context()); err == nil || !strings.Contains(err.Error(), taken.Addr().String()) {
			t.Errorf("%s: %v", label, err)
		}
	}
}
