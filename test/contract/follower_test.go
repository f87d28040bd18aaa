package contract

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
	"weizheng/wechat/sandbox"
)

// followed makes zhang a follower of the account.
func followed(w *world, account string) { w.follow(account, "zhang") }

func followerRows() []row {
	return []row{
		{
			path: "/cgi-bin/user/get", auth: wechat.AuthToken, s: verified, f: verified, day: 500, again: true, prepare: followed,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { _, err := c.Users(w.ctx, ""); return err }
			},
			effect: followerPages,
			refusals: []refusal{{label: "after a stranger", code: 40003, kind: errs.Refused, action: wechat.ActDropFollower,
				do: func(w *world) error { _, err := w.client(main).Users(w.ctx, "oNobody"); return err }}},
		},
		{
			path: "/cgi-bin/user/info", auth: wechat.AuthToken, s: verified, f: verified, day: 5_000_000, again: true, prepare: followed,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { _, err := c.User(w.ctx, w.openid(account, "zhang")); return err }
			},
			effect: followerTold,
			refusals: []refusal{
				stranger("a stranger", func(w *world) error { _, err := w.client(main).User(w.ctx, "oNobody"); return err }),
				stranger("no openid", func(w *world) error { _, err := w.client(main).User(w.ctx, ""); return err }),
				stranger("another account's follower", func(w *world) error {
					w.follow("renshe", "zhang")
					_, err := w.client(main).User(w.ctx, w.openid("renshe", "zhang"))
					return err
				}),
			},
		},
		{
			path: "/cgi-bin/user/info/batchget", auth: wechat.AuthToken, s: verified, f: verified, day: 5_000_000, again: true, prepare: followed,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { _, err := c.UserBatch(w.ctx, []string{w.openid(account, "zhang")}); return err }
			},
			effect: batchTold,
			refusals: []refusal{
				batchRefusal("101 openids", 101), batchRefusal("no openid", 0),
				stranger("one stranger among followers", func(w *world) error {
					_, err := w.client(main).UserBatch(w.ctx, []string{w.openid(main, "zhang"), "oNobody"})
					return err
				}),
			},
		},
		{
			path: "/cgi-bin/user/info/updateremark", auth: wechat.AuthToken, s: verified, f: verified, day: 10_000, again: true, prepare: followed,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { return c.Remark(w.ctx, w.openid(account, "zhang"), "老张") }
			},
			effect:   remarked,
			refusals: remarkRefusals(),
		},
	}
}

func stranger(label string, do func(w *world) error) refusal {
	return refusal{label: label, do: do, code: 40003, kind: errs.Refused, action: wechat.ActDropFollower}
}

func batchRefusal(label string, n int) refusal {
	return refusal{label: label, code: 40032, kind: errs.Invalid, action: wechat.ActFixRequest, local: "openids:wechat.between",
		do: func(w *world) error { _, err := w.client(main).UserBatch(w.ctx, make([]string, n)); return err },
		raw: func(w *world) wechat.Code {
			user := `{"openid":"` + w.openid(main, "zhang") + `"}`
			return w.raw(main, "POST", "/cgi-bin/user/info/batchget", `{"user_list":[`+strings.Join(slices.Repeat([]string{user}, n), ",")+`]}`)
		}}
}

// followerPages: ten thousand a page, in the order in which they came; an empty page ends the list.
func followerPages(w *world) {
	c := w.client(main)
	if page, err := c.Users(w.ctx, ""); err != nil || page.Total != 0 || len(page.OpenIDs) != 0 || page.Next != "" {
		w.Errorf("nobody: %+v %v", page, err)
	}
	const n = 10_002
	citizens, follows := make([]sandbox.Citizen, n), make([]sandbox.Follow, n)
	for i := range citizens {
		citizens[i] = sandbox.Citizen{ID: fmt.Sprintf("p%05d", i), Name: "市民"}
		follows[i] = sandbox.Follow{Account: main, Citizen: citizens[i].ID, At: w.wall.Now().Add(time.Duration(i) * time.Second)}
	}
	if err := w.box.SeedCitizens(w.ctx, citizens); err != nil {
		w.Fatal(err)
	}
	if err := w.box.SeedFollows(w.ctx, follows); err != nil {
		w.Fatal(err)
	}
	w.follow(main, "zhang") // the last to come
	var all []string
	next := ""
	for page := 1; ; page++ {
		got, err := c.Users(w.ctx, next)
		if err != nil || got.Total != n+1 {
			w.Fatalf("page %d: %+v %v", page, got, err)
		}
		if want := map[int]int{1: 10_000, 2: 3}[page]; len(got.OpenIDs) != want {
			w.Fatalf("page %d: %d, want %d", page, len(got.OpenIDs), want)
		}
		all = append(all, got.OpenIDs...)
		if next = got.Next; next == "" {
			break
		}
	}
	if len(all) != n+1 || all[0] != w.openid(main, "p00000") || all[n] != w.openid(main, "zhang") {
		w.Errorf("%d followers, not in their order", len(all))
	}
	w.play("POST", "/unfollow", object{"account": main, "citizen": "p00000"})
	if got, err := c.Users(w.ctx, ""); err != nil || got.Total != n || got.OpenIDs[0] != w.openid(main, "p00001") {
		w.Errorf("after one left: %v, %d", err, got.Total)
	}
}

