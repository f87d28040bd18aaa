package page

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"weizheng/wechat/sandbox/state"
)

// userAgent is what WeChat's browser on a common phone says.
const userAgent = "Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 " +
	"Chrome/126.0.6478.188 Mobile Safari/537.36 XWEB/1260213 MMWEBSDK/20241202 MicroMessenger/8.0.56.2800(0x2800385A) " +
	"WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64"

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

// unreachable is the page that WeChat shows for an origin that does not answer.
func (b *Browser) unreachable(w http.ResponseWriter, r *http.Request, err error) {
	b.Log.DebugContext(r.Context(), "a page was not reached", "host", r.URL.Host, "error", err)
	b.message(w, http.StatusBadGateway, "网页无法打开", "服务器没有响应。")
}

// follow goes to another origin, if it is somebody's. The browser's script asks first whether it is.
func (b *Browser) follow(w http.ResponseWriter, r *http.Request) {
	address := r.URL.Query().Get("url")
	asked := r.Header.Get("Accept") == "application/json"
	target, err := b.Open(citizenOf(r).ID, address)
	switch {
	case err == nil && asked:
		reply(w, map[string]string{"url": target})
	case err == nil:
		http.Redirect(w, r, target, http.StatusFound)
	case asked:
		reply(w, map[string]string{"leave": address})
	default:
		b.message(w, http.StatusForbidden, "沙箱不打开这个网址", "它不属于任何已配置的公众号："+address)
	}
}
