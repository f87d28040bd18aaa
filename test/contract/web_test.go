package contract

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

func webRows() []row {
	const noCode = "without the right nobody gets a token to call with"
	return []row{
		{
			path: "/sns/oauth2/access_token", auth: wechat.AuthSecret, s: never, f: verified, minute: 50_000,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					code := "0"
					if account == main {
						code = w.authorise(main, "zhang", client.ScopeBase)
					}
					_, err := c.OAuthToken(w.ctx, code)
					return err
				}
			},
			effect: silentAuthorisation, refusals: codeRefusals(),
		},
		{
			path: "/sns/oauth2/refresh_token", auth: wechat.AuthUser, s: never, f: verified, minute: 50_000, again: true,
			caller: func(w *world, account string) func() error {
				c, refresh := w.client(account), "98_0"
				if account == main {
					refresh = w.granted(main, "zhang", client.ScopeBase).RefreshToken
				}
				return func() error { _, err := c.OAuthRefresh(w.ctx, refresh); return err }
			},
			effect: refreshed, refusals: refreshRefusals(),
		},
		{
			path: "/sns/userinfo", auth: wechat.AuthUser, s: never, f: verified, minute: 50_000, again: true, rightless: noCode,
			caller: func(w *world, account string) func() error {
				c, t := w.client(account), w.granted(account, "zhang", client.ScopeUser)
				return func() error { _, err := c.OAuthUser(w.ctx, t); return err }
			},
			effect: consented, refusals: userInfoRefusals(),
		},
		{
			path: "/cgi-bin/ticket/getticket", auth: wechat.AuthToken, s: all, f: all, day: 1_000_000, again: true,
			caller: func(w *world, account string) func() error {
				cfg, store := w.config(account), client.NewMemoryStore()
				cfg.Tickets = store
				c := client.New(cfg)
				return func() error {
					_, err := c.JSTicket(w.ctx)
					if err == nil {
						w.wall.pass(2 * time.Hour) // so that the next call asks again
					}
					return err
				}
			},
			effect: ticketSigns,
		},
	}
}

