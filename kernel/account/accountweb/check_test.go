package accountweb

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// told is one finding of an answer.
func told(t *testing.T, report object, name string) object {
	t.Helper()
	for _, one := range report["findings"].([]any) {
		if f := one.(object); f["name"] == name {
			return f
		}
	}
	t.Fatalf("no finding on %s: %v", name, report)
	return nil
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label string
		edit  func(h *house)
		state string
		want  map[string]string // name → state; the others are ok
		says  map[string]string // name → what its words hold
	}{
		{"all fine", func(*house) {}, "ok", nil, map[string]string{"callback": "https://gov.example/wx/qingyun", "credentials": "都对"}},
		{"wrong secret", func(h *house) { h.wx.expect("another") }, "fail", map[string]string{"credentials": "fail", "token": "fail"},
			map[string]string{"credentials": "错误码 40125"}},
		{"address not in the whitelist", func(h *house) { h.wx.bar("203.0.113.7") }, "fail",
			map[string]string{"whitelist": "fail", "token": "fail"}, map[string]string{"whitelist": "203.0.113.7"}},
		{"WeChat away", func(h *house) { h.net.at(api, "") }, "fail", map[string]string{"network": "fail", "token": "fail"},
			map[string]string{"network": "连不上微信：连接被拒绝"}},
		{"callback unreachable", func(h *house) { h.net.at(ours, "") }, "fail", map[string]string{"callback": "fail"},
			map[string]string{"callback": "送不到这里：连接被拒绝"}},
		{"callback with another token", func(h *house) { h.door.Store("another") }, "fail", map[string]string{"callback": "fail"},
			map[string]string{"callback": "令牌对不上"}},
		{"refused callbacks", func(h *house) {
			for range 9 {
				h.accounts.CallbackRefused(1, "key")
			}
		}, "", nil, map[string]string{"traffic": "两边的密钥不一样"}},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			h := onSQLite(t)
			p, id, _ := h.connect()
			h.accounts.CallbackSeen(id)
			c.edit(h)
			report := p.do(200, "POST", "/accounts/"+number(id)+"/check", nil)
			if c.state != "" && report["state"] != c.state {
				t.Errorf("the whole is %v", report["state"])
			}
			for _, one := range report["findings"].([]any) {
				f := one.(object)
				want := c.want[f["name"].(string)]
				if want == "" {
					want = "ok"
				}
				if c.state != "" && f["state"] != want {
					t.Errorf("%v, want %s", f, want)
				}
				for _, words := range []string{"title", "detail", "next"} {
					if text, _ := f[words].(string); strings.ContainsAny(text, "{}") || strings.Contains(text, "account.") || words == "title" && text == "" {
						t.Errorf("%s of %v is %q", words, f["name"], text)
					}
				}
				if next, _ := f["next"].(string); f["state"] != "ok" && next == "" {
					t.Errorf("%v says not what to do", f)
				}
			}
			for name, words := range c.says {
				f := told(t, report, name)
				all := ""
				for _, part := range []string{"title", "detail", "next"} {
					text, _ := f[part].(string)
					all += text + "\n"
				}
				if !strings.Contains(all, words) {
					t.Errorf("%s does not say %q: %s", name, words, all)
				}
			}
		})
	}
}

// TestLastCheck: the report that is kept reads as the one that was given, on both engines.
func TestLastCheck(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, id, _ := h.connect()
		one := "/accounts/" + number(id) + "/check"
		if got := p.do(404, "GET", one, nil); got["key"] != "account.never_checked" || !strings.Contains(got["detail"].(string), "还没有自检过") {
			t.Errorf("never checked: %v", got)
		}
		h.wx.bar("203.0.113.7")
		given := p.do(200, "POST", one, nil)
		if d := cmp.Diff(given, p.do(200, "GET", one, nil)); d != "" {
			t.Error(d)
		}
		want := object{"name": "whitelist", "state": "fail", "title": "这台服务器的出口地址不在微信的 IP 白名单里",
			"detail": "微信看到的地址是 203.0.113.7（错误码 40164，请求编号 65f0-1234abcd-0099）。",
			"next":   "到公众平台“开发接口管理 → IP 白名单”加上 203.0.113.7，过几分钟再自检一次。有几个出口的，每个都要加。"}
		if d := cmp.Diff(want, told(t, given, "whitelist")); d != "" {
			t.Error(d)
		}
	})
}

// TestCheckOfASuspendedAccount: a person's own words stay as they are.
func TestCheckOfASuspendedAccount(t *testing.T) {
	t.Parallel()
	h := onSQLite(t)
	p, id, v := h.connect()
	one := "/accounts/" + number(id)
	p.do(200, "POST", one+"/suspend", object{"version": v, "reason": "refused by the mayor"})
	f := told(t, p.do(200, "POST", one+"/check", nil), "status")
	if f["state"] != "warn" || !strings.Contains(f["detail"].(string), "refused by the mayor") {
		t.Errorf("%v", f)
	}
	if status, _, _ := p.raw(http.MethodGet, "/wx/qingyun", nil); status != 404 {
		t.Errorf("its door is open: %d", status)
	}
}
