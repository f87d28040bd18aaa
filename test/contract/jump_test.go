package contract

import (
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

func jumpRows() []row {
	const path = "/cgi-bin/wxopen/qrcodejump"
	strange := no("of a code that is not the account's", 85066, errs.Invalid, wechat.ActFixContent, func(w *world) error {
		return w.client(main).DeleteJump(w.ctx, mini, "http://weixin.qq.com/q/nobody")
	})
	unlinked := func(call func(w *world, c *client.Client) error) refusal {
		return no("of a mini program that is not linked", 40013, errs.Refused, wechat.ActFixConfig, func(w *world) error { return call(w, w.client(main)) })
	}
	return []row{
		{
			path: path + "add", auth: wechat.AuthToken, s: never, f: verified,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { return c.AddJump(w.ctx, client.JumpRule{Code: code(w, c), AppID: mini, Path: "pages/a"}) }
			},
			effect: codeOpensMini,
			refusals: []refusal{
				unlinked(func(w *world, c *client.Client) error {
					return c.AddJump(w.ctx, client.JumpRule{Code: code(w, c), AppID: "wx00", Path: "pages/a"})
				}),
				no("a second time", 85071, errs.Conflict, wechat.ActShow, func(w *world) error {
					r := added(w)
					return w.client(main).AddJump(w.ctx, r)
				}),
				no("changed before it is there", 85066, errs.Invalid, wechat.ActFixContent, func(w *world) error {
					c := w.client(main)
					return c.ChangeJump(w.ctx, client.JumpRule{Code: code(w, c), AppID: mini, Path: "pages/a"})
				}),
				no("changed after it was published", 40097, errs.Internal, wechat.ActFixRequest, func(w *world) error {
					r := added(w)
					w.wantCode("publish", w.client(main).PublishJump(w.ctx, r.Code), 0)
					return w.client(main).ChangeJump(w.ctx, r)
				}),
				no("without a page", 40097, errs.Internal, wechat.ActFixRequest, func(w *world) error {
					c := w.client(main)
					return c.AddJump(w.ctx, client.JumpRule{Code: code(w, c), AppID: mini})
				}),
			},
		},
		{
			path: path + "publish", auth: wechat.AuthToken, s: never, f: verified, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				r := client.JumpRule{Code: code(w, c), AppID: mini, Path: "pages/a"}
				_ = c.AddJump(w.ctx, r) // who may not is told at the call itself
				return func() error { return c.PublishJump(w.ctx, r.Code) }
			},
			effect: codeOpensMini,
			refusals: []refusal{
				no("before it is there", 85066, errs.Invalid, wechat.ActFixContent, func(w *world) error {
					c := w.client(main)
					return c.PublishJump(w.ctx, code(w, c))
				}),
				no("101 times a month", 886000, errs.Exhausted, wechat.ActShow, func(w *world) error {
					c := w.client(main)
					for range 100 {
						w.wantCode("publish", c.PublishJump(w.ctx, added(w).Code), 0)
					}
					return c.PublishJump(w.ctx, added(w).Code)
				}),
			},
		},
		{
			path: path + "delete", auth: wechat.AuthToken, s: never, f: verified, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				own := code(w, c)
				return func() error { return c.DeleteJump(w.ctx, mini, own) }
			},
			effect: codeOpensMini, refusals: []refusal{strange},
		},
		{
			path: path + "get", auth: wechat.AuthToken, s: never, f: verified, again: true,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				_, _, _, err := c.JumpRules(w.ctx, mini, 1, 200)
				return err
			}),
			effect: codeOpensMini,
			refusals: []refusal{
				unlinked(func(w *world, c *client.Client) error { _, _, _, err := c.JumpRules(w.ctx, "wx00", 1, 1); return err }),
				{label: "201 on a page", code: 40097, kind: errs.Internal, action: wechat.ActFixRequest, local: "size:wechat.between",
					do: func(w *world) error { _, _, _, err := w.client(main).JumpRules(w.ctx, mini, 1, 201); return err },
					raw: func(w *world) wechat.Code {
						return w.raw(main, "POST", path+"get", `{"appid":"`+mini+`","get_type":2,"page_num":1,"page_size":201}`)
					}},
				no("page 0", 40097, errs.Internal, wechat.ActFixRequest, func(w *world) error {
					_, _, _, err := w.client(main).JumpRules(w.ctx, mini, 0, 1)
					return err
				}),
			},
		},
	}
}

// code makes a code with a scene; "" for who may not.
func code(w *world, c *client.Client) string {
	q, err := c.CreateQR(w.ctx, client.QR{Action: client.QRStrScene, Scene: "x", Life: 24 * time.Hour})
	if err != nil {
		return ""
	}
	return q.URL
}

// added is a rule that is there and not published.
func added(w *world) client.JumpRule {
	w.Helper()
	c := w.client(main)
	r := client.JumpRule{Code: code(w, c), AppID: mini, Path: "pages/a"}
	w.wantCode("add", c.AddJump(w.ctx, r), 0)
	return r
}

// codeOpensMini: a published rule opens the mini program and tells the account nothing, until it is deleted.
func codeOpensMini(w *world) {
	w.follow(main, "zhang")
	w.dev.take()
	c, r := w.client(main), added(w)
	scan := func() object { return w.play("POST", "/scan", object{"citizen": "zhang", "url": r.Code}) }
	if got := scan(); got["kind"] != "event" || w.next("before it is published").Event != "SCAN" {
		w.Errorf("%v", got)
	}
	r.Path = "pages/b"
	w.wantCode("change", c.ChangeJump(w.ctx, r), 0)
	w.wantCode("publish", c.PublishJump(w.ctx, r.Code), 0)
	w.wantCode("publish again", c.PublishJump(w.ctx, r.Code), 0)
	if got := scan(); got["kind"] != "miniprogram" || got["appid"] != mini || got["pagepath"] != "pages/b" {
		w.Errorf("%v", got)
	}
	w.settle()
	if got := w.dev.take(); len(got) != 0 {
		w.Errorf("the account was told: %+v", got)
	}
	second := added(w)
	rules, total, left, err := c.JumpRules(w.ctx, mini, 1, 1)
	r.Published = true
	if err != nil || total != 2 || left != 99 || len(rules) != 1 || rules[0] != r {
		w.Errorf("%+v %d %d %v", rules, total, left, err)
	}
	if rules, _, _, err := c.JumpRules(w.ctx, mini, 2, 1); err != nil || len(rules) != 1 || rules[0] != second {
		w.Errorf("%+v %v", rules, err)
	}
	w.wantCode("delete", c.DeleteJump(w.ctx, mini, r.Code), 0)
	if got := scan(); got["kind"] != "event" || w.next("after it was deleted").Event != "SCAN" {
		w.Errorf("%v", got)
	}
}
