package contract

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// massRefusals are those that the two ways of sending share.
func massRefusals(path, whom string, send func(w *world, m client.Mass) error) []refusal {
	no := func(label string, code wechat.Code, m func(w *world) client.MassMessage) refusal {
		return refusal{label: label, code: code, kind: code.Kind(), action: code.Action(), do: func(w *world) error { return send(w, client.Mass{Message: m(w)}) }}
	}
	raw := func(body string) func(w *world) wechat.Code {
		return func(w *world) wechat.Code {
			return w.raw(main, http.MethodPost, path, strings.ReplaceAll(body, "WHOM", fmt.Sprintf(whom, w.both(main)[0], w.both(main)[1])))
		}
	}
	return []refusal{
		no("no text", 44004, func(*world) client.MassMessage { return client.Text{} }),
		no("a long text", 45002, func(*world) client.MassMessage { return client.Text{Content: strings.Repeat("a", 2049)} }),
		no("no such draft", 40007, func(*world) client.MassMessage { return client.MPNews{MediaID: "abc"} }),
		no("a picture as draft", 40007, func(w *world) client.MassMessage { return client.MPNews{MediaID: w.material(main).ID} }),
		no("no such voice", 40007, func(*world) client.MassMessage { return client.Voice{MediaID: "abc"} }),
		no("no picture", 40007, func(*world) client.MassMessage { return client.Pictures{} }),
		no("21 pictures", 45008, func(w *world) client.MassMessage {
			id := w.material(main).ID
			return client.Pictures{MediaIDs: strings.Fields(strings.Repeat(id+" ", 21))}
		}),
		no("a video that was not made ready", 40007, func(w *world) client.MassMessage { return client.MPVideo{MediaID: w.files(main)["video"]} }),
		{label: "a card", code: 45113, kind: errs.Invalid, action: wechat.ActFixContent, local: "message:required",
			do: func(w *world) error { return send(w, client.Mass{}) }, raw: raw(`{WHOM,"wxcard":{"card_id":"abc"},"msgtype":"wxcard"}`)},
		{label: "an unknown type", code: 40008, kind: errs.Invalid, action: wechat.ActFixContent, local: "message:required",
			do: func(w *world) error { return send(w, client.Mass{}) }, raw: raw(`{WHOM,"msgtype":"smell"}`)},
		{label: "a long clientmsgid", code: 45067, kind: errs.Internal, action: wechat.ActFixRequest, local: "client_id:wechat.between",
			do: func(w *world) error {
				return send(w, client.Mass{Message: client.Text{Content: "通知"}, ClientID: strings.Repeat("a", 33)})
			},
			raw: raw(`{WHOM,"text":{"content":"通知"},"msgtype":"text","clientmsgid":"` + strings.Repeat("a", 33) + `"}`)},
		{label: "the same again at once", code: 45066, kind: errs.Busy, action: wechat.ActBackOff, do: func(w *world) error {
			m := notice()
			w.wantCode("once", send(w, m), 0)
			err := send(w, m)
			w.wall.pass(61 * time.Second) // the client's own rest ends
			return err
		}},
	}
}

