package accountweb

import (
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"syscall"
)

// weixin is WeChat as far as an account's face needs it. It knows one secret.
type weixin struct {
	mu      sync.Mutex
	secret  string
	barred  string // the caller's address as WeChat says it, when it is not in the whitelist
	answers map[string]any
	calls   map[string]int
}

func (x *weixin) set(path string, answer any) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.answers[path] = answer
}

func (x *weixin) expect(secret string) { x.mu.Lock(); defer x.mu.Unlock(); x.secret = secret }

func (x *weixin) bar(address string) { x.mu.Lock(); defer x.mu.Unlock(); x.barred = address }

func (x *weixin) count(path string) int { x.mu.Lock(); defer x.mu.Unlock(); return x.calls[path] }

func refusal(code int, msg string) map[string]any {
	return map[string]any{"errcode": code, "errmsg": msg + " rid: 65f0-1234abcd-0099"}
}

func (x *weixin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct{ Secret string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.calls[r.URL.Path]++
	answer, ok := x.answers[r.URL.Path]
	switch {
	case ok:
	case r.URL.Path == "/cgi-bin/stable_token" && in.Secret != x.secret:
		answer = refusal(40125, "invalid appsecret "+in.Secret)
	case r.URL.Path == "/cgi-bin/stable_token" && x.barred != "":
		answer = refusal(40164, "invalid ip "+x.barred+" ipv6 ::ffff:"+x.barred+", not in whitelist")
	case r.URL.Path == "/cgi-bin/stable_token":
		answer = map[string]any{"access_token": accessGift, "expires_in": 7200}
	case r.URL.Path == "/cgi-bin/getcallbackip":
		answer = map[string]any{"ip_list": []string{"127.0.0.1"}}
	default:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// internet takes each host to a server of the test; a host without one refuses connections.
type internet struct {
	mu    sync.Mutex
	hosts map[string]string
}

func (n *internet) at(host, address string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hosts[host] = address
}

func (n *internet) RoundTrip(r *http.Request) (*http.Response, error) {
	n.mu.Lock()
	address := n.hosts[r.URL.Host]
	n.mu.Unlock()
	if address == "" {
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}
	c := r.Clone(r.Context())
	c.URL.Scheme, c.URL.Host = "http", address
	return http.DefaultTransport.RoundTrip(c)
}
