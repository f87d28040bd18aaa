package page

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

// Config is what a Browser needs.
type Config struct {
	Store     *state.Store
	Acts      *act.Acts
	Wire      *wire.Log
	Log       *slog.Logger
	Wall      clock.Clock
	Base      string            // the sandbox's own address, without a slash at its end
	Transport http.RoundTripper // nil: the network
}

// Browser serves all phones' hosts.
type Browser struct {
	Config
	base  *url.URL
	own   *http.ServeMux // the browser's own paths on a phone's host
	proxy *httputil.ReverseProxy

	mu     sync.Mutex
	phones map[string]*phone
}

// phone is what the browser of one citizen remembers, until a restart.
type phone struct {
	origin *url.URL // what the phone's host stands for now
	jar    *cookiejar.Jar
}

// pageTimeout bounds how long an origin may think before it answers.
const pageTimeout = 60 * time.Second

// New returns a browser; the base must be an http address.
func New(c Config) (*Browser, error) {
	base, err := url.Parse(c.Base)
	if err != nil || base.Host == "" {
		return nil, errs.New(errs.Invalid, "sandbox.listen").With("base", c.Base)
	}
	if c.Transport == nil {
		c.Transport = &http.Transport{MaxIdleConnsPerHost: 32, ResponseHeaderTimeout: pageTimeout, IdleConnTimeout: pageTimeout}
	}
	b := &Browser{Config: c, base: base, phones: map[string]*phone{}}
	b.proxy = &httputil.ReverseProxy{
		Rewrite: b.rewrite, ModifyResponse: b.modify, ErrorHandler: b.unreachable, Transport: c.Transport,
		ErrorLog: slog.NewLogLogger(c.Log.Handler(), slog.LevelDebug),
	}
	b.own = http.NewServeMux()
	b.own.HandleFunc("GET /connect/oauth2/authorize", b.authorize)
	b.own.HandleFunc("POST /connect/oauth2/authorize", b.decide)
	b.own.HandleFunc("GET "+oncePath, b.once)
	b.own.HandleFunc("POST "+oncePath, b.onceDecided)
	for _, path := range []string{bindPath, olderBind} {
		b.own.HandleFunc("GET "+path, b.bind)
		b.own.HandleFunc("POST "+path, b.bound)
	}
	b.own.HandleFunc("GET /open/js/{name}", b.Script)
	b.own.HandleFunc("GET /__wechat/browser.js", b.browserScript)
	b.own.HandleFunc("POST /__wechat/config", b.config)
	b.own.HandleFunc("GET /__wechat/local/{id}", b.local)
	b.own.HandleFunc("POST /__wechat/upload", b.upload)
	b.own.HandleFunc("GET /__wechat/go", b.follow)
	return b, nil
}

// Citizen is the citizen that a Host header names: the first label of <citizen>.localhost; "" when it is no phone's host.
func Citizen(host string) string {
	name, _, _ := strings.Cut(host, ":")
	citizen, ok := strings.CutSuffix(strings.ToLower(name), ".localhost")
	if !ok || strings.Contains(citizen, ".") {
		return ""
	}
	return citizen
}

type citizenKey struct{}

// ServeHTTP serves a phone's host.
func (b *Browser) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := b.Store.Citizen(r.Context(), Citizen(r.Host))
	if err != nil {
		b.message(w, http.StatusNotFound, "没有这部手机", "沙箱里没有名为 "+Citizen(r.Host)+" 的市民。")
		return
	}
	r = r.WithContext(context.WithValue(r.Context(), citizenKey{}, c))
	if ours(r.URL.Path) {
		if err := http.NewCrossOriginProtection().Check(r); err != nil {
			http.Error(w, "cross-origin request refused", http.StatusForbidden)
			return
		}
		b.own.ServeHTTP(w, r)
		return
	}
	if b.phone(c.ID).origin == nil {
		b.message(w, http.StatusNotFound, "没有打开的网页", "请从聊天或菜单里重新打开。")
		return
	}
	b.proxy.ServeHTTP(w, r)
}

func ours(path string) bool {
	return strings.HasPrefix(path, "/__wechat/") || strings.HasPrefix(path, "/connect/oauth2/") ||
		strings.HasPrefix(path, "/open/js/") || path == oncePath || isBind(path)
}

func citizenOf(r *http.Request) state.Citizen {
	c, _ := r.Context().Value(citizenKey{}).(state.Citizen)
	return c
}

// phone returns a copy of what is remembered of a citizen's phone.
func (b *Browser) phone(citizen string) phone {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.phones[citizen]
	if p == nil {
		jar, err := cookiejar.New(nil)
		if err != nil { // it only fails for bad options, and there are none
			panic("page: " + err.Error())
		}
		p = &phone{jar: jar}
		b.phones[citizen] = p
	}
	return *p
}

func (b *Browser) stand(citizen string, origin *url.URL) {
	b.phone(citizen)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.phones[citizen].origin = &url.URL{Scheme: origin.Scheme, Host: origin.Host}
}

// host is the address of a citizen's phone, without a slash at its end.
func (b *Browser) host(citizen string) string {
	host := citizen + ".localhost"
	if port := b.base.Port(); port != "" {
		host += ":" + port
	}
	return b.base.Scheme + "://" + host
}

// ErrOrigin is the refusal to open an address of nobody's.
var ErrOrigin = errs.New(errs.Denied, "sandbox.origin")

// Open makes the phone's host stand for the address's origin and returns where the phone finds the page.
func (b *Browser) Open(citizen, address string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", ErrOrigin
	}
	if !b.isAuthorize(u) {
		if !b.allowed(u) {
			return "", ErrOrigin
		}
		b.stand(citizen, u)
	}
	return b.host(citizen) + onPhone(u), nil
}

// onPhone is path, query and fragment of an address.
func onPhone(u *url.URL) string {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		path += "#" + u.EscapedFragment()
	}
	return path
}
