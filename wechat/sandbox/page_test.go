package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"weizheng/wechat"
)

// visit asks the phone's host of a citizen.
func (w *world) visit(citizen, method, path string, header ...string) (*http.Response, string) {
	w.Helper()
	_, port, _ := strings.Cut(strings.TrimPrefix(w.server.URL, "http://"), ":")
	var body *strings.Reader
	if method == "POST" {
		body = strings.NewReader("")
		for i := 0; i+1 < len(header); i += 2 {
			if header[i] == "body" {
				body = strings.NewReader(header[i+1])
			}
		}
	}
	header = append(header, "Host", citizen+".localhost:"+port)
	if body == nil {
		res, content := w.do(method, path, nil, header...)
		return res, string(content)
	}
	res, content := w.do(method, path, body, header...)
	return res, string(content)
}

// open opens an address on a citizen's phone and returns the path on the phone's host.
func (w *world) openPage(citizen, address string) string {
	w.Helper()
	at, _ := w.play("POST", "/open", object{"citizen": citizen, "url": address})["url"].(string)
	u, err := url.Parse(at)
	if err != nil || !strings.HasPrefix(u.Host, citizen+".localhost:") {
		w.Fatalf("opened at %q", at)
	}
	return u.RequestURI()
}

func TestPageProxy(t *testing.T) {
	t.Parallel()
	w := setup(t)
	var seen *http.Request
	site := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		seen = r.Clone(r.Context())
		switch r.URL.Path {
		case "/login":
			http.SetCookie(rw, &http.Cookie{Name: "session", Value: "abc", HttpOnly: true, SameSite: http.SameSiteLaxMode, Path: "/"})
			http.Redirect(rw, r, "http://"+r.Host+"/home?x=1#top", http.StatusSeeOther)
		case "/away":
			http.Redirect(rw, r, "https://evil.example/", http.StatusFound)
		case "/json":
			rw.Header().Set("Content-Type", "application/json")
			fmt.Fprint(rw, `{"html":"<head>"}`)
		default:
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			rw.Header().Set("X-Frame-Options", "DENY")
			rw.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; script-src 'self'")
			fmt.Fprint(rw, `<!doctype html><html><head lang="zh"><title>首页</title></head><body>`+
				`<script src="https://res.wx.qq.com/open/js/jweixin-1.6.0.js"></script></body></html>`)
		}
	}))
	defer site.Close()

	if res, body := w.visit("zhang", "GET", "/"); res.StatusCode != 404 || !strings.Contains(body, "没有打开的网页") {
		t.Errorf("before any page: %d %s", res.StatusCode, body)
	}
	if res, _ := w.visit("nobody", "GET", "/"); res.StatusCode != 404 {
		t.Errorf("a phone of nobody: %d", res.StatusCode)
	}
	path := w.openPage("zhang", site.URL+"/home?x=1")
	res, body := w.visit("zhang", "GET", path, "User-Agent", "Mozilla/5.0 Firefox", "Referer", w.server.URL+"/")
	if !strings.Contains(seen.UserAgent(), "MicroMessenger/") || "http://"+seen.Host != site.URL || seen.Referer() != "" ||
		seen.Header.Get("X-Forwarded-For") != "" {
		t.Errorf("what the site sees: %s %v", seen.Host, seen.Header)
	}
	if !strings.Contains(body, `<head lang="zh"><script src="/__wechat/browser.js" nonce="`) ||
		!strings.Contains(body, `src="/open/js/jweixin-1.6.0.js"`) {
		t.Errorf("the page: %s", body)
	}
	policy := strings.Join(res.Header.Values("Content-Security-Policy"), " | ")
	nonce := regexp.MustCompile(`nonce="([^"]+)"`).FindStringSubmatch(body)[1]
	if res.Header.Get("X-Frame-Options") != "" || strings.Contains(policy, "frame-ancestors 'none'") ||
		!strings.Contains(policy, "script-src 'self' 'nonce-"+nonce+"'") || !strings.Contains(policy, "connect-src 'self' 'self'") ||
		!strings.Contains(policy, "frame-ancestors 'self' "+w.server.URL) {
		t.Errorf("policy: %s", policy)
	}

	res, _ = w.visit("zhang", "GET", "/login")
	location := res.Header.Get("Location")
	if !strings.Contains(location, "//zhang.localhost:") || !strings.HasSuffix(location, "/home?x=1#top") || len(res.Cookies()) != 0 {
		t.Errorf("redirect to %q with cookies %v", location, res.Cookies())
	}
	w.visit("zhang", "GET", "/home", "Cookie", "script=set")
	if got := seen.Header.Get("Cookie"); got != "session=abc; script=set" {
		t.Errorf("cookies: %q", got)
	}
	w.openPage("li", site.URL+"/home")
	w.visit("li", "GET", "/home")
	if got := seen.Header.Get("Cookie"); got != "" {
		t.Errorf("another citizen has the cookies %q", got)
	}
	res, _ = w.visit("zhang", "GET", "/away")
	away, err := url.Parse(res.Header.Get("Location"))
	if err != nil || away.Path != "/__wechat/go" {
		t.Errorf("away: %v", res.Header)
	}
	if res, body := w.visit("zhang", "GET", away.RequestURI()); res.StatusCode != 403 || !strings.Contains(body, "evil.example") {
		t.Errorf("away goes: %d %s", res.StatusCode, body)
	}
	if _, body := w.visit("zhang", "GET", away.RequestURI(), "Accept", "application/json"); body != `{"leave":"https://evil.example/"}`+"\n" {
		t.Errorf("the script asks about away: %s", body)
	}
	if _, body := w.visit("zhang", "GET", "/__wechat/go?url="+url.QueryEscape(site.URL+"/x?y=1"), "Accept", "application/json"); !strings.Contains(body, w.visitHost("zhang")+"/x?y=1") {
		t.Errorf("the script asks about the site: %s", body)
	}
	if _, body := w.visit("zhang", "GET", "/json"); body != `{"html":"<head>"}` {
		t.Errorf("JSON was touched: %s", body)
	}
	own, _ := url.Parse(w.visitHost("zhang"))
	w.visit("zhang", "POST", "/form", "Origin", own.String(), "Referer", own.String()+"/home")
	if seen.Header.Get("Origin") != site.URL || seen.Referer() != site.URL+"/home" {
		t.Errorf("origin %q, referer %q", seen.Header.Get("Origin"), seen.Referer())
	}
	for _, address := range []string{"https://evil.example/", w.server.URL + "/sandbox/api/accounts", "javascript:1", "", "http://169.254.169.254/"} {
		if status, out := w.tryPlay("POST", "/open", object{"citizen": "zhang", "url": address}); status != 403 {
			t.Errorf("opens %q: %d %v", address, status, out)
		}
	}
	site.Close()
	if res, body := w.visit("zhang", "GET", "/home"); res.StatusCode != 502 || !strings.Contains(body, "网页无法打开") {
		t.Errorf("a site that is gone: %d %s", res.StatusCode, body)
	}
}

