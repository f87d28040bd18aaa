package contract

import (
	"fmt"
	"slices"
	"strings"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// makeTag makes a tag with a name of its own.
func (w *world) makeTag(account string) int {
	w.Helper()
	c := w.client(account)
	tags, err := c.Tags(w.ctx)
	w.wantCode("tags", err, 0)
	tag, err := c.CreateTag(w.ctx, fmt.Sprint("标签", len(tags)))
	if err != nil {
		w.Fatal(err)
	}
	return tag.ID
}

func tagRows() []row {
	return slices.Concat([]row{
		{
			path: "/cgi-bin/tags/create", auth: wechat.AuthToken, s: verified, f: verified, day: 1000,
			caller: func(w *world, account string) func() error {
				c, n := w.client(account), 0
				return func() error {
					n++
					_, err := c.CreateTag(w.ctx, fmt.Sprintf("%p %d", c, n))
					return err
				}
			},
			effect:   tagsListed,
			refusals: tagNameRefusals("/cgi-bin/tags/create", func(w *world, name string) error { _, err := w.client(main).CreateTag(w.ctx, name); return err }),
		},
		{
			path: "/cgi-bin/tags/get", auth: wechat.AuthToken, s: verified, f: verified, day: 1000, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { _, err := c.Tags(w.ctx); return err }
			},
			effect: tagsListed,
		},
		{
			path: "/cgi-bin/tags/update", auth: wechat.AuthToken, s: verified, f: verified, day: 1000, again: true,
			caller: func(w *world, account string) func() error {
				id, c := 999, w.client(account)
				if w.account(account).Verified {
					id = w.makeTag(account)
				}
				return func() error { return c.UpdateTag(w.ctx, id, fmt.Sprint("改名", id)) }
			},
			effect: tagsListed,
			refusals: append(tagNameRefusals("/cgi-bin/tags/update", func(w *world, name string) error { return w.client(main).UpdateTag(w.ctx, 100, name) }),
				ownTag("/cgi-bin/tags/update", func(w *world, id int) error { return w.client(main).UpdateTag(w.ctx, id, "x") }),
				refusal{label: "a tag that is not there", code: 45159, kind: errs.NotFound, action: wechat.ActShow,
					do: func(w *world) error { return w.client(main).UpdateTag(w.ctx, 999, "别的") }}),
		},
		{
			path: "/cgi-bin/tags/delete", auth: wechat.AuthToken, s: verified, f: verified, day: 1000, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					id := 999
					if w.account(account).Verified {
						id = w.makeTag(account)
					}
					return c.DeleteTag(w.ctx, id)
				}
			},
			effect: tagsListed,
			refusals: []refusal{ // over 100 000 followers: see TestTagOfTooMany
				ownTag("/cgi-bin/tags/delete", func(w *world, id int) error { return w.client(main).DeleteTag(w.ctx, id) }),
				{label: "a tag that is not there", code: 45159, kind: errs.NotFound, action: wechat.ActShow,
					do: func(w *world) error { return w.client(main).DeleteTag(w.ctx, 999) }},
			},
		},
	}, memberRows())
}

// tagNameRefusals: 30 bytes, one tag of a name, a hundred tags. Tag 100 exists after the first of them.
func tagNameRefusals(path string, name func(w *world, name string) error) []refusal {
	long := strings.Repeat("市", 10) + "x"
	other := func(w *world) error {
		if tags, err := w.client(main).Tags(w.ctx); err == nil && len(tags) < 3 {
			w.makeTag(main)
			w.makeTag(main)
		}
		tags, err := w.client(main).Tags(w.ctx)
		w.wantCode("tags", err, 0)
		return name(w, tags[len(tags)-1].Name)
	}
	list := []refusal{
		{label: "a name that another has", do: other, code: 45157, kind: errs.Conflict, action: wechat.ActShow},
		{label: "31 bytes", do: func(w *world) error { return name(w, long) }, code: 45158, kind: errs.Invalid, action: wechat.ActShow, local: "name:wechat.between",
			raw: func(w *world) wechat.Code { return w.raw(main, "POST", path, `{"tag":{"id":100,"name":"`+long+`"}}`) }},
		{label: "no name", do: func(w *world) error { return name(w, "") }, code: 45157, kind: errs.Conflict, action: wechat.ActShow, local: "name:wechat.between",
			raw: func(w *world) wechat.Code { return w.raw(main, "POST", path, `{"tag":{"id":100,"name":""}}`) }},
	}
	if path == "/cgi-bin/tags/create" {
		list = append(list, refusal{label: "the 101st", code: 45056, kind: errs.Invalid, action: wechat.ActShow, do: func(w *world) error {
			for n := 1; ; n++ {
				err := name(w, fmt.Sprint("第", n))
				if err == nil && n <= 100 {
					continue
				}
				tags, failed := w.client(main).Tags(w.ctx)
				if failed != nil || len(tags) != 101 { // with 星标组
					w.Errorf("refused with %d tags: %v", len(tags), failed)
				}
				return err
			}
		}})
	}
	return list
}

