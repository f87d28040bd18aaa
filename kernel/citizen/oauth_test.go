package citizen

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

func (b *bench) begin(t *testing.T, account int64, slug, nonce string, tries int) (state, nonceOut string) {
	t.Helper()
	begun, err := b.Begin(t.Context(), account, slug, "/c/"+slug+"/matter?id=7", nonce, tries)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(begun.URL)
	if err != nil {
		t.Fatal(err)
	}
	if u.Host != "open.weixin.qq.com" || u.Query().Get("scope") != "snsapi_base" || u.Query().Get("redirect_uri") != "https://gov.example/c/"+slug+"/oauth" {
		t.Errorf("sent to %s", begun.URL)
	}
	if strings.Contains(begun.String(), u.Query().Get("state")) {
		t.Error("printing shows the state")
	}
	return u.Query().Get("state"), begun.Nonce
}

func grant(openid, union string, snapshot int) string {
	return fmt.Sprintf(`{"access_token":"UT","expires_in":7200,"refresh_token":"R","openid":%q,"scope":"snsapi_base","unionid":%q,"is_snapshotuser":%d}`, openid, union, snapshot)
}

func TestOAuth(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.in(t, Inbound{OpenID: openid(1), Event: "subscribe"})
		f := b.of(t, openid(1))
		for _, c := range []struct {
			label  string
			answer string
			edit   func(state, nonce, code *string, account *int64)
			want   string // key of the error
		}{
			{"right", grant(openid(1), "", 0), nil, ""},
			{"somebody new", grant(openid(2), "", 0), nil, ""},
			{"another browser", grant(openid(1), "", 0), func(_, nonce, _ *string, _ *int64) { *nonce = "other" }, "citizen.oauth_state"},
			{"no nonce", grant(openid(1), "", 0), func(_, nonce, _ *string, _ *int64) { *nonce = "" }, "citizen.oauth_state"},
			{"an invented state", grant(openid(1), "", 0), func(state, _, _ *string, _ *int64) { *state = "invented" }, "citizen.oauth_state"},
			{"a state of another account", grant(openid(1), "", 0), func(_, _, _ *string, account *int64) { *account = 99 }, "citizen.oauth_state"},
			{"a used code", grant(openid(1), "", 0), func(_, _, code *string, _ *int64) { *code = "old" }, "citizen.oauth_again"},
			{"a snapshot", grant(openid(77), "", 1), nil, "citizen.snapshot"},
		} {
			state, nonce := b.begin(t, b.account, "qingyun", "", 0)
			account, code := b.account, "code-"+c.label
			b.wx.codes[code] = c.answer
			if c.edit != nil {
				c.edit(&state, &nonce, &code, &account)
			}
			login, err := b.Finish(t.Context(), account, code, state, nonce)
			key := ""
			if err != nil {
				key = errs.As(err).Key()
			}
			if key != c.want {
				t.Errorf("%s: %v", c.label, err)
			}
			if c.label == "right" && (login.Citizen != f.Citizen || login.ReturnTo != "/c/qingyun/matter?id=7") {
				t.Errorf("%+v", login)
			}
			if key == "" {
				if _, err := b.Finish(t.Context(), account, code, state, nonce); errs.As(err).Key() != "citizen.oauth_state" {
					t.Errorf("%s: the state works once: %v", c.label, err)
				}
			}
		}
		n, err := db.One(t.Context(), b.db, db.Value[int64], `select count(*) from follower where person = $1`, b.Person(b.account, openid(77)))
		if err != nil || n != 0 {
			t.Errorf("a snapshot user became a follower: %d %v", n, err)
		}
		if visitor := b.of(t, openid(2)); visitor.Subscribed {
			t.Error("a visitor of a page does not follow by that")
		}
	})
}

func TestOAuthLimits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		state, nonce := b.begin(t, b.account, "qingyun", "", 1)
		if _, err := b.Finish(t.Context(), b.account, "old", state, nonce); errs.As(err).Key() != "citizen.oauth_code" {
			t.Errorf("a second used code ends it: %v", err)
		}
		state, nonce = b.begin(t, b.account, "qingyun", "", 0)
		b.wall.forward(stateLife + time.Second)
		b.wx.codes["c"] = grant(openid(1), "", 0)
		if _, err := b.Finish(t.Context(), b.account, "c", state, nonce); errs.As(err).Key() != "citizen.oauth_state" {
			t.Errorf("too late: %v", err)
		}
		// Two tabs of one browser share the nonce, each with its own state.
		one, nonce := b.begin(t, b.account, "qingyun", "", 0)
		two, same := b.begin(t, b.account, "qingyun", nonce, 0)
		if nonce != same {
			t.Error("the browser keeps one nonce")
		}
		b.wx.codes["1"], b.wx.codes["2"] = grant(openid(1), "", 0), grant(openid(1), "", 0)
		for code, state := range map[string]string{"1": one, "2": two} {
			if _, err := b.Finish(t.Context(), b.account, code, state, nonce); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestIdentityAccount: pages of an account without web authorisation know their visitor by the unionid.
func TestIdentityAccount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		sub := b.register(t, "renshe", "subscription", true)
		if _, err := b.Begin(t.Context(), sub, "renshe", "", "", 0); errs.As(err).Key() != "account.no_authoriser" {
			t.Fatalf("without an identity account: %v", err)
		}
		a, err := b.accounts.Get(t.Context(), b.account)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.accounts.SetIdentity(t.Context(), b.account, a.Version); err != nil {
			t.Fatal(err)
		}
		b.in(t, Inbound{Account: sub, OpenID: openid(1)})
		f := b.ofAccount(t, sub, openid(1))
		b.union(t, f.ID, "UNION")
		b.wx.follow(openid(50), fan{union: "UNION"}) // the same person follows the identity account
		for _, c := range []struct {
			label, openid string
			joined        bool
		}{{"follows both", openid(50), true}, {"does not follow the identity account", openid(51), false}} {
			state, nonce := b.begin(t, sub, "renshe", "", 0)
			b.wx.codes[c.openid] = grant(c.openid, "", 0)
			login, err := b.Finish(t.Context(), sub, c.openid, state, nonce)
			if err != nil {
				t.Fatal(err)
			}
			got, err := b.In(t.Context(), b.db, login.Citizen, sub)
			if c.joined != (err == nil && got.ID == f.ID) {
				t.Errorf("%s: %v %v", c.label, got.ID, err)
			}
		}
	})
}

func TestReturnStaysHere(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"/c/qingyun/matter?id=7": "/c/qingyun/matter?id=7", "": "/c/qingyun/me", "/c/qingyun/": "/c/qingyun/",
		"https://evil.example/c/qingyun/": "/c/qingyun/me", "//evil.example/c/qingyun/": "/c/qingyun/me", "/c/fabu/me": "/c/qingyun/me",
		"/c/qingyun/../../console/": "/c/qingyun/me", "/c/qingyun/%2e%2e/x": "/c/qingyun/me", `/c/qingyun/\evil`: "/c/qingyun/me", "javascript:alert(1)": "/c/qingyun/me",
	} {
		if got := SafeReturn("qingyun", to); got != want {
			t.Errorf("%q: %q, want %q", to, got, want)
		}
	}
}
