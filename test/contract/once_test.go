package contract

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// onceTemplate is the account's id for one-time subscriptions, as its console shows it.
func (w *world) onceTemplate(account string) string {
	w.Helper()
	return w.play("GET", "/accounts/"+account, nil)["account"].(object)["once_template"].(string)
}

// decideOnce opens the page of one-time subscription on the citizen's phone, answers it and returns where it leads.
func (w *world) decideOnce(account, citizen string, scene int, decision string) *url.URL {
	w.Helper()
	redirect := "https://" + devHost + "/c/" + account + "/done?x=1"
	address := w.client(account).OnceAddress(scene, w.onceTemplate(account), redirect, "r1")
	opened := w.play("POST", "/open", object{"citizen": citizen, "url": address})["url"].(string)
	opened, _, _ = strings.Cut(opened, "#")
	if res, page := w.exchange("GET", opened, nil, nil); res.StatusCode != http.StatusOK || !strings.Contains(string(page), "申请给您发送一条消息") {
		w.Fatalf("the page: %d %.300s", res.StatusCode, page)
	}
	res, page := w.exchange("POST", opened, strings.NewReader("decision="+decision), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != http.StatusSeeOther {
		w.Fatalf("%s: %d %.300s", decision, res.StatusCode, page)
	}
	return to
}

// allowedOnce lets zhang allow one message under each of some scenes.
func allowedOnce(w *world, account string) {
	for scene := range 8 {
		w.decideOnce(account, "zhang", scene, "allow")
	}
}

// onceArrives: one message for one allowance under one scene, without following.
func onceArrives(w *world) {
	c, zhang, id := w.client(main), w.openid(main, "zhang"), w.onceTemplate(main)
	send := func(scene int) error {
		return c.SendOnce(w.ctx, client.OnceMessage{To: zhang, Template: id, Scene: scene, Title: "排到您了", Content: "请到3号窗口", URL: "https://gov.example/q"})
	}
	to := w.decideOnce(main, "zhang", 10_000, "allow")
	if q := to.Query(); to.Path != "/c/zhengwu/done" || q.Get("x") != "1" || q.Get("openid") != zhang || q.Get("action") != "confirm" || q.Get("scene") != "10000" ||
		q.Get("reserved") != "r1" || q.Get("template_id") != id {
		w.Errorf("back to %s", to)
	}
	if to := w.decideOnce(main, "zhang", 1, "deny"); to.Query().Get("action") != "cancel" || to.Query().Get("openid") != "" {
		w.Errorf("after a refusal: %s", to)
	}
	w.wantCode("refused", send(1), 43101)
	w.wantCode("allowed", send(10_000), 0)
	w.wantCode("a second time", send(10_000), 43101)
	w.settle()
	got := w.notices("zhang")
	if len(got) != 1 || got[0]["kind"] != "once" || got[0]["title"] != "排到您了" || w.list(got[0]["fields"])[0]["value"] != "请到3号窗口" {
		w.Errorf("%v", got)
	}
}

func onceRefusals() []refusal {
	const path = "/cgi-bin/message/template/subscribe"
	send := func(change func(*client.OnceMessage)) func(w *world) error {
		return func(w *world) error {
			m := client.OnceMessage{To: w.openid(main, "zhang"), Template: w.onceTemplate(main), Title: "提醒", Content: "好了"}
			change(&m)
			return w.client(main).SendOnce(w.ctx, m)
		}
	}
	raw := func(w *world, scene, title, content string) wechat.Code {
		return w.raw(main, "POST", path, fmt.Sprintf(`{"touser":%q,"template_id":%q,"scene":%q,"title":%q,"data":{"content":{"value":%q,"color":"#000"}}}`,
			w.openid(main, "zhang"), w.onceTemplate(main), scene, title, content))
	}
	local := func(label, field string, code wechat.Code, kind errs.Kind, action wechat.Action, scene, title, content string, change func(*client.OnceMessage)) refusal {
		return refusal{label: label, code: code, kind: kind, action: action, local: field + ":wechat.between", do: send(change),
			raw: func(w *world) wechat.Code { return raw(w, scene, title, content) }}
	}
	const invalid, fix = errs.Invalid, wechat.ActFixContent
	return []refusal{
		local("a title of 16 characters", "title", 45003, invalid, fix, "1", strings.Repeat("题", 16), "好了", func(m *client.OnceMessage) { m.Title = strings.Repeat("题", 16) }),
		local("no title", "title", 45003, invalid, fix, "1", "", "好了", func(m *client.OnceMessage) { m.Title = "" }),
		local("201 characters", "content", 45002, invalid, fix, "1", "题", strings.Repeat("文", 201), func(m *client.OnceMessage) { m.Content = strings.Repeat("文", 201) }),
		local("no content", "content", 44004, invalid, fix, "1", "题", "", func(m *client.OnceMessage) { m.Content = "" }),
		local("scene 10001", "scene", 40035, errs.Internal, wechat.ActFixRequest, "10001", "题", "文", func(m *client.OnceMessage) { m.Scene = 10_001 }),
		no("another template", 40037, invalid, wechat.ActFixTemplate, send(func(m *client.OnceMessage) { m.Template = "abc" })),
		no("a scene that nobody allowed", 43101, errs.Refused, wechat.ActDropChannel, send(func(m *client.OnceMessage) { m.Scene = 777 })),
		no("a mini program that is not linked", 40013, errs.Refused, wechat.ActFixConfig, send(func(m *client.OnceMessage) { m.Mini = &client.Mini{AppID: "wx00"} })),
		stranger("a stranger", send(func(m *client.OnceMessage) { m.To = "oNobody" })),
	}
}

// TestOncePage: what the page refuses to ask for.
func TestOncePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func(account string, change func(url.Values)) string {
		t.Helper()
		q := url.Values{"action": {"get_confirm"}, "appid": {w.account(account).AppID}, "scene": {"1"}, "template_id": {w.onceTemplate(account)},
			"redirect_url": {"https://" + devHost + "/x"}, "reserved": {"r"}}
		change(q)
		_, page := w.exchange("GET", "http://zhang.localhost:8090/mp/subscribemsg?"+q.Encode(), nil, nil)
		return string(page)
	}
	set := func(name, value string) func(url.Values) { return func(q url.Values) { q.Set(name, value) } }
	for _, c := range []struct {
		label, account, want string
		change               func(url.Values)
	}{
		{"right", main, "申请给您发送一条消息", func(url.Values) {}},
		{"a subscription account", "renshe", "申请给您发送一条消息", func(url.Values) {}},
		{"an unverified account", "jiaojing", "48001", func(url.Values) {}},
		{"another action", main, "40097", set("action", "x")},
		{"scene 10001", main, "40097", set("scene", "10001")},
		{"another template", main, "40037", set("template_id", "x")},
		{"another domain", main, "10003", set("redirect_url", "https://evil.example/")},
		{"a long reserve", main, "40097", set("reserved", strings.Repeat("r", 129))},
		{"another account", main, "40013", set("appid", "wx00")},
	} {
		if got := ask(c.account, c.change); !strings.Contains(got, c.want) {
			t.Errorf("%s: %.400s", c.label, got)
		}
	}
	if _, page := w.exchange("GET", "http://"+boxHost+"/mp/subscribemsg?action=get_confirm", nil, nil); !strings.Contains(string(page), "请在微信客户端打开链接") {
		t.Errorf("outside of WeChat: %.300s", page)
	}
}
