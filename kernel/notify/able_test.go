package notify

import (
	"testing"

	"weizheng/kernel/account"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// TestWhatTheAccountCannotSendIsNotQueued: a person hears it at once and nothing is left behind; what follows a passive reply
// is written down as refused, for the callback must go on.
func TestWhatTheAccountCannotSendIsNotQueued(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.opens(t, ByMessage)
		_, err := b.accounts.Change(t.Context(), account.ChangeIn{ID: b.account, Version: 1, Kind: wechat.Subscription, Verified: false, UnitID: 1, Profile: account.Profile{Name: "青云政务"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.queue(t, "k"); !errs.Is(err, errs.Refused) || errs.As(err).Key() != string(account.NotVerified) {
			t.Errorf("a customer message: %v", err)
		}
		err = b.db.Write(t.Context(), func(tx *db.Tx) error {
			_, err := b.Queue(t.Context(), tx, Intent{Follower: b.follower, Template: due, Source: "test", Dedupe: "t"})
			return err
		})
		if errs.As(err).Key() != string(account.NotThisKind) {
			t.Errorf("a template: %v", err)
		}
		if left := b.left(t); left[ByMessage] != 5 {
			t.Errorf("the window: %v", left)
		}
		b.tx(t, func(tx *db.Tx) error {
			return b.QueueReply(t.Context(), tx, b.account, openid, "inbound:1:1", wechat.Text{Content: words})
		})
		list, err := b.List(t.Context(), b.follower, 0, 10)
		if err != nil || len(list) != 1 || list[0].State != Refused || list[0].Problem != string(account.NotVerified) {
			t.Errorf("the ledger: %+v %v", list, err)
		}
		if n := b.wx.sends(); n != 0 {
			t.Errorf("WeChat was asked %d times", n)
		}
	})
}
