package contract

import (
	"slices"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

func basicRows() []row {
	return []row{
		{
			path: "/cgi-bin/token", auth: wechat.AuthSecret, s: all, f: all, day: 2000,
			caller: func(w *world, account string) func() error {
				s := client.LegacyTokens(w.config(account), client.NewMemoryStore())
				return func() error { return s.Force(w.ctx) }
			},
			effect: legacyTokens,
			refusals: slices.Concat(secretRefusals(func(w *world, change func(*client.Config)) error {
				cfg := w.config(main)
				change(&cfg)
				_, err := client.LegacyTokens(cfg, nil).Token(w.ctx)
				return err
			})),
		},
		{
			path: "/cgi-bin/stable_token", auth: wechat.AuthSecret, s: all, f: all, day: 500_000, minute: 10_000, again: true,
			caller: func(w *world, account string) func() error {
				s := client.StableTokens(w.config(account), client.NewMemoryStore())
				return func() error {
					token, err := s.Token(w.ctx)
					if err == nil {
						err = s.Drop(w.ctx, token) // so that the next call asks again
					}
					return err
				}
			},
			effect: stableTokens,
			refusals: slices.Concat(secretRefusals(func(w *world, change func(*client.Config)) error {
				cfg := w.config(main)
				change(&cfg)
				_, err := client.StableTokens(cfg, nil).Token(w.ctx)
				return err
			}), []refusal{
				{label: "forced twice within 30 s", do: forceTwice, code: 45011, kind: errs.Busy, action: wechat.ActBackOff},
				{label: "forced 21 times a day", do: forceAllDay, code: 45009, kind: errs.Exhausted, action: wechat.ActStopPath},
				adminMustConfirm(89503), adminMustConfirm(89506), adminMustConfirm(89507),
			}),
		},
		{
			path: "/cgi-bin/getcallbackip", auth: wechat.AuthToken, s: all, f: all, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { _, err := c.CallbackIPs(w.ctx); return err }
			},
			effect: func(w *world) {
				ips, err := w.client(main).CallbackIPs(w.ctx)
				if err != nil || !slices.Contains(ips, "127.0.0.1") {
					w.Errorf("%v %v", ips, err)
				}
			},
			refusals: deadTokens(),
		},
		{
			path: "/cgi-bin/openapi/quota/get", auth: wechat.AuthToken, s: all, f: all, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { _, err := c.Quota(w.ctx, "/cgi-bin/media/upload"); return err }
			},
			effect: quotaCounts,
			refusals: []refusal{
				{label: "of web authorisation", do: askQuota("/sns/userinfo"), code: 76022, kind: errs.Refused, action: wechat.ActShow},
				{label: "of a path without its slash", do: askQuota("cgi-bin/menu/get"), code: 76021, kind: errs.Internal, action: wechat.ActFixRequest},
				{label: "of no path", do: askQuota("/cgi-bin/menu"), code: 76021, kind: errs.Internal, action: wechat.ActFixRequest},
			},
		},
	}
}

// secretRefusals are what both token endpoints say to who they are called by.
func secretRefusals(token func(*world, func(*client.Config)) error) []refusal {
	with := func(change func(*client.Config)) func(*world) error {
		return func(w *world) error { return token(w, change) }
	}
	set := func(settings object) func(*world) error {
		return func(w *world) error {
			w.play("PATCH", "/accounts/"+main, settings)
			defer w.play("PATCH", "/accounts/"+main, object{"ip_whitelist": []string{}, "secret_frozen": false})
			return token(w, func(*client.Config) {})
		}
	}
	return []refusal{
		{label: "a wrong secret", do: with(func(c *client.Config) { c.Secret = "wrong" }), code: 40125, kind: errs.Refused, action: wechat.ActFixConfig},
		{label: "no secret", do: with(func(c *client.Config) { c.Secret = "" }), code: 41004, kind: errs.Refused, action: wechat.ActFixConfig},
		{label: "an unknown appid", do: with(func(c *client.Config) { c.AppID = "wx00" }), code: 40013, kind: errs.Refused, action: wechat.ActFixConfig},
		{label: "an address outside the whitelist", do: set(object{"ip_whitelist": []string{"203.0.113.7"}}), code: 40164, kind: errs.Refused, action: wechat.ActAllowIP},
		{label: "a frozen secret", do: set(object{"secret_frozen": true}), code: 40243, kind: errs.Refused, action: wechat.ActSuspend},
	}
}

