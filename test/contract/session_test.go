package contract

import (
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// sessionRows are the sessions and records of customer service.
func sessionRows() []row {
	const base = "/customservice/kfsession/"
	open := func(w *world, name string) error {
		return w.client(main).OpenSession(w.ctx, name, w.openid(main, "zhang"))
	}
	end := func(w *world, name string) error {
		return w.client(main).CloseSession(w.ctx, name, w.openid(main, "zhang"))
	}
	waiting := func(w *world) error { _, _, err := w.client(main).WaitingSessions(w.ctx); return err }
	sessions := func(w *world, name string) error { _, err := w.client(main).SessionsOf(w.ctx, name); return err }
	of := func(w *world, openid string) error { _, err := w.client(main).SessionOf(w.ctx, openid); return err }
	return []row{
		{
			path: base + "create", auth: wechat.AuthToken, s: verified, f: verified, prepare: staffed,
			caller: calls(func(w *world, c *client.Client, account string) error {
				return c.OpenSession(w.ctx, w.agent(account), w.openid(account, "zhang"))
			}),
			effect: served,
			refusals: []refusal{
				off(func(w *world) error { return open(w, w.agent(main)) }),
				unknownAgent(open), unboundAgent(open),
				stranger("a stranger", func(w *world) error { return w.client(main).OpenSession(w.ctx, w.agent(main), "oNobody") }),
				no("an agent who is offline", 65415, errs.Refused, wechat.ActShow, func(w *world) error {
					w.play("POST", "/service/online", object{"account": main, "kf": w.agent(main), "on": false})
					defer w.play("POST", "/service/online", object{"account": main, "kf": w.agent(main), "on": true})
					return open(w, w.agent(main))
				}),
				no("whom another one serves", 65414, errs.Conflict, wechat.ActShow, func(w *world) error {
					w.play("POST", "/citizens", object{"id": "wang", "name": "王五"})
					w.employ(main, w.second(main), "wang")
					w.wantCode("open", open(w, w.agent(main)), 0)
					return open(w, w.second(main))
				}),
			},
		},
		{
			path: base + "close", auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: staffed,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					if err := c.OpenSession(w.ctx, w.agent(account), w.openid(account, "zhang")); err != nil {
						return err
					}
					return c.CloseSession(w.ctx, w.agent(account), w.openid(account, "zhang"))
				}
			},
			effect: func(w *world) {
				staffed(w, main)
				w.wantCode("open", open(w, w.agent(main)), 0)
				w.settle()
				w.dev.take()
				w.wantCode("close", end(w, w.agent(main)), 0)
				if got := w.next("the end"); got.Event != "kf_close_session" || got.KfAccount != w.agent(main) || got.CloseType == "" {
					w.Errorf("%+v", got.Message)
				}
				w.say(main, "zhang", "还有")
				if got := w.next("a word"); got.Content != "还有" {
					w.Errorf("the account's server hears again: %+v", got.Message)
				}
			},
			refusals: []refusal{
				off(func(w *world) error { return end(w, w.agent(main)) }),
				unknownAgent(end),
				no("whom nobody serves", 65413, errs.NotFound, wechat.ActShow, func(w *world) error { return end(w, w.agent(main)) }),
			},
		},
		{
			path: base + "getsession", auth: wechat.AuthToken, s: verified, f: verified, again: true,
			prepare: func(w *world, account string) {
				staffed(w, account)
				w.wantCode("open", w.client(account).OpenSession(w.ctx, w.agent(account), w.openid(account, "zhang")), 0)
			},
			caller: calls(func(w *world, c *client.Client, account string) error {
				_, err := c.SessionOf(w.ctx, w.openid(account, "zhang"))
				return err
			}),
			effect: func(w *world) {
				staffed(w, main)
				w.wantCode("open", open(w, w.agent(main)), 0)
				got, err := w.client(main).SessionOf(w.ctx, w.openid(main, "zhang"))
				if err != nil || got.Account != w.agent(main) || got.Since != w.civil.Now().Unix() {
					w.Errorf("%+v %v", got, err)
				}
			},
			refusals: []refusal{
				off(func(w *world) error { return of(w, w.openid(main, "zhang")) }),
				stranger("a stranger", func(w *world) error { return of(w, "oNobody") }),
				no("after half an hour of silence", 65413, errs.NotFound, wechat.ActShow, func(w *world) error {
					w.moveCivil(30*time.Minute - time.Millisecond)
					w.wantCode("just before", of(w, w.openid(main, "zhang")), 0)
					w.moveCivil(time.Millisecond)
					return of(w, w.openid(main, "zhang"))
				}),
				no("who left", 65413, errs.NotFound, wechat.ActShow, func(w *world) error {
					w.wantCode("open", open(w, w.agent(main)), 0)
					w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
					return of(w, w.openid(main, "zhang"))
				}),
			},
		},
		{
			path: base + "getsessionlist", auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: staffed,
			caller: calls(func(w *world, c *client.Client, account string) error {
				_, err := c.SessionsOf(w.ctx, w.agent(account))
				return err
			}),
			effect: func(w *world) {
				staffed(w, main)
				w.follow(main, "li")
				for _, citizen := range []string{"zhang", "li"} {
					w.wantCode("open", w.client(main).OpenSession(w.ctx, w.agent(main), w.openid(main, citizen)), 0)
				}
				got, err := w.client(main).SessionsOf(w.ctx, w.agent(main))
				if err != nil || len(got) != 2 || got[0].OpenID != w.openid(main, "zhang") || got[0].Account != w.agent(main) {
					w.Errorf("%+v %v", got, err)
				}
			},
			refusals: []refusal{off(func(w *world) error { return sessions(w, w.agent(main)) }), unknownAgent(sessions)},
		},
		{
			path: base + "getwaitcase", auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: staffed,
			caller: calls(func(w *world, c *client.Client, _ string) error { _, _, err := c.WaitingSessions(w.ctx); return err }),
			effect: handedOver, refusals: []refusal{off(waiting)},
		},
		{
			path: "/customservice/msgrecord/getmsglist", auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: staffed,
			caller: calls(func(w *world, c *client.Client, _ string) error {
				_, _, err := c.ServiceRecords(w.ctx, w.civil.Now().Add(-time.Hour), w.civil.Now(), 1, 100)
				return err
			}),
			effect: recorded, refusals: recordRefusals(),
		},
	}
}

