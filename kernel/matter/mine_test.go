package matter

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// mine lists the whole of somebody's tasks in pages of two.
func (h *house) mine(staff int64, f Filter) []int64 {
	h.t.Helper()
	var ids []int64
	for cursor := ""; ; {
		p, err := h.Mine(h.t.Context(), h.staff[staff], f, cursor, 2)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, m := range p.Items {
			ids = append(ids, m.ID)
		}
		if cursor = p.Next; cursor == "" {
			break
		}
	}
	n, err := h.CountMine(h.t.Context(), h.staff[staff], f)
	if err != nil || n != len(ids) {
		h.t.Errorf("staff %d: counted %d, listed %v, %v", staff, n, ids, err)
	}
	return ids
}

// What waits for a role waits for everybody who holds it there, and for nobody else; once somebody has it, for them alone.
func TestMineHoldsWhatWaitsForARole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		is := func(label string, staff int64, want ...int64) {
			t.Helper()
			if got := h.mine(staff, Filter{}); !slices.Equal(got, want) {
				t.Errorf("%s: staff %d has %v, want %v", label, staff, got, want)
			}
		}
		a, b, c := h.errand().Matter, h.errand().Matter, h.errand().Matter
		is("at the desk", deskA, a, b, c)
		is("at the desk", deskB, a, b, c)
		is("for others", handA)
		is("who reads only", stranger)

		h.do(deskA, a, "claim", In{})
		is("taken", deskA, a, b, c)
		is("taken", deskB, b, c)
		h.do(deskA, a, "release", In{})
		is("put back", deskB, a, b, c)

		h.do(deskA, a, "take", In{})
		h.do(deskB, a, "assign", In{Unit: 2})
		is("in the pool of a unit", handA, a)
		is("in the pool of a unit", handB, a)
		is("another unit's", handC)
		h.do(handA, a, "claim", In{})
		is("somebody has it", handB)

		h.ready.Store(a, true)
		h.do(handA, a, "finish", In{})
		if got := h.mine(deskB, Filter{State: "checking"}); !slices.Equal(got, []int64{a}) {
			t.Errorf("to be checked: %v", got)
		}
		if got := h.mine(deskA, Filter{State: "checking"}); len(got) != 0 {
			t.Errorf("who opened it does not review it: %v", got)
		}
		h.do(deskB, a, "approve", In{})
		is("done", deskB, b, c)
		h.sound()
	})
}

// An extension that somebody has to grant waits for those who may, though the matter is in other hands; a branch waits for
// its unit.
func TestMineHoldsExtensions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		id := h.errand().Matter
		h.do(deskA, id, "take", In{})
		h.do(deskB, id, "assign", In{Staff: handA})
		if got := h.mine(deskB, Filter{}); len(got) != 0 {
			t.Errorf("in other hands: %v", got)
		}
		h.do(handA, id, "extend", In{Clock: "whole#1", Amount: 3, Reason: "等零件"})
		if got := h.mine(deskB, Filter{}); !slices.Equal(got, []int64{id}) {
			t.Errorf("asked: %v", got)
		}
		if got := h.mine(deskB, Filter{Assignee: handA}); !slices.Equal(got, []int64{id}) {
			t.Errorf("of one colleague: %v", got)
		}
		if got := h.mine(deskB, Filter{Assignee: handB}); len(got) != 0 {
			t.Errorf("of another colleague: %v", got)
		}
		h.do(deskB, id, "grant", In{})
		if got := h.mine(deskB, Filter{}); len(got) != 0 {
			t.Errorf("granted: %v", got)
		}
		h.sound()
	})
}

// A sealed matter waits for its parties alone, whatever roles others hold.
func TestMineOfSealedMatters(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		id := h.errand(func(in *OpenIn) { in.Sealed, in.Staff = true, deskA }).Matter
		if got := h.mine(deskA, Filter{}); !slices.Equal(got, []int64{id}) {
			t.Errorf("its holder: %v", got)
		}
		if got := h.mine(deskB, Filter{}); len(got) != 0 {
			t.Errorf("the others of the desk: %v", got)
		}
	})
}

// What an older release left out is filled in, once, a batch at a time.
func TestCatchUp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for i := range 3 {
			h.errand(func(in *OpenIn) { in.Title = fmt.Sprint(i) })
		}
		ctx := context.WithoutCancel(t.Context())
		err := h.DB.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `delete from matter_wait`); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `insert into matter_catchup (name, after_id) values ('wait', 0)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := h.mine(deskA, Filter{}); len(got) != 0 {
			t.Fatalf("before: %v", got)
		}
		for i, want := range []int{3, 0, 0} {
			if n, err := h.CatchUp(ctx, time.Time{}); err != nil || n != want {
				t.Errorf("run %d: %d, %v", i, n, err)
			}
		}
		if got := h.mine(deskA, Filter{}); len(got) != 3 {
			t.Errorf("after: %v", got)
		}
		h.sound()
	})
}

// A list offers what it has, also beyond its first page, in words.
func TestChoices(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		a := h.errand().Matter
		h.errand()
		h.do(deskA, a, "take", In{})
		h.do(deskB, a, "assign", In{Staff: handA})
		list, err := h.Choices(t.Context(), access.Reach{All: true}, 1, []Held{Pool, Kept})
		if err != nil || len(list) != 1 || list[0].Title != "跑腿" || !slices.Equal(list[0].States, []StateChoice{{"doing", "办理"}, {"received", "收件"}}) {
			t.Errorf("the city: %+v, %v", list, err)
		}
		list, err = h.Choices(t.Context(), access.Reach{All: true}, 2, nil)
		if err != nil || len(list) != 1 || !slices.Equal(list[0].States, []StateChoice{{"doing", "办理"}}) {
			t.Errorf("the bureau: %+v, %v", list, err)
		}
		list, err = h.Choices(t.Context(), h.staff[handC].Reach(Read), 0, nil)
		if err != nil || len(list) != 0 {
			t.Errorf("another bureau: %+v, %v", list, err)
		}
		mine, staff, err := h.TaskChoices(t.Context(), h.staff[handA], Turn)
		if err != nil || len(mine) != 1 || !slices.Equal(mine[0].States, []StateChoice{{"doing", "办理"}}) || !slices.Equal(staff, []int64{handA}) {
			t.Errorf("one's own: %+v %v, %v", mine, staff, err)
		}
		mine, staff, err = h.TaskChoices(t.Context(), h.staff[deskA], Acted)
		if err != nil || len(mine) != 1 || len(mine[0].States) != 2 || !slices.Equal(staff, []int64{handA}) {
			t.Errorf("done: %+v %v, %v", mine, staff, err)
		}
		if _, _, err := h.TaskChoices(t.Context(), h.staff[deskA], "nonsense"); !errs.Is(err, errs.Invalid) {
			t.Errorf("no such list: %v", err)
		}
	})
}