func (w *world) visitHost(citizen string) string {
	_, port, _ := strings.Cut(strings.TrimPrefix(w.server.URL, "http://"), ":")
	return "http://" + citizen + ".localhost:" + port
}

// authorize asks for authorisation on a phone and returns the answer.
func (w *world) authorize(citizen, account, scope string, change func(url.Values), header ...string) (*http.Response, string) {
	w.Helper()
	q := url.Values{"appid": {w.account(account).AppID}, "redirect_uri": {w.dev.server.URL + "/c/oauth?from=x"},
		"response_type": {"code"}, "scope": {scope}, "state": {"abc123"}}
	if change != nil {
		change(q)
	}
	method := "GET"
	if len(header) > 0 && header[0] == "decision" {
		method, header = "POST", []string{"body", "decision=" + header[1], "Content-Type", "application/x-www-form-urlencoded"}
	}
	return w.visit(citizen, method, "/connect/oauth2/authorize?"+q.Encode(), header...)
}

// code takes the code out of a redirect.
func (w *world) code(res *http.Response) string {
	w.Helper()
	u, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != 302 || u.Path != "/c/oauth" || u.Query().Get("state") != "abc123" || u.Query().Get("from") != "x" {
		w.Fatalf("no redirect with a code: %d %v", res.StatusCode, res.Header)
	}
	return u.Query().Get("code")
}

