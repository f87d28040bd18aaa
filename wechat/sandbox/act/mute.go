package act

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// Receive turns the switch 接收消息 of an account's page: without it the account cannot write (48002).
func (x *Acts) Receive(ctx context.Context, account, citizen string, on bool) error {
	s, err := x.scene(ctx, account, citizen)
	if err != nil {
		return err
	}
	err = x.follower(ctx, s, func(tx *db.Tx, c state.Contact) error { return x.Store.SetMuted(ctx, tx, c.N, !on) })
	if err == nil {
		x.Store.Hint(state.Hint{Topic: "citizen", Account: account, Citizen: citizen})
	}
	return err
}

// migrationLasts is how long openids of the old account can be turned, in civil milliseconds ("最多保留15天").
// WeChat docs: api_changeopenid.
const migrationLasts = 15 * 24 * 3600 * 1000

// ErrSameAccount is the refusal to move an account into itself.
var ErrSameAccount = errs.New(errs.Conflict, "sandbox.same_account")

// Migrate moves the followers of an account to another, as 账号迁移 does; the other one is not told of each.
func (x *Acts) Migrate(ctx context.Context, from, to string) error {
	old, err := x.Store.Account(from)
	if err != nil {
		return err
	}
	a, err := x.Store.Account(to)
	if err != nil {
		return err
	}
	if old.N == a.N {
		return ErrSameAccount
	}
	follows, err := x.Store.FollowsOf(ctx, old, a.ID, "ADD_SCENE_ACCOUNT_MIGRATION")
	if err != nil {
		return err
	}
	if err := x.Store.SeedFollows(ctx, follows); err != nil {
		return err
	}
	next := a.Copy()
	next.Migration = &state.Migration{From: old.ID, Until: x.Store.Civil() + migrationLasts}
	_, err = x.Store.UpdateAccount(ctx, next)
	return err
}
