package notify

import (
	"testing"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

var reachAll = access.Reach{All: true}

func TestQuietEnd(t *testing.T) {
	t.Parallel()
	at := func(day int, hm string) time.Time {
		h, err := time.ParseInLocation("15:04", hm, clock.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return time.Date(2026, 11, day, h.Hour(), h.Minute(), 0, 0, clock.Zone)
	}
	for _, c := range []struct {
		label, from, until string
		now, want          time.Time
	}{
		{"evening", "22:00", "08:00", at(20, "22:00"), at(21, "08:00")},
		{"before midnight", "22:00", "08:00", at(20, "23:59"), at(21, "08:00")},
		{"after midnight", "22:00", "08:00", at(21, "00:00"), at(21, "08:00")},
		{"last minute", "22:00", "08:00", at(21, "07:59"), at(21, "08:00")},
		{"morning", "22:00", "08:00", at(21, "08:00"), time.Time{}},
		{"day", "22:00", "08:00", at(20, "21:59"), time.Time{}},
		{"at noon", "12:00", "14:00", at(20, "13:00"), at(20, "14:00")},
		{"after noon", "12:00", "14:00", at(20, "14:00"), time.Time{}},
		{"none", "", "", at(20, "23:00"), time.Time{}},
		{"equal", "08:00", "08:00", at(20, "08:00"), time.Time{}},
		{"unreadable", "late", "08:00", at(20, "23:00"), time.Time{}},
	} {
		if got := QuietEnd(c.now, c.from, c.until); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.label, got, c.want)
		}
	}
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.quiet.from, b.quiet.until = "08:00", "10:00" // it is 09:30
		b.opens(t, ByMessage)
		hold := func(key string) (id int64) {
			b.tx(t, func(tx *db.Tx) (err error) {
				id, err = b.Queue(t.Context(), tx, Intent{Follower: b.follower, Reply: wechat.Text{Content: words}, Dedupe: key, Quiet: true})
				return err
			})
			return id
		}
		one, two := hold("one"), hold("two")
		if o := b.load(t, one); o.State != Held || b.left(t)[ByMessage] != 5 {
			t.Fatalf("held, and nothing taken yet: %+v", o)
		}
		if id := b.must(t, "a person waits"); b.load(t, id).State != Queued {
			t.Error("an answer does not wait")
		}
		if n, err := b.Release(t.Context(), b.civil.Now()); n != 0 || err != nil {
			t.Errorf("too early: %d %v", n, err)
		}
		b.civil.forward(30 * time.Minute)
		if n, err := b.Release(t.Context(), b.civil.Now()); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		if o := b.load(t, one); o.State != Queued || b.left(t)[ByMessage] != 2 {
			t.Errorf("%+v, %v left", o, b.left(t))
		}
		if err := b.run(t, two); err != nil || b.load(t, two).State != Sent {
			t.Errorf("%v", err)
		}
		// Quiet hours that outlast the window refuse.
		b.civil.forward(23 * time.Hour)
		three := hold("three")
		b.civil.forward(26 * time.Hour)
		if n, err := b.Release(t.Context(), b.civil.Now()); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if o := b.load(t, three); o.State != Refused || o.Problem != "notify.window_closed" {
			t.Errorf("%+v", o)
		}
		if n, err := b.Release(t.Context(), b.civil.Now()); n != 0 || err != nil {
			t.Errorf("again: %d %v", n, err)
		}
		if _, err := b.Get(t.Context(), b.db, 999); !errs.Is(err, errs.NotFound) {
			t.Error(err)
		}
	})
}