func (w *world) exchange(account, code string) object {
	w.Helper()
	a := w.account(account)
	return w.raw("GET", "/sns/oauth2/access_token?grant_type=authorization_code&appid="+a.AppID+"&secret="+a.Secret+"&code="+code, nil)
}

func TestSilentAuthorisation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	res, _ := w.authorize("zhang", "zhengwu", "snsapi_base", nil)
	code := w.code(res)
	if !strings.HasPrefix(res.Header.Get("Location"), w.visitHost("zhang")+"/") {
		t.Errorf("leaves the phone: %s", res.Header.Get("Location"))
	}
	token := w.exchange("zhengwu", code)
	openid := w.box.OpenID("zhengwu", "zhang")
	if token["openid"] != openid || token["scope"] != "snsapi_base" || token["expires_in"] != float64(7200) ||
		token["unionid"] != nil || token["is_snapshotuser"] != nil || token["errcode"] != nil {
		t.Errorf("token: %v", token)
	}
	w.want("twice", w.exchange("zhengwu", code), 40163)
	w.want("a code of nobody", w.exchange("zhengwu", "x"), 40029)
	w.want("no code", w.exchange("zhengwu", ""), 41008)
	res, _ = w.authorize("zhang", "zhengwu", "snsapi_base", nil)
	other := w.code(res)
	w.want("another account's code", w.exchange("fabu", other), 40029)
	w.wall.advance(5 * time.Minute)
	w.want("after five minutes", w.exchange("zhengwu", other), 42003)

	sns := func(path string, token any, openid string) object {
		return w.raw("GET", fmt.Sprintf("%s?access_token=%v&openid=%s&lang=zh_CN", path, token, openid), nil)
	}
	w.want("auth", sns("/sns/auth", token["access_token"], openid), 0)
	w.want("auth of another", sns("/sns/auth", token["access_token"], "oX"), 40003)
	w.want("auth with nonsense", sns("/sns/auth", "x", openid), 40001)
	w.want("userinfo without consent", sns("/sns/userinfo", token["access_token"], openid), 48001)
	w.wall.advance(2 * time.Hour)
	w.want("expired", sns("/sns/auth", token["access_token"], openid), 42001)
	refresh := "/sns/oauth2/refresh_token?grant_type=refresh_token&appid=" + w.account("zhengwu").AppID + "&refresh_token="
	again := w.raw("GET", refresh+token["refresh_token"].(string), nil)
	w.want("refreshed", sns("/sns/auth", again["access_token"], openid), 0)
	w.want("refresh with nonsense", w.raw("GET", refresh+"x", nil), 40030)
	w.wall.advance(31 * 24 * time.Hour)
	w.want("refresh after 30 days", w.raw("GET", refresh+token["refresh_token"].(string), nil), 42002)
}