// ownTag: the ids 0, 1 and 2 are WeChat's.
func ownTag(path string, do func(w *world, id int) error) refusal {
	return refusal{label: "a tag of WeChat's own", code: 45058, kind: errs.Invalid, action: wechat.ActShow, local: "id:wechat.tag_reserved",
		do: func(w *world) error {
			for id := range 2 {
				if err := do(w, id); !errs.Is(err, errs.Invalid) {
					return err
				}
			}
			return do(w, 2)
		},
		raw: func(w *world) wechat.Code {
			for id := range 2 {
				if code := w.raw(main, "POST", path, fmt.Sprintf(`{"tag":{"id":%d,"name":"x"}}`, id)); code != 45058 {
					return code
				}
			}
			return w.raw(main, "POST", path, `{"tag":{"id":2,"name":"x"}}`)
		}}
}

// tagsListed: what is made, renamed and deleted is what the list says, beside WeChat's own 星标组.
func tagsListed(w *world) {
	c := w.client(main)
	names := func() (list []string) {
		tags, err := c.Tags(w.ctx)
		w.wantCode("list", err, 0)
		for _, t := range tags {
			list = append(list, fmt.Sprintf("%d %s %d", t.ID, t.Name, t.Count))
		}
		return list
	}
	longest := strings.Repeat("市", 10) // 30 bytes
	one, err := c.CreateTag(w.ctx, longest)
	if err != nil || one.ID <= 2 || one.Name != longest {
		w.Errorf("%+v %v", one, err)
	}
	two, err := c.CreateTag(w.ctx, "<&>")
	w.wantCode("create", err, 0)
	w.wantCode("rename", c.UpdateTag(w.ctx, two.ID, "长者"), 0)
	w.wantCode("rename to the same", c.UpdateTag(w.ctx, two.ID, "长者"), 0)
	w.follow(main, "zhang")
	w.wantCode("tag", c.TagUsers(w.ctx, two.ID, []string{w.openid(main, "zhang")}), 0)
	if got := names(); !slices.Equal(got, []string{"2 星标组 0", fmt.Sprint(one.ID, " ", longest, " 0"), fmt.Sprint(two.ID, " 长者 1")}) {
		w.Errorf("%q", got)
	}
	w.wantCode("delete", c.DeleteTag(w.ctx, two.ID), 0)
	if got := names(); len(got) != 2 {
		w.Errorf("%q", got)
	}
	if u, err := c.User(w.ctx, w.openid(main, "zhang")); err != nil || len(u.Tags) != 0 {
		w.Errorf("the tag is gone, the follower has %v %v", u.Tags, err)
	}
}

