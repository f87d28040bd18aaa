package contract

import (
	"context"
	"errors"
	"strings"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

func diagnoseRows() []row {
	return []row{
		{
			path: "/cgi-bin/clear_quota", auth: wechat.AuthToken, s: all, f: all,
			caller: calls(func(w *world, c *client.Client, _ string) error { return c.ClearQuota(w.ctx) }),
			effect: func(w *world) { cleared(w, (*client.Client).ClearQuota) },
			refusals: []refusal{
				no("another account's appid", 40013, errs.Refused, wechat.ActFixConfig, func(w *world) error {
					cfg := w.config(main)
					cfg.AppID = w.account("renshe").AppID
					return client.New(cfg).ClearQuota(w.ctx)
				}),
				eleventh((*client.Client).ClearQuota),
			},
		},
		{
			path: "/cgi-bin/clear_quota/v2", auth: wechat.AuthSecret, s: all, f: all,
			caller: calls(func(w *world, c *client.Client, _ string) error { return c.ClearQuotaBySecret(w.ctx) }),
			effect: func(w *world) { cleared(w, (*client.Client).ClearQuotaBySecret) },
			refusals: []refusal{
				clearWith("a wrong secret", 40125, func(c *client.Config) { c.Secret = "wrong" }),
				clearWith("no secret", 41004, func(c *client.Config) { c.Secret = "" }),
				clearWith("an unknown appid", 40013, func(c *client.Config) { c.AppID = "wx00" }),
				eleventh((*client.Client).ClearQuotaBySecret),
			},
		},
		{
			path: "/cgi-bin/openapi/quota/clear", auth: wechat.AuthToken, s: all, f: all,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				return c.ClearPathQuota(w.ctx, "/cgi-bin/media/upload")
			}),
			effect: onePathCleared,
			refusals: []refusal{
				no("of web authorisation", 76022, errs.Refused, wechat.ActShow, clearPath("/sns/userinfo")),
				no("of no path", 76021, errs.Internal, wechat.ActFixRequest, clearPath("/cgi-bin/menu")),
				no("51 times a month", 48006, errs.Exhausted, wechat.ActAlert, func(w *world) error {
					c := w.client(main)
					w.moveCivil(31 * 24 * time.Hour)
					for range 50 {
						w.wantCode("clear", c.ClearPathQuota(w.ctx, "/cgi-bin/menu/get"), 0)
					}
					return c.ClearPathQuota(w.ctx, "/cgi-bin/menu/get")
				}),
			},
		},
		{
			path: "/cgi-bin/openapi/rid/get", auth: wechat.AuthToken, s: all, f: all, again: true,
			caller: func(w *world, account string) func() error {
				c, rid := w.client(account), failedRID(w, account)
				return func() error { _, err := c.FailedCall(w.ctx, rid); return err }
			},
			effect: failureTold,
			refusals: []refusal{
				no("of nothing", 76001, errs.NotFound, wechat.ActShow, lookUp("6a1b2c3d-00000000-00000000")),
				no("no rid", 76002, errs.Internal, wechat.ActFixRequest, lookUp("")),
				no("another account's", 76003, errs.Refused, wechat.ActShow, func(w *world) error { return lookUp(failedRID(w, "renshe"))(w) }),
				no("after seven days", 76001, errs.NotFound, wechat.ActShow, func(w *world) error {
					rid := failedRID(w, main)
					w.moveCivil(7 * 24 * time.Hour)
					w.wantCode("just in time", lookUp(rid)(w), 0)
					w.moveCivil(time.Millisecond)
					return lookUp(rid)(w)
				}),
			},
		},
		{
			path: "/cgi-bin/callback/check", auth: wechat.AuthToken, s: all, f: all, again: true,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				_, err := c.CheckCallback(w.ctx, "all", client.OperatorDefault)
				return err
			}),
			effect: callbackChecked,
			refusals: []refusal{
				no("another action", 40202, errs.Internal, wechat.ActFixRequest, checkCallback("trace", client.OperatorDefault)),
				no("another operator", 40203, errs.Internal, wechat.ActFixRequest, checkCallback("all", "CMCC")),
				no("without an address", 40201, errs.Refused, wechat.ActFixConfig, func(w *world) error {
					w.play("PATCH", "/accounts/"+main, object{"callback": ""})
					return checkCallback("all", client.OperatorDefault)(w)
				}),
			},
		},
		{
			path: "/cgi-bin/get_api_domain_ip", auth: wechat.AuthToken, s: all, f: all, again: true,
			caller: calls(func(w *world, c *client.Client, _ string) error { _, err := c.APIAddresses(w.ctx); return err }),
			effect: func(w *world) {
				if ips, err := w.client(main).APIAddresses(w.ctx); err != nil || len(ips) != 1 || ips[0] != "127.0.0.1" {
					w.Errorf("%v %v", ips, err)
				}
			},
		},
	}
}

// clearing is one of the two ways.
type clearing = func(*client.Client, context.Context) error

