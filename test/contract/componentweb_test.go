package contract

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// authorise sends a citizen round for the platform on behalf of an account and returns the code.
func (p *platform) authorise(account, citizen string, scope client.Scope) string {
	p.w.Helper()
	address, err := p.OAuthURL(p.w.account(account).AppID, returnTo, scope, "State123")
	if err != nil {
		p.w.Fatal(err)
	}
	page, _, _ := strings.Cut(p.w.onPhone(citizen, address), "#")
	res, content := p.w.phone("GET", page, nil, nil)
	if strings.Contains(content, "允许") {
		res, content = p.w.phone("POST", page, url.Values{"decision": {"allow"}}, nil)
	}
	if res.StatusCode != http.StatusFound {
		p.w.Fatalf("no redirect: %d %s", res.StatusCode, content)
	}
	p.w.phone("GET", res.Header.Get("Location"), nil, nil)
	u, err := url.Parse(p.w.dev.opened("/c/zhengwu/oauth?"))
	if err != nil || u.Query().Get("appid") != p.w.account(account).AppID {
		p.w.Fatalf("the platform's server got %v", u)
	}
	return u.Query().Get("code")
}

func componentWebRows() []row {
	const noCode = "without the right nobody gets a code"
	prepare := func(w *world, _ string) { w.platform().authorised(main) }
	exchange := func(label string, code wechat.Code, action wechat.Action, do func(w *world, p *platform) error) refusal {
		return no(label, code, errs.Refused, action, func(w *world) error {
			p := w.platform()
			p.authorised(main)
			return do(w, p)
		})
	}
	appid := func(w *world) string { return w.account(main).AppID }
	return []row{
		{
			path: "/sns/oauth2/component/access_token", auth: wechat.AuthComponent, s: never, f: verified, rightless: noCode, prepare: prepare,
			caller: func(w *world, _ string) func() error {
				p := w.platform()
				p.authorised(main)
				return func() error {
					_, err := p.OAuthToken(w.ctx, appid(w), p.authorise(main, "zhang", client.ScopeBase))
					return err
				}
			},
			effect: onBehalf,
			refusals: []refusal{
				exchange("a code twice", 40163, wechat.ActRestartOAuth, func(w *world, p *platform) error {
					code := p.authorise(main, "zhang", client.ScopeBase)
					_, err := p.OAuthToken(w.ctx, appid(w), code)
					w.wantCode("once", err, 0)
					_, err = p.OAuthToken(w.ctx, appid(w), code)
					return err
				}),
				exchange("a code that the account asked for itself", 40029, wechat.ActRestartOAuth, func(w *world, p *platform) error {
					_, err := p.OAuthToken(w.ctx, appid(w), w.authorise(main, "zhang", client.ScopeBase))
					return err
				}),
				exchange("an account that gave nothing", 61003, wechat.ActReauthorise, func(w *world, p *platform) error {
					_, err := p.OAuthToken(w.ctx, w.account("xinqu").AppID, "0abc")
					return err
				}),
				exchange("an account that kept its web services", 61007, wechat.ActHideCapability, func(w *world, p *platform) error {
					p.authorised("xinqu", 15)
					_, err := p.OAuthToken(w.ctx, w.account("xinqu").AppID, "0abc")
					return err
				}),
				exchange("an account without web authorisation", 48001, wechat.ActHideCapability, func(w *world, p *platform) error {
					p.authorised("renshe", 4)
					_, err := p.OAuthToken(w.ctx, w.account("renshe").AppID, "0abc")
					return err
				}),
			},
		},
		{
			path: "/sns/oauth2/component/refresh_token", auth: wechat.AuthComponent, s: never, f: verified, again: true, rightless: noCode, prepare: prepare,
			caller: func(w *world, _ string) func() error {
				p := w.platform()
				p.authorised(main)
				t, err := p.OAuthToken(w.ctx, appid(w), p.authorise(main, "zhang", client.ScopeBase))
				w.wantCode("token", err, 0)
				return func() error { _, err := p.OAuthRefresh(w.ctx, appid(w), t.RefreshToken); return err }
			},
			effect: onBehalf,
			refusals: []refusal{
				exchange("nobody's token", 40030, wechat.ActReauthorise, func(w *world, p *platform) error {
					_, err := p.OAuthRefresh(w.ctx, appid(w), "98_0")
					return err
				}),
				exchange("one of the account's own", 40030, wechat.ActReauthorise, func(w *world, p *platform) error {
					_, err := p.OAuthRefresh(w.ctx, appid(w), w.granted(main, "zhang", client.ScopeBase).RefreshToken)
					return err
				}),
				exchange("after thirty days", 42002, wechat.ActReauthorise, func(w *world, p *platform) error {
					t, err := p.OAuthToken(w.ctx, appid(w), p.authorise(main, "zhang", client.ScopeBase))
					w.wantCode("token", err, 0)
					w.wall.pass(30 * 24 * time.Hour)
					_, err = p.OAuthRefresh(w.ctx, appid(w), t.RefreshToken)
					return err
				}),
			},
		},
	}
}