func memberRows() []row {
	make := func(path string, change func(c *client.Client) func(w *world, tag int, openids []string) error) row {
		do := func(w *world, tag int, openids ...string) error { return change(w.client(main))(w, tag, openids) }
		return row{
			path: path, auth: wechat.AuthToken, s: verified, f: verified, day: 100_000, again: true, prepare: followed,
			caller: func(w *world, account string) func() error {
				c, tag := w.client(account), 999
				if w.account(account).Verified {
					tag = w.makeTag(account)
				}
				return func() error { return change(c)(w, tag, []string{w.openid(account, "zhang")}) }
			},
			effect: membersCounted,
			refusals: []refusal{
				{label: "51 openids", code: 40032, kind: errs.Invalid, action: wechat.ActFixRequest, local: "openids:wechat.between",
					do: func(w *world) error { return do(w, 100, slices.Repeat([]string{"o"}, 51)...) },
					raw: func(w *world) wechat.Code {
						list := strings.Join(slices.Repeat([]string{`"` + w.openid(main, "zhang") + `"`}, 51), ",")
						return w.raw(main, "POST", path, `{"tagid":100,"openid_list":[`+list+`]}`)
					}},
				{label: "no openid", code: 40032, kind: errs.Invalid, action: wechat.ActFixRequest, local: "openids:wechat.between",
					do:  func(w *world) error { return do(w, 100) },
					raw: func(w *world) wechat.Code { return w.raw(main, "POST", path, `{"tagid":100,"openid_list":[]}`) }},
				stranger("a stranger", func(w *world) error { return do(w, w.makeTag(main), "oNobody") }),
				{label: "another account's follower", code: 49003, kind: errs.Refused, action: wechat.ActDropFollower, do: func(w *world) error {
					w.follow("renshe", "zhang")
					return do(w, w.makeTag(main), w.openid("renshe", "zhang"))
				}},
				{label: "a tag that is not there", code: 45159, kind: errs.NotFound, action: wechat.ActShow,
					do: func(w *world) error { return do(w, 999, w.openid(main, "zhang")) }},
				{label: "a tag of WeChat's own", code: 45058, kind: errs.Invalid, action: wechat.ActShow,
					do: func(w *world) error { return do(w, 2, w.openid(main, "zhang")) }},
			},
		}
	}
	on := make("/cgi-bin/tags/members/batchtagging", func(c *client.Client) func(*world, int, []string) error {
		return func(w *world, tag int, openids []string) error { return c.TagUsers(w.ctx, tag, openids) }
	})
	on.refusals = append(on.refusals, refusal{label: "the 21st tag of one follower", code: 45059, kind: errs.Invalid, action: wechat.ActShow, do: func(w *world) error {
		zhang := []string{w.openid(main, "zhang")}
		for range 20 {
			w.wantCode("20 tags", w.client(main).TagUsers(w.ctx, w.makeTag(main), zhang), 0)
		}
		return w.client(main).TagUsers(w.ctx, w.makeTag(main), zhang)
	}})
	off := make("/cgi-bin/tags/members/batchuntagging", func(c *client.Client) func(*world, int, []string) error {
		return func(w *world, tag int, openids []string) error { return c.UntagUsers(w.ctx, tag, openids) }
	})
	return []row{on, off}
}

// membersCounted: a tag is on who was tagged, counts them, and is lost by who leaves.
func membersCounted(w *world) {
	c := w.client(main)
	w.follow(main, "zhang", "li")
	zhang, li := w.openid(main, "zhang"), w.openid(main, "li")
	tag := w.makeTag(main)
	count := func() int {
		tags, err := c.Tags(w.ctx)
		w.wantCode("tags", err, 0)
		return tags[len(tags)-1].Count
	}
	has := func(openid string) bool {
		u, err := c.User(w.ctx, openid)
		w.wantCode("user", err, 0)
		return slices.Contains(u.Tags, tag)
	}
	w.wantCode("tag both, one twice", c.TagUsers(w.ctx, tag, []string{zhang, li, zhang}), 0)
	if count() != 2 || !has(zhang) || !has(li) {
		w.Errorf("%d have it", count())
	}
	w.wantCode("untag", c.UntagUsers(w.ctx, tag, []string{li}), 0)
	w.wantCode("untag who has it not", c.UntagUsers(w.ctx, tag, []string{li}), 0)
	if count() != 1 || has(li) {
		w.Errorf("%d have it, li %v", count(), has(li))
	}
	w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
	w.settle()
	if count() != 0 {
		w.Errorf("who left is still counted: %d", count())
	}
}