// served: while a worker serves somebody, their words go there and not to the account's server.
func served(w *world) {
	staffed(w, main)
	w.settle()
	w.dev.take()
	c, zhang := w.client(main), w.openid(main, "zhang")
	w.wantCode("open", c.OpenSession(w.ctx, w.agent(main), zhang), 0)
	if got := w.next("the beginning"); got.Event != "kf_create_session" || got.KfAccount != w.agent(main) || got.FromUserName != zhang {
		w.Errorf("%+v", got.Message)
	}
	w.wantCode("open again", c.OpenSession(w.ctx, w.agent(main), zhang), 0)
	w.say(main, "zhang", "在吗")
	if got := w.dev.take(); len(got) != 0 {
		w.Errorf("the account's server hears %+v", got[0].Message)
	}
	if said := w.last(main, "zhang"); said["service"] != w.agent(main) || said["delivery"].(object)["state"] != "ok" {
		w.Errorf("in the chat: %v", said)
	}
	w.play("POST", "/service/say", object{"account": main, "citizen": "zhang", "kf": w.agent(main), "content": "在的"})
	if said := w.last(main, "zhang"); said["content"] != "在的" || said["kf"] != w.agent(main) || said["kf_nick"] != "小青" || said["origin"] != "service" {
		w.Errorf("the worker's answer: %v", said)
	}
	w.wantCode("a message under a name", c.SendCustom(w.ctx, zhang, client.FromAgent(client.Text{Content: "稍等"}, w.agent(main))), 0)
	if said := w.last(main, "zhang"); said["content"] != "稍等" || said["kf_nick"] != "小青" || said["origin"] != "custom" {
		w.Errorf("under a name: %v", said)
	}
	w.play("POST", "/citizens", object{"id": "wang", "name": "王五"})
	w.employ(main, w.second(main), "wang")
	w.play("POST", "/service/transfer", object{"account": main, "citizen": "zhang", "kf": w.agent(main), "to": w.second(main)})
	if got := w.next("handing over"); got.Event != "kf_switch_session" || got.FromKfAccount != w.agent(main) || got.ToKfAccount != w.second(main) {
		w.Errorf("%+v", got.Message)
	}
	w.play("POST", "/service/close", object{"account": main, "citizen": "zhang", "kf": w.second(main)})
	if got := w.next("the end"); got.Event != "kf_close_session" {
		w.Errorf("%+v", got.Message)
	}
}

