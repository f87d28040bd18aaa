package notify

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/kernel/citizen"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

func TestSend(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label  string
		answer any
		token  any
		state  State
		sends  int
		left   int // of the five
		heard  bool
	}{
		{"taken", `{"errcode":0,"errmsg":"ok"}`, nil, Sent, 1, 4, true},
		{"outside the window", code("45015"), nil, Refused, 1, 0, true},
		{"allowance used", code("45047"), nil, Refused, 1, 0, true},
		{"not following", code("43004"), nil, Refused, 1, 5, true},
		{"blocked", code("48002"), nil, Refused, 1, 5, true},
		{"bad content", code("45002"), nil, Refused, 1, 5, true},
		{"no permission", code("48001"), nil, Refused, 1, 5, true},
		{"daily quota", code("45009"), nil, Refused, 1, 5, true},
		{"too often", code("45011"), nil, Queued, 1, 4, false},
		{"system busy", code("-1"), nil, Uncertain, 1, 4, true},
		{"cut off", errCut, nil, Uncertain, 1, 4, true},
		{"answer is a page", `<html>`, nil, Uncertain, 1, 4, true},
		{"no connection", errDial, nil, Queued, 1, 4, false},
		{"no token for want of a connection", nil, errDial, Queued, 0, 4, false},
		{"no token for want of an answer", nil, errCut, Queued, 0, 4, false},
		{"wrong secret", nil, code("40125"), Refused, 0, 5, true},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, b *bench) {
				b.wx.answers(c.answer)
				b.wx.token = c.token
				b.opens(t, ByMessage)
				id := b.must(t, "k")
				if err := b.run(t, id); err != nil {
					t.Fatal(err)
				}
				o := b.load(t, id)
				if o.State != c.state || b.wx.sends() != c.sends {
					t.Errorf("%s after %d sends, want %s after %d: %+v", o.State, b.wx.sends(), c.state, c.sends, o)
				}
				want := map[Trigger]int{ByMessage: c.left}
				if c.left == 0 {
					want = map[Trigger]int{}
				}
				if d := cmp.Diff(want, b.left(t)); d != "" {
					t.Error(d)
				}
				if (len(b.heard) == 1) != c.heard || c.heard && (b.heard[0].State != c.state || b.heard[0].Outbound != id || (c.state != Sent && b.heard[0].Problem == "")) {
					t.Errorf("heard %+v", b.heard)
				}
				if (len(o.payload) == 0) != (c.state == Sent) {
					t.Errorf("the content is kept exactly until it is sent: %d bytes", len(o.payload))
				}
				if c.state == Queued {
					return
				}
				if err := b.run(t, id); err != nil || b.wx.sends() != c.sends {
					t.Errorf("the job once more: %d sends, %v", b.wx.sends(), err)
				}
			})
		})
	}
}

func TestSendTriesAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.opens(t, ByMessage)
		b.wx.answers(errDial, errDial, `{"errcode":0}`)
		id := b.must(t, "k")
		for range 3 {
			if err := b.run(t, id); err != nil {
				t.Fatal(err)
			}
		}
		if o := b.load(t, id); o.State != Sent || o.Attempts != 3 {
			t.Errorf("%+v", o)
		}
		b.wx.answers(errDial)
		id = b.must(t, "never")
		for range maxAttempts {
			if err := b.run(t, id); err != nil {
				t.Fatal(err)
			}
		}
		if o := b.load(t, id); o.State != Refused || o.Problem != "wechat.away" {
			t.Errorf("%+v", o)
		}
		if d := cmp.Diff(map[Trigger]int{ByMessage: 4}, b.left(t)); d != "" {
			t.Errorf("the second one gave its allowance back: %s", d)
		}
	})
}

