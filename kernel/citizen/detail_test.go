package citizen

import (
	"slices"
	"strings"
	"testing"

	"weizheng/platform/db"
	"weizheng/platform/job"
)

// due is how many followers WeChat is still to be asked about.
func (b *bench) due(t *testing.T) int64 {
	t.Helper()
	n, err := db.One(t.Context(), b.db, db.Value[int64], `select count(*) from follower where detail_due`)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestStrangersDoNotSpoilABatch: WeChat refuses a whole batch for one openid that it does not know. The others are asked
// about all the same; the strangers are noted, not asked about again, and the sync ends.
func TestStrangersDoNotSpoilABatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label    string
		strange  []int // of 150 followers, two batches
		mostAsks int   // calls of batchget
	}{
		{"one in the middle", []int{37}, 2 + 14},
		{"the first and the last of a batch", []int{0, 99}, 2 + 27},
		{"two neighbours in the second batch", []int{120, 121}, 2 + 16},
		{"a whole batch", sequence(100), 1 + 199 + 8*7}, // a run that is over begins its batch anew
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, b *bench) {
				b.wx.strange = map[string]bool{}
				var batch []Inbound
				for i := range 150 {
					if slices.Contains(c.strange, i) {
						b.wx.strange[openid(i)] = true
					} else {
						b.wx.follow(openid(i), fan{scene: "hall"})
					}
					batch = append(batch, Inbound{OpenID: openid(i), Event: "subscribe"})
				}
				b.in(t, batch...)
				for run := 0; b.due(t) > 0; run++ {
					if run > 12 {
						t.Fatalf("%d are still due", b.due(t))
					}
					if err := b.askDetails(t.Context(), detailArgs{b.account}, job.Attempt{}); err != nil {
						t.Fatal(err)
					}
				}
				for i := range 150 {
					f, strange := b.of(t, openid(i)), slices.Contains(c.strange, i)
					if f.Subscribed == strange || strange == f.ForgetAt.IsZero() || (f.SceneKey == "hall") == strange {
						t.Fatalf("follower %d, a stranger: %v: %+v", i, strange, f)
					}
				}
				asks := b.wx.count("/cgi-bin/user/info/batchget")
				if asks > c.mostAsks {
					t.Errorf("%d calls, at most %d are needed", asks, c.mostAsks)
				}
				if err := b.askDetails(t.Context(), detailArgs{b.account}, job.Attempt{}); err != nil {
					t.Fatal(err)
				}
				if again := b.wx.count("/cgi-bin/user/info/batchget"); again != asks {
					t.Errorf("asked again: %d calls after %d", again, asks)
				}
				log := b.log.String()
				if n := strings.Count(log, "WeChat does not know a follower"); n != len(c.strange) || strings.Contains(log, "CANARY") {
					t.Errorf("noted %d times, want %d", n, len(c.strange))
				}
			})
		})
	}
}

// TestSyncWithStranger: somebody who is known here and whom WeChat does not know keeps no sync from ending.
func TestSyncWithStranger(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.wx.strange = map[string]bool{openid(7): true}
		for i := range 30 {
			b.wx.follow(openid(i), fan{})
		}
		b.start(t)
		if _, err := b.StartSync(t.Context(), b.account); err != nil {
			t.Fatal(err)
		}
		if y := b.syncDone(t); y.State != SyncDone || y.Problem != "" || y.Asked != 30 || y.Gone != 1 {
			t.Errorf("%+v", y)
		}
		if b.of(t, openid(7)).Subscribed || !b.of(t, openid(8)).Subscribed {
			t.Error("only the stranger does not follow")
		}
	})
}

func sequence(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}
