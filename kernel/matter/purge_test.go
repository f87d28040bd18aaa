package matter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// leftOf counts the rows that are left of a matter, by table.
func (h *house) leftOf(id int64) string {
	h.t.Helper()
	left := ""
	for _, table := range append([]string{"matter"}, perMatter...) {
		column := "matter_id"
		if table == "matter" {
			column = "id"
		}
		n, err := db.One(h.t.Context(), h.DB, db.Value[int64], `select count(*) from `+table+` where `+column+` = $1`, id)
		if err != nil {
			h.t.Fatal(err)
		}
		if n > 0 {
			left += fmt.Sprint(table, " ", n, " ")
		}
	}
	return left
}

// purge runs the sweep until nothing is left to do.
func (h *house) purge() (n int) {
	h.t.Helper()
	for {
		did, err := h.Purge(h.t.Context(), h.civil.Now())
		if err != nil {
			h.t.Fatal(err)
		}
		if did == 0 {
			return n
		}
		n += did
	}
}

// over is an errand that came to its end.
func (h *house) over(change ...func(*OpenIn)) int64 {
	h.t.Helper()
	id := h.errand(append([]func(*OpenIn){func(in *OpenIn) { in.Contact = Contact{Name: "王", Phone: "13812345678"} }}, change...)...).Matter
	h.ready.Store(id, true)
	h.do(deskA, id, "take", In{})
	h.do(deskB, id, "assign", In{Staff: handA})
	h.do(handA, id, "finish", In{Reason: "电话13812345678"})
	h.do(deskB, id, "approve", In{})
	return id
}

// A matter goes when its keeping is over, with all that hangs on it, and not a day before; an open one never.
func TestPurge(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.years["ticket"] = 3
		open := h.errand().Matter
		over, sealed := h.over(), h.over(func(in *OpenIn) { in.Sealed, in.Parties = true, []int64{handA, deskB} })
		erased := h.over(func(in *OpenIn) { in.Citizen = zhao })
		if err := h.DB.Write(t.Context(), func(tx *db.Tx) error { return h.EraseCitizen(t.Context(), tx, zhao) }); err != nil {
			t.Fatal(err)
		}
		ticket, err := h.Open(h.citizen(wang), OpenIn{Flow: "ticket-basic", Unit: 1, Title: "井盖"})
		if err != nil {
			t.Fatal(err)
		}
		h.do(deskA, ticket.Matter, "cancel", In{Reason: "重复"})
		for _, c := range []struct {
			label string
			at    time.Time
			gone  []int64
		}{
			{"in the first years", monday.AddDate(3, 0, -1), nil},
			{"a kind that is kept for three", monday.AddDate(3, 0, 1), []int64{ticket.Matter}},
			{"the day before", monday.AddDate(10, 0, -1), nil},
			{"ten years after the end", monday.AddDate(10, 0, 1), []int64{over, sealed, erased}},
			{"much later", monday.AddDate(50, 0, 0), nil},
		} {
			h.civil.set(c.at)
			h.purged = nil
			if n := h.purge(); n != len(c.gone) || !slices.Equal(h.purged, c.gone) {
				t.Errorf("%s: %d gone, the hook heard %v, want %v", c.label, n, h.purged, c.gone)
			}
			for _, id := range c.gone {
				if left := h.leftOf(id); left != "" {
					t.Errorf("%s: of matter %d is left %s", c.label, id, left)
				}
			}
		}
		if m := h.get(open); m.ClosedAt != 0 {
			t.Errorf("the open one: %+v", m)
		}
		n, err := db.One(t.Context(), h.DB, db.Value[int64], `select count(*) from audit_entry where verb = 'purge' and object = 'matter'`)
		if err != nil || n != 4 {
			t.Errorf("%d rows in the audit, %v", n, err)
		}
		again := h.errand()
		if slices.Contains([]int64{over, sealed, erased, ticket.Matter}, again.Matter) {
			t.Error("an id was given again")
		}
		if _, err := h.View(h.as(deskA), over); !errs.Is(err, errs.NotFound) {
			t.Errorf("a purged one is %v", err)
		}
		h.sound()
	})
}

// A parent stays as long as one of its sub-matters does, whose readers read on there; a sub-matter goes before it.
func TestPurgeKeepsParents(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		parent := h.errand().Matter
		h.ready.Store(parent, true)
		h.do(deskA, parent, "take", In{})
		h.do(deskB, parent, "assign", In{Staff: handA})
		h.do(handA, parent, "sub", In{})
		child, err := db.One(t.Context(), h.DB, db.Value[int64], `select id from matter where parent_id = $1`, parent)
		if err != nil {
			t.Fatal(err)
		}
		h.do(deskA, child, "refuse", In{Reason: "不必"})
		h.do(handA, parent, "finish", In{})
		h.do(deskB, parent, "approve", In{})
		// The sub-matter ended later than its parent did.
		if _, err := h.DB.Pool().ExecContext(t.Context(), fmt.Sprintf(`update matter set closed_at = closed_at + %d where id = %d`, 1000*3600*24*40, child)); err != nil {
			t.Fatal(err)
		}
		h.civil.set(monday.AddDate(10, 0, 10))
		if n := h.purge(); n != 0 {
			t.Errorf("%d are gone, the sub-matter is kept", n)
		}
		h.civil.set(monday.AddDate(10, 2, 0))
		if n := h.purge(); n != 2 || !slices.Equal(h.purged, []int64{child, parent}) {
			t.Errorf("%d are gone, in the order %v", n, h.purged)
		}
	})
}

// What cannot be read keeps everything, and what fails in the middle has removed nothing.
func TestPurgeIsCareful(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ids := []int64{h.over(), h.over(), h.over()}
		h.civil.set(monday.AddDate(20, 0, 0))
		h.years["errand"] = 0
		if n := h.purge(); n != 0 {
			t.Errorf("%d are gone although nobody can say how long they are kept", n)
		}
		delete(h.years, "errand")
		rows := func() (all string) {
			for _, id := range ids {
				all += h.leftOf(id)
			}
			return all
		}
		before := rows()
		b := &breaker{next: h.Audit, left: 3}
		h.Audit = b
		if _, err := h.Purge(t.Context(), h.civil.Now()); !errors.Is(err, errCrash) {
			t.Errorf("not broken: %v", err)
		}
		if after := rows(); after != before || len(h.purged) > 0 {
			t.Errorf("before %s\nafter %s, heard %v", before, after, h.purged)
		}
		h.Purging = append(h.Purging, func(context.Context, *db.Tx, []int64) error { return nil })
		if n := h.purge(); n != 3 || rows() != "" {
			t.Errorf("%d gone, left %s", n, rows())
		}
	})
}
