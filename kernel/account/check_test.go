package account

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
)

// door answers the callback address as the gateway does, with a token.
func door(token string) func(*http.Request) (int, string) {
	return func(r *http.Request) (int, string) {
		q := wechat.ParseQuery(r.URL.Query())
		if q.Signature != wechat.SignPlain(token, q.Timestamp, q.Nonce) {
			return 403, "signature"
		}
		return 200, q.Echostr
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	for _, c := range []struct {
		label string
		edit  func(b *bench, a *Account)
		want  map[string]State // by name; the others are ok
		key   string           // of the first that is not
	}{
		{"everything right", func(*bench, *Account) {}, nil, ""},
		{"wrong appid", func(b *bench, _ *Account) { b.wx.set(tokenPath, refusal(40013, "invalid appid")) },
			map[string]State{"credentials": Fail, "token": Fail}, "account.check.appid_wrong"},
		{"wrong secret", func(b *bench, _ *Account) { b.wx.set(tokenPath, refusal(40125, "invalid appsecret")) },
			map[string]State{"credentials": Fail, "token": Fail}, "account.check.secret_wrong"},
		{"40001 where a token is asked for", func(b *bench, _ *Account) { b.wx.set(tokenPath, refusal(40001, "invalid credential")) },
			map[string]State{"credentials": Fail, "token": Fail}, "account.check.secret_wrong"},
		{"whitelist", func(b *bench, _ *Account) {
			b.wx.set(tokenPath, refusal(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"))
		}, map[string]State{"whitelist": Fail, "token": Fail}, "account.check.whitelist"},
		{"an administrator must confirm", func(b *bench, _ *Account) { b.wx.set(tokenPath, refusal(89503, "need confirm")) },
			map[string]State{"whitelist": Fail, "token": Fail}, "account.check.whitelist_admin"},
		{"frozen", func(b *bench, _ *Account) { b.wx.set(tokenPath, refusal(40243, "frozen")) },
			map[string]State{"credentials": Fail, "token": Fail}, "account.check.frozen"},
		{"no network", func(b *bench, _ *Account) { b.wx.set(tokenPath, error(refused)) },
			map[string]State{"network": Fail, "token": Fail}, "account.check.network_refused"},
		{"another code", func(b *bench, _ *Account) { b.wx.set("/cgi-bin/getcallbackip", refusal(48004, "banned")) },
			map[string]State{"token": Fail}, "account.check.token_code"},
		{"callback away", func(b *bench, _ *Account) { b.wx.set("/wx/qingyun", error(refused)) },
			map[string]State{"callback": Fail}, "account.check.callback_refused"},
		{"callback with another token", func(b *bench, _ *Account) { b.wx.set("/wx/qingyun", door("another")) },
			map[string]State{"callback": Fail}, "account.check.callback_signature"},
		{"callback is some other page", func(b *bench, _ *Account) {
			b.wx.set("/wx/qingyun", func(*http.Request) (int, string) { return 200, "<html>welcome" })
		}, map[string]State{"callback": Fail}, "account.check.callback_echo"},
		{"callback not found", func(b *bench, _ *Account) {
			b.wx.set("/wx/qingyun", func(*http.Request) (int, string) { return 404, "" })
		}, map[string]State{"callback": Fail}, "account.check.callback_status"},
		{"our clock is behind", func(b *bench, _ *Account) {
			b.wx.date = func() time.Time { return b.wall.Now().Add(40 * time.Second) }
		}, map[string]State{"clock": Warn}, "account.check.clock_behind"},
		{"our clock is far ahead", func(b *bench, _ *Account) {
			b.wx.date = func() time.Time { return b.wall.Now().Add(-200 * time.Second) }
		}, map[string]State{"clock": Fail}, "account.check.clock_ahead"},
		{"no callback yet", func(b *bench, _ *Account) { b.tally.init() },
			map[string]State{"traffic": Warn}, "account.check.traffic_none"},
		{"strangers knock", func(b *bench, a *Account) {
			b.CallbackRefused(a.ID, "signature")
			b.wall.forward(time.Second)
			b.CallbackSeen(a.ID)
		}, map[string]State{"traffic": Warn}, "account.check.traffic_some"},
		{"WeChat is refused", func(b *bench, a *Account) {
			b.wall.forward(time.Second)
			b.CallbackRefused(a.ID, "key")
			b.CallbackRefused(a.ID, "key")
		}, map[string]State{"traffic": Fail}, "account.check.traffic_refused"},
		{"quota used", func(b *bench, a *Account) {
			b.observe(a.ID, learnt{}, call{path: "/cgi-bin/menu/create", code: wechat.CodeDailyQuota})
		}, map[string]State{"quota": Fail}, "account.check.quota_used"},
		{"quota near its end", func(b *bench, a *Account) {
			for range 80 {
				b.observe(a.ID, learnt{}, call{path: "/cgi-bin/freepublish/submit"})
			}
		}, map[string]State{"quota": Warn}, "account.check.quota_near"},
		{"a right refused", func(b *bench, a *Account) {
			b.observe(a.ID, learnt{}, call{path: "/cgi-bin/comment/list", code: 48001, rid: "r"})
		}, map[string]State{"permissions": Warn}, "account.check.permissions_refused"},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, sqlite(t))
			b.wx.set("/wx/qingyun", door(testToken))
			a := b.register(t)
			b.CallbackSeen(a.ID)
			c.edit(b, &a)
			report, err := b.Check(t.Context(), a.ID)
			if err != nil {
				t.Fatal(err)
			}
			first := ""
			for _, f := range report.Findings {
				want := OK
				if s, ok := c.want[f.Name]; ok {
					want = s
				}
				if f.State != want {
					t.Errorf("%s is %s (%s), want %s", f.Name, f.State, f.Key, want)
				}
				if f.State != OK && first == "" {
					first = f.Key
				}
			}
			if first != c.key {
				t.Errorf("the first that is wrong is %q, want %q", first, c.key)
			}
			for name := range c.want {
				found := false
				for _, f := range report.Findings {
					found = found || f.Name == name
				}
				if !found {
					t.Errorf("no finding on %s", name)
				}
			}
			kept, err := b.LastCheck(t.Context(), a.ID)
			if err != nil || kept.State != report.State || len(kept.Findings) != len(report.Findings) {
				t.Errorf("kept %+v %v", kept, err)
			}
		})
	}
}

