package page

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"weizheng/wechat/sandbox/state"
)

// userAgent is what WeChat's browser on a common phone says.
const userAgent = "Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 " +
	"Chrome/126.0.6478.188 Mobile Safari/537.36 XWEB/1260213 MMWEBSDK/20241202 MicroMessenger/8.0.56.2800(0x2800385A) " +
	"WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64"

// maxInjected is the largest page that gets the browser's script; a larger one goes through as it is.
const maxInjected = 5 << 20

// rewrite makes the request to the phone's host one to the page's origin.
func (b *Browser) rewrite(pr *httputil.ProxyRequest) {
	p := b.phone(citizenOf(pr.In).ID)
	out := pr.Out
	out.URL.Scheme, out.URL.Host, out.Host = p.origin.Scheme, p.origin.Host, p.origin.Host
	out.Header.Set("User-Agent", userAgent)
	out.Header.Set("Accept-Encoding", "identity") // the script is put into readable HTML
	out.Header.Del("Sec-Ch-Ua")
	out.Header.Del("Sec-Ch-Ua-Mobile")
	out.Header.Del("Sec-Ch-Ua-Platform")
	b.rewriteOrigin(out.Header, p.origin, b.host(citizenOf(pr.In).ID))
	// In WeChat a page is no frame and comes from nowhere.
	if out.Header.Get("Sec-Fetch-Dest") == "iframe" {
		out.Header.Set("Sec-Fetch-Dest", "document")
		if out.Header.Get("Sec-Fetch-Site") == "cross-site" {
			out.Header.Set("Sec-Fetch-Site", "none")
		}
	}
	setCookies(out, p)
}

// rewriteOrigin makes Origin and Referer name the page's own address.
func (b *Browser) rewriteOrigin(h http.Header, origin *url.URL, phoneHost string) {
	own := origin.String()
	if h.Get("Origin") != "" {
		h.Set("Origin", own)
	}
	if rest, ok := strings.CutPrefix(h.Get("Referer"), phoneHost); ok && !strings.HasPrefix(rest, "/__wechat/") &&
		!strings.HasPrefix(rest, "/connect/") {
		h.Set("Referer", own+rest)
	} else {
		h.Del("Referer")
	}
}

// setCookies sends the jar's cookies, and those that the page's scripts set in the browser.
func setCookies(out *http.Request, p phone) {
	kept := p.jar.Cookies(out.URL)
	for _, c := range out.Cookies() {
		known := false
		for _, k := range kept {
			known = known || k.Name == c.Name
		}
		if !known {
			kept = append(kept, c)
		}
	}
	out.Header.Del("Cookie")
	for _, c := range kept {
		out.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
}

// modify makes the origin's answer one of the phone's host.
func (b *Browser) modify(res *http.Response) error {
	citizen, _ := res.Request.Context().Value(citizenKey{}).(state.Citizen)
	p := b.phone(citizen.ID)
	if cookies := res.Cookies(); len(cookies) > 0 {
		p.jar.SetCookies(res.Request.URL, cookies)
		res.Header.Del("Set-Cookie")
	}
	navigation := isNavigation(res.Request.Header.Get("Sec-Fetch-Dest"))
	if location := res.Header.Get("Location"); location != "" && navigation {
		res.Header.Set("Location", b.redirect(citizen.ID, res.Request.URL, location))
	}
	nonce := state.RandomText(22)
	b.frame(res.Header, nonce, b.host(citizen.ID)+"/open/js/")
	if !navigation || !isHTML(res.Header) || res.Header.Get("Content-Encoding") != "" || res.Request.Method == http.MethodHead {
		return nil
	}
	return inject(res, nonce)
}

// sdkAddress is where WeChat has the JS-SDK; in WeChat's own browser these hosts are this sandbox.
var sdkAddress = regexp.MustCompile(`(?:https?:)?//res2?\.wx\.qq\.com/open/js/`)

// isNavigation reports whether a request opens a page; programs that are no browsers send no Sec-Fetch-Dest.
func isNavigation(dest string) bool {
	return dest == "" || dest == "document" || dest == "iframe"
}

// redirect turns an absolute redirect into one on the phone's host, where the phone may follow.
func (b *Browser) redirect(citizen string, from *url.URL, location string) string {
	u, err := from.Parse(location)
	if err != nil {
		return location
	}
	switch {
	case u.Scheme == from.Scheme && u.Host == from.Host:
	case b.isAuthorize(u):
	case b.allowed(u) && (u.Scheme == "http" || u.Scheme == "https"):
		b.stand(citizen, u)
	default:
		return b.host(citizen) + "/__wechat/go?url=" + url.QueryEscape(u.String())
	}
	return b.host(citizen) + onPhone(u)
}

// frame lets the phone show the page although it is a frame, lets the browser's script run, and nobody else frame it.
func (b *Browser) frame(h http.Header, nonce, scripts string) {
	h.Del("X-Frame-Options")
	h.Del("Cross-Origin-Opener-Policy")
	h.Del("Cross-Origin-Embedder-Policy")
	h.Del("Cross-Origin-Resource-Policy")
	h.Del("Strict-Transport-Security")
	policies := h.Values("Content-Security-Policy")
	h.Del("Content-Security-Policy")
	for _, policy := range policies {
		if policy = phonePolicy(policy, nonce, scripts); policy != "" {
			h.Add("Content-Security-Policy", policy)
		}
	}
	h.Add("Content-Security-Policy", "frame-ancestors 'self' "+b.base.Scheme+"://"+b.base.Host+" "+
		strings.Replace(b.host("*"), "*.localhost", "localhost", 1)+" "+b.host("*"))
}

// phonePolicy is a content security policy without frame-ancestors, under which the browser's own script and the JS-SDK
// (at the address scripts) may run and ask the phone's host: WeChat's bridge is not subject to a page's policy either.
func phonePolicy(policy, nonce, scripts string) string {
	var kept []string
	values := map[string]string{}
	for directive := range strings.SplitSeq(policy, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), " ")
		name = strings.ToLower(name)
		if name == "" || name == "frame-ancestors" || name == "upgrade-insecure-requests" || name == "block-all-mixed-content" {
			continue
		}
		if _, twice := values[name]; !twice {
			kept, values[name] = append(kept, name), strings.TrimSpace(value)
		}
	}
	kept = widen(kept, values, "script-src", "'nonce-"+nonce+"' "+scripts)
	kept = widen(kept, values, "script-src-elem", "'nonce-"+nonce+"' "+scripts)
	kept = widen(kept, values, "connect-src", "'self'")
	for i, name := range kept {
		kept[i] = strings.TrimSpace(name + " " + values[name])
	}
	return strings.Join(kept, "; ")
}