func TestConsentAndSnapshot(t *testing.T) {
	t.Parallel()
	w := setup(t)
	res, page := w.authorize("zhang", "zhengwu", "snsapi_userinfo", nil)
	if res.StatusCode != 200 || !strings.Contains(page, "青云政务") || !strings.Contains(page, "允许") {
		t.Fatalf("consent page: %d %s", res.StatusCode, page)
	}
	if res, page := w.authorize("zhang", "zhengwu", "snsapi_userinfo", nil, "decision", "deny"); res.StatusCode != 200 || !strings.Contains(page, "已拒绝") {
		t.Errorf("denied: %d %s", res.StatusCode, page)
	}
	res, _ = w.authorize("zhang", "zhengwu", "snsapi_userinfo", nil, "decision", "allow")
	token := w.exchange("zhengwu", w.code(res))
	info := w.raw("GET", fmt.Sprintf("/sns/userinfo?access_token=%v&openid=%v", token["access_token"], token["openid"]), nil)
	if info["nickname"] != "张三" || info["sex"] != float64(0) || info["province"] != "" || info["unionid"] != token["unionid"] ||
		info["unionid"] == nil {
		t.Errorf("userinfo: %v of %v", info, token)
	}
	if res, _ := w.do("GET", strings.TrimPrefix(info["headimgurl"].(string), w.server.URL), nil); res.StatusCode != 200 {
		t.Errorf("no picture at %v", info["headimgurl"])
	}

	// A script led here, nobody asked: the snapshot page.
	res, _ = w.authorize("zhang", "zhengwu", "snsapi_userinfo", nil, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe")
	if token := w.exchange("zhengwu", w.code(res)); token["is_snapshotuser"] != float64(1) {
		t.Errorf("not a snapshot: %v", token)
	}
	if res, page := w.authorize("zhang", "zhengwu", "snsapi_userinfo", nil, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-User", "?1"); res.StatusCode != 200 || !strings.Contains(page, "允许") {
		t.Errorf("a person asked: %d", res.StatusCode)
	}
	w.play("PATCH", "/citizens/li", object{"snapshot": true})
	for _, scope := range []string{"snsapi_base", "snsapi_userinfo"} {
		res, _ = w.authorize("li", "zhengwu", scope, nil)
		token = w.exchange("zhengwu", w.code(res))
		if token["is_snapshotuser"] != float64(1) || token["openid"] == w.box.OpenID("zhengwu", "li") {
			t.Errorf("%s of a snapshot user: %v", scope, token)
		}
	}
	info = w.raw("GET", fmt.Sprintf("/sns/userinfo?access_token=%v&openid=%v", token["access_token"], token["openid"]), nil)
	if info["nickname"] != "微信用户" {
		t.Errorf("a snapshot user's name: %v", info)
	}
}

func TestAuthorisationIsRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, c := range []struct {
		label, account, scope string
		change                func(url.Values)
		code                  string
	}{
		{"a subscription account", "renshe", "snsapi_base", nil, "10005"},
		{"an unknown scope", "zhengwu", "snsapi_login", nil, "10005"},
		{"no scope", "zhengwu", "", nil, "10010"},
		{"an unknown appid", "zhengwu", "snsapi_base", func(q url.Values) { q.Set("appid", "wx0") }, "40013"},
		{"no appid", "zhengwu", "snsapi_base", func(q url.Values) { q.Del("appid") }, "10012"},
		{"no redirect", "zhengwu", "snsapi_base", func(q url.Values) { q.Del("redirect_uri") }, "10011"},
		{"another domain", "zhengwu", "snsapi_base", func(q url.Values) { q.Set("redirect_uri", "http://evil.example/") }, "10003"},
		{"another port", "zhengwu", "snsapi_base", func(q url.Values) { q.Set("redirect_uri", "http://127.0.0.1:1/") }, "10003"},
		{"no web address", "zhengwu", "snsapi_base", func(q url.Values) { q.Set("redirect_uri", "javascript:alert(1)") }, "10003"},
		{"another response type", "zhengwu", "snsapi_base", func(q url.Values) { q.Set("response_type", "token") }, "10004"},
		{"a strange state", "zhengwu", "snsapi_base", func(q url.Values) { q.Set("state", "a b") }, "10013"},
	} {
		res, page := w.authorize("zhang", c.account, c.scope, c.change)
		if res.StatusCode != 200 || !strings.Contains(page, "错误码："+c.code) {
			t.Errorf("%s: %d %s", c.label, res.StatusCode, page)
		}
	}
	w.play("PATCH", "/accounts/zhengwu", object{"oauth_domain": "127.0.0.1"})
	res, _ := w.authorize("zhang", "zhengwu", "snsapi_base", nil)
	w.code(res) // a domain without a port stands for every port
	if _, page := w.do("GET", "/connect/oauth2/authorize?appid=x", nil); !strings.Contains(string(page), "请在微信客户端打开链接") {
		t.Errorf("outside of a phone: %s", page)
	}
	// Programs that cannot be told otherwise send people to WeChat's own host.
	path := w.openPage("zhang", "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx0#wechat_redirect")
	if _, page := w.visit("zhang", "GET", path); !strings.Contains(page, "40013") {
		t.Errorf("WeChat's own host: %s", page)
	}
}

