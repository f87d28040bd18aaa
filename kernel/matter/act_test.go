package matter

import (
	"testing"
	"time"

	"weizheng/platform/errs"
)

// An errand from its opening to its end: every promise of the package that one life can show.
func TestLife(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand()
		if _, ok := CleanNumber(o.Number); !ok || len(o.Code) != 8 {
			t.Errorf("number %q, code %q", o.Number, o.Code)
		}
		h.do(deskA, o.Matter, "take", In{})
		h.do(deskB, o.Matter, "assign", In{Staff: handA})
		m := h.get(o.Matter)
		if m.State != "doing" || m.Unit != 2 || m.Assignee != handA || m.Held != Kept {
			t.Errorf("assigned: %+v", m)
		}
		if got := instant(m.DueAt); !got.Equal(monday.Add(48 * time.Hour)) {
			t.Errorf("due %v", got)
		}
		if _, err := h.Act(h.as(handB), o.Matter, "finish", In{}); !errs.Is(err, errs.Denied) {
			t.Errorf("not theirs: %v", err)
		}
		if _, err := h.Act(h.as(handA), o.Matter, "finish", In{}); !errs.Is(err, errs.Conflict) {
			t.Errorf("guard: %v", err)
		}
		h.ready.Store(o.Matter, true)
		h.do(handA, o.Matter, "finish", In{Values: map[string]any{"card": "33010219900101123X 电话13812345678"}})
		if _, err := h.Act(h.as(deskA), o.Matter, "approve", In{}); !errs.Is(err, errs.Denied) {
			t.Errorf("who opened it may not decide: %v", err)
		}
		h.do(deskB, o.Matter, "approve", In{Reason: "办好了"})
		m = h.get(o.Matter)
		if m.ClosedAt == 0 || m.Outcome != "completed" || m.Held != Over || m.DueAt != never {
			t.Errorf("ended: %+v", m)
		}
		if _, ran := h.ran.Load(o.Matter); !ran {
			t.Error("the effect did not run")
		}
		h.sound()
	})
}

func TestOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		in := OpenIn{Flow: "errand", Unit: 1, Title: "修路灯", Key: "k1"}
		a, err := h.Open(h.as(deskA), in)
		if err != nil {
			t.Fatal(err)
		}
		b, err := h.Open(h.as(deskA), in)
		if err != nil || b.Matter != a.Matter || b.Number != a.Number || b.Code != a.Code || !b.Again {
			t.Errorf("again: %+v, %v", b, err)
		}
		in.Title = "修井盖"
		if _, err := h.Open(h.as(deskA), in); !errs.Is(err, errs.Conflict) {
			t.Errorf("another body: %v", err)
		}
		if c, err := h.Open(h.as(deskB), in); err != nil || c.Matter == a.Matter {
			t.Errorf("somebody else's key: %+v, %v", c, err)
		}
		first := h.do(deskA, a.Matter, "take", In{Key: "k2", Version: 1})
		again := h.do(deskA, a.Matter, "take", In{Key: "k2", Version: 1})
		if again.Event != first.Event || !again.Again {
			t.Errorf("act again: %+v, %+v", first, again)
		}
		_, err = h.Act(h.as(deskA), a.Matter, "note", In{Version: 1, Reason: "看看"})
		if e := errs.As(err); e.Kind() != errs.Conflict || e.Key() != "matter.changed" || e.Params()["action"] != "受理" || e.Params()["by"] != int64(deskA) {
			t.Errorf("an old version: %v %v", err, e.Params())
		}
		h.sound()
	})
}
