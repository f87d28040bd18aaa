package notifyweb

import (
	"context"
	"fmt"
	"testing"
	"time"

	"weizheng/kernel/notify"
	"weizheng/part"
	"weizheng/platform/db"
)

// send queues a text and works the queue until it is settled.
func (h *house) send(key string, answer any) int64 {
	h.t.Helper()
	h.mu.Lock()
	h.answer = answer
	h.mu.Unlock()
	var id int64
	h.tx(func(tx *db.Tx) (err error) {
		id, err = h.notify.QueueText(h.t.Context(), tx, h.account, h.follower, key, "您的事项已受理")
		return err
	})
	ctx, cancel := context.WithTimeout(h.t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		o, err := h.notify.Get(ctx, h.db, id)
		if err != nil {
			h.t.Fatal(err)
		}
		if o.State != notify.Queued && o.State != notify.Sending {
			return id
		}
		<-tick.C
	}
}

func TestLedger(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		if err := h.jobs.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
			defer cancel()
			if err := h.jobs.Stop(ctx); err != nil {
				t.Error(err)
			}
		}()
		sent := h.send("one", `{"errcode":0}`)
		refused := h.send("two", `{"errcode":48002,"errmsg":"api forbidden for irrelevant subscribers rid: 1a-2b"}`)
		lost := h.send("three", errCut)
		path := fmt.Sprintf("/console/api/followers/%d/outbound", h.follower)
		var list listOut
		if status := h.call(reader, "GET", path, nil, &list); status != 200 || len(list.Items) != 3 {
			t.Fatalf("%d %+v", status, list)
		}
		for i, want := range []struct {
			id    int64
			state notify.State
			word  string
			said  bool
		}{{lost, notify.Uncertain, "不确定", true}, {refused, notify.Refused, "没有发出", true}, {sent, notify.Sent, "已发出", false}} {
			if got := list.Items[i]; got.ID != want.id || got.State != want.state || got.Word != want.word || (got.Problem != "") != want.said {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
		var first, second listOut
		h.call(root, "GET", path+"?limit=2", nil, &first)
		h.call(root, "GET", path+"?limit=2&cursor="+first.Next, nil, &second)
		if len(first.Items) != 2 || len(second.Items) != 1 || second.Items[0].ID != sent || second.Next != "" {
			t.Errorf("pages: %+v %+v", first, second)
		}
		if status := h.call(bureau, "GET", path, nil, nil); status != 404 {
			t.Errorf("out of reach: %d", status)
		}

		// The uncertain one is found, shown by health, and settled by a person.
		var uncertain listOut
		if h.call(reader, "GET", "/console/api/outbound", nil, &uncertain); len(uncertain.Items) != 1 || uncertain.Items[0].ID != lost {
			t.Errorf("%+v", uncertain)
		}
		if h.call(bureau, "GET", "/console/api/outbound", nil, &uncertain); len(uncertain.Items) != 0 {
			t.Errorf("out of reach: %+v", uncertain)
		}
		findings, err := h.part.Health[0].Check(t.Context())
		if err != nil || len(findings) != 1 || findings[0].Title != "青云政务：1 条消息不知道有没有送到" || findings[0].Unit != "/1/" {
			t.Errorf("%+v %v", findings, err)
		}
		resolve := fmt.Sprintf("/console/api/outbound/%d/resolve", lost)
		for _, c := range []struct{ who, status int }{{reader, 403}, {bureau, 404}, {root, 200}, {root, 409}} {
			if status := h.call(c.who, "POST", resolve, map[string]any{"delivered": true}, nil); status != c.status {
				t.Errorf("resolve as %d: %d, want %d", c.who, status, c.status)
			}
		}
		if findings, err := h.part.Health[0].Check(t.Context()); err != nil || len(findings) != 0 {
			t.Errorf("%+v %v", findings, err)
		}
	})
}

func TestWindowsAndData(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		path := fmt.Sprintf("/console/api/followers/%d/windows", h.follower)
		left := func() int {
			var out windowsOut
			if status := h.call(reader, "GET", path, nil, &out); status != 200 {
				t.Fatal(status)
			}
			return out.Left
		}
		if left() != 5 {
			t.Errorf("after a message: %d", left())
		}
		for _, event := range []string{"VIEW", "LOCATION", "CLICK", "unsubscribe"} {
			h.receive(event)
		}
		if left() != 8 {
			t.Errorf("a menu tap adds 3, the others nothing: %d", left())
		}
		if status := h.call(reader, "GET", "/console/api/followers/99/windows", nil, nil); status != 404 {
			t.Errorf("nobody: %d", status)
		}
		h.receive("subscribe")
		h.tx(func(tx *db.Tx) error {
			_, err := h.notify.QueueText(t.Context(), tx, h.account, h.follower, "k", "x")
			return err
		})
		me := part.Ref{Kind: "follower", ID: h.follower}
		held := h.part.DataHeld[0]
		if lines, err := held.Export(t.Context(), me); err != nil || len(lines) != 1 || lines[0].Note != "1" {
			t.Errorf("%+v %v", lines, err)
		}
		if lines, err := held.Export(t.Context(), part.Ref{Kind: "citizen", ID: 1}); err != nil || len(lines) != 0 {
			t.Errorf("nothing hangs on the citizen: %+v %v", lines, err)
		}
		h.tx(func(tx *db.Tx) error { return held.Erase(t.Context(), tx, me) })
		if left() != 0 {
			t.Error("erased, and there are windows")
		}
	})
}
