package citizen

import (
	"testing"
	"time"

	"weizheng/wechat"
)

// block changes the blacklist as staff do.
func (b *bench) block(t *testing.T, openid string, on bool) {
	t.Helper()
	if _, err := b.Change(t.Context(), ChangeIn{ID: b.of(t, openid).ID, Blocked: new(on)}); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) blockState(t *testing.T, openid string, want BlockState) {
	t.Helper()
	eventually(t, "the blacklist stands as "+string(want), func() bool { return b.of(t, openid).BlockState == want })
}

func TestBlockingReachesWeChat(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.wx.follow(openid(1), fan{})
		b.in(t, Inbound{OpenID: openid(1)})
		b.block(t, openid(1), true)
		if f := b.of(t, openid(1)); !f.Blocked || f.BlockState != BlockTelling {
			t.Fatalf("before the job: %v %s", f.Blocked, f.BlockState)
		}
		b.start(t)
		b.blockState(t, openid(1), BlockTold)
		if !b.wx.fan(openid(1)).blocked {
			t.Error("WeChat does not know")
		}
		b.block(t, openid(1), false)
		eventually(t, "WeChat knows of the end", func() bool { return !b.wx.fan(openid(1)).blocked })
		b.blockState(t, openid(1), BlockTold)
	})
}

func TestBlockingWhereWeChatDoesNotFollow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.wx.follow(openid(1), fan{})
		b.in(t, Inbound{OpenID: openid(1)})
		b.start(t)
		b.wx.set(blockPath, 40003)
		b.block(t, openid(1), true)
		b.blockState(t, openid(1), BlockFailed)
		if f := b.of(t, openid(1)); !f.Blocked || f.BlockProblem != 40003 {
			t.Errorf("refused: %v %d", f.Blocked, f.BlockProblem)
		}
		b.block(t, openid(1), false)
		b.blockState(t, openid(1), BlockTold)
		b.wx.set(blockPath, 48001)
		b.block(t, openid(1), true)
		b.blockState(t, openid(1), BlockLocal)

		small := b.register(t, "small", wechat.Subscription, false)
		b.in(t, Inbound{Account: small, OpenID: openid(2)})
		f := b.ofAccount(t, small, openid(2))
		before := b.wx.count(blockPath)
		if _, err := b.Change(t.Context(), ChangeIn{ID: f.ID, Blocked: new(true)}); err != nil {
			t.Fatal(err)
		}
		if f = b.ofAccount(t, small, openid(2)); f.BlockState != BlockLocal || !f.Blocked || b.wx.count(blockPath) != before {
			t.Errorf("an account that may not: %s", f.BlockState)
		}
	})
}

// TestTheWebsitesBlacklistIsFollowed: what staff do on WeChat's website is seen at the next sync, and when somebody writes
// whom WeChat should hold back.
func TestTheWebsitesBlacklistIsFollowed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		for i := 1; i <= 3; i++ {
			b.wx.follow(openid(i), fan{blocked: i == 1})
		}
		b.in(t, Inbound{OpenID: openid(1)}, Inbound{OpenID: openid(2)}, Inbound{OpenID: openid(3)})
		b.start(t)
		b.block(t, openid(2), true)
		b.blockState(t, openid(2), BlockTold)
		b.wall.forward(time.Second)
		if _, err := b.StartSync(t.Context(), b.account); err != nil {
			t.Fatal(err)
		}
		b.blockState(t, openid(1), BlockTold)
		if !b.of(t, openid(1)).Blocked || !b.of(t, openid(2)).Blocked || b.of(t, openid(3)).Blocked {
			t.Error("the sync took something for something else")
		}
		b.wx.follow(openid(2), fan{}) // taken off on the website: their next message comes
		b.wall.forward(time.Second)
		b.in(t, Inbound{OpenID: openid(2)})
		eventually(t, "the house knows", func() bool { return !b.of(t, openid(2)).Blocked })
		if !b.of(t, openid(1)).Blocked || b.Blocked(b.account, b.Person(b.account, openid(2))) {
			t.Error("somebody else was taken off, or the memory was not told")
		}
	})
}
