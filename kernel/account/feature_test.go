package account

import (
	"context"
	"fmt"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
)

// TestWhatEachKindCanDo is the table of kinds against features, written from WeChat's documents (适用范围), not from our own
// table of endpoints: v is right, k "the other kind has it", c "verification brings it".
func TestWhatEachKindCanDo(t *testing.T) {
	t.Parallel()
	why := map[rune]Why{'v': Granted, 'k': NotThisKind, 'c': NotVerified}
	columns := []struct {
		kind     wechat.Kind
		verified bool
	}{{wechat.Subscription, false}, {wechat.Subscription, true}, {wechat.Service, false}, {wechat.Service, true}}
	rows := map[Feature]string{
		Menu: "cvcv", ConditionalMenu: "cvcv", CustomMessage: "cvcv", CustomAccount: "cvcv",
		TemplateMessage: "kkcv", Notice: "kkcv", OnceNotice: "cvcv",
		MassToAll: "cvcv", MassToSome: "kkcv", MassPreview: "cvcv",
		Draft: "vvvv", Publish: "cvcv", Comments: "cvcv", TemporaryMedia: "vvvv", Material: "vvvv",
		FollowerList: "cvcv", FollowerRemark: "cvcv", Tags: "cvcv", Tagging: "cvcv", Blacklist: "cvcv",
		QRCode: "kkcv", WebAuth: "kkcv", JSSDK: "vvvv", Statistics: "cvcv",
	}
	if len(rows) != len(Features()) {
		t.Errorf("%d features, the table has %d", len(Features()), len(rows))
	}
	b := newBench(t, sqlite(t))
	for n, c := range columns {
		in := b.in()
		in.Slug, in.AppID, in.OriginalID = fmt.Sprintf("a%d", n), fmt.Sprintf("wx%016d", n), fmt.Sprintf("gh_%010d", n)
		in.Kind, in.Verified, in.OAuthDomain = c.kind, c.verified, false
		a, err := b.Register(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		list, err := b.Standings(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		for i, one := range list {
			want := why[[]rune(rows[one.Feature])[n]]
			if one.Feature != Features()[i] || one.Why != want {
				t.Errorf("%s, verified %v: %s is %q, want %q", c.kind, c.verified, one.Feature, one.Why, want)
			}
			err := b.Able(t.Context(), a.ID, one.Feature)
			if want == Granted {
				if err != nil {
					t.Errorf("%s: %v", one.Feature, err)
				}
				continue
			}
			if e := errs.As(err); e.Kind() != errs.Refused || e.Key() != string(want) || e.Params()["purpose"] != one.Endpoint.Purpose {
				t.Errorf("%s: refused by %v", one.Feature, err)
			}
		}
	}
	if err := b.Able(t.Context(), 1, "nothing"); errs.KindOf(err) != errs.Internal {
		t.Errorf("a feature that is none: %v", err)
	}
}

// learns makes a call of which WeChat answers with a code, or with success, and lets everybody know.
func (b *bench) learns(t *testing.T, id int64, code wechat.Code) {
	t.Helper()
	const path = "/cgi-bin/tags/get"
	b.wx.set(path, map[string]any{"tags": []any{}})
	if code != wechat.CodeOK {
		b.wx.set(path, refusal(int(code), "no"))
	}
	if _, err := b.client(t, id).Tags(t.Context()); (err != nil) != (code != wechat.CodeOK) {
		t.Fatal(err)
	}
	if err := b.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) tags(t *testing.T, id int64) Capability {
	t.Helper()
	list, err := b.Capabilities(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		if c.Endpoint.Path == "/cgi-bin/tags/get" {
			return c
		}
	}
	t.Fatal("no such call")
	return Capability{}
}

func TestCallsUsedUpComeBackTheNextDay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		b.learns(t, a.ID, wechat.CodeDailyQuota)
		c := b.tags(t, a.ID)
		if c.Why != UsedUp || c.Refused.Code != wechat.CodeDailyQuota || c.Refused.RID != "65f0-1234abcd-0099" || c.Params()["at"] != "2026-11-20 09:30" {
			t.Errorf("after 45009: %+v", c)
		}
		if err := b.May(t.Context(), a.ID, "/cgi-bin/tags/get"); err != nil {
			t.Errorf("the right is there still: %v", err)
		}
		b.civil.forward(14*time.Hour + 29*time.Minute)
		if c := b.tags(t, a.ID); c.Why != UsedUp {
			t.Errorf("a minute to midnight: %+v", c)
		}
		b.civil.forward(time.Minute)
		if c := b.tags(t, a.ID); c.Why != Granted {
			t.Errorf("at midnight: %+v", c)
		}
		b.learns(t, a.ID, wechat.CodeOK)
		if n := b.count(t, `select count(*) from account_spent`); n != 0 {
			t.Errorf("%d rows after a success", n)
		}
	})
}

