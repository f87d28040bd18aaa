package matter

import (
	"context"
	"testing"
	"time"

	"weizheng/kernel/worktime"
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
	id, err := h.Recompute(h.as(deskA), ch, why)
	if err != nil {
		h.t.Fatal(err)
	}
	for range 2 { // a job may run twice
		if err := h.recomputeStep(h.t.Context(), recomputeArgs{id}, job.Attempt{}); err != nil {
			h.t.Fatal(err)
		}
	}
	list, err := h.Recomputes(h.t.Context(), 1)
	if err != nil || !list[0].Done || list[0].Seen != list[0].Total || list[0].Moved != moved {
		h.t.Errorf("recomputing: %+v, %v", list, err)
	}
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
