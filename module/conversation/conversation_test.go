package conversation

import (
	"sync"
	"testing"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

func TestWhoWaits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.says("p1", "社保卡怎么办", true)
		if c := w.only(); !c.WaitingSince.IsZero() || c.State != Open || c.LastFrom != ByRule {
			t.Errorf("after a rule's answer: %+v", c)
		}
		first := w.clock.Now()
		w.clock.forward(time.Minute)
		w.says("p1", "我的情况不一样", false)
		since := w.clock.Now()
		w.clock.forward(time.Hour)
		w.says("p1", "有人吗", false)
		c := w.only()
		if !c.WaitingSince.Equal(since) || c.WaitingSince.Equal(first) {
			t.Errorf("waits since %v, want the first unanswered word at %v", c.WaitingSince, since)
		}
		if n, err := w.Waiting(t.Context(), everywhere); n != 1 || err != nil {
			t.Errorf("%d wait, %v", n, err)
		}
		if n, _ := w.Waiting(t.Context(), access.Reach{Grants: []access.Grant{{Unit: "/2/"}}}); n != 0 {
			t.Errorf("another unit sees %d", n)
		}
		if _, err := w.Answer(w.as(7), c.ID, Reply{Text: "您好，请说", Key: "k1"}); err != nil {
			t.Fatal(err)
		}
		if c := w.only(); !c.WaitingSince.IsZero() || c.ClaimedBy != 7 || c.LastText != "您好，请说" {
			t.Errorf("after the answer: %+v", c)
		}
	})
}

func TestAListShowsTheQuestionOfWhoWaits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.receives(Received{
			Inbound: 1, Account: 1, Person: "p1", At: w.clock.Now(), Waits: true,
			Line:  Line{Author: Citizen, Kind: "text", Text: "路灯坏了"},
			Reply: &Line{Author: ByRule, Kind: "text", Text: "留言收到了，工作人员会答复"},
		})
		if c := w.only(); c.LastText != "路灯坏了" || c.LastFrom != Citizen {
			t.Errorf("the list says %q of %s", c.LastText, c.LastFrom)
		}
		w.receives(Received{Inbound: 2, Account: 1, Person: "p1", At: w.clock.Now(), Line: Line{Author: System, Kind: "event", Text: "VIEW"}})
		w.says("p1", "100", true)
		if c := w.only(); c.LastText != "路灯坏了" || c.LastFrom != Citizen || c.LastKind != "text" {
			t.Errorf("after a tap and an automatic answer the list says %q of %s", c.LastText, c.LastFrom)
		}
		w.says("p1", "还没修", false)
		if c := w.only(); c.LastText != "还没修" {
			t.Errorf("after another word the list says %q", c.LastText)
		}
	})
}

func TestNumbersThatIdentifyPeopleAreHidden(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.says("p1", "我的身份证 11010519491231002X，电话13812345678", false)
		c := w.only()
		lines, err := w.Lines(t.Context(), c.ID, 0, 10)
		if err != nil || len(lines) != 1 {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		if got := lines[0]; got.Text != "我的身份证 ⟦身份证1⟧，电话⟦电话1⟧" || !got.Hidden {
			t.Errorf("line %q hidden %v", got.Text, got.Hidden)
		}
		var hidden string
		if err := w.db.QueryRow(t.Context(), `select hidden from conversation_line`).Scan(&hidden); err != nil {
			t.Fatal(err)
		}
		if len(hidden) < 20 {
			t.Errorf("the values were not kept: %q", hidden)
		}
	})
}

func TestTwoPeopleNeverAnswerAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.says("p1", "请问", false)
		id := w.only().ID
		if _, err := w.Claim(w.as(7), id, false); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Claim(w.as(8), id, false); !errs.Is(err, errs.Conflict) {
			t.Errorf("a second claim: %v", err)
		}
		if _, err := w.Answer(w.as(8), id, Reply{Text: "我来", Key: "a"}); !errs.Is(err, errs.Conflict) {
			t.Errorf("answer of another: %v", err)
		}
		if _, err := w.Close(w.as(8), id); !errs.Is(err, errs.Conflict) {
			t.Errorf("closed by another: %v", err)
		}
		if len(w.outbox.sent) != 0 {
			t.Errorf("sent %v", w.outbox.sent)
		}
		if _, err := w.Claim(w.as(8), id, true); err != nil {
			t.Errorf("taking over: %v", err)
		}
		w.clock.forward(ClaimWarm + time.Second)
		if _, err := w.Answer(w.as(9), id, Reply{Text: "都不在，我来", Key: "b"}); err != nil {
			t.Errorf("a cold claim binds nobody: %v", err)
		}
	})
}

func TestManyClaimAtOnceAndOneWins(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.says("p1", "请问", false)
		id := w.only().ID
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for staff := range int64(12) {
			wg.Go(func() {
				_, err := w.Claim(w.as(staff+1), id, false)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case !errs.Is(err, errs.Conflict):
					t.Errorf("claim: %v", err)
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Errorf("%d people hold it", won)
		}
	})
}

func TestTheSameKeyIsSentOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.says("p1", "请问", false)
		id := w.only().ID
		first, err := w.Answer(w.as(7), id, Reply{Text: "答", Key: "k"})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if again, err := w.Answer(w.as(7), id, Reply{Text: "答", Key: "k"}); err != nil || again.ID != first.ID {
					t.Errorf("again: %d, %v; first %d", again.ID, err, first.ID)
				}
			})
		}
		wg.Wait()
		if len(w.outbox.sent) != 1 {
			t.Errorf("sent %v", w.outbox.sent)
		}
	})
}

func TestAClosedWindowLeavesNoTrace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.says("p1", "请问", false)
		c := w.only()
		w.outbox.closed = true
		if _, err := w.Answer(w.as(7), c.ID, Reply{Text: "晚了", Key: "k"}); !errs.Is(err, errs.Exhausted) {
			t.Errorf("answer: %v", err)
		}
		lines, _ := w.Lines(t.Context(), c.ID, 0, 10)
		if now := w.only(); len(lines) != 1 || now.Version != c.Version || now.ClaimedBy != 0 {
			t.Errorf("%d lines, %+v", len(lines), now)
		}
	})
}

func TestTheOutcomeIsShownOnTheLine(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.says("p1", "请问", false)
		id := w.only().ID
		if _, err := w.Answer(w.as(7), id, Reply{Text: "答", Key: "k"}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			outbound int64
			state    LineState
			problem  string
		}{{1, Sent, ""}, {1, Refused, "wechat.45015"}, {99, Sent, ""}} {
			err := w.db.Write(t.Context(), func(tx *db.Tx) error {
				return w.Outcome(t.Context(), tx, c.outbound, c.state, c.problem)
			})
			if err != nil {
				t.Fatalf("outcome of %d: %v", c.outbound, err)
			}
		}
		lines, _ := w.Lines(t.Context(), id, 0, 1)
		if lines[0].State != Refused || lines[0].Problem != "wechat.45015" {
			t.Errorf("line %+v", lines[0])
		}
	})
}

func TestClosedUntilTheNextWord(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.says("p1", "谢谢", false)
		id := w.only().ID
		c, err := w.Close(w.as(7), id)
		if err != nil || c.State != Closed || !c.WaitingSince.IsZero() {
			t.Fatalf("closed: %+v, %v", c, err)
		}
		w.receives(Received{Inbound: 2, Account: 1, Person: "p1", At: w.clock.Now(),
			Line: Line{Author: System, Kind: "event", Detail: Detail{Event: "CLICK", Key: "A"}}})
		if c, _ := w.Get(t.Context(), id); c.State != Closed {
			t.Error("a tap opened it")
		}
		w.says("p1", "还有一事", false)
		if c, _ := w.Get(t.Context(), id); c.State != Open || c.WaitingSince.IsZero() {
			t.Errorf("a word did not open it: %+v", c)
		}
	})
}

