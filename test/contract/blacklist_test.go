package contract

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
	"weizheng/wechat/sandbox"
)

// calls makes a row's caller of a method: a client of its own for each.
func calls(call func(w *world, c *client.Client, account string) error) func(w *world, account string) func() error {
	return func(w *world, account string) func() error {
		c := w.client(account)
		return func() error { return call(w, c, account) }
	}
}

// no is a refusal that the client lets through.
func no(label string, code wechat.Code, kind errs.Kind, action wechat.Action, do func(w *world) error) refusal {
	return refusal{label: label, code: code, kind: kind, action: action, do: do}
}

func blacklistRows() []row {
	const list, block, unblock = "/cgi-bin/tags/members/getblacklist", "/cgi-bin/tags/members/batchblacklist", "/cgi-bin/tags/members/batchunblacklist"
	return []row{
		{
			path: list, auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: followed,
			caller: calls(func(w *world, c *client.Client, _ string) error { _, err := c.Blacklist(w.ctx, ""); return err }),
			effect: blacklistPages,
			refusals: []refusal{stranger("after a stranger", func(w *world) error {
				_, err := w.client(main).Blacklist(w.ctx, "oNobody")
				return err
			})},
		},
		{
			path: block, auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: followed,
			caller: calls(func(w *world, c *client.Client, account string) error {
				return c.Block(w.ctx, []string{w.openid(account, "zhang")})
			}),
			effect: blockedIsSilent, refusals: blacklistRefusals(block, (*client.Client).Block),
		},
		{
			path: unblock, auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: followed,
			caller: calls(func(w *world, c *client.Client, account string) error {
				return c.Unblock(w.ctx, []string{w.openid(account, "zhang")})
			}),
			effect: unblockedIsHeard, refusals: blacklistRefusals(unblock, (*client.Client).Unblock),
		},
		{
			path: "/cgi-bin/changeopenid", auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: migrated,
			caller: calls(func(w *world, c *client.Client, account string) error {
				_, err := c.ChangeOpenIDs(w.ctx, w.account("xinqu").AppID, []string{w.openid("xinqu", "zhang")})
				return err
			}),
			effect: openidsTurned, refusals: migrationRefusals(),
		},
	}
}

func blacklistRefusals(path string, change func(*client.Client, context.Context, []string) error) []refusal {
	return []refusal{
		{label: "21 openids", code: 40032, kind: errs.Invalid, action: wechat.ActFixRequest, local: "openids:wechat.between",
			do: func(w *world) error { return change(w.client(main), w.ctx, make([]string, 21)) },
			raw: func(w *world) wechat.Code {
				ids := strings.Join(slices.Repeat([]string{`"` + w.openid(main, "zhang") + `"`}, 21), ",")
				return w.raw(main, "POST", path, `{"openid_list":[`+ids+`]}`)
			}},
		{label: "nobody", code: 40032, kind: errs.Invalid, action: wechat.ActFixRequest, local: "openids:wechat.between",
			do:  func(w *world) error { return change(w.client(main), w.ctx, nil) },
			raw: func(w *world) wechat.Code { return w.raw(main, "POST", path, `{"openid_list":[]}`) }},
		stranger("a stranger", func(w *world) error { return change(w.client(main), w.ctx, []string{"oNobody"}) }),
		no("another account's", 49003, errs.Refused, wechat.ActDropFollower, func(w *world) error {
			w.follow("renshe", "zhang")
			return change(w.client(main), w.ctx, []string{w.openid("renshe", "zhang")})
		}),
	}
}

// blacklistPages: a thousand a page, in the order in which they were blocked.
func blacklistPages(w *world) {
	c := w.client(main)
	const n = 1020
	citizens, follows := make([]sandbox.Citizen, n), make([]sandbox.Follow, n)
	openids := make([]string, n)
	for i := range citizens {
		citizens[i] = sandbox.Citizen{ID: fmt.Sprintf("p%05d", i), Name: "市民"}
		follows[i] = sandbox.Follow{Account: main, Citizen: citizens[i].ID, At: w.wall.Now()}
		openids[i] = w.openid(main, citizens[i].ID)
	}
	if err := w.box.SeedCitizens(w.ctx, citizens); err != nil {
		w.Fatal(err)
	}
	if err := w.box.SeedFollows(w.ctx, follows); err != nil {
		w.Fatal(err)
	}
	slices.Reverse(openids)
	for batch := range slices.Chunk(openids, 20) {
		w.wantCode("block", c.Block(w.ctx, batch), 0)
	}
	w.wantCode("block again", c.Block(w.ctx, openids[:3]), 0)
	first, err := c.Blacklist(w.ctx, "")
	if err != nil || first.Total != n || len(first.OpenIDs) != 1000 || first.OpenIDs[0] != openids[0] || first.Next != openids[999] {
		w.Errorf("the first page: %d of %d, %v", len(first.OpenIDs), first.Total, err)
	}
	second, err := c.Blacklist(w.ctx, first.Next)
	if err != nil || !slices.Equal(second.OpenIDs, openids[1000:]) {
		w.Errorf("the second page: %v %v", second, err)
	}
	if last, err := c.Blacklist(w.ctx, second.Next); err != nil || len(last.OpenIDs) != 0 || last.Next != "" {
		w.Errorf("after the last: %+v %v", last, err)
	}
}

