package matter

import (
	"context"
	"reflect"
	"testing"
	"time"

	"weizheng/kernel/worktime"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

// A local holiday and another rule show what they move; nothing moves before somebody approves; then each matter keeps the
// old and the new due time and why.
func TestChange(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o, closed := h.errand(), h.errand()
		h.do(deskA, o.Matter, "take", In{})
		h.do(deskB, closed.Matter, "refuse", In{Reason: "不归我们管"})
		cal := national(t, worktime.Local{From: "2026-03-12", To: "2026-03-13", Name: "民族节日", Kind: worktime.LocalOff})
		impact, err := h.Preview(t.Context(), Change{}, fixed{cal})
		if err != nil || impact.Total != 1 || impact.Seen != 1 || impact.Moved != 1 || len(impact.Sample) != 1 || impact.Sample[0].Clock != "whole#1" {
			t.Fatalf("preview: %+v, %v", impact, err)
		}
		_, st, _ := h.look(o.Matter)
		before, _ := st.reckoning("whole#1")
		if before.Day != "2026-03-30" {
			t.Fatalf("due on %s", before.Day)
		}
		h.cal.put(cal)
		h.recomputed(Change{}, "州政府办公室通知", 1)
		_, st, _ = h.look(o.Matter)
		if after, _ := st.reckoning("whole#1"); after.Day != "2026-04-01" {
			t.Errorf("now due on %s", after.Day)
		}
		h.recomputed(Change{Flow: "errand", Clock: "whole", Rule: &worktime.Rule{Kind: worktime.Working, Amount: 30}}, "新条例", 1)
		_, st, _ = h.look(o.Matter)
		if after, _ := st.reckoning("whole#1"); after.Day != "2026-04-16" || after.Rule.Amount != 30 {
			t.Errorf("under the new rule: %+v", after)
		}
		h.do(deskB, o.Matter, "assign", In{Staff: handA})
		h.do(handA, o.Matter, "extend", In{Clock: "whole#1", Amount: 5, Reason: "等外地回函"})
		h.do(deskB, o.Matter, "grant", In{Clock: "whole#1"})
		_, st, _ = h.look(o.Matter)
		if after, _ := st.reckoning("whole#1"); after.Day != "2026-04-23" || after.Rule.Extension != 5 {
			t.Errorf("extended: %+v", after)
		}
		var moves []Line
		list, err := h.History(h.as(deskA), o.Matter)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			for _, l := range d.Lines {
				if l.Kind == "moved" {
					moves = append(moves, l)
				}
			}
		}
		if len(moves) != 2 || moves[0].Params["from"] != "2026-03-30" || moves[0].Params["to"] != "2026-04-01" || moves[0].Params["why"] != "州政府办公室通知" {
			t.Errorf("moves: %+v", moves)
		}
		if _, err := h.Recompute(h.as(deskA), Change{Clock: "whole"}, "x"); !errs.Is(err, errs.Invalid) {
			t.Errorf("half a change: %v", err)
		}
		h.sound()
	})
}

// A shorter rule makes nobody late today: what it would end in the past ends with the day of the change.
func TestNobodyBecomesLate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand()
		h.do(deskA, o.Matter, "take", In{})
		h.civil.set(monday.AddDate(0, 0, 14))
		h.settle()
		h.recomputed(Change{Flow: "errand", Clock: "whole", Rule: &worktime.Rule{Kind: worktime.Working, Amount: 3}}, "改短", 1)
		_, st, _ := h.look(o.Matter)
		if after, _ := st.reckoning("whole#1"); after.Day != "2026-03-16" || after.Due <= h.now() {
			t.Errorf("%+v", after)
		}
		h.sound()
	})
}

// recomputed runs a recomputing to its end, as its job does.
func (h *house) recomputed(ch Change, why string, moved int64) {
	h.t.Helper()
	id, err := h.begun(ch, why)
	if err != nil {
		h.t.Fatal(err)
	}
	for range 2 { // a job may run twice
		if err := h.recomputeStep(h.t.Context(), recomputeArgs{id}, job.Attempt{}); err != nil {
			h.t.Fatal(err)
		}
	}
	list, err := h.Recomputes(h.t.Context(), 1)
	if err != nil || list[0].State != ChangeDone || list[0].Seen != list[0].Total || list[0].Moved != moved {
		h.t.Errorf("recomputing: %+v, %v", list, err)
	}
}