// followerTold: exactly the fields that are still given, as the citizen's acts made them.
func followerTold(w *world) {
	c := w.client(main)
	code, err := c.CreateQR(w.ctx, client.QR{Action: client.QRStrScene, Scene: "hall-3", Life: time.Hour})
	w.wantCode("code", err, 0)
	w.play("POST", "/scan", object{"citizen": "zhang", "ticket": code.Ticket})
	w.follow(main, "li")
	tag, err := c.CreateTag(w.ctx, "低保户")
	w.wantCode("tag", err, 0)
	zhang, li := w.openid(main, "zhang"), w.openid(main, "li")
	w.wantCode("tag zhang", c.TagUsers(w.ctx, tag.ID, []string{zhang}), 0)
	w.wantCode("remark", c.Remark(w.ctx, zhang, "老张"), 0)
	u, err := c.User(w.ctx, zhang)
	if err != nil || !u.Following() || u.OpenID != zhang || u.SubscribeTime != w.civil.Now().Unix() || u.Remark != "老张" ||
		!slices.Equal(u.Tags, []int{tag.ID}) || u.GroupID != tag.ID || u.SubscribeScene != "ADD_SCENE_QR_CODE" || u.QRSceneStr != "hall-3" || u.QRScene != 0 {
		w.Errorf("%+v %v", u, err)
	}
	other, err := c.User(w.ctx, li)
	if err != nil || other.SubscribeScene != "ADD_SCENE_SEARCH" || other.UnionID == "" || other.UnionID == u.UnionID || len(other.Tags) != 0 {
		w.Errorf("%+v %v", other, err)
	}
	w.follow("renshe", "zhang") // of no open platform account: no unionid
	if u, err := w.client("renshe").User(w.ctx, w.openid("renshe", "zhang")); err != nil || u.UnionID != "" || u.OpenID == zhang {
		w.Errorf("%+v %v", u, err)
	}
	w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
	if u, err := c.User(w.ctx, zhang); err != nil || u.Following() || u.SubscribeTime != 0 || u.Remark != "" || u.UnionID != "" {
		w.Errorf("who left: %+v %v", u, err)
	}
	if got := w.dev.take(); len(got) == 0 || got[len(got)-1].Event != "unsubscribe" {
		w.settle()
	}
}

func batchTold(w *world) {
	w.follow(main, "zhang", "li")
	w.play("POST", "/unfollow", object{"account": main, "citizen": "li"})
	zhang, li := w.openid(main, "zhang"), w.openid(main, "li")
	users, err := w.client(main).UserBatch(w.ctx, append(slices.Repeat([]string{zhang}, 99), li))
	if err != nil || len(users) != 100 || users[0].OpenID != zhang || !users[98].Following() || users[99].OpenID != li || users[99].Following() {
		w.Errorf("%d users: %v", len(users), err)
	}
}

func remarked(w *world) {
	c := w.client(main)
	w.follow(main, "zhang")
	longest := strings.Repeat("张", 9) + "xx" // 29 bytes
	for _, remark := range []string{longest, "<&>", ""} {
		w.wantCode(remark, c.Remark(w.ctx, w.openid(main, "zhang"), remark), 0)
		if u, err := c.User(w.ctx, w.openid(main, "zhang")); err != nil || u.Remark != remark {
			w.Errorf("%q: %+v %v", remark, u, err)
		}
	}
}

func remarkRefusals() []refusal {
	set := func(citizen, remark string) func(w *world) error {
		return func(w *world) error { return w.client(main).Remark(w.ctx, w.openid(main, citizen), remark) }
	}
	thirty := strings.Repeat("张", 10)
	return []refusal{
		{label: "30 bytes", do: set("zhang", thirty), code: 40035, kind: errs.Internal, action: wechat.ActFixRequest, local: "remark:wechat.between",
			raw: func(w *world) wechat.Code {
				return w.raw(main, "POST", "/cgi-bin/user/info/updateremark", `{"openid":"`+w.openid(main, "zhang")+`","remark":"`+thirty+`"}`)
			}},
		stranger("a stranger", set("wang", "x")),
		{label: "who left", code: 43004, kind: errs.Refused, action: wechat.ActDropFollower, do: func(w *world) error {
			w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
			return set("zhang", "x")(w)
		}},
	}
}
