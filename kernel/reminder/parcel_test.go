package reminder

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/kernel/matter"
	"weizheng/kernel/notify"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

func TestAReminderGoesAsACustomerMessageWhileTheWindowIsOpen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.binds(wen, phoneOfWen)
		b.opens(phoneOfWen)
		b.rests()
		before := b.wx.count()
		b.tells(b.notice(7, wen, "to_review", "flow.notice.to_do"))
		b.sweeps()
		if b.wx.count() != before {
			t.Error("it went before anything could be gathered")
		}
		b.civil.forward(3 * time.Second)
		b.sweeps()
		got := b.parcels(wen)
		if len(got) != 1 || got[0].State != Sent || got[0].Channel != notify.Custom || got[0].Matter != 7 || got[0].Items != 1 {
			t.Fatalf("%+v", got)
		}
		said := b.wx.last()
		for _, part := range []string{"有申请待审核", "202611200100007", "居住证办理 · 待审核", "11月23日", "https://gov.example/s/l/1."} {
			if !strings.Contains(said, part) {
				t.Errorf("%q is missing in %s", part, said)
			}
		}
		if strings.Contains(said, "秘密的标题") {
			t.Errorf("what was said stands in %s", said)
		}
	})
}

func TestAReminderGoesByTemplateElse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.binds(wen, phoneOfWen)
		b.rests()
		b.tells(b.notice(7, wen, "to_review", "flow.notice.to_do"))
		b.civil.forward(time.Hour) // the windows of scan and follow are over
		b.sweeps()
		got := b.parcels(wen)
		if len(got) != 1 || got[0].State != Sent || got[0].Channel != notify.ByTemplate {
			t.Fatalf("%+v", got)
		}
		if said := b.wx.last(); !strings.Contains(said, `"template_id":"tpl"`) || !strings.Contains(said, "202611200100007") || strings.Contains(said, "秘密") {
			t.Error(said)
		}
	})
}

// TestWeChatsWindowIsShut: ours thought it open; WeChat's refusal sends the reminder by template.
func TestWeChatsWindowIsShut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.binds(wen, phoneOfWen)
		b.opens(phoneOfWen)
		b.rests()
		b.wx.says(customPath, `{"errcode":45015,"errmsg":"response out of time limit"}`)
		b.tells(b.notice(7, wen, "to_review", "flow.notice.to_do"))
		b.civil.forward(time.Minute)
		b.sweeps()
		if got := b.parcels(wen); len(got) != 1 || got[0].State != Sent || got[0].Channel != notify.ByTemplate {
			t.Fatalf("%+v", got)
		}
	})
}

func TestWhatCannotBeSentSaysWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label, problem string
		given          func(b *bench)
	}{
		{"no template", "notify.window_closed", func(b *bench) { b.chosen.set(SettingTemplate, "") }},
		{"left", "notify.left", func(b *bench) {
			f, err := b.Person(b.t.Context(), b.db, b.account, b.person(phoneOfWen))
			if err != nil {
				b.t.Fatal(err)
			}
			b.tx(func(tx *db.Tx) error { return b.citizen.Left(b.t.Context(), tx, f.Follower) })
		}},
		{"refused by WeChat", "wechat.api", func(b *bench) { b.wx.says(templatePath, `{"errcode":43101,"errmsg":"user refuse to accept the msg"}`) }},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, b *bench) {
				b.binds(wen, phoneOfWen)
				b.rests()
				c.given(b)
				b.tells(b.notice(7, wen, "to_review", "flow.notice.to_do"))
				b.civil.forward(time.Hour)
				b.sweeps()
				if got := b.parcels(wen); len(got) != 1 || got[0].State != Unsent || got[0].Problem != c.problem {
					t.Errorf("%+v", got)
				}
				if n, err := b.CountUnsent(t.Context(), b.civil.Now().Add(-time.Hour)); err != nil || n != 1 {
					t.Errorf("%d unsent, %v", n, err)
				}
			})
		})
	}
}

func TestManyAreOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.binds(wen, phoneOfWen)
		b.opens(phoneOfWen)
		b.rests()
		before := b.wx.count()
		var list []matter.Told
		for i := range int64(5) {
			list = append(list, b.notice(20+i, wen, "yellow", ""))
		}
		list = append(list, b.notice(30, wen, "red", ""), b.notice(31, li, "red", ""))
		b.tells(list...)
		b.civil.forward(3 * time.Second)
		b.sweeps()
		got := b.parcels(wen)
		if len(got) != 1 || got[0].Items != 6 || got[0].Matter != 0 || b.wx.count() != before+1 {
			t.Fatalf("%+v after %d messages", got, b.wx.count()-before)
		}
		if said := b.wx.last(); !strings.Contains(said, "reminder.several count=6") || !strings.Contains(said, "reminder.sum.near count=5") || !strings.Contains(said, "reminder.sum.late count=1") {
			t.Error(said)
		}
		// What comes within the minutes after it waits and is gathered.
		b.tells(b.notice(40, wen, "to_review", "flow.notice.to_do"))
		b.civil.forward(time.Minute)
		b.tells(b.notice(41, wen, "to_review", "flow.notice.to_do"))
		b.sweeps()
		if len(b.parcels(wen)) != 1 {
			t.Errorf("they did not wait: %+v", b.parcels(wen))
		}
		b.civil.forward(10 * time.Minute)
		b.sweeps()
		if got := b.parcels(wen); len(got) != 2 || got[0].Items != 2 {
			t.Errorf("%+v", got)
		}
	})
}

// TestThousandsAreOne: more than are looked at one by one are still one message.
func TestThousandsAreOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.binds(wen, phoneOfWen)
		b.opens(phoneOfWen)
		b.rests()
		before := b.wx.count()
		var list []matter.Told
		for i := range int64(itemBatch + 40) {
			list = append(list, b.notice(1000+i, wen, "red", ""))
		}
		b.tells(list...)
		for range 3 {
			b.civil.forward(3 * time.Second)
			b.sweeps()
		}
		got := b.parcels(wen)
		if len(got) != 1 || got[0].Items != itemBatch+40 || b.wx.count() != before+1 {
			t.Fatalf("%+v after %d messages", got, b.wx.count()-before)
		}
		if said := b.wx.last(); !strings.Contains(said, "reminder.several count=540") || !strings.Contains(said, "reminder.sum.late count=540") {
			t.Error(said)
		}
	})
}

// TestNeverTwice: the same notice told again, two replicas sweeping at once, a sweep after a crash: one message.
func TestNeverTwice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.binds(wen, phoneOfWen)
		b.opens(phoneOfWen)
		b.rests()
		before := b.wx.count()
		told := b.notice(7, wen, "to_review", "flow.notice.to_do")
		b.tells(told, told)
		b.tells(told)
		b.civil.forward(3 * time.Second)
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				if _, err := b.Send(t.Context(), b.civil.Now()); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		b.tells(told)
		b.civil.forward(time.Hour)
		b.sweeps()
		if n := b.wx.count() - before; n != 1 || len(b.parcels(wen)) != 1 {
			t.Errorf("%d messages, %+v", n, b.parcels(wen))
		}
	})
}

// TestAFailedSweepLeavesNothing: items and message are one transaction.
func TestAFailedSweepLeavesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.binds(wen, phoneOfWen)
		b.opens(phoneOfWen)
		b.rests()
		b.tells(b.notice(7, wen, "to_review", "flow.notice.to_do"))
		b.civil.forward(3 * time.Second)
		sound := b.Outbox
		b.Outbox = broken{}
		if _, err := b.Send(t.Context(), b.civil.Now()); err == nil {
			t.Fatal("the sweep hides that it failed")
		}
		if got := b.parcels(wen); len(got) != 0 {
			t.Errorf("half of it is there: %+v", got)
		}
		b.Outbox = sound
		b.sweeps()
		if got := b.parcels(wen); len(got) != 1 || got[0].State != Sent {
			t.Errorf("afterwards: %+v", got)
		}
	})
}

// broken is an outbox whose database is away.
type broken struct{}

func (broken) Queue(context.Context, *db.Tx, notify.Intent) (int64, error) {
	return 0, errs.New(errs.Unavailable, "db.away")
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.binds(wen, phoneOfWen)
		b.rests()
		b.civil.forward(11 * time.Hour) // 23:00
		b.tells(b.notice(7, wen, "to_review", "flow.notice.to_do"))
		b.civil.forward(time.Minute)
		b.sweeps()
		if got := b.parcels(wen); len(got) != 0 {
			t.Fatalf("at night: %+v", got)
		}
		b.civil.forward(8*time.Hour + 20*time.Minute) // 07:21
		b.sweeps()
		if got := b.parcels(wen); len(got) != 0 {
			t.Fatalf("too early: %+v", got)
		}
		b.civil.forward(10 * time.Minute)
		b.sweeps()
		if got := b.parcels(wen); len(got) != 1 {
			t.Fatalf("in the morning: %+v", got)
		}
		own := everything
		own.QuietFrom, own.QuietUntil = "07:00", "09:00"
		if err := b.Choose(b.as(wen), own); err != nil {
			t.Fatal(err)
		}
		b.tells(b.notice(8, wen, "to_review", "flow.notice.to_do"))
		b.civil.forward(time.Hour)
		b.sweeps()
		if got := b.parcels(wen); len(got) != 1 {
			t.Errorf("in their own quiet hours: %+v", got)
		}
		b.civil.forward(time.Hour)
		b.sweeps()
		if got := b.parcels(wen); len(got) != 2 {
			t.Errorf("after them: %+v", got)
		}
	})
}