// widen adds a source to a directive; one that is only implied by default-src is written out first.
func widen(kept []string, values map[string]string, name, source string) []string {
	value, there := values[name]
	if !there {
		fallback, implied := values["default-src"]
		if !implied || name == "script-src-elem" {
			return kept
		}
		kept, value = append(kept, name), fallback
	}
	if value == "'none'" {
		value = ""
	}
	if strings.Contains(value, "'unsafe-inline'") && strings.HasPrefix(source, "'nonce-") {
		source = "'self'" // a nonce would switch 'unsafe-inline' off
	}
	values[name] = strings.TrimSpace(value + " " + source)
	return kept
}

func isHTML(h http.Header) bool {
	typ, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && typ == "text/html"
}

// inject puts the browser's script at the beginning of the page's head.
func inject(res *http.Response, nonce string) error {
	body, err := io.ReadAll(io.LimitReader(res.Body, maxInjected+1))
	if err != nil {
		return err
	}
	if len(body) > maxInjected {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(body), res.Body), res.Body}
		return nil
	}
	if err := res.Body.Close(); err != nil {
		return err
	}
	tag := []byte(`<script src="/__wechat/browser.js" nonce="` + nonce + `"></script>`)
	body = sdkAddress.ReplaceAll(body, []byte("/open/js/"))
	at := headAt(body)
	page := make([]byte, 0, len(body)+len(tag))
	page = append(append(append(page, body[:at]...), tag...), body[at:]...)
	res.Body = io.NopCloser(bytes.NewReader(page))
	res.ContentLength = int64(len(page))
	res.Header.Set("Content-Length", strconv.Itoa(len(page)))
	res.Header.Del("ETag") // of the page without the script
	return nil
}

// headAt is the place after <head>, else after <html>, else after the doctype.
func headAt(body []byte) int {
	lower := bytes.ToLower(body[:min(len(body), 4096)])
	for _, open := range []string{"<head", "<html", "<!doctype"} {
		i := bytes.Index(lower, []byte(open))
		if i < 0 || open == "<head" && bytes.HasPrefix(lower[i:], []byte("<header")) {
			continue
		}
		if end := bytes.IndexByte(lower[i:], '>'); end >= 0 {
			return i + end + 1
		}
	}
	return 0
}

// unreachable is the page that WeChat shows for an origin that does not answer.
func (b *Browser) unreachable(w http.ResponseWriter, r *http.Request, err error) {
	b.Log.Debug("a page was not reached", "host", r.URL.Host, "error", err)
	b.message(w, http.StatusBadGateway, "网页无法打开", "服务器没有响应。")
}

// follow goes to another origin, if it is somebody's.
func (b *Browser) follow(w http.ResponseWriter, r *http.Request) {
	address := r.URL.Query().Get("url")
	target, err := b.Open(citizenOf(r).ID, address)
	if err != nil {
		b.message(w, http.StatusForbidden, "沙箱不打开这个网址", "它不属于任何已配置的公众号："+address)
		return
	}
	http.Redirect(w, r, target, http.StatusFound)
}
