package matter

import "testing"

// Nothing is given to somebody who has left: what comes back to their step waits for whoever takes it.
func TestNothingIsGivenToWhoHasLeft(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		back := h.errand().Matter
		h.ready.Store(back, true)
		h.do(deskA, back, "take", In{})
		h.do(deskB, back, "assign", In{Staff: handA})
		h.do(handA, back, "finish", In{})
		delegated := h.errand().Matter
		h.do(deskA, delegated, "take", In{})
		h.do(deskB, delegated, "assign", In{Staff: handA})

		delete(h.staff, handA)
		h.do(deskB, back, "back", In{Reason: "再看看", State: "doing"})
		if m := h.get(back); m.State != "doing" || m.Assignee != 0 || m.Unit != 2 || m.Held != Pool {
			t.Errorf("it came back to %d in unit %d: %+v", m.Assignee, m.Unit, m)
		}
		h.do(handB, back, "claim", In{})
		h.do(handB, back, "finish", In{})
		h.do(deskB, back, "approve", In{})

		two, err := h.Open(h.citizen(wang), OpenIn{Flow: "ticket-basic", Unit: 1, Title: "路灯"})
		if err != nil {
			t.Fatal(err)
		}
		h.do(deskA, two.Matter, "accept", In{Values: map[string]any{"subject": "路灯", "content": "不亮"}})
		h.do(deskA, two.Matter, "claim", In{})
		h.do(deskA, two.Matter, "delegate", In{Staff: deskB})
		delete(h.staff, deskA)
		h.do(deskB, two.Matter, "hand_back", In{})
		if m := h.get(two.Matter); m.Assignee != 0 || m.Held != Pool {
			t.Errorf("handed back to %d: %+v", m.Assignee, m)
		}
		h.sound()
	})
}