func (b *bench) count(t *testing.T, query string) (n int64) {
	t.Helper()
	if err := b.db.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRecheck(t *testing.T) {
	t.Parallel()
	const path = "/cgi-bin/tags/get"
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		again := func(label, path string, want Why, wantAsked bool) {
			t.Helper()
			c, asked, err := b.Recheck(t.Context(), a.ID, path)
			if err != nil || c.Why != want || asked != wantAsked {
				t.Errorf("%s: %q, asked %v, %v; want %q, %v", label, c.Why, asked, err, want, wantAsked)
			}
		}
		b.learns(t, a.ID, 48001)
		again("WeChat refuses still", path, WeChatSays, true)
		b.wx.set(path, map[string]any{"tags": []any{}})
		again("it was granted meanwhile", path, Granted, true)

		b.observe(a.ID, learnt{}, call{path: "/cgi-bin/message/custom/send", code: 48001})
		if err := b.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := b.Able(t.Context(), a.ID, CustomMessage); errs.As(err).Key() != string(WeChatSays) {
			t.Errorf("refused: %v", err)
		}
		before := b.wx.count("/cgi-bin/message/custom/send")
		again("what sends is not called for a try", "/cgi-bin/message/custom/send", Granted, false)
		if n := b.wx.count("/cgi-bin/message/custom/send"); n != before {
			t.Errorf("%d calls", n-before)
		}

		b.learns(t, a.ID, wechat.CodeDailyQuota)
		b.wx.set("/cgi-bin/openapi/quota/get", map[string]any{"quota": map[string]any{"daily_limit": 1000, "used": 1000}})
		again("used up still", path, UsedUp, true)
		b.wx.set("/cgi-bin/openapi/quota/get", map[string]any{"quota": map[string]any{"daily_limit": 1000, "used": 0}})
		again("the count was cleared", path, Granted, true)
		again("nothing to look at", path, Granted, false)

		if _, _, err := b.Recheck(t.Context(), a.ID, "/etc/passwd"); errs.KindOf(err) != errs.Invalid {
			t.Errorf("no call of WeChat's: %v", err)
		}
		if n := b.count(t, `select count(*) from audit_entry where verb = 'recheck'`); n != 3 {
			t.Errorf("%d audit rows", n)
		}
	})
}

func TestAFaultMakesEverythingUnable(t *testing.T) {
	t.Parallel()
	b := newBench(t, sqlite(t))
	a := b.register(t)
	b.wx.set(tokenPath, refusal(40125, "invalid appsecret"))
	if _, err := b.Service.client(t, a.ID); err == nil {
		t.Fatal("not refused")
	}
	if err := b.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := b.Able(t.Context(), a.ID, Menu)
	if e := errs.As(err); e.Key() != string(ShutOut) || e.Params()["code"] != 40125 || e.Params()["meaning"] == "" {
		t.Errorf("%v %v", err, errs.As(err).Params())
	}
	if err := b.May(context.WithoutCancel(t.Context()), a.ID, "/cgi-bin/menu/create"); err != nil {
		t.Errorf("the right is there still: %v", err)
	}
}
