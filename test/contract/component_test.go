package contract

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// platform is a third-party platform of a world.
type platform struct {
	w   *world
	cfg client.Config
	*client.Platform
	refresh map[string]string
}

// Refresh and SaveRefresh keep refresh tokens.
func (p *platform) Refresh(_ context.Context, appid string) (string, error) {
	return p.refresh[appid], nil
}

func (p *platform) SaveRefresh(_ context.Context, appid, token string) error {
	p.refresh[appid] = token
	return nil
}

// platform makes the platform, or a new client of the one that is there.
func (w *world) platform() *platform {
	w.Helper()
	got, _ := w.play("PUT", "/components/sanfang", object{"ticket_url": "https://" + devHost + "/sanfang", "pushing": false,
		"page_domain": devHost, "web_domain": devHost})["component"].(object)
	text := func(name string) string { s, _ := got[name].(string); return s }
	codec, err := wechat.NewCodec(wechat.CodecConfig{AppID: text("appid"), Token: text("token"), Mode: wechat.Safe, Keys: []string{text("encoding_aes_key")}})
	if err != nil {
		w.Fatal(err)
	}
	w.dev.mu.Lock()
	if w.dev.codecs["/sanfang"] == nil {
		w.dev.codecs["/sanfang"] = codec
	}
	w.dev.mu.Unlock()
	cfg := w.config(main)
	cfg.AppID, cfg.Secret, cfg.Tokens = text("appid"), text("secret"), nil
	p := &platform{w: w, cfg: cfg, refresh: map[string]string{}}
	p.Platform = client.NewPlatform(cfg, func(context.Context) (string, error) { return p.pushed() }, nil)
	return p
}

// pushed lets a ticket be pushed and takes the newest. Other goroutines than the test's may call it.
func (p *platform) pushed() (string, error) {
	req, err := http.NewRequestWithContext(p.w.ctx, http.MethodPost, "http://"+boxHost+"/sandbox/api/components/sanfang/ticket", nil)
	if err != nil {
		return "", err
	}
	res, err := p.w.net.RoundTrip(req)
	if err != nil {
		return "", err
	}
	if err := res.Body.Close(); err != nil {
		return "", err
	}
	for _, got := range slices.Backward(p.w.dev.take()) {
		if got.InfoType == "component_verify_ticket" && got.AppID == p.cfg.AppID {
			return got.ComponentVerifyTicket, nil
		}
	}
	return "", errors.New("no ticket was pushed")
}

func (p *platform) ticket() string {
	p.w.Helper()
	t, err := p.pushed()
	if err != nil {
		p.w.Fatal(err)
	}
	return t
}

// authorised lets an account give sets, all without any, and keeps its refresh token.
func (p *platform) authorised(account string, sets ...int) client.Authorisation {
	p.w.Helper()
	a, err := p.QueryAuth(p.w.ctx, p.code(account, sets...))
	if err != nil || a.AppID != p.w.account(account).AppID || a.Refresh == "" {
		p.w.Fatalf("%v %v", a, err)
	}
	p.refresh[a.AppID] = a.Refresh
	return a
}

func (p *platform) code(account string, sets ...int) string {
	code, _ := p.w.play("POST", "/components/sanfang/authorise", object{"account": account, "sets": sets})["auth_code"].(string)
	return code
}