// works calls with a token.
func (w *world) works(token string) error {
	w.Helper()
	cfg := w.config(main)
	cfg.Tokens = client.FixedToken(token)
	_, err := client.New(cfg).CallbackIPs(w.ctx)
	return err
}

func (w *world) wantCode(label string, err error, code int) {
	w.Helper()
	if client.CodeOf(err) != code {
		w.Errorf("%s: %v, want code %d", label, err, code)
	}
}

// legacyTokens: each call ends the token before it, five minutes later; a token lives two hours.
func legacyTokens(w *world) {
	store := client.NewMemoryStore()
	s := client.LegacyTokens(w.config(main), store)
	first, err := s.Token(w.ctx)
	w.wantCode("first", err, 0)
	w.wantCode("the first opens", w.works(first), 0)
	w.wantCode("another", s.Force(w.ctx), 0)
	second, err := s.Token(w.ctx)
	if err != nil || second == first {
		w.Fatalf("the second call gave the same token: %v", err)
	}
	w.wall.pass(4 * time.Minute)
	w.wantCode("the former overlaps", w.works(first), 0)
	w.wall.pass(2 * time.Minute)
	w.wantCode("the former is dead", w.works(first), 40001)
	stable, err := w.config(main).Tokens.Token(w.ctx)
	w.wantCode("a stable token", err, 0)
	w.wantCode("is apart from the legacy one", w.works(second), 0)
	w.wall.pass(110 * time.Minute)
	w.wantCode("and lives longer than it", w.works(stable), 0)
	if third, err := s.Token(w.ctx); err != nil || third == second {
		w.Errorf("not renewed before its end: %v", err)
	}
	w.wall.pass(5 * time.Minute)
	w.wantCode("two hours are over", w.works(second), 42001)
}

// stableTokens: everybody gets the same token with what is left of its life, until five minutes before its end.
func stableTokens(w *world) {
	stores := [2]*client.MemoryStore{client.NewMemoryStore(), client.NewMemoryStore()}
	cfg := w.config(main)
	one, two := client.StableTokens(cfg, stores[0]), client.StableTokens(cfg, stores[1])
	first, err := one.Token(w.ctx)
	w.wantCode("first", err, 0)
	w.wall.pass(1000 * time.Second)
	same, err := two.Token(w.ctx)
	if err != nil || same != first {
		w.Fatalf("another replica got another token: %v", err)
	}
	a, _ := stores[0].Load(w.ctx, cfg.AppID)
	b, _ := stores[1].Load(w.ctx, cfg.AppID)
	if !a.ExpiresAt.Equal(b.ExpiresAt) {
		w.Errorf("expires_in is not what is left: %v and %v", a.ExpiresAt, b.ExpiresAt)
	}
	w.wall.pass(5900*time.Second - time.Millisecond)
	if again, err := one.Token(w.ctx); err != nil || again != first {
		w.Errorf("renewed too early: %v", err)
	}
	w.wall.pass(time.Millisecond) // five minutes before the end
	second, err := one.Token(w.ctx)
	if err != nil || second == first {
		w.Fatalf("not renewed five minutes early: %v", err)
	}
	w.wantCode("the former lives on", w.works(first), 0)
	w.wall.pass(5 * time.Minute)
	w.wantCode("to its end", w.works(first), 42001)
	w.wantCode("forced", one.Force(w.ctx), 0)
	third, err := one.Token(w.ctx)
	if err != nil || third == second {
		w.Fatalf("forced, yet the same: %v", err)
	}
	w.wantCode("the former is dead", w.works(second), 40001)
	w.wantCode("the new one opens", w.works(third), 0)
	// A program that still holds the dead one replaces it by itself.
	cfg.Tokens = two
	if err := stores[1].Save(w.ctx, cfg.AppID, client.Token{Value: second, ExpiresAt: w.wall.Now().Add(time.Hour)}); err != nil {
		w.Fatal(err)
	}
	if _, err := client.New(cfg).CallbackIPs(w.ctx); err != nil {
		w.Errorf("with the dead token: %v", err)
	}
}