// phone asks a citizen's phone host, as the browser in WeChat does.
func (w *world) phone(method, address string, form url.Values, header http.Header) (*http.Response, string) {
	w.Helper()
	if header == nil {
		header = http.Header{}
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, content := w.exchange(method, address, body, header)
	return res, string(content)
}

// onPhone opens an address on a citizen's phone.
func (w *world) onPhone(citizen, address string) string {
	w.Helper()
	opened, _ := w.play("POST", "/open", object{"citizen": citizen, "url": address})["url"].(string)
	return opened
}

const returnTo = "https://" + devHost + "/c/zhengwu/oauth?from=x%20y"

// authorise sends a citizen round and returns the code that the account's server gets.
func (w *world) authorise(account, citizen string, scope client.Scope, header ...string) string {
	w.Helper()
	address, err := w.client(account).OAuthURL(returnTo, scope, "State123")
	if err != nil {
		w.Fatal(err)
	}
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	page := w.onPhone(citizen, address)
	page, _, _ = strings.Cut(page, "#")
	res, content := w.phone("GET", page, nil, h)
	if strings.Contains(content, "允许") {
		res, content = w.phone("POST", page, url.Values{"decision": {"allow"}}, nil)
	}
	if res.StatusCode != http.StatusFound {
		w.Fatalf("no redirect: %d %s", res.StatusCode, content)
	}
	w.phone("GET", res.Header.Get("Location"), nil, nil)
	u, err := url.Parse(w.dev.opened("/c/zhengwu/oauth?"))
	if err != nil || u.Query().Get("state") != "State123" || u.Query().Get("from") != "x y" || u.Query().Get("code") == "" {
		w.Fatalf("the account's server got %v", u)
	}
	return u.Query().Get("code")
}

// granted is a citizen's authorisation.
func (w *world) granted(account, citizen string, scope client.Scope) client.UserToken {
	w.Helper()
	t, err := w.client(account).OAuthToken(w.ctx, w.authorise(account, citizen, scope))
	if err != nil {
		w.Fatal(err)
	}
	return t
}

// silentAuthorisation: snsapi_base asks nobody and tells the openid only, of who follows and of who does not.
func silentAuthorisation(w *world) {
	for _, citizen := range []string{"zhang", "li"} {
		t := w.granted(main, citizen, client.ScopeBase)
		if t.OpenID != w.openid(main, citizen) || t.Scope != "snsapi_base" || t.Life != 2*time.Hour || t.UnionID != "" || t.Snapshot || t.RefreshToken == "" {
			w.Errorf("%s: %+v", citizen, t)
		}
		w.follow(main, "li")
	}
}

func codeRefusals() []refusal {
	restart := func(label string, code wechat.Code, do func(w *world) string) refusal {
		return refusal{label: label, code: code, kind: errs.Refused, action: wechat.ActRestartOAuth,
			do: func(w *world) error { _, err := w.client(main).OAuthToken(w.ctx, do(w)); return err }}
	}
	return []refusal{
		restart("a code used twice", 40163, func(w *world) string {
			code := w.authorise(main, "zhang", client.ScopeBase)
			_, err := w.client(main).OAuthToken(w.ctx, code)
			w.wantCode("once", err, 0)
			return code
		}),
		restart("a code after five minutes", 42003, func(w *world) string {
			code := w.authorise(main, "zhang", client.ScopeBase)
			w.wall.pass(5 * time.Minute)
			return code
		}),
		restart("nobody's code", 40029, func(*world) string { return "0abc" }),
		restart("no code", 41008, func(*world) string { return "" }),
		{label: "a wrong secret", code: 40125, kind: errs.Refused, action: wechat.ActFixConfig, do: func(w *world) error {
			cfg := w.config(main)
			cfg.Secret = "wrong"
			_, err := client.New(cfg).OAuthToken(w.ctx, w.authorise(main, "zhang", client.ScopeBase))
			return err
		}},
	}
}

// refreshed: a refresh token gives a new token for thirty days.
func refreshed(w *world) {
	first := w.granted(main, "zhang", client.ScopeUser)
	w.wall.pass(2 * time.Hour)
	_, err := w.client(main).OAuthUser(w.ctx, first)
	w.wantCode("two hours are over", err, 42001)
	again, err := w.client(main).OAuthRefresh(w.ctx, first.RefreshToken)
	if err != nil || again.AccessToken == first.AccessToken || again.OpenID != first.OpenID || again.Scope != "snsapi_userinfo" || again.RefreshToken == "" {
		w.Errorf("%+v %v", again, err)
	}
	u, err := w.client(main).OAuthUser(w.ctx, again)
	if err != nil || u.Nickname != "张三" {
		w.Errorf("%+v %v", u, err)
	}
}

func refreshRefusals() []refusal {
	anew := func(label string, code wechat.Code, do func(w *world) string) refusal {
		return refusal{label: label, code: code, kind: errs.Refused, action: wechat.ActReauthorise,
			do: func(w *world) error { _, err := w.client(main).OAuthRefresh(w.ctx, do(w)); return err }}
	}
	return []refusal{
		anew("nobody's", 40030, func(*world) string { return "98_abc" }),
		anew("none", 41003, func(*world) string { return "" }),
		anew("an access token", 40030, func(w *world) string { return w.granted(main, "zhang", client.ScopeBase).AccessToken }),
		anew("after thirty days", 42002, func(w *world) string {
			t := w.granted(main, "zhang", client.ScopeBase)
			w.wall.pass(30*24*time.Hour - time.Millisecond)
			_, err := w.client(main).OAuthRefresh(w.ctx, t.RefreshToken)
			w.wantCode("just before", err, 0)
			w.wall.pass(time.Millisecond)
			return t.RefreshToken
		}),
	}
}

// consented: name and picture after a tap, the same unionid for accounts of one body; a snapshot page is nobody.
func consented(w *world) {
	t := w.granted(main, "zhang", client.ScopeUser)
	u, err := w.client(main).OAuthUser(w.ctx, t)
	if err != nil || u.OpenID != w.openid(main, "zhang") || u.Nickname != "张三" || u.UnionID == "" || u.UnionID != t.UnionID || t.Snapshot {
		w.Errorf("%+v %+v %v", u, t, err)
	}
	if res, _ := w.exchange("GET", u.HeadImgURL, nil, nil); res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "image/") {
		w.Errorf("no picture at %s", u.HeadImgURL)
	}
	w.follow(main, "zhang")
	if f, err := w.client(main).User(w.ctx, t.OpenID); err != nil || f.UnionID != t.UnionID {
		w.Errorf("as a follower: %+v %v", f, err)
	}
	// Led there by a script, and as a citizen whose WeChat shows snapshots.
	script := w.authorise(main, "zhang", client.ScopeUser, "Sec-Fetch-Mode", "navigate")
	w.play("PATCH", "/citizens/li", object{"snapshot": true})
	for label, code := range map[string]string{"script": script, "setting": w.authorise(main, "li", client.ScopeUser), "silent": w.authorise(main, "li", client.ScopeBase)} {
		t, err := w.client(main).OAuthToken(w.ctx, code)
		if err != nil || !t.Snapshot || t.OpenID == w.openid(main, "zhang") || t.OpenID == w.openid(main, "li") {
			w.Errorf("%s: %+v %v", label, t, err)
		}
		if _, err := w.client(main).User(w.ctx, t.OpenID); client.CodeOf(err) != 40003 {
			w.Errorf("%s: the openid of a snapshot is somebody: %v", label, err)
		}
		if label == "silent" {
			continue
		}
		if u, err := w.client(main).OAuthUser(w.ctx, t); err != nil || u.Nickname == "张三" || u.Nickname == "李四" {
			w.Errorf("%s: %+v %v", label, u, err)
		}
	}
}