func componentRows() []row {
	const base = "/cgi-bin/component/api_"
	option := func(name string) func(*world) error {
		return func(w *world) error {
			p := w.platform()
			_, err := p.Option(w.ctx, p.authorised(main).AppID, name)
			return err
		}
	}
	stranger := func(do func(w *world, p *platform, appid string) error) refusal {
		return no("an account that gave nothing", 61003, errs.Refused, wechat.ActReauthorise, func(w *world) error {
			w.play("POST", "/components/sanfang/unauthorise", object{"account": "renshe"})
			return do(w, w.platform(), w.account("renshe").AppID)
		})
	}
	r := func(name string, again bool, call func(w *world, p *platform, a client.Authorisation) error, refusals ...refusal) row {
		return row{path: base + name, auth: wechat.AuthComponent, s: all, f: all, again: again, effect: hosted, refusals: refusals,
			prepare: func(w *world, _ string) { w.platform() },
			caller: func(w *world, account string) func() error {
				p := w.platform()
				a := p.authorised(account)
				return func() error { return call(w, p, a) }
			}}
	}
	return []row{
		r("start_push_ticket", true, func(w *world, p *platform, _ client.Authorisation) error { return p.StartTickets(w.ctx) },
			platformSecret((*client.Platform).StartTickets)),
		r("component_token", true, func(w *world, p *platform, _ client.Authorisation) error {
			return newToken(w, p, p.ticket())
		}, no("a false ticket", 61006, errs.Refused, wechat.ActFixConfig, func(w *world) error { return newToken(w, w.platform(), "x") }),
			no("a ticket of yesterday", 61005, errs.Unavailable, wechat.ActFixConfig, func(w *world) error {
				p := w.platform()
				t := p.ticket()
				w.wall.pass(12 * time.Hour)
				return newToken(w, p, t)
			}),
			no("an address outside the whitelist", 61004, errs.Refused, wechat.ActAllowIP, func(w *world) error {
				p := w.platform()
				w.play("PUT", "/components/sanfang", object{"ip_whitelist": []string{"203.0.113.7"}})
				defer w.play("PUT", "/components/sanfang", object{"ip_whitelist": []string{}})
				return newToken(w, p, p.ticket())
			})),
		r("create_preauthcode", false, func(w *world, p *platform, _ client.Authorisation) error { _, err := p.PreAuthCode(w.ctx); return err }),
		r("query_auth", false, func(w *world, p *platform, a client.Authorisation) error {
			_, err := p.QueryAuth(w.ctx, p.code(main))
			return err
		}, no("a code twice", 61009, errs.Refused, wechat.ActReauthorise, func(w *world) error {
			p := w.platform()
			code := p.code(main)
			_, err := p.QueryAuth(w.ctx, code)
			w.wantCode("once", err, 0)
			_, err = p.QueryAuth(w.ctx, code)
			return err
		}), no("a code too late", 61010, errs.Refused, wechat.ActReauthorise, func(w *world) error {
			p := w.platform()
			code := p.code(main)
			w.wall.pass(10 * time.Minute)
			_, err := p.QueryAuth(w.ctx, code)
			return err
		})),
		r("authorizer_token", false, func(w *world, p *platform, a client.Authorisation) error {
			_, err := client.ComponentTokens(p.Platform, a.AppID, p, nil).Token(w.ctx)
			return err
		}, no("a refresh token that is dead", 61023, errs.Refused, wechat.ActReauthorise, func(w *world) error {
			p := w.platform()
			a := p.authorised(main)
			p.authorised(main) // another one was handed out
			p.refresh[a.AppID] = a.Refresh
			_, err := client.ComponentTokens(p.Platform, a.AppID, p, nil).Token(w.ctx)
			return err
		})),
		r("get_authorizer_info", true, func(w *world, p *platform, a client.Authorisation) error {
			_, err := p.Authorizer(w.ctx, a.AppID)
			return err
		},
			stranger(func(w *world, p *platform, appid string) error { _, err := p.Authorizer(w.ctx, appid); return err })),
		r("get_authorizer_option", true, func(w *world, p *platform, a client.Authorisation) error {
			_, err := p.Option(w.ctx, a.AppID, "voice_recognize")
			return err
		}, no("of no option", 61011, errs.Internal, wechat.ActFixRequest, option("colour"))),
		r("set_authorizer_option", true, func(w *world, p *platform, a client.Authorisation) error {
			return p.SetOption(w.ctx, a.AppID, "voice_recognize", "1")
		}, no("to no value", 61011, errs.Internal, wechat.ActFixRequest, func(w *world) error {
			p := w.platform()
			return p.SetOption(w.ctx, p.authorised(main).AppID, "voice_recognize", "7")
		})),
		r("get_authorizer_list", true, func(w *world, p *platform, _ client.Authorisation) error {
			_, _, err := p.Authorizers(w.ctx, 0, 500)
			return err
		},
			refusal{label: "501 at once", code: 40097, kind: errs.Internal, action: wechat.ActFixRequest, local: "count:wechat.between",
				do: func(w *world) error { _, _, err := w.platform().Authorizers(w.ctx, 0, 501); return err },
				raw: func(w *world) wechat.Code {
					p := w.platform()
					return p.raw("get_authorizer_list", `{"component_appid":"`+p.cfg.AppID+`","offset":0,"count":501}`)
				}}),
	}
}