func TestWhatIsSwitchedOffIsNotSent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.binds(wen, phoneOfWen)
		b.opens(phoneOfWen)
		b.rests()
		if err := b.Choose(b.as(wen), Choice{Late: true}); err != nil {
			t.Fatal(err)
		}
		b.tells(b.notice(1, wen, "to_review", "flow.notice.to_do"), b.notice(2, wen, "yellow", ""), b.notice(3, wen, "red", ""),
			b.notice(4, wen, "urged", "flow.notice.urged"), b.notice(5, wen, "result", "flow.notice.result"))
		b.civil.forward(3 * time.Second)
		b.sweeps()
		if got := b.parcels(wen); len(got) != 1 || got[0].Items != 1 || got[0].Matter != 3 {
			t.Errorf("%+v", got)
		}
		for _, wrong := range []Choice{{QuietFrom: "22:00"}, {QuietFrom: "9:00", QuietUntil: "10:00"}, {QuietFrom: "24:00", QuietUntil: "10:00"}} {
			if err := b.Choose(b.as(wen), wrong); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", wrong, err)
			}
		}
	})
}

func TestNobodyIsRemindedOfWhatIsOverOrTheirOwn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.binds(wen, phoneOfWen)
		b.opens(phoneOfWen)
		b.rests()
		b.tells(b.notice(7, wen, "to_review", "flow.notice.to_do"), b.notice(8, wen, "result", "flow.notice.result"))
		b.cases.change(7, func(m *matter.Matter) { m.Held = matter.Over })
		b.cases.change(8, func(m *matter.Matter) { m.Held = matter.Over })
		own := b.notice(9, wen, "to_review", "flow.notice.to_do")
		err := b.db.Write(b.as(wen), func(tx *db.Tx) error { return b.Told(b.as(wen), tx, []matter.Told{own}) })
		if err != nil {
			t.Fatal(err)
		}
		b.civil.forward(3 * time.Second)
		b.sweeps()
		if got := b.parcels(wen); len(got) != 1 || got[0].Items != 1 || got[0].Matter != 8 {
			t.Errorf("%+v", got)
		}
	})
}

func TestWhoIsGoneIsNotReminded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.binds(wen, phoneOfWen)
		b.opens(phoneOfWen)
		b.rests()
		b.tells(b.notice(7, wen, "to_review", "flow.notice.to_do"))
		b.people.mu.Lock()
		b.people.gone[wen] = true
		b.people.mu.Unlock()
		b.civil.forward(3 * time.Second)
		b.sweeps()
		if got := b.parcels(wen); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestASealedMatterSaysNothingButItsNumber(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.binds(wen, phoneOfWen)
		b.opens(phoneOfWen)
		b.rests()
		b.cases.change(7, func(m *matter.Matter) { m.Sealed = true })
		b.tells(b.notice(7, wen, "to_review", "flow.notice.to_do"))
		b.civil.forward(3 * time.Second)
		b.sweeps()
		if said := b.wx.last(); !strings.Contains(said, "reminder.sealed") || strings.Contains(said, "居住证") || strings.Contains(said, "有申请待审核") {
			t.Error(said)
		}
	})
}

func TestOldRemindersGo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.binds(wen, phoneOfWen)
		b.opens(phoneOfWen)
		b.tells(b.notice(7, wen, "to_review", "flow.notice.to_do"))
		b.civil.forward(3 * time.Second)
		b.sweeps()
		if n, err := b.Purge(t.Context(), b.civil.Now().AddDate(0, 0, 89)); err != nil || n != 0 {
			t.Errorf("too early: %d %v", n, err)
		}
		if n, err := b.Purge(t.Context(), b.civil.Now().AddDate(0, 0, 91)); err != nil || n != 2 || len(b.parcels(wen)) != 0 {
			t.Errorf("%d %v %+v", n, err, b.parcels(wen))
		}
	})
}

func TestATrial(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		if _, err := b.Try(b.as(wen)); !errs.Is(err, errs.NotFound) {
			t.Errorf("without a phone: %v", err)
		}
		b.binds(wen, phoneOfWen)
		b.civil.forward(time.Hour)
		p, err := b.Try(access.With(t.Context(), access.From(b.as(wen))))
		if err != nil || p.State != Queued || p.Channel != notify.ByTemplate {
			t.Fatalf("%+v %v", p, err)
		}
		b.rests()
		if got := b.parcels(wen); len(got) != 1 || got[0].State != Sent {
			t.Errorf("%+v", got)
		}
	})
}