func userInfoRefusals() []refusal {
	get := func(label string, code wechat.Code, action wechat.Action, change func(w *world, t client.UserToken) client.UserToken) refusal {
		return refusal{label: label, code: code, kind: errs.Refused, action: action, do: func(w *world) error {
			_, err := w.client(main).OAuthUser(w.ctx, change(w, w.granted(main, "zhang", client.ScopeUser)))
			return err
		}}
	}
	return []refusal{
		get("without consent", 48001, wechat.ActHideCapability, func(w *world, _ client.UserToken) client.UserToken { return w.granted(main, "zhang", client.ScopeBase) }),
		get("another's openid", 40003, wechat.ActDropFollower, func(w *world, t client.UserToken) client.UserToken { t.OpenID = w.openid(main, "li"); return t }),
		get("nobody's token", 40001, wechat.ActReauthorise, func(_ *world, t client.UserToken) client.UserToken { t.AccessToken = "98_abc"; return t }),
		get("after two hours", 42001, wechat.ActReauthorise, func(w *world, t client.UserToken) client.UserToken { w.wall.pass(2 * time.Hour); return t }),
	}
}

// TestAuthorisePage: who may ask, for what, and back to where.
func TestAuthorisePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base, err := w.client(main).OAuthURL(returnTo, client.ScopeBase, "s")
	w.wantCode("url", err, 0)
	for _, c := range []struct {
		label, address, says string
	}{
		{"as it should be", base, ""},
		{"another domain", strings.Replace(base, devHost, "sub."+devHost, 1), "10003"},
		{"another port", strings.Replace(base, devHost, devHost+"%3A8443", 1), ""},
		{"a subscription account", strings.Replace(base, w.account(main).AppID, w.account("renshe").AppID, 1), "10005"},
		{"a service account that is not verified", strings.Replace(base, w.account(main).AppID, w.account("xinqu").AppID, 1), "10005"},
		{"nobody's appid", strings.Replace(base, w.account(main).AppID, "wx00", 1), "40013"},
		{"another scope", strings.Replace(base, "snsapi_base", "snsapi_login", 1), "10005"},
		{"another response type", strings.Replace(base, "response_type=code", "response_type=token", 1), "10004"},
		{"a state of other characters", strings.Replace(base, "state=s", "state=a-b", 1), "10013"},
		{"a state of 129", strings.Replace(base, "state=s", "state="+strings.Repeat("a", 129), 1), "10013"},
		{"a state of 128", strings.Replace(base, "state=s", "state="+strings.Repeat("a", 128), 1), ""},
		{"on WeChat's own host", strings.Replace(base, "http://"+boxHost, "https://open.weixin.qq.com", 1), ""},
	} {
		page, _, _ := strings.Cut(w.onPhone("zhang", c.address), "#")
		res, content := w.phone("GET", page, nil, nil)
		if went := res.StatusCode == http.StatusFound; went != (c.says == "") || !strings.Contains(content, c.says) {
			t.Errorf("%s: %d %s", c.label, res.StatusCode, content)
		}
	}
	for label, bad := range map[string]func(c *client.Client) (string, error){
		"state": func(c *client.Client) (string, error) { return c.OAuthURL(returnTo, client.ScopeBase, "a-b") },
		"129": func(c *client.Client) (string, error) {
			return c.OAuthURL(returnTo, client.ScopeBase, strings.Repeat("a", 129))
		},
		"scope": func(c *client.Client) (string, error) { return c.OAuthURL(returnTo, "snsapi_login", "s") },
		"page":  func(c *client.Client) (string, error) { return c.OAuthURL("javascript:1", client.ScopeBase, "s") },
	} {
		if _, err := bad(w.client(main)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: the client makes the address: %v", label, err)
		}
	}
	address, err := w.client(main).OAuthURL(returnTo, client.ScopeUser, "s")
	w.wantCode("url", err, 0)
	page, _, _ := strings.Cut(w.onPhone("zhang", address), "#")
	if _, content := w.phone("GET", page, nil, nil); !strings.Contains(content, "青云政务") || !strings.Contains(content, "昵称") {
		t.Errorf("consent: %s", content)
	}
	if res, content := w.phone("POST", page, url.Values{"decision": {"deny"}}, nil); res.StatusCode != http.StatusOK || !strings.Contains(content, "已拒绝") {
		t.Errorf("denied: %d %s", res.StatusCode, content)
	}
}
