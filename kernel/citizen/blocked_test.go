package citizen

import (
	"context"
	"testing"

	"weizheng/platform/job"
)

func TestTheBlacklistIsKnownWithoutAsking(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.in(t, Inbound{OpenID: openid(1)}, Inbound{OpenID: openid(2)})
		f, person := b.of(t, openid(1)), b.Person(b.account, openid(1))
		if err := b.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = b.Stop(context.WithoutCancel(t.Context())) }()
		if b.Blocked(b.account, person) {
			t.Error("blocked from the beginning")
		}
		if _, err := b.Change(t.Context(), ChangeIn{ID: f.ID, Blocked: new(true)}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the block is known", func() bool { return b.Blocked(b.account, person) })
		if b.Blocked(b.account, b.Person(b.account, openid(2))) || b.Blocked(b.account+1, person) {
			t.Error("somebody else is blocked")
		}

		deps := b.Deps
		deps.Jobs = job.New(b.db, b.Log, b.wall)
		later := New(deps) // another replica, started later
		if err := later.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = later.Stop(context.WithoutCancel(t.Context())) }()
		if !later.Blocked(b.account, person) {
			t.Error("a replica that starts later does not know the block")
		}
		if _, err := b.Change(t.Context(), ChangeIn{ID: f.ID, Blocked: new(false)}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the end of the block is known everywhere", func() bool {
			return !b.Blocked(b.account, person) && !later.Blocked(b.account, person)
		})
	})
}