// cleared: what was used up is not; the allowance of ten is one for both calls, and a new one in the next month.
func cleared(w *world, clear clearing) {
	c := w.client(main)
	_, err := c.Menu(w.ctx)
	w.wantCode("there is no menu", err, 46003)
	w.used("/cgi-bin/menu/get", 10_000, 0)
	_, err = c.Menu(w.ctx)
	w.wantCode("used up", err, 45009)
	w.wantCode("clear", clear(c, w.ctx), 0)
	_, err = c.Menu(w.ctx)
	w.wantCode("there is some again, and the client knows", err, 46003)
	if q, err := c.Quota(w.ctx, "/cgi-bin/menu/get"); err != nil || q.Used != 1 || q.Remain != 9999 {
		w.Errorf("the counter then: %+v %v", q, err)
	}
	w.moveCivil(15 * 24 * time.Hour) // the next month
	for i := range 10 {
		spend := (*client.Client).ClearQuota
		if i%2 == 1 {
			spend = (*client.Client).ClearQuotaBySecret
		}
		w.wantCode("of the next month", spend(c, w.ctx), 0)
	}
	w.wantCode("the eleventh", c.ClearQuota(w.ctx), 48006)
	w.wantCode("and by secret", c.ClearQuotaBySecret(w.ctx), 48006)
}

func eleventh(clear clearing) refusal {
	return no("eleven times a month", 48006, errs.Exhausted, wechat.ActAlert, func(w *world) error {
		c := w.client(main)
		for range 10 {
			w.wantCode("clear", clear(c, w.ctx), 0)
		}
		return clear(c, w.ctx)
	})
}

func clearWith(label string, code wechat.Code, change func(*client.Config)) refusal {
	return no(label, code, errs.Refused, wechat.ActFixConfig, func(w *world) error {
		cfg := w.config(main)
		change(&cfg)
		return client.New(cfg).ClearQuotaBySecret(w.ctx)
	})
}

func clearPath(path string) func(*world) error {
	return func(w *world) error { return w.client(main).ClearPathQuota(w.ctx, path) }
}

func onePathCleared(w *world) {
	c := w.client(main)
	w.used("/cgi-bin/menu/get", 10_000, 0)
	w.used("/cgi-bin/user/get", 300, 0)
	_, err := c.Menu(w.ctx)
	w.wantCode("used up", err, 45009)
	w.wantCode("clear", c.ClearPathQuota(w.ctx, "/cgi-bin/menu/get"), 0)
	_, err = c.Menu(w.ctx)
	w.wantCode("there is some again", err, 46003)
	if q, err := c.Quota(w.ctx, "/cgi-bin/user/get"); err != nil || q.Used != 300 {
		w.Errorf("another path's: %+v %v", q, err)
	}
}

// failedRID makes a call that fails and takes the id from its error.
func failedRID(w *world, account string) string {
	w.Helper()
	_, err := w.client(account).Quota(w.ctx, "/cgi-bin/nothing")
	e, ok := errors.AsType[*client.Error](err)
	if !ok || e.RID == "" {
		w.Fatalf("no rid: %v", err)
	}
	return e.RID
}

func lookUp(rid string) func(*world) error {
	return func(w *world) error { _, err := w.client(main).FailedCall(w.ctx, rid); return err }
}

func failureTold(w *world) {
	rid := failedRID(w, main)
	got, err := w.client(main).FailedCall(w.ctx, rid)
	if err != nil || !strings.Contains(got.Body, "/cgi-bin/nothing") || !strings.Contains(got.Answer, "76021") || !strings.Contains(got.Answer, rid) ||
		got.IP != "127.0.0.1" || !got.At.Equal(w.wall.Now()) || !strings.HasPrefix(got.Query, "access_token=") {
		w.Errorf("%+v %v", got, err)
	}
	if token, _ := w.config(main).Tokens.Token(w.ctx); strings.Contains(got.Query, token) {
		w.Error("the token is told")
	}
	w.play("DELETE", "/wire", nil)
	w.wantCode("whatever the wire log has", lookUp(rid)(w), 0)
}

func checkCallback(action, operator string) func(*world) error {
	return func(w *world) error { _, err := w.client(main).CheckCallback(w.ctx, action, operator); return err }
}

func callbackChecked(w *world) {
	c := w.client(main)
	got, err := c.CheckCallback(w.ctx, "all", client.OperatorUnicom)
	if err != nil || len(got.Addresses) != 1 || got.Addresses[0].IP != "127.0.0.1" || got.Addresses[0].Operator == "" || len(got.Pings) != 1 ||
		got.Pings[0].From != "UNICOM" || got.Pings[0].Loss != "0%" || !strings.HasSuffix(got.Pings[0].Time, "ms") {
		w.Errorf("%+v %v", got, err)
	}
	if got, err := c.CheckCallback(w.ctx, "dns", client.OperatorDefault); err != nil || len(got.Addresses) != 1 || len(got.Pings) != 0 {
		w.Errorf("dns: %+v %v", got, err)
	}
	w.net.set(devHost, nil)
	if got, err := c.CheckCallback(w.ctx, "ping", client.OperatorDefault); err != nil || len(got.Addresses) != 0 || len(got.Pings) != 1 || got.Pings[0].Loss != "100%" {
		w.Errorf("nobody there: %+v %v", got, err)
	}
}