// onBehalf: a platform learns who a citizen of an account is, as the account would, renews that, and not after it was taken back.
func onBehalf(w *world) {
	p := w.platform()
	a := p.authorised(main, 4)
	t, err := p.OAuthToken(w.ctx, a.AppID, p.authorise(main, "zhang", client.ScopeUser))
	if err != nil || t.OpenID != w.openid(main, "zhang") || t.Scope != "snsapi_userinfo" || t.Life != 2*time.Hour {
		w.Fatalf("%+v %v", t, err)
	}
	if u, err := w.client(main).OAuthUser(w.ctx, t); err != nil || u.Nickname != "张三" {
		w.Errorf("%+v %v", u, err)
	}
	again, err := p.OAuthRefresh(w.ctx, a.AppID, t.RefreshToken)
	if err != nil || again.OpenID != t.OpenID || again.AccessToken == t.AccessToken {
		w.Errorf("%+v %v", again, err)
	}
	w.play("POST", "/components/sanfang/unauthorise", object{"account": main})
	_, err = p.OAuthRefresh(w.ctx, a.AppID, t.RefreshToken)
	w.wantCode("after it was taken back", err, 61003)
	address, err := p.OAuthURL(a.AppID, returnTo, client.ScopeBase, "x")
	w.wantCode("address", err, 0)
	page, _, _ := strings.Cut(w.onPhone("zhang", address), "#")
	if _, content := w.phone("GET", page, nil, nil); !strings.Contains(content, "没有把网页服务授权给") {
		w.Errorf("%s", content)
	}
}