func TestJSConfig(t *testing.T) {
	t.Parallel()
	w := setup(t)
	path := w.openPage("zhang", w.dev.server.URL+"/c/page?a=1&b=%E4%B8%AD")
	appid := w.account("zhengwu").AppID
	ticket := w.api("zhengwu", "GET", "/cgi-bin/ticket/getticket?type=jsapi", nil)
	if again := w.api("zhengwu", "GET", "/cgi-bin/ticket/getticket?type=jsapi", nil); again["ticket"] != ticket["ticket"] {
		t.Error("a second ticket")
	}
	w.want("another type", w.api("zhengwu", "GET", "/cgi-bin/ticket/getticket?type=x", nil), 40097)
	config := func(appid, signature, timestamp string) string {
		body := fmt.Sprintf(`{"appId":%q,"timestamp":%s,"nonceStr":"n","signature":%q,"path":%q}`, appid, timestamp, signature, path)
		_, answer := w.visit("zhang", "POST", "/__wechat/config", "body", body, "Content-Type", "application/json")
		msg, _ := w.asObject([]byte(answer))["errMsg"].(string)
		return msg
	}
	signature := wechat.SignJS(ticket["ticket"].(string), "n", "1414587457", w.dev.server.URL+path)
	for _, c := range []struct{ label, appid, signature, timestamp, want string }{
		{"right", appid, signature, "1414587457", "config:ok"},
		{"the timestamp as text", appid, signature, `"1414587457"`, "config:ok"},
		{"another time", appid, signature, "1414587458", "config:invalid signature"},
		{"the phone's address", appid, wechat.SignJS(ticket["ticket"].(string), "n", "1414587457", w.visitHost("zhang")+path),
			"1414587457", "config:invalid signature"},
		{"an unknown appid", "wx0", signature, "1414587457", "config:invalid appid"},
		{"another account", w.account("fabu").AppID, signature, "1414587457", "config:invalid signature"},
	} {
		if got := config(c.appid, c.signature, c.timestamp); got != c.want {
			t.Errorf("%s: %s, want %s", c.label, got, c.want)
		}
	}
	entries := w.play("GET", "/wire?citizen=zhang", nil)["entries"].([]any)
	if last := entries[len(entries)-1].(object); !strings.Contains(last["request"].(string), "url="+w.dev.server.URL+path) {
		t.Errorf("the wire does not tell the address: %v", last)
	}
	w.play("PATCH", "/accounts/zhengwu", object{"js_domains": []string{"gov.example"}})
	if got := config(appid, signature, "1414587457"); got != "config:invalid url domain" {
		t.Errorf("another domain: %s", got)
	}
	w.play("PATCH", "/accounts/zhengwu", object{"js_domains": []string{"127.0.0.1"}})
	w.wall.advance(7201 * time.Second)
	if got := config(appid, signature, "1414587457"); got != "config:invalid signature" {
		t.Errorf("an expired ticket: %s", got)
	}

	body, mime := form("media", "a.png", png)
	_, answer := w.do("POST", "/sandbox/api/media?type=image", body, "Content-Type", mime)
	up := w.asObject(answer)["media_id"].(string)
	if _, content := w.visit("zhang", "GET", "/__wechat/local/"+up); content != string(png) {
		t.Errorf("local picture: %q", content)
	}
	_, text := w.visit("zhang", "POST", "/__wechat/upload", "body", fmt.Sprintf(`{"appid":%q,"media_id":%q}`, appid, up))
	server, _ := w.asObject([]byte(text))["server_id"].(string)
	w.tokens["zhengwu"] = ""
	if _, content := w.do("GET", "/cgi-bin/media/get?media_id="+server+"&access_token="+w.token("zhengwu"), nil); string(content) != string(png) {
		t.Errorf("the account fetches %q", content)
	}
	for _, path := range []string{"/open/js/jweixin-1.6.0.js", "/open/js/jweixin-1.2.0.js"} {
		res, script := w.do("GET", path, nil)
		if !strings.Contains(string(script), "jWeixin") || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/javascript") {
			t.Errorf("%s: %v", path, res.Header)
		}
	}
}