// handedOver: the answer transfer_customer_service makes somebody wait, or gives them to the worker it names.
func handedOver(w *world) {
	staffed(w, main)
	c, zhang := w.client(main), w.openid(main, "zhang")
	w.dev.answers(func(m *wechat.Message) wechat.Reply {
		if m.MsgType == "text" {
			return wechat.TransferToService{}
		}
		return nil
	})
	w.say(main, "zhang", "找人工")
	w.settle()
	list, n, err := c.WaitingSessions(w.ctx)
	if err != nil || n != 1 || len(list) != 1 || list[0].OpenID != zhang || list[0].Latest != w.civil.Now().Unix() {
		w.Errorf("%+v %d %v", list, n, err)
	}
	w.dev.take()
	w.say(main, "zhang", "还在等")
	if got := w.dev.take(); len(got) != 1 {
		w.Errorf("who waits is still heard by the account's server: %d", len(got))
	}
	w.play("POST", "/service/accept", object{"account": main, "citizen": "zhang", "kf": w.agent(main)})
	if got := w.next("accepted"); got.Event != "kf_create_session" {
		w.Errorf("%+v", got.Message)
	}
	if _, n, err := c.WaitingSessions(w.ctx); err != nil || n != 0 {
		w.Errorf("%d wait, %v", n, err)
	}
	w.wantCode("close", c.CloseSession(w.ctx, w.agent(main), zhang), 0)
	w.settle()
	w.dev.take()
	w.dev.answers(func(m *wechat.Message) wechat.Reply {
		if m.MsgType == "text" {
			return wechat.TransferToService{Account: w.agent(main)}
		}
		return nil
	})
	w.say(main, "zhang", "找小青")
	w.settle()
	if got := w.dev.take(); len(got) != 2 || got[1].Event != "kf_create_session" || got[1].KfAccount != w.agent(main) {
		w.Errorf("%d callbacks", len(got))
	}
	if got, err := c.SessionOf(w.ctx, zhang); err != nil || got.Account != w.agent(main) {
		w.Errorf("%+v %v", got, err)
	}
}

// recorded: what was said in customer service, in pages.
func recorded(w *world) {
	staffed(w, main)
	c, zhang, began := w.client(main), w.openid(main, "zhang"), w.civil.Now()
	w.say(main, "zhang", "没有人听")
	w.wantCode("open", c.OpenSession(w.ctx, w.agent(main), zhang), 0)
	w.say(main, "zhang", "问")
	w.play("POST", "/service/say", object{"account": main, "citizen": "zhang", "kf": w.agent(main), "content": "答"})
	w.wantCode("under a name", c.SendCustom(w.ctx, zhang, client.FromAgent(client.Text{Content: "补"}, w.agent(main))), 0)
	first, next, err := c.ServiceRecords(w.ctx, began.Add(-time.Hour), began.Add(time.Hour), 1, 2)
	if err != nil || len(first) != 2 || first[0] != (client.ServiceRecord{OpenID: zhang, Code: 2003, Text: "问", Time: w.civil.Now().Unix(), Account: w.agent(main)}) ||
		first[1].Code != 2002 || first[1].Text != "答" {
		w.Fatalf("%+v %v", first, err)
	}
	rest, _, err := c.ServiceRecords(w.ctx, began.Add(-time.Hour), began.Add(time.Hour), next, 10_000)
	if err != nil || len(rest) != 1 || rest[0].Text != "补" {
		w.Errorf("%+v %v", rest, err)
	}
	if none, _, err := c.ServiceRecords(w.ctx, began.Add(-25*time.Hour), began.Add(-time.Hour), 1, 100); err != nil || len(none) != 0 {
		w.Errorf("the day before: %+v %v", none, err)
	}
}

func recordRefusals() []refusal {
	const path = "/customservice/msgrecord/getmsglist"
	ask := func(w *world, span time.Duration, msgID int64, n int) error {
		_, _, err := w.client(main).ServiceRecords(w.ctx, w.civil.Now().Add(-span), w.civil.Now(), msgID, n)
		return err
	}
	local := func(label, field string, code wechat.Code, action wechat.Action, body string, span time.Duration, n int) refusal {
		return refusal{label: label, code: code, kind: errs.Internal, action: action, local: field + ":wechat.between",
			do:  func(w *world) error { return ask(w, span, 1, n) },
			raw: func(w *world) wechat.Code { return w.raw(main, "POST", path, body) }}
	}
	return []refusal{
		off(func(w *world) error { return ask(w, time.Hour, 1, 10) }),
		local("a day and a second", "to", 65417, wechat.ActSplit, `{"starttime":1000,"endtime":87401,"msgid":1,"number":10}`, 24*time.Hour+time.Second, 10),
		local("10 001 at once", "n", 65416, wechat.ActFixRequest, `{"starttime":1000,"endtime":2000,"msgid":1,"number":10001}`, time.Hour, 10_001),
		no("from number 0", 65416, errs.Internal, wechat.ActFixRequest, func(w *world) error { return ask(w, time.Hour, 0, 10) }),
	}
}

// TestUnderAName: messages under the name of an agent who is not there, or to whom nobody is bound.
func TestUnderAName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	spoken(w, main)
	staffed(w, main)
	send := func(name string) error {
		return w.client(main).SendCustom(w.ctx, w.openid(main, "zhang"), client.FromAgent(client.Text{Content: "x"}, name))
	}
	w.wantCode("unknown", send("kf9@"+w.account(main).OriginalID), 65401)
	w.wantCode("add", w.client(main).AddAgent(w.ctx, w.second(main), "小空"), 0)
	w.wantCode("unbound", send(w.second(main)), 65402)
	w.wantCode("bound", send(w.agent(main)), 0)
}