// TestAdministratorAuthorises: the page on the computer shows a code; the administrator scans it, picks the account and what
// to give; the page goes back to the platform with a code that works, once. A phone that came by a link goes back itself.
func TestAdministratorAuthorises(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.platform()
	w.play("PATCH", "/accounts/"+main, object{"administrators": []string{"zhang"}})
	opens := func(appid string) string {
		code, err := p.PreAuthCode(w.ctx)
		w.wantCode("code", err, 0)
		address, err := p.LoginURL(code, "https://"+devHost+"/sanfang/done?for=1", appid)
		w.wantCode("address", err, 0)
		return address
	}
	computer := opens(w.account(main).AppID)
	res, page := w.phone("GET", computer, nil, nil)
	if res.StatusCode != http.StatusOK || res.Header.Get("Refresh") == "" || !strings.Contains(page, "data:image/png;base64,") {
		t.Fatalf("%d %.300s", res.StatusCode, page)
	}
	link := between(page, "<code>", "</code>")
	link, _, _ = strings.Cut(strings.ReplaceAll(link, "&amp;", "&"), "#")
	if _, page = w.phone("GET", w.onPhone("li", link), nil, nil); !strings.Contains(page, "您不是可授权账号的管理员") {
		t.Errorf("somebody else: %s", page)
	}
	phone := w.onPhone("zhang", link)
	if _, page = w.phone("GET", phone, nil, nil); !strings.Contains(page, "青云政务") || !strings.Contains(page, "消息管理") || strings.Contains(page, "青云人社") {
		t.Errorf("%s", page)
	}
	yes := url.Values{"decision": {"allow"}, "account": {w.account(main).AppID}, "set": {"15", "2"}}
	for label, form := range map[string]url.Values{
		"nothing given":    {"decision": {"allow"}, "account": yes["account"]},
		"another account":  {"decision": {"allow"}, "account": {w.account("renshe").AppID}, "set": {"2"}},
		"no set of theirs": {"decision": {"allow"}, "account": yes["account"], "set": {"99"}},
	} {
		if _, page = w.phone("POST", phone, form, nil); !strings.Contains(page, "请选择") {
			t.Errorf("%s: %s", label, page)
		}
	}
	if _, page = w.phone("POST", phone, yes, nil); !strings.Contains(page, "请回到电脑上继续") {
		t.Fatalf("%s", page)
	}
	w.settle()
	told := w.dev.take()
	if len(told) == 0 || told[len(told)-1].InfoType != "authorized" || told[len(told)-1].PreAuthCode == "" {
		t.Errorf("%v", told)
	}
	res, _ = w.phone("GET", computer, nil, nil)
	back, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != http.StatusFound || back.Query().Get("expires_in") != "600" || back.Query().Get("for") != "1" {
		t.Fatalf("%d %v", res.StatusCode, back)
	}
	a, err := p.QueryAuth(w.ctx, back.Query().Get("auth_code"))
	if err != nil || a.AppID != w.account(main).AppID || !slices.Equal(a.Sets, []int{2, 15}) {
		t.Errorf("%v %v", a.Sets, err)
	}
	if _, page = w.phone("POST", phone, yes, nil); !strings.Contains(page, "已经用过") {
		t.Errorf("twice: %s", page)
	}

	code, err := p.PreAuthCode(w.ctx)
	w.wantCode("code", err, 0)
	link, err = p.BindURL(code, "https://"+devHost+"/sanfang/done", "")
	w.wantCode("link", err, 0)
	link, _, _ = strings.Cut(link, "#")
	if res, page = w.phone("POST", w.onPhone("zhang", link), yes, nil); res.StatusCode != http.StatusSeeOther ||
		!strings.Contains(res.Header.Get("Location"), "/sanfang/done?auth_code=") {
		t.Errorf("%d %s", res.StatusCode, page)
	}
}

// TestAuthorisePageOfAPlatformRefuses: what is wrong with a link is said, and nothing is given.
func TestAuthorisePageOfAPlatformRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.platform()
	code, err := p.PreAuthCode(w.ctx)
	w.wantCode("code", err, 0)
	good, err := p.LoginURL(code, "https://"+devHost+"/done", "")
	w.wantCode("address", err, 0)
	for _, c := range []struct{ label, name, value, says string }{
		{"no such platform", "component_appid", "wx0", "component_appid"},
		{"another domain", "redirect_uri", "https://evil.example/done", "授权发起页域名"},
		{"mini programs only", "auth_type", "2", "小程序"},
		{"no such account", "biz_appid", "wx0", "biz_appid"},
		{"nobody's code", "pre_auth_code", "preauthcode@@@x", "预授权码"},
	} {
		u, _ := url.Parse(good)
		q := u.Query()
		q.Set(c.name, c.value)
		u.RawQuery = q.Encode()
		if _, page := w.phone("GET", u.String(), nil, nil); !strings.Contains(page, "无法授权") || !strings.Contains(page, c.says) {
			t.Errorf("%s: %s", c.label, page)
		}
	}
	w.wall.pass(10 * time.Minute)
	if _, page := w.phone("GET", good, nil, nil); !strings.Contains(page, "已过期") {
		t.Errorf("after ten minutes: %s", page)
	}
}

func between(text, from, to string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, _ = strings.Cut(text, to)
	return text
}

