package matter

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"weizheng/platform/db"
)

// One deadline that cannot happen stands in nobody's way: the others of its batch happen, and it is tried again later, dated
// when it was due.
func TestOneFailingDeadlineHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		broken := int64(0)
		h.Told = append(h.Told, func(_ context.Context, _ *db.Tx, told []Told) error {
			if slices.ContainsFunc(told, func(x Told) bool { return x.Matter == broken && x.Kind == "near" }) {
				return errors.New("nobody can be told")
			}
			return nil
		})
		var ids []int64
		for range fallBatch + 10 {
			o := h.errand()
			h.do(deskA, o.Matter, "take", In{})
			h.do(deskB, o.Matter, "assign", In{Staff: handA})
			ids = append(ids, o.Matter)
		}
		broken = ids[3]
		happened := func(id int64) int64 {
			n, err := db.One(t.Context(), h.DB, db.Value[int64], `select coalesce(max(civil_at), 0) from matter_event where matter_id = $1 and payload like '%"fell":[{"clock":"whole#1","kind":"due:near"%'`, id)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		_, st, _ := h.look(ids[0])
		i := slices.IndexFunc(st.Deadlines, func(d Deadline) bool { return d.Kind == "due:near" })
		due := st.Deadlines[i].At
		h.civil.set(time.UnixMilli(due).Add(time.Minute))
		h.settle()
		for _, id := range ids {
			want := due
			if id == broken {
				want = 0
			}
			if at := happened(id); at != want {
				t.Errorf("matter %d: at %d, want %d", id, at, want)
			}
		}
		failed := broken
		broken = 0
		h.settle()
		if at := happened(failed); at != 0 {
			t.Errorf("tried again at once: %d", at)
		}
		h.civil.forward(sweepAgain)
		h.settle()
		if at := happened(failed); at != due {
			t.Errorf("tried again later: at %d, want %d", at, due)
		}
		h.sound()
	})
}