func massRows() []row {
	tagOnce := func() func(w *world, m client.Mass) error {
		tag := 0
		return func(w *world, m client.Mass) error {
			if tag == 0 {
				tag = w.tagged(main)
			}
			_, err := w.client(main).SendAll(w.ctx, client.Audience{Tag: tag}, m)
			return err
		}
	}
	toBoth := func(w *world, m client.Mass) error {
		_, err := w.client(main).SendTo(w.ctx, w.both(main), m)
		return err
	}
	met := func(w *world, account string) { w.follow(account, "zhang", "li") }
	preview := func(w *world, m client.MassMessage) error {
		return w.client(main).PreviewMass(w.ctx, w.openid(main, "zhang"), "", m)
	}
	sent := func(w *world) client.MassJob {
		job, err := w.client(main).SendTo(w.ctx, w.both(main), client.Mass{Message: client.MPNews{MediaID: w.draft(main, "一", "二")}})
		w.wantCode("send", err, 0)
		w.moveCivil(time.Minute)
		w.settle()
		return job
	}
	return []row{
		{
			path: "/cgi-bin/message/mass/sendall", auth: wechat.AuthToken, s: verified, f: verified, minute: 60, prepare: met,
			caller: func(w *world, account string) func() error {
				c, tag := w.client(account), 2
				if a := w.account(account); a.Verified {
					tag = w.tagged(account)
				}
				return func() error {
					_, err := c.SendAll(w.ctx, client.Audience{Tag: tag}, notice())
					return err
				}
			},
			effect: sentToAll,
			refusals: append(massRefusals("/cgi-bin/message/mass/sendall", `"filter":{"is_to_all":true},"unused":["%s","%s"]`, tagOnce()),
				refusal{label: "no such tag", code: 45159, kind: errs.NotFound, action: wechat.ActShow, do: func(w *world) error {
					_, err := w.client(main).SendAll(w.ctx, client.Audience{Tag: 99}, notice())
					return err
				}},
				refusal{label: "twice to all on one day", code: 45028, kind: errs.Exhausted, action: wechat.ActEndPeriod, do: func(w *world) error {
					w.sendAll(main, notice())
					_, err := w.client(main).SendAll(w.ctx, client.Audience{All: true}, notice())
					return err
				}}),
		},
		{
			path: "/cgi-bin/message/mass/send", auth: wechat.AuthToken, s: never, f: verified, minute: 60, prepare: met,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, err := c.SendTo(w.ctx, w.both(account), notice())
					return err
				}
			},
			effect: sentToSome,
			refusals: append(massRefusals("/cgi-bin/message/mass/send", `"touser":["%s","%s"]`, toBoth),
				refusal{label: "to one", code: 40130, kind: errs.Invalid, action: wechat.ActFixRequest, local: "openids:wechat.between",
					do: func(w *world) error {
						_, err := w.client(main).SendTo(w.ctx, w.both(main)[:1], notice())
						return err
					},
					raw: func(w *world) wechat.Code {
						return w.raw(main, http.MethodPost, "/cgi-bin/message/mass/send", `{"touser":["`+w.openid(main, "zhang")+`"],"text":{"content":"a"},"msgtype":"text"}`)
					}},
				refusal{label: "to 10 001", code: 40032, kind: errs.Invalid, action: wechat.ActFixRequest, local: "openids:wechat.between",
					do: func(w *world) error {
						_, err := w.client(main).SendTo(w.ctx, make([]string, 10_001), notice())
						return err
					},
					raw: func(w *world) wechat.Code {
						return w.raw(main, http.MethodPost, "/cgi-bin/message/mass/send", `{"touser":["a"`+strings.Repeat(`,"a"`, 10_000)+`],"text":{"content":"a"},"msgtype":"text"}`)
					}},
				refusal{label: "to another account's", code: 40003, kind: errs.Refused, action: wechat.ActDropFollower, do: func(w *world) error {
					w.follow("renshe", "li")
					_, err := w.client(main).SendTo(w.ctx, []string{w.openid(main, "zhang"), w.openid("renshe", "li")}, notice())
					return err
				}}),
		},
		{
			path: "/cgi-bin/message/mass/preview", auth: wechat.AuthToken, s: verified, f: verified, day: 100, prepare: met,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { return c.PreviewMass(w.ctx, w.openid(account, "zhang"), "", notice().Message) }
			},
			effect: previewed,
			refusals: []refusal{
				{label: "to nobody of that name", code: 40132, kind: errs.Invalid, action: wechat.ActShow, do: func(w *world) error {
					return w.client(main).PreviewMass(w.ctx, "", "nobody", notice().Message)
				}},
				{label: "to an openid of nobody", code: 40003, kind: errs.Refused, action: wechat.ActDropFollower, do: func(w *world) error {
					return w.client(main).PreviewMass(w.ctx, "oabc", "", notice().Message)
				}},
				{label: "to who does not follow any more", code: 43004, kind: errs.Refused, action: wechat.ActDropFollower, do: func(w *world) error {
					w.play("POST", "/unfollow", object{"account": main, "citizen": "li"})
					return w.client(main).PreviewMass(w.ctx, w.openid(main, "li"), "", notice().Message)
				}},
				{label: "no such draft", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error { return preview(w, client.MPNews{MediaID: "abc"}) }},
				{label: "no text", code: 44004, kind: errs.Invalid, action: wechat.ActFixContent, do: func(w *world) error { return preview(w, client.Text{}) }},
			},
		},
		{
			path: "/cgi-bin/message/mass/delete", auth: wechat.AuthToken, s: verified, f: verified, day: 10, again: true,
			rightless: "it has nothing to delete", prepare: met,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					if w.account(account).Kind == wechat.Subscription {
						return c.DeleteMass(w.ctx, w.sendAll(account, client.Mass{Message: client.MPNews{MediaID: w.draft(account, "一")}}).MsgID, 0)
					}
					return c.DeleteMass(w.ctx, sent(w).MsgID, 0)
				}
			},
			effect: deletedMass,
			refusals: []refusal{
				{label: "no such message", code: 40059, kind: errs.NotFound, action: wechat.ActShow, do: func(w *world) error { return w.client(main).DeleteMass(w.ctx, 1, 0) }},
				{label: "no such address", code: 40059, kind: errs.NotFound, action: wechat.ActShow, do: func(w *world) error {
					return w.client(main).DeleteMassArticle(w.ctx, "http://"+boxHost+"/s/abc")
				}},
				{label: "the third of two", code: 40060, kind: errs.Invalid, action: wechat.ActShow, do: func(w *world) error {
					return w.client(main).DeleteMass(w.ctx, sent(w).MsgID, 3)
				}},
				{label: "a text", code: 40008, kind: errs.Invalid, action: wechat.ActFixContent, do: func(w *world) error {
					job, err := w.client(main).SendTo(w.ctx, w.both(main), notice())
					w.wantCode("send", err, 0)
					w.moveCivil(time.Minute)
					w.settle()
					return w.client(main).DeleteMass(w.ctx, job.MsgID, 0)
				}},
			},
		},
		{
			path: "/cgi-bin/message/mass/get", auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: met,
			rightless: "it has nothing to ask about",
			caller: func(w *world, account string) func() error {
				job, err := w.client(account).SendAll(w.ctx, client.Audience{Tag: w.tagged(account)}, notice())
				w.wantCode("send", err, 0)
				c := w.client(account)
				return func() error {
					_, err := c.MassStatus(w.ctx, job.MsgID)
					return err
				}
			},
			effect: func(w *world) {
				w.follow(main, "zhang", "li")
				c := w.client(main)
				job, err := c.SendTo(w.ctx, w.both(main), client.Mass{Message: client.MPNews{MediaID: w.draft(main, "一")}})
				w.wantCode("send", err, 0)
				for _, want := range []string{client.MassSending, client.MassSent, client.MassDeleted} {
					if got, err := c.MassStatus(w.ctx, job.MsgID); err != nil || got != want {
						w.Errorf("%s %v, want %s", got, err, want)
					}
					w.moveCivil(time.Minute)
					w.settle()
					if want == client.MassSent {
						w.wantCode("delete", c.DeleteMass(w.ctx, job.MsgID, 0), 0)
					}
				}
			},
			refusals: []refusal{{label: "no such message", code: 40059, kind: errs.NotFound, action: wechat.ActShow, do: func(w *world) error {
				_, err := w.client(main).MassStatus(w.ctx, 1)
				return err
			}}},
		},
		{
			path: "/cgi-bin/message/mass/speed/get", auth: wechat.AuthToken, s: verified, f: verified, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, err := c.MassSpeed(w.ctx)
					return err
				}
			},
			effect: func(w *world) {
				c := w.client(main)
				for level, real := range []int{80, 60, 45, 30, 10} {
					w.wantCode("set", c.SetMassSpeed(w.ctx, level), 0)
					if got, err := c.MassSpeed(w.ctx); err != nil || got != (client.MassSpeed{Level: level, PerMinute: real}) {
						w.Errorf("%+v %v", got, err)
					}
				}
			},
		},
		{
			path: "/cgi-bin/message/mass/speed/set", auth: wechat.AuthToken, s: verified, f: verified, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { return c.SetMassSpeed(w.ctx, 4) }
			},
			effect: func(w *world) {
				w.wantCode("set", w.client(main).SetMassSpeed(w.ctx, 4), 0)
				if got, err := w.client("renshe").MassSpeed(w.ctx); err != nil || got.Level != 0 {
					w.Errorf("another account's: %+v %v", got, err)
				}
			},
			refusals: []refusal{
				{label: "too slow", code: 45083, kind: errs.Internal, action: wechat.ActFixRequest, do: func(w *world) error { return w.client(main).SetMassSpeed(w.ctx, 5) }},
				{label: "too fast", code: 45083, kind: errs.Internal, action: wechat.ActFixRequest, do: func(w *world) error { return w.client(main).SetMassSpeed(w.ctx, -1) }},
			},
		},
	}
}
