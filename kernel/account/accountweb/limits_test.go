package accountweb

import (
	"strings"
	"testing"

	"weizheng/platform/clock"
	"weizheng/wechat"
)

func item(t *testing.T, answer object, name string) object {
	t.Helper()
	for _, one := range answer["items"].([]any) {
		if v := one.(object); v["name"] == name {
			return v
		}
	}
	t.Fatalf("nothing on %s: %v", name, answer)
	return nil
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, id, v := h.connect()
		one := "/accounts/" + number(id)
		const menu, qr, comments = "/cgi-bin/menu/create", "/cgi-bin/qrcode/create", "/cgi-bin/comment/list"
		if c := item(t, p.do(200, "GET", one+"/capabilities", nil), menu); c["has"] != true || c["title"] != "创建自定义菜单" || c["note"] != nil {
			t.Errorf("%v", c)
		}
		// WeChat refuses one; the counts are written by Flush.
		h.wx.set(comments, refusal(48001, "api unauthorized"))
		h.wx.set("/cgi-bin/tags/get", refusal(48001, "api unauthorized"))
		c, err := h.accounts.Client(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Tags(t.Context()); err == nil {
			t.Fatal("not refused")
		}
		if err := h.accounts.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if c := item(t, p.do(200, "GET", one+"/capabilities", nil), "/cgi-bin/tags/get"); c["has"] != false || !strings.Contains(c["note"].(string), "48001") {
			t.Errorf("%v", c)
		}
		p.do(200, "PATCH", one, object{"version": v, "kind": "subscription", "verified": false})
		all := p.do(200, "GET", one+"/capabilities", nil)
		if c := item(t, all, menu); c["has"] != false || c["state"] != "verify" || !strings.Contains(c["note"].(string), "创建自定义菜单") || !strings.Contains(c["note"].(string), "微信认证") {
			t.Errorf("%v", c)
		}
		if c := item(t, all, qr); c["has"] != false || c["state"] != "kind" || !strings.Contains(c["note"].(string), "服务号才有") {
			t.Errorf("%v", c)
		}
		names := map[string]bool{}
		for _, one := range all["items"].([]any) {
			name := one.(object)["name"].(string)
			if names[name] {
				t.Errorf("%s stands twice", name)
			}
			names[name] = true
		}
	})
}

func TestQuota(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, id, _ := h.connect()
		one := "/accounts/" + number(id) + "/quota"
		today := clock.Day(h.civil.Now())
		if q := p.do(200, "GET", one, nil); q["day"] != today || len(q["items"].([]any)) != 0 {
			t.Errorf("before any call: %v", q)
		}
		h.wx.set("/cgi-bin/tags/get", map[string]any{"tags": []any{}})
		c, err := h.accounts.Client(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if _, err := c.Tags(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.accounts.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		q := item(t, p.do(200, "GET", one, nil), "/cgi-bin/tags/get")
		end := clock.Millis(clock.StartOfDay(h.civil.Now()).AddDate(0, 0, 1))
		if q["used"] != 3.0 || q["limit"] != 1000.0 || q["title"] != "获取标签列表" || q["told"] != false || q["resets_at"] != float64(end) {
			t.Errorf("%v", q)
		}
		h.wx.set("/cgi-bin/openapi/quota/get", map[string]any{"quota": map[string]any{"daily_limit": 5000, "used": 7, "remain": 4993}})
		asked := p.do(200, "POST", one, object{"path": "/cgi-bin/tags/get"})
		if asked["limit"] != 5000.0 || asked["used"] != 7.0 || asked["told"] != true {
			t.Errorf("%v", asked)
		}
		if q := item(t, p.do(200, "GET", one, nil), "/cgi-bin/tags/get"); q["limit"] != 5000.0 || q["used"] != 7.0 || q["told"] != true {
			t.Errorf("WeChat's own number: %v", q)
		}
		if got := p.do(422, "POST", one, object{"path": "/etc/passwd"}); fields(got)["path"] == "" {
			t.Errorf("%v", got)
		}
		if q := p.do(200, "GET", one+"?day=2020-01-01", nil); q["day"] != "2020-01-01" || len(q["items"].([]any)) != 0 {
			t.Errorf("another day: %v", q)
		}
		p.do(422, "GET", one+"?day=yesterday", nil)
	})
}

func TestQuotaTellsFailures(t *testing.T) {
	t.Parallel()
	h := onSQLite(t)
	p, id, _ := h.connect()
	h.wx.set("/cgi-bin/tags/get", refusal(int(wechat.CodeDailyQuota), "reach max api daily quota limit"))
	c, err := h.accounts.Client(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Tags(t.Context()); err == nil {
		t.Fatal("not refused")
	}
	if err := h.accounts.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	q := item(t, p.do(200, "GET", "/accounts/"+number(id)+"/quota", nil), "/cgi-bin/tags/get")
	if q["failed"] != 1.0 || q["last_code"] != 45009.0 || q["last_text"] != "当日调用次数已用完" || q["last_rid"] != "65f0-1234abcd-0099" {
		t.Errorf("%v", q)
	}
}

func TestCallbacks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, id, _ := h.connect()
		one := "/accounts/" + number(id) + "/callbacks"
		if got := p.do(200, "GET", one, nil); len(got["items"].([]any)) != 0 {
			t.Errorf("%v", got)
		}
		h.accounts.CallbackSeen(id)
		h.accounts.CallbackSeen(id)
		h.accounts.CallbackRefused(id, "signature")
		if err := h.accounts.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		day := p.do(200, "GET", one, nil)["items"].([]any)[0].(object)
		if day["day"] != clock.Day(h.civil.Now()) || day["good"] != 2.0 || day["bad"] != 1.0 || day["bad_reason"] != "signature" ||
			day["bad_text"] != "签名不对，两边的令牌不一样" || day["good_at"].(float64) == 0 || day["bad_at"].(float64) == 0 {
			t.Errorf("%v", day)
		}
		p.do(422, "GET", one+"?limit=0", nil)
	})
}