func TestNotFollowingIsNoted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.opens(t, ByMessage)
		b.wx.answers(code("43004"))
		if err := b.run(t, b.must(t, "k")); err != nil {
			t.Fatal(err)
		}
		f, err := b.citizens.Get(t.Context(), b.db, b.follower)
		if err != nil || f.Subscribed || f.ForgetAt.IsZero() {
			t.Errorf("%+v %v", f, err)
		}
		if _, err := b.queue(t, "next"); errs.As(err).Key() != "notify.left" {
			t.Errorf("nothing is sent to who left: %v", err)
		}
	})
}

func TestSameKeyIsTheSameMessage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.opens(t, ByMessage)
		id := b.must(t, "k")
		if again := b.must(t, "k"); again != id {
			t.Errorf("%d and %d", id, again)
		}
		if err := b.run(t, id); err != nil {
			t.Fatal(err)
		}
		if again := b.must(t, "k"); again != id || b.wx.sends() != 1 {
			t.Errorf("sent, and queued again: %d, %d sends", again, b.wx.sends())
		}
		if d := cmp.Diff(map[Trigger]int{ByMessage: 4}, b.left(t)); d != "" {
			t.Error(d)
		}
	})
}

func TestQueueRefuses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.opens(t, ByMessage)
		if _, err := b.citizens.Change(t.Context(), citizen.ChangeIn{ID: b.follower, Blocked: new(true)}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.queue(t, "k"); errs.As(err).Key() != "notify.blocked" {
			t.Errorf("a blocked follower: %v", err)
		}
		// What a passive reply could not carry is written down as refused, and the batch goes on.
		b.tx(t, func(tx *db.Tx) error {
			for _, to := range []string{openid, "stranger"} {
				if err := b.QueueReply(t.Context(), tx, b.account, to, "inbound:1:1", wechat.Text{Content: words}); err != nil {
					return err
				}
			}
			return nil
		})
		list, err := b.List(t.Context(), b.follower, 0, 10)
		if err != nil || len(list) != 1 || list[0].State != Refused || list[0].Problem != "notify.blocked" {
			t.Errorf("%+v %v", list, err)
		}
		err = b.db.Write(t.Context(), func(tx *db.Tx) error {
			_, err := b.Queue(t.Context(), tx, Intent{Follower: b.follower, Reply: wechat.TransferToService{}})
			return err
		})
		if len(errs.As(err).Fields()) != 2 {
			t.Errorf("no customer message, no key: %v", err)
		}
		err = b.db.Write(t.Context(), func(tx *db.Tx) error {
			_, err := b.QueueText(t.Context(), tx, 99, b.follower, "x", "x")
			return err
		})
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("another account's follower: %v", err)
		}
	})
}

// TestOutcomeLost: WeChat took it, but the outcome could not be recorded. The next run does not send again.
func TestOutcomeLost(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.opens(t, ByMessage)
		id := b.must(t, "k")
		b.hookErr = errors.New("no room")
		if err := b.run(t, id); err == nil {
			t.Fatal("the job must run again")
		}
		if o := b.load(t, id); o.State != Sending {
			t.Fatalf("%+v", o)
		}
		b.hookErr = nil
		if err := b.run(t, id); err != nil {
			t.Fatal(err)
		}
		if o := b.load(t, id); o.State != Uncertain || o.Problem != "notify.crashed" || b.wx.sends() != 1 {
			t.Errorf("%+v after %d sends", o, b.wx.sends())
		}
		list, err := b.ListUncertain(t.Context(), reachAll, 0, 10)
		if err != nil || len(list) != 1 || list[0].ID != id {
			t.Errorf("%+v %v", list, err)
		}
		if n, err := b.CountUncertain(t.Context()); err != nil || n[b.account] != 1 {
			t.Errorf("%v %v", n, err)
		}
	})
}

