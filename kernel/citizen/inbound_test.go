package citizen

import (
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

func TestInboundMakesFollowers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		at := b.civil.Now()
		b.in(t, Inbound{OpenID: openid(1), Event: "subscribe", EventKey: "qrscene_hall-3"}, Inbound{OpenID: openid(2)},
			Inbound{OpenID: "mphelper", Event: "MASSSENDJOBFINISH"}, Inbound{OpenID: "gh_system", Event: "qualification_verify_success"}, Inbound{})
		one, two := b.of(t, openid(1)), b.of(t, openid(2))
		if !one.Subscribed || !one.SubscribedAt.Equal(at) || one.Scene != "ADD_SCENE_QR_CODE" || one.SceneKey != "hall-3" {
			t.Errorf("by QR code: %+v", one)
		}
		if !two.Subscribed || !two.SubscribedAt.IsZero() || !two.LastSeenAt.Equal(at) {
			t.Errorf("who writes follows, since when is not known: %+v", two)
		}
		list, err := b.List(t.Context(), Query{Account: b.account, Limit: 10})
		if err != nil || len(list) != 2 {
			t.Errorf("system senders are no followers: %d %v", len(list), err)
		}
		if one.Citizen == two.Citizen {
			t.Error("two openids are two citizens until something joins them")
		}
		later := at.Add(time.Hour)
		b.in(t, Inbound{OpenID: openid(1), At: later}, Inbound{OpenID: openid(1), At: at})
		if again := b.of(t, openid(1)); again.ID != one.ID || !again.LastSeenAt.Equal(later) {
			t.Errorf("last sight moves forward only: %+v", again)
		}
		address, err := b.Address(t.Context(), b.db, one.ID)
		if err != nil || address.OpenID != openid(1) || strings.Contains(address.String()+address.GoString(), "CANARY") {
			t.Errorf("%v %v", address, err)
		}
	})
}

func TestUnsubscribeForgets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label string
		days  days
		after time.Duration
		due   bool
	}{
		{"the 15th day is not over", 15, 15*24*time.Hour - time.Millisecond, false},
		{"it is", 15, 15 * 24 * time.Hour, true},
		{"0 days is at once", 0, 0, true},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, b *bench) {
				*b.forget = c.days
				b.in(t, Inbound{OpenID: openid(1)}, Inbound{OpenID: openid(2)})
				b.in(t, Inbound{OpenID: openid(1), Event: "unsubscribe"}, Inbound{OpenID: openid(9), Event: "unsubscribe"})
				f := b.of(t, openid(1))
				if f.Subscribed || f.UnsubscribedAt.IsZero() {
					t.Errorf("%+v", f)
				}
				b.civil.forward(c.after)
				due, err := b.DueToForget(t.Context(), b.civil.Now(), 10)
				if err != nil || (len(due) == 1) != c.due {
					t.Fatalf("due: %v %v", due, err)
				}
				forgotten, last, err := b.Forget(t.Context(), f.ID)
				if err != nil || forgotten != c.due || last != c.due {
					t.Fatalf("forgotten %v, last %v, %v", forgotten, last, err)
				}
				if !c.due {
					return
				}
				if _, err := b.ByPerson(t.Context(), b.db, b.account, b.Person(b.account, openid(1))); !errs.Is(err, errs.NotFound) {
					t.Errorf("still found: %v", err)
				}
				if _, err := b.Address(t.Context(), b.db, f.ID); !errs.Is(err, errs.NotFound) {
					t.Errorf("still addressed: %v", err)
				}
				if again, _, err := b.Forget(t.Context(), f.ID); again || err != nil {
					t.Errorf("a second time: %v %v", again, err)
				}
				// Who comes back is somebody new.
				b.in(t, Inbound{OpenID: openid(1), Event: "subscribe"})
				if n := b.of(t, openid(1)); n.ID == f.ID || n.Citizen == f.Citizen {
					t.Errorf("%+v came back as %+v", f, n)
				}
				if n, err := b.Bury(t.Context(), 10); n != 0 || err != nil {
					t.Errorf("who came back after the tombstone stays: %d %v", n, err)
				}
			})
		})
	}
}

func TestWhoComesBackIsNotForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.in(t, Inbound{OpenID: openid(1), Event: "subscribe"})
		b.in(t, Inbound{OpenID: openid(1), Event: "unsubscribe"})
		f := b.of(t, openid(1))
		b.civil.forward(20 * 24 * time.Hour)
		b.in(t, Inbound{OpenID: openid(1), Event: "subscribe"})
		if done, _, err := b.Forget(t.Context(), f.ID); done || err != nil {
			t.Errorf("%v %v", done, err)
		}
		if f = b.of(t, openid(1)); !f.Subscribed || !f.ForgetAt.IsZero() {
			t.Errorf("%+v", f)
		}
		b.in(t, Inbound{OpenID: "gh_x", Event: "user_authorization_revoke", About: openid(1)})
		if due, err := b.DueToForget(t.Context(), b.civil.Now(), 10); err != nil || len(due) != 1 {
			t.Errorf("a withdrawn authorisation forgets at once: %v %v", due, err)
		}
	})
}

// TestEnsureTogether: the same new openid from many transactions is one follower and leaves no citizen behind.
func TestEnsureTogether(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		var wait sync.WaitGroup
		ids := make([]int64, 12)
		for i := range ids {
			wait.Go(func() {
				err := b.db.Write(t.Context(), func(tx *db.Tx) error {
					r, err := b.Ensure(t.Context(), tx, b.account, openid(7), b.civil.Now())
					ids[i] = r.ID
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Fatalf("several followers: %v", ids)
			}
		}
		n, err := db.One(t.Context(), b.db, db.Value[int64], `select count(*) from citizen`)
		if err != nil || n != 1 {
			t.Errorf("%d citizens, %v", n, err)
		}
	})
}

func TestList(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		for i := 1; i <= 5; i++ {
			b.in(t, Inbound{OpenID: openid(i)})
		}
		b.in(t, Inbound{OpenID: openid(5), Event: "unsubscribe"})
		id := func(n int) int64 { return b.of(t, openid(n)).ID }
		if _, err := b.Change(t.Context(), ChangeIn{ID: id(2), Important: new(true)}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Change(t.Context(), ChangeIn{ID: id(3), Blocked: new(true)}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Change(t.Context(), ChangeIn{ID: id(4), Remark: new("张大爷 三楼")}); err != nil {
			t.Fatal(err)
		}
		tag, err := b.CreateTag(t.Context(), b.account, "低保户")
		if err != nil {
			t.Fatal(err)
		}
		if n, err := b.TagFollowers(t.Context(), tag.ID, []int64{id(1), id(2)}, true); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		for _, c := range []struct {
			label string
			q     Query
			want  []int64
		}{
			{"all", Query{}, []int64{id(5), id(4), id(3), id(2), id(1)}},
			{"page", Query{Limit: 2}, []int64{id(5), id(4)}},
			{"next page", Query{Limit: 2, After: id(4)}, []int64{id(3), id(2)}},
			{"following", Query{State: Following}, []int64{id(4), id(3), id(2), id(1)}},
			{"left", Query{State: Left}, []int64{id(5)}},
			{"important", Query{State: Important}, []int64{id(2)}},
			{"blocked", Query{State: Blacklisted}, []int64{id(3)}},
			{"remark, other case and spaces", Query{Q: " 张大爷 三楼 "}, []int64{id(4)}},
			{"part of a remark is not found", Query{Q: "张大爷"}, nil},
			{"openid", Query{Q: openid(1)}, []int64{id(1)}},
			{"number", Query{Q: b.Number(id(1))}, []int64{id(1)}},
			{"number as a clerk types it", Query{Q: "粉丝 " + strings.ToLower(b.Number(id(1)))}, []int64{id(1)}},
			{"number of nobody", Query{Q: "粉丝 00000000"}, nil},
			{"tag", Query{Tag: tag.ID}, []int64{id(2), id(1)}},
			{"tag and state", Query{Tag: tag.ID, State: Important}, []int64{id(2)}},
			{"another account", Query{Account: 99}, nil},
		} {
			if c.q.Account == 0 {
				c.q.Account = b.account
			}
			if c.q.Limit == 0 {
				c.q.Limit = 50
			}
			list, err := b.List(t.Context(), c.q)
			if err != nil {
				t.Fatalf("%s: %v", c.label, err)
			}
			var got []int64
			for _, f := range list {
				got = append(got, f.ID)
			}
			if len(got) != len(c.want) {
				t.Errorf("%s: %v, want %v", c.label, got, c.want)
				continue
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("%s: %v, want %v", c.label, got, c.want)
				}
			}
		}
		if _, err := b.List(t.Context(), Query{Account: b.account, State: "nonsense"}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("an unknown state: %v", err)
		}
	})
}
