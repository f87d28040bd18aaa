package account

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// TestReplicasShareOneToken: twenty callers in two processes make one fetch, and a refused token is replaced once.
func TestReplicasShareOneToken(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		two := b.replica(b.Ring, "two")
		var wait sync.WaitGroup
		for i := range 20 {
			s := b.Service
			if i%2 == 1 {
				s = two
			}
			wait.Go(func() {
				c, err := s.Client(t.Context(), a.ID)
				if err == nil {
					_, err = c.CallbackIPs(t.Context())
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if n := b.wx.count(tokenPath); n != 1 {
			t.Errorf("%d tokens were fetched", n)
		}
		b.wx.set(tokenPath, map[string]any{"access_token": "NEW-CANARY-4711", "expires_in": 7200})
		b.wx.set("/cgi-bin/getcallbackip", func(r *http.Request) (int, string) {
			if r.URL.Query().Get("access_token") != "NEW-CANARY-4711" {
				return 200, `{"errcode":42001,"errmsg":"access_token expired"}`
			}
			return 200, `{"ip_list":[]}`
		})
		for _, s := range []*Service{b.Service, two} {
			c, err := s.Client(t.Context(), a.ID)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.CallbackIPs(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if n := b.wx.count(tokenPath); n != 2 {
			t.Errorf("%d tokens were fetched in all", n)
		}
	})
}

func TestTicketIsShared(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		b.wx.set("/cgi-bin/ticket/getticket", map[string]any{"errcode": 0, "ticket": "TICKET-CANARY", "expires_in": 7200})
		for _, s := range []*Service{b.Service, b.replica(b.Ring, "two")} {
			c, err := s.Client(t.Context(), a.ID)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := c.JSTicket(t.Context()); err != nil || got != "TICKET-CANARY" {
				t.Errorf("%q %v", got, err)
			}
		}
		if n := b.wx.count("/cgi-bin/ticket/getticket"); n != 1 {
			t.Errorf("%d tickets were fetched", n)
		}
	})
}

func TestRefusalIsLearnedAndForgotten(t *testing.T) {
	t.Parallel()
	const path = "/cgi-bin/user/get"
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		ask := func() error { _, err := b.client(t, a.ID).Users(t.Context(), ""); return err }
		may := func() error {
			if err := b.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			return b.May(t.Context(), a.ID, path)
		}
		if err := may(); err != nil {
			t.Fatal(err)
		}
		b.wx.set(path, refusal(48001, "api unauthorized"))
		if err := ask(); !errs.Is(err, errs.Refused) {
			t.Fatal(err)
		}
		if err := may(); errs.As(err).Key() != string(WeChatSays) {
			t.Errorf("after 48001: %v", err)
		}
		list, err := b.Capabilities(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		var seen bool
		for _, c := range list {
			if c.Endpoint.Path == path {
				seen = true
				if c.Allowed() || c.Refused.Code != wechat.CodeNoPermission || c.Refused.RID == "" {
					t.Errorf("%+v", c)
				}
			}
		}
		if !seen {
			t.Error("the path is not in the list")
		}
		b.wx.set(path, map[string]any{"total": 0, "count": 0})
		if err := ask(); err != nil {
			t.Fatal(err)
		}
		if err := may(); err != nil {
			t.Errorf("after a success: %v", err)
		}
		b.wx.set(path, refusal(48001, "api unauthorized"))
		if err := ask(); err == nil {
			t.Fatal("refused, it said yes")
		}
		if may() == nil {
			t.Fatal("not learned again")
		}
		now, err := b.Get(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.Change(t.Context(), ChangeIn{ID: a.ID, Version: now.Version, Kind: wechat.Subscription, Verified: true, UnitID: b.unit, Profile: a.Profile})
		if err != nil {
			t.Fatal(err)
		}
		if err := may(); err != nil {
			t.Errorf("another kind may be allowed: %v", err)
		}
	})
}

func TestCapabilitiesFollowTheKind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label    string
		kind     wechat.Kind
		verified bool
		path     string
		want     Why
	}{
		{"menu of a verified one", wechat.Subscription, true, "/cgi-bin/menu/create", Granted},
		{"menu of an unverified one", wechat.Subscription, false, "/cgi-bin/menu/create", NotVerified},
		{"templates of a subscription account", wechat.Subscription, true, "/cgi-bin/message/template/send", NotThisKind},
		{"templates of an unverified service account", wechat.Service, false, "/cgi-bin/message/template/send", NotVerified},
		{"tokens of anybody", wechat.Subscription, false, "/cgi-bin/stable_token", Granted},
	} {
		e, ok := wechat.EndpointOf(c.path)
		if !ok {
			t.Fatal(c.path)
		}
		if got := capability(Account{Kind: c.kind, Verified: c.verified, Status: Active}, nil, e); got.Why != c.want {
			t.Errorf("%s: %q, want %q", c.label, got.Why, c.want)
		}
	}
	if rows := Kinds(); len(rows) < 50 || rows[0].Purpose == "" {
		t.Errorf("%d rows", len(rows))
	}
}