func TestCheckTellsTheAddress(t *testing.T) {
	t.Parallel()
	list := judgeCall(nil, "", Account{AppID: "wx1"})
	for _, f := range list {
		if f.State != OK {
			t.Errorf("%+v", f)
		}
	}
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		b.wx.set(tokenPath, refusal(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"))
		report, err := b.Check(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range report.Findings {
			if f.Name == "whitelist" && f.Params["ip"] != "203.0.113.7" {
				t.Errorf("%+v", f)
			}
		}
	})
}

func TestCheckOfASuspendedAccount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		if _, err := b.Suspend(t.Context(), a.ID, a.Version, "合并"); err != nil {
			t.Fatal(err)
		}
		report, err := b.Check(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if report.Findings[0].Name != "status" || report.State != Warn || b.wx.count("/wx/qingyun") != 0 {
			t.Errorf("%+v", report)
		}
		if _, err := b.LastCheck(t.Context(), 99); !errs.Is(err, errs.NotFound) {
			t.Errorf("never checked: %v", err)
		}
	})
}

func TestDueChecks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.wx.set("/wx/qingyun", door(testToken))
		a := b.register(t)
		due := func() int {
			list, err := b.DueChecks(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		if due() != 0 {
			t.Error("a new account is given a minute")
		}
		b.wall.forward(2 * time.Minute)
		if due() != 1 {
			t.Error("never checked")
		}
		b.wx.set(tokenPath, errors.New("cut"))
		if _, err := b.Check(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
		if due() != 0 {
			t.Error("just checked")
		}
		b.wall.forward(11 * time.Minute)
		if due() != 1 {
			t.Error("what failed is looked at again soon")
		}
		b.wx.set(tokenPath, map[string]any{"access_token": accessGift, "expires_in": 7200})
		b.CallbackSeen(a.ID)
		if _, err := b.Check(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
		b.wall.forward(5 * time.Hour)
		if due() != 0 {
			t.Error("what is right can wait")
		}
		b.wall.forward(2 * time.Hour)
		if due() != 1 {
			t.Error("but not longer than six hours")
		}
	})
}

// TestNothingLeaks drives every error path with canaries and reads logs, errors, findings and printed values.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		var said []string
		note := func(v any) {
			switch v := v.(type) {
			case error:
				if v != nil {
					said = append(said, v.Error())
				}
			case string:
				said = append(said, v)
			}
		}
		in := b.in()
		in.Slug = "BAD"
		_, err := b.Register(t.Context(), in)
		note(err)
		a := b.register(t)
		for _, answer := range []any{
			refusal(40125, "invalid appsecret "+testSecret), refusal(40001, "invalid credential, access_token is "+accessGift),
			errors.New("Get https://api.weixin.qq.com/?secret=" + testSecret + ": cut"), func(*http.Request) (int, string) { return 500, testSecret + accessGift },
			map[string]any{"access_token": accessGift, "expires_in": -1},
		} {
			b.wx.set(tokenPath, answer)
			b.wx.set("/wx/qingyun", answer)
			_, err := b.replica(b.Ring, "fresh").client(t, a.ID)
			note(err)
			report, err := b.Check(t.Context(), a.ID)
			note(err)
			for _, f := range report.Findings {
				for _, v := range f.Params {
					note(v)
				}
			}
		}
		c, err := b.open(row{Account: a})
		note(err)
		note(c.String() + c.GoString())
		note(b.log.String())
		for _, s := range said {
			for _, canary := range []string{testSecret, testToken, testKey, accessGift} {
				if strings.Contains(s, canary) {
					t.Errorf("%q stands in %q", canary, s)
				}
			}
		}
	})
}