// begun is a change that runs: a rule's was approved by a colleague, a calendar's needs nobody.
func (h *house) begun(ch Change, why string) (id int64, err error) {
	if ch.Rule != nil {
		if id, err = h.Recompute(h.as(deskA), ch, why); err == nil {
			err = h.Approve(h.as(deskB), id)
		}
		return id, err
	}
	ctx := h.as(deskA)
	err = h.DB.Write(ctx, func(tx *db.Tx) error {
		id, err = h.RecomputeIn(ctx, tx, ch, why)
		return err
	})
	return id, err
}

// A change of rule moves nothing until somebody else approves it, once.
func TestChangeIsApprovedByAnother(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand()
		h.do(deskA, o.Matter, "take", In{})
		_, before, _ := h.look(o.Matter)
		longer := Change{Flow: "errand", Clock: "whole", Rule: &worktime.Rule{Kind: worktime.Working, Amount: 30}}
		ask := func() int64 {
			id, err := h.Recompute(h.as(deskA), longer, "  新条例 ")
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		first, second := ask(), ask()
		if err := h.recomputeStep(t.Context(), recomputeArgs{first}, job.Attempt{}); err != nil {
			t.Fatal(err)
		}
		if _, st, _ := h.look(o.Matter); !reflect.DeepEqual(st.Clocks, before.Clocks) {
			t.Error("it moved before anybody approved it")
		}
		if err := h.Approve(h.as(deskA), first); !errs.Is(err, errs.Denied) {
			t.Errorf("approved by who asked: %v", err)
		}
		if err := h.Drop(h.as(deskA), second); err != nil {
			t.Error(err)
		}
		if err := h.Approve(h.as(deskB), first); err != nil {
			t.Error(err)
		}
		for _, id := range []int64{first, second} {
			if err := h.Approve(h.as(deskB), id); !errs.Is(err, errs.Conflict) {
				t.Errorf("decided again: %v", err)
			}
		}
		if err := h.Approve(h.as(deskB), 99); !errs.Is(err, errs.NotFound) {
			t.Errorf("no such change: %v", err)
		}
		if err := h.recomputeStep(t.Context(), recomputeArgs{first}, job.Attempt{}); err != nil {
			t.Fatal(err)
		}
		list, err := h.Recomputes(t.Context(), 10)
		if err != nil || len(list) != 2 || list[1].State != ChangeDone || list[1].Moved != 1 || list[1].ApprovedBy != deskB || list[1].Why != "新条例" || list[0].State != ChangeDropped {
			t.Errorf("%+v, %v", list, err)
		}
		_, err = h.Recompute(h.as(deskA), Change{}, "没有规则")
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("nothing to change: %v", err)
		}
		h.sound()
	})
}

// fixed is one calendar for everybody.
type fixed struct{ cal *worktime.Calendar }

func (f fixed) Calendar(context.Context, string) (*worktime.Calendar, error) { return f.cal, nil }

// A unit moves to another place in the tree: its matters follow into the lists of those above it.
func TestUnitMoves(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand()
		h.do(deskA, o.Matter, "take", In{})
		h.do(deskB, o.Matter, "assign", In{Unit: 4})
		h.units.mu.Lock()
		h.units.paths[4] = "/1/3/4/"
		h.units.mu.Unlock()
		h.wall.forward(time.Minute)
		if err := h.rehangStep(t.Context(), rehangArgs{Unit: 4}, job.Attempt{}); err != nil {
			t.Fatal(err)
		}
		for unit, want := range map[int64]int{1: 1, 2: 0, 3: 1, 4: 1} {
			p, err := h.Inbox(t.Context(), all, Query{Unit: unit, Order: ByOpened, Limit: 10})
			if err != nil || len(p.Items) != want {
				t.Errorf("unit %d has %d, %v", unit, len(p.Items), err)
			}
		}
		h.sound()
	})
}