// blockedIsSilent: what the citizen says stands in their chat and does not reach the account, which cannot write either.
func blockedIsSilent(w *world) {
	spoken(w, main)
	c, zhang := w.client(main), w.openid(main, "zhang")
	w.wantCode("block", c.Block(w.ctx, []string{zhang}), 0)
	w.dev.take()
	w.say(main, "zhang", "还在吗")
	w.play("POST", "/events", object{"account": main, "citizen": "zhang", "event": "CLICK", "key": "K"})
	w.settle()
	if got := w.dev.take(); len(got) != 0 {
		w.Errorf("the account hears %+v", got[0].Message)
	}
	if said := w.last(main, "zhang"); said["content"] != "还在吗" || said["delivery"].(object)["state"] != "none" {
		w.Errorf("in the chat: %v", said)
	}
	w.wantCode("writing to them", c.SendCustom(w.ctx, zhang, client.Text{Content: "x"}), 43019)
	w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
	if got := w.next("leaving"); got.Event != "unsubscribe" {
		w.Errorf("the account is told %+v", got.Message)
	}
	w.follow(main, "zhang")
	w.say(main, "zhang", "又来了")
	if got := w.dev.take(); len(got) != 1 || got[0].Event != "subscribe" {
		w.Errorf("who comes back is still blocked: %d callbacks", len(got))
	}
}

func unblockedIsHeard(w *world) {
	spoken(w, main)
	c, zhang := w.client(main), w.openid(main, "zhang")
	w.wantCode("block", c.Block(w.ctx, []string{zhang}), 0)
	w.wantCode("unblock", c.Unblock(w.ctx, []string{zhang}), 0)
	w.dev.take()
	w.say(main, "zhang", "回来了")
	if got := w.next("a word"); got.Content != "回来了" {
		w.Errorf("%+v", got.Message)
	}
	w.wantCode("an answer", c.SendCustom(w.ctx, zhang, client.Text{Content: "欢迎"}), 0)
	if list, err := c.Blacklist(w.ctx, ""); err != nil || list.Total != 0 || len(list.OpenIDs) != 0 {
		w.Errorf("%+v %v", list, err)
	}
}

// TestMuted: who has switched the account's messages off cannot be written to, and still writes.
func TestMuted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	spoken(w, main)
	send := func() error {
		return w.client(main).SendCustom(w.ctx, w.openid(main, "zhang"), client.Text{Content: "x"})
	}
	w.play("POST", "/receive", object{"account": main, "citizen": "zhang", "on": false})
	err := send()
	if client.CodeOf(err) != 48002 || client.ActionOf(err) != wechat.ActDropChannel || !errs.Is(err, errs.Refused) {
		t.Errorf("%v", err)
	}
	if chats := w.list(w.play("GET", "/chats?citizen=zhang", nil)["chats"]); len(chats) != 1 || chats[0]["receiving"] != false {
		t.Errorf("%v", chats)
	}
	w.play("POST", "/receive", object{"account": main, "citizen": "zhang", "on": true})
	w.wantCode("on again", send(), 0)
	w.play("POST", "/receive", object{"account": main, "citizen": "zhang", "on": false})
	w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
	w.follow(main, "zhang")
	w.wantCode("after following again", send(), 0)
}

// migrated moves the followers of the unverified 新区政务 to the account.
func migrated(w *world, account string) {
	w.follow("xinqu", "zhang")
	if account != "xinqu" {
		w.play("POST", "/accounts/xinqu/migrate", object{"to": account})
	}
}

func openidsTurned(w *world) {
	w.follow("xinqu", "zhang", "li")
	w.follow(main, "li")
	w.play("POST", "/accounts/xinqu/migrate", object{"to": main})
	zhang, li := w.openid("xinqu", "zhang"), w.openid("xinqu", "li")
	got, err := w.client(main).ChangeOpenIDs(w.ctx, w.account("xinqu").AppID, []string{zhang, "oNobody", li})
	if err != nil || len(got) != 2 || got[zhang] != w.openid(main, "zhang") || got[li] != w.openid(main, "li") {
		w.Errorf("%v %v", got, err)
	}
	u, err := w.client(main).User(w.ctx, got[zhang])
	if err != nil || !u.Following() || u.SubscribeScene != "ADD_SCENE_ACCOUNT_MIGRATION" {
		w.Errorf("%+v %v", u, err)
	}
}

func migrationRefusals() []refusal {
	const path = "/cgi-bin/changeopenid"
	ask := func(w *world, from string, openids []string) error {
		_, err := w.client(main).ChangeOpenIDs(w.ctx, from, openids)
		return err
	}
	many := func(label string, n int) refusal {
		return refusal{label: label, code: 40032, kind: errs.Invalid, action: wechat.ActFixRequest, local: "openids:wechat.between",
			do: func(w *world) error { return ask(w, w.account("xinqu").AppID, make([]string, n)) },
			raw: func(w *world) wechat.Code {
				ids := strings.Join(slices.Repeat([]string{`"o"`}, n), ",")
				return w.raw(main, "POST", path, `{"from_appid":"`+w.account("xinqu").AppID+`","openid_list":[`+ids+`]}`)
			}}
	}
	one := func(w *world) []string { return []string{w.openid("xinqu", "zhang")} }
	return []refusal{
		many("101 openids", 101), many("no openid", 0),
		no("an account that was not moved", 63178, errs.Refused, wechat.ActShow, func(w *world) error { return ask(w, w.account("renshe").AppID, one(w)) }),
		no("after the window", 63178, errs.Refused, wechat.ActShow, func(w *world) error {
			w.moveCivil(15*24*time.Hour - time.Millisecond)
			w.wantCode("just before", ask(w, w.account("xinqu").AppID, one(w)), 0)
			w.moveCivil(time.Millisecond)
			return ask(w, w.account("xinqu").AppID, one(w))
		}),
	}
}