func TestRulesKeepSilentWhileAPersonTalks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if err := w.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = w.Stop(t.Context()) })
		w.says("p1", "请问", false)
		if w.Talking(1, "p1") {
			t.Error("nobody talks yet")
		}
		id := w.only().ID
		if _, err := w.Claim(w.as(7), id, false); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the claim is known", func() bool { return w.Talking(1, "p1") && !w.Talking(1, "p2") })
		w.clock.forward(ClaimWarm + time.Second)
		if w.Talking(1, "p1") {
			t.Error("a cold claim still silences the rules")
		}
		if _, err := w.Claim(w.as(7), id, false); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the claim is known again", func() bool { return w.Talking(1, "p1") })
		if _, err := w.Release(w.as(7), id); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the release is known", func() bool { return !w.Talking(1, "p1") })
		if _, err := w.Claim(w.as(7), id, false); err != nil {
			t.Fatal(err)
		}
		deps := w.Deps
		deps.Jobs = job.New(w.db, w.Log, w.clock)
		other := New(deps) // another replica, started later
		if err := other.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = other.Stop(t.Context()) }()
		if !other.Talking(1, "p1") {
			t.Error("a replica that starts later does not know")
		}
	})
}

func TestListsPageByKeyWithinReach(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.says("p1", "一", false)
		w.clock.forward(time.Second)
		w.says("p2", "二", false)
		for _, c := range []struct {
			label  string
			filter Filter
			want   []int64 // followers
		}{
			{"newest first", Filter{Limit: 10}, []int64{2, 1}},
			{"the longest wait first", Filter{Folder: FolderWaiting, Limit: 10}, []int64{1, 2}},
			{"nobody's is mine", Filter{Folder: FolderMine, Staff: 7, Limit: 10}, nil},
			{"nothing is closed", Filter{Folder: FolderClosed, Limit: 10}, nil},
			{"another account", Filter{Account: 99, Limit: 10}, nil},
			{"nothing starred", Filter{Starred: true, Limit: 10}, nil},
			{"limit and one more", Filter{Limit: 1}, []int64{2, 1}},
		} {
			list, err := w.List(t.Context(), everywhere, c.filter)
			if err != nil {
				t.Fatalf("%s: %v", c.label, err)
			}
			var got []int64
			for _, one := range list {
				got = append(got, one.Follower)
			}
			if len(got) != len(c.want) || (len(got) > 0 && got[0] != c.want[0]) {
				t.Errorf("%s: followers %v, want %v", c.label, got, c.want)
			}
		}
		page, _ := w.List(t.Context(), everywhere, Filter{Limit: 1})
		next, err := w.List(t.Context(), everywhere, Filter{Limit: 1, BeforeAt: stored(page[0].LastAt), BeforeID: page[0].ID})
		if err != nil || len(next) != 1 || next[0].Follower != 1 {
			t.Errorf("second page %+v, %v", next, err)
		}
		none, err := w.List(t.Context(), access.Reach{}, Filter{Limit: 10})
		if err != nil || len(none) != 0 {
			t.Errorf("no reach sees %d, %v", len(none), err)
		}
	})
}

func TestBadInputChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.says("p1", "请问", false)
		id := w.only().ID
		long := make([]byte, MaxAnswerBytes+1)
		for i := range long {
			long[i] = 'a'
		}
		for _, r := range []Reply{{}, {Text: "  ", Key: "k"}, {Text: "答"}, {Text: string(long), Key: "k"}} {
			if _, err := w.Answer(w.as(7), id, r); !errs.Is(err, errs.Invalid) {
				t.Errorf("%.10q with key %q: %v", r.Text, r.Key, err)
			}
		}
		if _, err := w.AddNote(w.as(7), id, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("empty note: %v", err)
		}
		if _, err := w.Answer(w.as(7), 999, Reply{Text: "答", Key: "k"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("unknown conversation: %v", err)
		}
		if len(w.outbox.sent) != 0 {
			t.Errorf("sent %v", w.outbox.sent)
		}
	})
}

func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
		if f() {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Errorf("never: %s", what)
}
