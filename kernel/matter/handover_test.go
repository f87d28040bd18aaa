package matter

import (
	"slices"
	"testing"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/db"
)

// leaves hands everything of one person over to another.
func (h *house) leaves(from, to int64) {
	h.t.Helper()
	ctx := access.With(h.t.Context(), h.staff[deskB])
	if err := h.DB.Write(ctx, func(tx *db.Tx) error { return h.HandOver(ctx, tx, from, to) }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) holds(staff int64) int64 {
	h.t.Helper()
	n, err := h.Holds(h.t.Context(), staff)
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// signing is a ticket that waits for the signatures of handA, handB and handC.
func (h *house) signing() int64 {
	h.t.Helper()
	o, err := h.Open(h.citizen(wang), OpenIn{Flow: "ticket-basic", Unit: 1, Title: "井盖松了"})
	if err != nil {
		h.t.Fatal(err)
	}
	id := o.Matter
	h.do(deskA, id, "accept", In{Values: map[string]any{"subject": "井盖", "content": "松了"}})
	h.do(deskA, id, "dispatch", In{Unit: 2, Values: map[string]any{"class": "市政"}})
	h.do(handA, id, "sign_in", In{})
	h.do(handA, id, "claim", In{})
	h.do(handA, id, "submit", In{Values: map[string]any{"reply": "已修好"}})
	h.do(deskB, id, "to_sign", In{Signers: []int64{handB, handC, stranger}})
	return id
}

// Who leaves leaves nothing behind: what they hold, signatures, copies and deputies find a new hand, once.
func TestHandOver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		held := h.errand().Matter
		h.do(deskA, held, "take", In{})
		h.do(deskB, held, "assign", In{Staff: handB})
		toSign := h.signing()
		copied := h.errand().Matter
		h.do(deskA, copied, "copy", In{Watch: []int64{handB}})
		sealed := h.errand(func(in *OpenIn) { in.Sealed, in.Parties = true, []int64{deskB} }).Matter
		h.do(deskA, sealed, "copy", In{Watch: []int64{handB}})
		over := h.errand().Matter
		h.do(deskA, over, "copy", In{Watch: []int64{handB}})
		h.do(deskA, over, "refuse", In{Reason: "不是这里的事"})
		for _, pair := range [][2]int64{{handB, handA}, {leader, handB}, {handA, leader}} {
			if _, err := h.Appoint(h.as(pair[0]), pair[1], monday.UnixMilli(), monday.Add(99*time.Hour).UnixMilli()); err != nil {
				t.Fatal(err)
			}
		}
		if n := h.holds(handB); n != 2 {
			t.Errorf("holds %d", n)
		}

		h.leaves(handB, leader)
		if m := h.get(held); m.Assignee != leader || m.Unit != 2 {
			t.Errorf("held by %d in %d", m.Assignee, m.Unit)
		}
		if n, m := h.holds(handB), h.holds(leader); n != 0 || m != 2 {
			t.Errorf("who left holds %d, the other %d", n, m)
		}
		watching, err := h.Tasks(t.Context(), Tasks{Staff: leader, Scope: Watching, Limit: 10})
		if err != nil || len(watching.Items) != 1 || watching.Items[0].ID != copied {
			t.Errorf("watches %+v, %v", watching.Items, err)
		}
		left, err := h.Deputies(t.Context(), handB)
		if err != nil || len(left) > 0 {
			t.Errorf("deputies %+v, %v", left, err)
		}
		if others, err := h.Deputies(t.Context(), handA); err != nil || len(others) != 1 || others[0].Deputy != leader {
			t.Errorf("deputies of others %+v, %v", others, err)
		}
		for _, id := range []int64{handC, stranger, leader} {
			h.do(id, toSign, "agree", In{})
		}
		if m := h.get(toSign); m.State != "replying" {
			t.Errorf("signed by all, yet %s", m.State)
		}

		versions := func() (all []int64) {
			for _, id := range []int64{held, toSign, copied, sealed, over} {
				all = append(all, h.get(id).Version)
			}
			return all
		}
		before := versions()
		h.leaves(handB, leader)
		if after := versions(); !slices.Equal(before, after) {
			t.Errorf("a second time did something: %v, %v", before, after)
		}
		h.sound()
	})
}

// Who signs after others, and whose work another does in their name, holds it too.
func TestHoldsWhatIsStillToCome(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		id := h.signing()
		h.do(handC, id, "add_signer", In{Signers: []int64{leader}})
		if n := h.holds(leader); n != 1 {
			t.Errorf("who signs after others holds %d", n)
		}
		h.leaves(leader, spare)
		if n, m := h.holds(leader), h.holds(spare); n != 0 || m != 1 {
			t.Errorf("who left holds %d, the other %d", n, m)
		}
		two, err := h.Open(h.citizen(wang), OpenIn{Flow: "ticket-basic", Unit: 1, Title: "路灯"})
		if err != nil {
			t.Fatal(err)
		}
		h.do(deskA, two.Matter, "accept", In{Values: map[string]any{"subject": "路灯", "content": "不亮"}})
		h.do(deskA, two.Matter, "claim", In{})
		h.do(deskA, two.Matter, "delegate", In{Staff: deskB})
		if n, m := h.holds(deskA), h.holds(deskB); n != 1 || m != 1 {
			t.Errorf("the owner of a delegation holds %d, the delegate %d", n, m)
		}
		h.do(deskB, two.Matter, "hand_back", In{})
		if n, m := h.holds(deskA), h.holds(deskB); n != 1 || m != 0 {
			t.Errorf("afterwards the owner holds %d, the delegate %d", n, m)
		}
		h.sound()
	})
}

// A handover that fails in the middle has handed nothing over.
func TestHandOverIsWhole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for range 3 {
			o := h.errand()
			h.do(deskA, o.Matter, "take", In{})
			h.do(deskB, o.Matter, "assign", In{Staff: handB})
		}
		b := &breaker{next: h.Audit}
		h.Audit = b
		b.left = 3
		ctx := h.as(deskB)
		if err := h.DB.Write(ctx, func(tx *db.Tx) error { return h.HandOver(ctx, tx, handB, leader) }); err == nil {
			t.Fatal("not broken")
		}
		b.left = 0
		if n, m := h.holds(handB), h.holds(leader); n != 3 || m != 0 {
			t.Errorf("who wanted to leave holds %d, the other %d", n, m)
		}
		h.sound()
		h.leaves(handB, leader)
		if n, m := h.holds(handB), h.holds(leader); n != 0 || m != 3 {
			t.Errorf("who left holds %d, the other %d", n, m)
		}
		h.sound()
	})
}
