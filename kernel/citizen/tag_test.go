package citizen

import (
	"slices"
	"strings"
	"testing"

	"weizheng/platform/errs"
	"weizheng/wechat"
)

func (b *bench) tagIs(t *testing.T, id int64, state TagState) Tag {
	t.Helper()
	var tag Tag
	eventually(t, "the tag is "+string(state), func() bool {
		var err error
		if tag, err = b.Tag(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		return tag.State == state
	})
	return tag
}

func TestTagsInStep(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		for i := range 120 {
			b.wx.follow(openid(i), fan{})
			b.in(t, Inbound{OpenID: openid(i)})
		}
		b.in(t, Inbound{OpenID: openid(500)}) // WeChat does not know them: spoils their batch
		b.start(t)
		tag, err := b.CreateTag(t.Context(), b.account, " 下岗职工 ")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.CreateTag(t.Context(), b.account, "下岗职工"); errs.As(err).Fields()[0].Key != "citizen.tag_taken" {
			t.Errorf("the same name: %v", err)
		}
		if _, err := b.CreateTag(t.Context(), b.account, strings.Repeat("长", 11)); errs.KindOf(err) != errs.Invalid {
			t.Errorf("33 bytes: %v", err)
		}
		tag = b.tagIs(t, tag.ID, TagInWeChat)
		ids := []int64{b.of(t, openid(500)).ID}
		for i := range 120 {
			ids = append(ids, b.of(t, openid(i)).ID)
		}
		if n, err := b.TagFollowers(t.Context(), tag.ID, ids, true); n != 121 || err != nil {
			t.Fatal(n, err)
		}
		eventually(t, "WeChat has all of them", func() bool { return slices.Contains(b.wx.fan(openid(119)).tags, tag.WeChatID) })
		eventually(t, "who is unknown there is let go", func() bool {
			of, err := b.TagsOf(t.Context(), ids[:1])
			return err == nil && len(of[ids[0]]) == 0
		})
		if n, err := b.TagFollowers(t.Context(), tag.ID, ids[1:3], false); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		eventually(t, "taken away there", func() bool { return len(b.wx.fan(openid(0)).tags) == 0 && len(b.wx.fan(openid(1)).tags) == 0 })
		if tag, err = b.RenameTag(t.Context(), tag.ID, tag.Version, "待业人员"); err != nil {
			t.Fatal(err)
		}
		tag = b.tagIs(t, tag.ID, TagInWeChat)
		if b.wx.tags[tag.WeChatID] != "待业人员" {
			t.Error("renamed there too")
		}
		if _, err := b.RemoveTag(t.Context(), tag.ID, tag.Version); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the tag is gone", func() bool { _, err := b.Tag(t.Context(), tag.ID); return errs.Is(err, errs.NotFound) })
		if of, err := b.TagsOf(t.Context(), ids); err != nil || len(of) != 0 {
			t.Errorf("%v %v", of, err)
		}
	})
}

func TestTagThatExistsThereIsAdopted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.wx.tags[150] = "党员"
		b.start(t)
		tag, err := b.CreateTag(t.Context(), b.account, "党员")
		if err != nil {
			t.Fatal(err)
		}
		if tag = b.tagIs(t, tag.ID, TagInWeChat); tag.WeChatID != 150 {
			t.Errorf("%+v", tag)
		}
	})
}

func TestTagRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.wx.set("/cgi-bin/tags/create", 45056)
		b.start(t)
		tag, err := b.CreateTag(t.Context(), b.account, "多余")
		if err != nil {
			t.Fatal(err)
		}
		if tag = b.tagIs(t, tag.ID, TagFailed); tag.Problem != wechat.Code(45056) {
			t.Errorf("%+v", tag)
		}
		// An account without tags in WeChat keeps its own.
		plain := b.register(t, "jiaojing", "subscription", false)
		own, err := b.CreateTag(t.Context(), plain, "货车司机")
		if err != nil || own.State != TagHere {
			t.Fatalf("%+v %v", own, err)
		}
		b.in(t, Inbound{Account: plain, OpenID: openid(1)})
		f := b.ofAccount(t, plain, openid(1))
		b.in(t, Inbound{OpenID: openid(2)})
		stranger := b.of(t, openid(2))
		if n, err := b.TagFollowers(t.Context(), own.ID, []int64{f.ID, stranger.ID}, true); n != 1 || err != nil {
			t.Errorf("only the account's own: %d %v", n, err)
		}
		if of, err := b.TagsOf(t.Context(), []int64{f.ID}); err != nil || len(of[f.ID]) != 1 {
			t.Errorf("%v %v", of, err)
		}
	})
}

func TestRemarkGoesToWeChat(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.wx.follow(openid(1), fan{})
		b.in(t, Inbound{OpenID: openid(1)})
		b.start(t)
		if _, err := b.Change(t.Context(), ChangeIn{ID: b.of(t, openid(1)).ID, Remark: new("王奶奶")}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "WeChat has it", func() bool { return b.wx.fan(openid(1)).remark == "王奶奶" })
	})
}
