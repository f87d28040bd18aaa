package notify

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

func TestTriggers(t *testing.T) {
	t.Parallel()
	for event, want := range map[string]Trigger{
		"": ByMessage, "CLICK": ByMenu, "scancode_push": ByMenu, "scancode_waitmsg": ByMenu, "subscribe": ByFollow, "SCAN": ByScan,
		"VIEW": "", "unsubscribe": "", "LOCATION": "", "location_select": "", "view_miniprogram": "", "click": "",
	} {
		if got, ok := TriggerOf(event); got != want || ok != (want != "") {
			t.Errorf("%q: %q", event, got)
		}
	}
}

func TestWindows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label   string
		trigger Trigger
		before  time.Duration // the last instant at which something may be sent
		allowed int
	}{
		{"message", ByMessage, 48*time.Hour - time.Millisecond, 5},
		{"menu", ByMenu, time.Minute - time.Millisecond, 3},
		{"follow", ByFollow, time.Minute - time.Millisecond, 3},
		{"scan", ByScan, time.Minute - time.Millisecond, 3},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, b *bench) {
				if _, err := b.queue(t, "early"); errs.As(err).Key() != "notify.window_closed" {
					t.Fatalf("before anything: %v", err)
				}
				b.opens(t, c.trigger)
				b.civil.forward(c.before)
				for i := range c.allowed {
					b.must(t, fmt.Sprint("k", i))
				}
				if _, err := b.queue(t, "over"); errs.As(err).Key() != "notify.window_used" || errs.KindOf(err) != errs.Exhausted {
					t.Errorf("one too many: %v", err)
				}
				if n, err := b.Count(t.Context(), b.db, b.follower); n != int64(c.allowed) || err != nil {
					t.Errorf("a refusal leaves no row: %d %v", n, err)
				}
				b.opens(t, c.trigger)
				if d := cmp.Diff(map[Trigger]int{c.trigger: c.allowed}, b.left(t)); d != "" {
					t.Errorf("opened anew: %s", d)
				}
				b.civil.forward(c.before + time.Millisecond)
				if _, err := b.queue(t, "late"); errs.As(err).Key() != "notify.window_closed" {
					t.Errorf("too late: %v", err)
				}
			})
		})
	}
}

func TestShortWindowsGoFirst(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.opens(t, ByMessage)
		b.opens(t, ByMenu)
		for i, want := range []map[Trigger]int{
			{ByMessage: 5, ByMenu: 2}, {ByMessage: 5, ByMenu: 1}, {ByMessage: 5}, {ByMessage: 4},
		} {
			b.must(t, fmt.Sprint(i))
			if d := cmp.Diff(want, b.left(t)); d != "" {
				t.Errorf("after %d: %s", i+1, d)
			}
		}
	})
}

func TestOldTriggersChangeNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.opens(t, ByMessage)
		b.must(t, "1")
		b.tx(t, func(tx *db.Tx) error {
			return b.OpenWindows(t.Context(), tx, []Opened{
				{Account: b.account, Person: b.citizens.Person(b.account, openid), Trigger: ByMessage, At: b.civil.Now().Add(-time.Hour)},
				{Account: b.account, Person: "nobody", Trigger: ByMessage, At: b.civil.Now()},
			})
		})
		if d := cmp.Diff(map[Trigger]int{ByMessage: 4}, b.left(t)); d != "" {
			t.Error(d)
		}
	})
}

// TestAllowanceHolds: many at once never take more than there is.
func TestAllowanceHolds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.opens(t, ByMessage)
		b.opens(t, ByScan)
		var wait sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for i := range 20 {
			wait.Go(func() {
				_, err := b.queue(t, fmt.Sprint("race", i))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case !errs.Is(err, errs.Exhausted):
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if won != 8 {
			t.Errorf("%d were queued, 5 + 3 are allowed", won)
		}
	})
}