// raw calls with a fresh token of the platform.
func (p *platform) raw(name, body string) wechat.Code {
	_, content := p.w.exchange("POST", "http://"+boxHost+"/cgi-bin/component/api_component_token", strings.NewReader(`{"component_appid":"`+p.cfg.AppID+
		`","component_appsecret":"`+p.cfg.Secret+`","component_verify_ticket":"`+p.ticket()+`"}`), nil)
	token, _ := p.w.asObject(content)["component_access_token"].(string)
	_, content = p.w.exchange("POST", "http://"+boxHost+"/cgi-bin/component/api_"+name+"?component_access_token="+token, strings.NewReader(body), nil)
	code, _ := p.w.asObject(content)["errcode"].(float64)
	return wechat.Code(code)
}

// newToken gets a token of the platform for a ticket.
func newToken(w *world, p *platform, ticket string) error {
	_, err := client.NewPlatform(p.cfg, func(context.Context) (string, error) { return ticket, nil }, nil).PreAuthCode(w.ctx)
	return err
}

func platformSecret(call func(*client.Platform, context.Context) error) refusal {
	return no("a wrong secret", 40125, errs.Refused, wechat.ActFixConfig, func(w *world) error {
		p := w.platform()
		p.cfg.Secret = "wrong"
		return call(client.NewPlatform(p.cfg, nil, nil), w.ctx)
	})
}

// hosted is the way of an account: it authorises, the platform calls for it what it gave, and nothing after it took it back.
func hosted(w *world) {
	p := w.platform()
	code, err := p.PreAuthCode(w.ctx)
	if err != nil || !strings.HasPrefix(code, "preauthcode@@@") {
		w.Errorf("%q %v", code, err)
	}
	w.dev.take()
	wcode := p.code(main, 15, 2)
	w.settle()
	if got := w.dev.take(); len(got) != 1 || got[0].InfoType != "authorized" || got[0].AuthorizationCode != wcode || got[0].AuthorizerAppID != w.account(main).AppID {
		w.Errorf("%+v", got)
	}
	a, err := p.QueryAuth(w.ctx, wcode)
	if err != nil || !slices.Equal(a.Sets, []int{2, 15}) {
		w.Fatalf("%v %v", a.Sets, err)
	}
	p.refresh[a.AppID] = a.Refresh
	cfg := w.config(main)
	cfg.Secret, cfg.Tokens = "", client.ComponentTokens(p.Platform, a.AppID, p, nil)
	c := client.New(cfg)
	_, err = c.Menu(w.ctx)
	w.wantCode("what was given: there is no menu", err, 46003)
	_, err = c.CallbackIPs(w.ctx)
	w.wantCode("what every token opens", err, 0)
	_, err = c.Draft(w.ctx, "x")
	w.wantCode("what was not given", err, 61007)
	w.wantCode("an option", p.SetOption(w.ctx, a.AppID, "location_report", "2"), 0)
	if v, err := p.Option(w.ctx, a.AppID, "location_report"); err != nil || v != "2" {
		w.Errorf("%q %v", v, err)
	}
	info, err := p.Authorizer(w.ctx, a.AppID)
	if err != nil || info.Name != "青云政务" || info.OriginalID != w.account(main).OriginalID || !slices.Equal(info.Sets, a.Sets) {
		w.Errorf("%+v %v", info.Name, err)
	}
	if list, total, err := p.Authorizers(w.ctx, 0, 10); err != nil || total != 1 || len(list) != 1 || list[0].AppID != a.AppID || list[0].Refresh != a.Refresh {
		w.Errorf("%d %v", total, err)
	}
	w.dev.take()
	p.code(main)
	w.settle()
	if got := w.dev.take(); len(got) != 1 || got[0].InfoType != "updateauthorized" {
		w.Errorf("%+v", got)
	}
	_, err = c.Draft(w.ctx, "x")
	w.wantCode("given now: no such draft", err, 40007)
	w.play("POST", "/components/sanfang/unauthorise", object{"account": main})
	w.settle()
	if got := w.dev.take(); len(got) != 1 || got[0].InfoType != "unauthorized" {
		w.Errorf("%+v", got)
	}
	_, err = c.Menu(w.ctx)
	w.wantCode("after it was taken back", err, 61003)
}

// TestTicketsAreSealed: a ticket comes at once when the platform asks, and only encrypted.
func TestTicketsAreSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.platform()
	w.dev.take()
	if err := p.StartTickets(w.ctx); err != nil {
		t.Fatal(err)
	}
	w.settle()
	if got := w.dev.take(); len(got) != 1 || got[0].ComponentVerifyTicket == "" || got[0].query.EncryptType != "aes" || strings.Contains(got[0].body, "ticket@@@") {
		t.Errorf("%+v", got)
	}
}