// TestFault: a wrong secret shuts the client until credentials change or a check gets a token.
func TestFault(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		b.wx.set(tokenPath, refusal(40125, "invalid appsecret"))
		if _, err := b.client(t, a.ID).CallbackIPs(t.Context()); err == nil {
			t.Fatal("a wrong secret, and it worked")
		}
		if err := b.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := b.Client(t.Context(), a.ID)
		if e := errs.As(err); e.Key() != "account.faulty" || e.Params()["code"] != 40125 {
			t.Fatalf("client of a faulty account: %v", err)
		}
		if _, _, err := b.Codec(t.Context(), "qingyun"); err != nil {
			t.Errorf("its door stays open: %v", err)
		}
		b.wx.set(tokenPath, map[string]any{"access_token": accessGift, "expires_in": 7200})
		if _, err := b.Check(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
		b.client(t, a.ID)
		b.wx.set(tokenPath, refusal(40243, "secret frozen"))
		if _, err := b.Check(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Client(t.Context(), a.ID); errs.As(err).Key() != "account.faulty" {
			t.Fatalf("frozen: %v", err)
		}
		if _, err := b.ChangeCredentials(t.Context(), CredentialsIn{ID: a.ID, Version: a.Version, AppID: a.AppID, Secret: strings.Repeat("a", 32)}); err != nil {
			t.Fatal(err)
		}
		b.client(t, a.ID)
	})
}

func TestQuota(t *testing.T) {
	t.Parallel()
	const path = "/cgi-bin/getcallbackip"
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		c := b.client(t, a.ID)
		call := func(n int) {
			for range n {
				if _, err := c.CallbackIPs(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if err := b.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		today := clock.Day(b.civil.Now())
		call(3)
		call(2)
		b.civil.forward(24 * time.Hour)
		call(1)
		for day, want := range map[string]int64{today: 5, clock.Day(b.civil.Now()): 1, "2020-01-01": 0} {
			list, err := b.Quota(t.Context(), a.ID, day)
			if err != nil {
				t.Fatal(err)
			}
			var got int64
			for _, u := range list {
				if u.Path == path {
					got = u.Calls
				}
			}
			if got != want {
				t.Errorf("%s: %d calls, want %d", day, got, want)
			}
		}
		b.wx.set("/cgi-bin/openapi/quota/get", map[string]any{"errcode": 0, "quota": map[string]any{"daily_limit": 10, "used": 9, "remain": 1}})
		if _, err := b.AskQuota(t.Context(), a.ID, path); err != nil {
			t.Fatal(err)
		}
		if err := b.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		list, err := b.Quota(t.Context(), a.ID, clock.Day(b.civil.Now()))
		if err != nil || list[0].Path != path || list[0].Calls != 9 || list[0].Daily != 10 || !list[0].Told {
			t.Errorf("told by WeChat: %+v %v", list, err)
		}
		if _, err := b.AskQuota(t.Context(), a.ID, "/sns/auth"); !errs.Is(err, errs.Invalid) {
			t.Errorf("a path without quota: %v", err)
		}
	})
}

func TestCertify(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		for _, step := range []struct {
			event    string
			verified bool
			domain   bool
		}{{"naming_verify_fail", true, true}, {"verify_expired", false, false}, {"verify_expired", false, false}, {"qualification_verify_success", true, false}} {
			if err := b.inTx(t, func(tx *db.Tx) error { return b.Certify(t.Context(), tx, a.ID, step.event) }); err != nil {
				t.Fatal(err)
			}
			got, err := b.Known(t.Context(), a.ID)
			if err != nil || got.Verified != step.verified || got.OAuthDomain != step.domain {
				t.Errorf("after %s: %+v %v", step.event, got, err)
			}
		}
	})
}