// TestMessagesReachThePlatform: a platform that was given the messages gets a copy at its address with the account's appid
// in it, sealed with its own key, and may answer; the account's own server gets its own; nothing after it was taken back.
func TestMessagesReachThePlatform(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.platform()
	own, theirs := "/wx/"+main, "/sanfang/"+w.account(main).AppID+"/callback"
	w.dev.codecs[theirs] = w.dev.codecs["/sanfang"]
	w.play("PUT", "/components/sanfang", object{"message_url": "https://" + devHost + "/sanfang/$APPID$/callback"})
	p.authorised(main, 1, 2)
	w.settle()
	w.dev.take()
	w.follow(main, "zhang")
	w.dev.take()
	w.dev.answers(func(m *wechat.Message) wechat.Reply {
		if !m.FromCitizen() {
			return nil
		}
		return wechat.Text{Content: "收到：" + m.Content}
	})
	w.say(main, "zhang", "路灯坏了")
	paths := map[string]int{}
	for _, got := range w.dev.take() {
		if got.Content != "路灯坏了" || got.ToUserName != w.account(main).OriginalID || got.FromUserName != w.openid(main, "zhang") {
			t.Errorf("%+v", got.Message)
		}
		paths[got.path]++
	}
	if len(paths) != 2 || paths[own] != 1 || paths[theirs] != 1 {
		t.Errorf("%v", paths)
	}
	if n := len(w.chat(main, "zhang")); n != 3 { // what was said and two answers
		t.Errorf("%d items", n)
	}

	w.play("PATCH", "/accounts/"+main, object{"callback": ""})
	w.say(main, "zhang", "还没修")
	if got := w.dev.take(); len(got) != 1 || got[0].path != theirs {
		t.Errorf("without an address of its own: %v", got)
	}
	p.authorised(main, 2)
	w.settle()
	w.dev.take()
	w.say(main, "zhang", "算了")
	if got := w.dev.take(); len(got) != 0 {
		t.Errorf("after it was taken back: %v", got)
	}
}

// TestTicketsComeEveryTenMinutes: of wall time, whatever the civil clock does; one after a pause, however long.
func TestTicketsComeEveryTenMinutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.platform()
	w.play("PUT", "/components/sanfang", object{"pushing": true})
	count := func() int {
		w.settle()
		n := 0
		for _, got := range w.dev.take() {
			if got.InfoType == "component_verify_ticket" && got.AppID == p.cfg.AppID {
				n++
			}
		}
		return n
	}
	if n := count(); n != 1 {
		t.Errorf("at once: %d", n)
	}
	w.moveCivil(24 * time.Hour)
	w.wall.pass(10*time.Minute - time.Second)
	if n := count(); n != 0 {
		t.Errorf("before ten minutes: %d", n)
	}
	w.wall.pass(time.Second)
	if n := count(); n != 1 {
		t.Errorf("after ten minutes: %d", n)
	}
	w.wall.pass(5 * time.Hour)
	if n := count(); n != 1 {
		t.Errorf("after a pause: %d", n)
	}
}

// TestRefreshTokensThatChange: what comes with a token is saved before the token is used; the old one is dead.
func TestRefreshTokensThatChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.platform()
	a := p.authorised(main)
	tokens := func() *client.StoredTokens { return client.ComponentTokens(p.Platform, a.AppID, p, nil) }
	_, err := tokens().Token(w.ctx)
	if err != nil || p.refresh[a.AppID] != a.Refresh {
		t.Errorf("it stays: %v", err)
	}
	w.play("PUT", "/components/sanfang", object{"changes_refresh": true})
	for range 2 {
		before := p.refresh[a.AppID]
		if _, err = tokens().Token(w.ctx); err != nil || p.refresh[a.AppID] == before {
			t.Errorf("it changes: %v", err)
		}
	}
	p.refresh[a.AppID] = a.Refresh
	_, err = tokens().Token(w.ctx)
	w.wantCode("the first one", err, 61023)
}

// TestPlatformsAddress: a call with an account's token comes from an address of the platform, too.
func TestPlatformsAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.platform()
	a := p.authorised(main)
	cfg := w.config(main)
	cfg.Tokens = client.ComponentTokens(p.Platform, a.AppID, p, nil)
	c := client.New(cfg)
	_, err := c.CallbackIPs(w.ctx)
	w.wantCode("from everywhere", err, 0)
	w.play("PUT", "/components/sanfang", object{"ip_whitelist": []string{"203.0.113.7"}})
	_, err = c.CallbackIPs(w.ctx)
	if client.CodeOf(err) != 61004 || client.ActionOf(err) != wechat.ActAllowIP {
		t.Errorf("%v", err)
	}
}
