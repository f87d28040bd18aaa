package contract

import (
	"context"
	"fmt"
	"strings"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// off is the refusal of an account without the new customer service.
func off(do func(w *world) error) refusal {
	return no("the new customer service is off", 65400, errs.Refused, wechat.ActShow, func(w *world) error {
		w.play("PATCH", "/accounts/"+main, object{"new_service": false})
		defer w.play("PATCH", "/accounts/"+main, object{"new_service": true})
		return do(w)
	})
}

func unknownAgent(do func(w *world, name string) error) refusal {
	return no("an unknown agent", 65401, errs.NotFound, wechat.ActShow, func(w *world) error { return do(w, "kf9@"+w.account(main).OriginalID) })
}

func unboundAgent(do func(w *world, name string) error) refusal {
	return no("an agent to whom nobody is bound", 65402, errs.Refused, wechat.ActShow, func(w *world) error {
		name := "kf7@" + w.account(main).OriginalID
		w.wantCode("add", w.client(main).AddAgent(w.ctx, name, "小空"), 0)
		return do(w, name)
	})
}

// longNick is a nick of 17 characters.
func longNick(path string, do func(*client.Client, context.Context, string, string) error) refusal {
	nick := strings.Repeat("青", 17)
	return refusal{label: "a nick of 17 characters", code: 65403, kind: errs.Invalid, action: wechat.ActShow, local: "nick:wechat.between",
		do: func(w *world) error { return do(w.client(main), w.ctx, w.agent(main), nick) },
		raw: func(w *world) wechat.Code {
			return w.raw(main, "POST", path, `{"kf_account":"x1@`+w.account(main).OriginalID+`","nickname":"`+nick+`"}`)
		}}
}

func addAgentRefusals(path string) []refusal {
	add := func(name func(w *world) string) func(w *world) error {
		return func(w *world) error { return w.client(main).AddAgent(w.ctx, name(w), "小青") }
	}
	at := func(prefix string) func(w *world) string {
		return func(w *world) string { return prefix + "@" + w.account(main).OriginalID }
	}
	format := func(label string, name func(w *world) string) refusal {
		return no(label, 65404, errs.Invalid, wechat.ActShow, add(name))
	}
	return []refusal{
		off(add(at("a"))),
		format("a prefix of 11", at("abcdefghijk")), format("a prefix with 汉字", at("客服")), format("no prefix", at("")),
		format("another account's id", func(*world) string { return "a@gh_000" }),
		format("no id", func(*world) string { return "abc" }),
		longNick(path, (*client.Client).AddAgent),
		no("one that exists", 65406, errs.Conflict, wechat.ActShow, func(w *world) error { return add(firstAgent)(w) }),
		no("a 101st", 65405, errs.Exhausted, wechat.ActShow, func(w *world) error {
			for n := range 99 { // with the one that is there
				w.wantCode("add", add(at(fmt.Sprintf("m%d", n)))(w), 0)
			}
			return add(at("m100"))(w)
		}),
	}
}

func firstAgent(w *world) string { return w.agent(main) }

func inviteRefusals() []refusal {
	invite := func(name func(w *world) string, person string) func(w *world) error {
		return func(w *world) error { return w.client(main).InviteAgent(w.ctx, name(w), person) }
	}
	fresh := func(prefix string) func(w *world) string {
		return func(w *world) string {
			name := prefix + "@" + w.account(main).OriginalID
			w.wantCode("add", w.client(main).AddAgent(w.ctx, name, "小青"), 0)
			return name
		}
	}
	conflict := func(label string, code wechat.Code, do func(w *world) error) refusal {
		return no(label, code, errs.Conflict, wechat.ActShow, do)
	}
	return []refusal{
		off(invite(firstAgent, "zhang")),
		unknownAgent(func(w *world, name string) error { return w.client(main).InviteAgent(w.ctx, name, "zhang") }),
		no("nobody", 65409, errs.Invalid, wechat.ActShow, invite(fresh("f1"), "nobody")),
		conflict("who is bound to another one", 65407, invite(fresh("f2"), "li")),
		conflict("an agent who is bound", 65412, invite(firstAgent, "zhang")),
		conflict("while an invitation waits", 65411, func(w *world) error {
			name := fresh("f3")(w)
			w.wantCode("invite", w.client(main).InviteAgent(w.ctx, name, "zhang"), 0)
			return w.client(main).InviteAgent(w.ctx, name, "zhang")
		}),
		conflict("who was asked by another one", 65408, invite(fresh("f4"), "zhang")),
	}
}
