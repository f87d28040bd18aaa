package accountweb

import (
	"strings"
	"testing"

	"weizheng/platform/clock"
	"weizheng/wechat"
)

// refuseTags lets WeChat answer the list of tags with a code, once.
func (h *house) refuseTags(id int64, code wechat.Code) {
	h.t.Helper()
	h.wx.set("/cgi-bin/tags/get", refusal(int(code), "no"))
	c, err := h.accounts.Client(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := c.Tags(h.t.Context()); err == nil {
		h.t.Fatal("not refused")
	}
	if err := h.accounts.Flush(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func TestFeatures(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, id, v := h.connect()
		one := "/accounts/" + number(id)
		end := clock.Millis(clock.StartOfDay(h.civil.Now()).AddDate(0, 0, 1))
		all := p.do(200, "GET", one+"/features", nil)
		menu := item(t, all, "menu")
		if menu["able"] != true || menu["state"] != "able" || menu["title"] != "自定义菜单" || menu["limit"] != 1000.0 || menu["left"] != 1000.0 ||
			menu["told"] != false || menu["resets_at"] != float64(end) || menu["note"] != nil {
			t.Errorf("%v", menu)
		}
		if c := item(t, all, "custom"); !strings.Contains(c["allowance"].(string), "48 小时内最多 5 条") {
			t.Errorf("%v", c)
		}
		if m := item(t, all, "mass"); !strings.Contains(m["allowance"].(string), "每月最多收到 4 次") || m["resets_at"] != nil {
			t.Errorf("%v", m)
		}
		for _, one := range all["items"].([]any) {
			if f := one.(object); strings.Contains(f["title"].(string), "account.") || strings.ContainsAny(f["title"].(string), "{}") {
				t.Errorf("no title: %v", f)
			}
		}
		p.do(200, "PATCH", one, object{"version": v, "kind": "subscription", "verified": false})
		all = p.do(200, "GET", one+"/features", nil)
		if m := item(t, all, "menu"); m["able"] != false || m["state"] != "verify" || !strings.Contains(m["note"].(string), "微信认证") ||
			!strings.Contains(m["instead"].(string), "手工设置") {
			t.Errorf("%v", m)
		}
		if q := item(t, all, "qrcode"); q["state"] != "kind" || !strings.Contains(q["note"].(string), "服务号才有") {
			t.Errorf("%v", q)
		}
		if m := item(t, all, "mass"); m["allowance"] != "每天 1 次。" {
			t.Errorf("%v", m)
		}
	})
}

func TestRecheckIsShown(t *testing.T) {
	t.Parallel()
	h := onSQLite(t)
	p, id, _ := h.connect()
	one := "/accounts/" + number(id)
	const path = "/cgi-bin/tags/get"
	h.refuseTags(id, wechat.CodeNoPermission)
	if c := item(t, p.do(200, "GET", one+"/capabilities", nil), path); c["state"] != "refused" || c["code"] != 48001.0 || c["refused_at"].(float64) == 0 || c["rid"] == "" {
		t.Errorf("%v", c)
	}
	again := p.do(200, "POST", one+"/capabilities/recheck", object{"path": path})
	if c := again["capability"].(object); again["asked"] != true || c["state"] != "refused" {
		t.Errorf("refused still: %v", again)
	}
	h.wx.set(path, map[string]any{"tags": []any{}})
	again = p.do(200, "POST", one+"/capabilities/recheck", object{"path": path})
	if c := again["capability"].(object); again["asked"] != true || c["state"] != "able" || c["note"] != nil {
		t.Errorf("granted: %v", again)
	}
	if got := p.do(422, "POST", one+"/capabilities/recheck", object{"path": "/x"}); fields(got)["path"] == "" {
		t.Errorf("%v", got)
	}
}

// TestHealthTellsWhatIsShort: a right that WeChat refused is a warning, calls used up are a failure, and both end.
func TestHealthTellsWhatIsShort(t *testing.T) {
	t.Parallel()
	h := onSQLite(t)
	_, id, _ := h.connect()
	told := func() string {
		t.Helper()
		var lines []string
		for _, f := range h.health() {
			if strings.ContainsAny(f.Title+f.Detail+f.Next, "{}") || f.Detail == "" || f.Next == "" || f.Unit == "" {
				t.Errorf("%+v", f)
			}
			lines = append(lines, f.State+" "+f.Title)
		}
		return strings.Join(lines, "\n")
	}
	refuse := func(code wechat.Code) {
		t.Helper()
		h.wx.set("/cgi-bin/tags/create", refusal(int(code), "no"))
		c, err := h.accounts.Client(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.CreateTag(t.Context(), "低保户"); err == nil {
			t.Fatal("not refused")
		}
		if err := h.accounts.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := told(); got != "" {
		t.Errorf("before: %s", got)
	}
	refuse(wechat.CodeNoPermission)
	if got := told(); got != "warn 青云政务：微信没有给“粉丝标签”的权限" {
		t.Errorf("after 48001: %s", got)
	}
	if _, _, err := h.accounts.Recheck(t.Context(), id, "/cgi-bin/tags/create"); err != nil {
		t.Fatal(err)
	}
	refuse(wechat.CodeDailyQuota)
	if got := told(); got != "fail 青云政务：“粉丝标签”今天的次数用完了" {
		t.Errorf("after 45009: %s", got)
	}
}