func TestAbandoned(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.opens(t, ByMessage)
		id := b.must(t, "k")
		if ok, err := b.claim(t.Context(), b.load(t, id)); !ok || err != nil {
			t.Fatal(ok, err)
		}
		for _, step := range []struct {
			forward time.Duration
			n       int
			state   State
		}{{time.Minute, 0, Sending}, {2 * time.Minute, 1, Uncertain}, {time.Minute, 0, Uncertain}} {
			b.wall.forward(step.forward)
			if n, err := b.Abandoned(t.Context()); n != step.n || err != nil {
				t.Errorf("%d %v", n, err)
			}
			if o := b.load(t, id); o.State != step.state {
				t.Errorf("%+v", o)
			}
		}
	})
}

func TestResolve(t *testing.T) {
	t.Parallel()
	for delivered, want := range map[bool]State{true: Sent, false: Refused} {
		t.Run(string(want), func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, b *bench) {
				b.opens(t, ByMessage)
				b.wx.answers(errCut)
				id := b.must(t, "k")
				if _, err := b.Resolve(t.Context(), id, delivered); errs.As(err).Key() != "notify.not_uncertain" {
					t.Errorf("queued: %v", err)
				}
				if err := b.run(t, id); err != nil {
					t.Fatal(err)
				}
				if o, err := b.Resolve(t.Context(), id, delivered); err != nil || o.State != want {
					t.Errorf("%+v %v", o, err)
				}
				if last := b.heard[len(b.heard)-1]; last.State != want {
					t.Errorf("heard %+v", b.heard)
				}
				if b.wx.sends() != 1 {
					t.Errorf("%d sends", b.wx.sends())
				}
			})
		})
	}
}

func TestErase(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.opens(t, ByMessage)
		id := b.must(t, "k")
		b.tx(t, func(tx *db.Tx) error { return b.Erase(t.Context(), tx, b.follower) })
		if err := b.run(t, id); err != nil {
			t.Fatal(err)
		}
		if o := b.load(t, id); o.State != Refused || o.Problem != "notify.content_gone" || b.wx.sends() != 0 {
			t.Errorf("%+v", o)
		}
		if len(b.left(t)) != 0 {
			t.Error("windows are erased too")
		}
	})
}

// TestNothingLeaks: openid and words stand in no log, no error, no table but sealed.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.opens(t, ByMessage)
		var said []string
		for i, answer := range []any{code("45011"), code("48002"), errCut, errors.New("Post https://api.weixin.qq.com?access_token=T " + openid), "{"} {
			b.wx.answers(answer)
			id, err := b.queue(t, strings.Repeat("k", i+1))
			if err != nil {
				said = append(said, err.Error())
				continue
			}
			if err := b.run(t, id); err != nil {
				said = append(said, err.Error())
			}
			o := b.load(t, id)
			said = append(said, o.Problem, o.RID, string(o.payload))
		}
		args, err := db.All(t.Context(), b.db, db.Value[string], `select cast(args as text) from river_job`)
		if err != nil {
			t.Fatal(err)
		}
		said = append(append(said, args...), b.log.String())
		for _, s := range said {
			if strings.Contains(s, "CANARY") {
				t.Errorf("it stands in %q", s)
			}
		}
	})
}

// TestRefusalShutsEveryWindow: the message took the allowance of a window that was opened earlier and ends first; WeChat's
// refusal closes the other one with it, but not one that the follower opens afterwards.
func TestRefusalShutsEveryWindow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.wx.answers(code("45015"))
		b.opens(t, ByFollow)
		b.civil.forward(time.Second)
		b.opens(t, ByMessage)
		b.civil.forward(time.Second)
		id := b.must(t, "k")
		b.civil.forward(time.Second)
		b.opens(t, ByScan)
		if err := b.run(t, id); err != nil {
			t.Fatal(err)
		}
		if o := b.load(t, id); o.State != Refused || o.Problem != "notify.window_closed" {
			t.Errorf("%+v", o)
		}
		if d := cmp.Diff(map[Trigger]int{ByScan: 3}, b.left(t)); d != "" {
			t.Error(d)
		}
	})
}