func forceTwice(w *world) error {
	s := client.StableTokens(w.config(main), nil)
	w.wall.pass(time.Minute)
	w.wantCode("force", s.Force(w.ctx), 0)
	w.wall.pass(29 * time.Second)
	return s.Force(w.ctx)
}

func forceAllDay(w *world) error {
	w.moveCivil(24 * time.Hour)
	for range 20 {
		w.wall.pass(30 * time.Second)
		w.wantCode("force", client.StableTokens(w.config(main), nil).Force(w.ctx), 0)
	}
	w.wall.pass(30 * time.Second)
	return client.StableTokens(w.config(main), nil).Force(w.ctx)
}

// adminMustConfirm is a code that no setting of the sandbox leads to.
func adminMustConfirm(code wechat.Code) refusal {
	return refusal{label: "an administrator must confirm", code: code, kind: errs.Refused, action: wechat.ActAwaitAdmin,
		do: func(w *world) error {
			w.play("PUT", "/faults", object{"faults": []object{{"path": "/cgi-bin/stable_token", "kind": "code", "code": code}}})
			_, err := client.StableTokens(w.config(main), nil).Token(w.ctx)
			return err
		}}
}

// deadTokens are what a call with a token that is none hears, in any endpoint. The client asks its source for another
// one first; a fixed token has none.
func deadTokens() []refusal {
	with := func(token string) func(*world) error {
		return func(w *world) error { return w.works(token) }
	}
	renew := func(label string, code wechat.Code, do func(*world) error) refusal {
		return refusal{label: label, do: do, code: code, kind: errs.Unavailable, action: wechat.ActRefreshToken}
	}
	return []refusal{
		{label: "no token", do: with(""), code: 41001, kind: errs.Internal, action: wechat.ActFixRequest},
		renew("no token's form", 40014, with("abc")),
		renew("nobody's token", 40001, with("98_0123456789012345678901234567890123456789012345678901234567890123")),
		renew("an expired token", 42001, func(w *world) error {
			token, err := w.config(main).Tokens.Token(w.ctx)
			w.wantCode("token", err, 0)
			w.wall.pass(2 * time.Hour)
			return w.works(token)
		}),
	}
}

func askQuota(path string) func(*world) error {
	return func(w *world) error { _, err := w.client(main).Quota(w.ctx, path); return err }
}

// quotaCounts: calls are counted, whatever they led to, until the civil day turns.
func quotaCounts(w *world) {
	c := w.client(main)
	used := func(path string) client.Quota {
		q, err := c.Quota(w.ctx, path)
		w.wantCode("quota of "+path, err, 0)
		return q
	}
	if q := used("/cgi-bin/menu/get"); q.DailyLimit != 10_000 || q.Used != 0 || q.Remain != 10_000 || q.Calls != 0 {
		w.Errorf("before: %+v", q)
	}
	for range 3 {
		_, err := c.Menu(w.ctx)
		w.wantCode("there is no menu", err, 46003)
	}
	if q := used("/cgi-bin/menu/get"); q.Used != 3 || q.Remain != 9997 {
		w.Errorf("after three: %+v", q)
	}
	if q := used("/cgi-bin/stable_token"); q.Calls != 10_000 || q.Seconds != 60 {
		w.Errorf("a rate: %+v", q)
	}
	w.moveCivil(24 * time.Hour)
	if q := used("/cgi-bin/menu/get"); q.Used != 0 {
		w.Errorf("the next day: %+v", q)
	}
}
