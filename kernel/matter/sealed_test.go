package matter

import (
	"strings"
	"testing"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// A sealed matter is for its parties: no list, no count, no role, no plain word in any table.
func TestSealed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand(func(in *OpenIn) {
			in.Title, in.Sealed, in.Parties, in.Staff = "举报某局收红包", true, []int64{deskB}, deskA
		})
		h.do(deskA, o.Matter, "note", In{Reason: "红包两万元"})
		reach := access.Reach{All: true}
		if p, err := h.Inbox(t.Context(), reach, Query{Order: ByDue, Limit: 10}); err != nil || len(p.Items) != 0 {
			t.Errorf("inbox: %+v, %v", p, err)
		}
		if n, err := h.Count(t.Context(), reach, Query{}); n != 0 || err != nil {
			t.Errorf("count: %d, %v", n, err)
		}
		mine, err := h.Tasks(t.Context(), Tasks{Staff: deskA, Scope: Turn, Limit: 10})
		if err != nil || len(mine.Items) != 1 || mine.Items[0].Title != "举报某局收红包" {
			t.Errorf("mine: %+v, %v", mine, err)
		}
		everything := h.staff[stranger]
		everything.Grants = []access.Grant{{Permission: "errand.desk", Unit: "/"}, {Permission: access.Seal, Unit: "/"}}
		h.staff[stranger] = everything
		for _, who := range []struct {
			staff int64
			may   bool
		}{{deskA, true}, {deskB, true}, {handA, false}, {stranger, false}} {
			if _, err := h.View(h.as(who.staff), o.Matter); (err == nil) != who.may || err != nil && !errs.Is(err, errs.NotFound) {
				t.Errorf("view by %d: %v", who.staff, err)
			}
			if _, err := h.History(h.as(who.staff), o.Matter); (err == nil) != who.may {
				t.Errorf("history by %d: %v", who.staff, err)
			}
		}
		if _, err := h.Act(h.as(stranger), o.Matter, "take", In{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("act: %v", err)
		}
		h.civil.forward(300 * time.Hour)
		h.settle()
		h.sound()
		h.nowhere("红包")
		views, err := db.One(t.Context(), h.DB, db.Value[int], `select count(*) from audit_entry where verb = 'view' and object = 'matter' and object_id = $1`, o.Matter)
		if err != nil || views != 4 {
			t.Errorf("%d looks were audited, %v", views, err)
		}
	})
}

// nowhere searches all columns that hold what was said.
func (h *house) nowhere(word string) {
	h.t.Helper()
	texts, err := db.All(h.t.Context(), h.DB, db.Value[string], `select title || run from matter union all
		select payload || hidden from matter_event union all select detail from audit_entry`)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, text := range texts {
		if strings.Contains(text, word) {
			h.t.Errorf("%q stands readable in %.200s", word, text)
		}
	}
}

// Numbers of people are taken out of what is said, and erasing the citizen makes them and the contact unreadable while
// the matter stays.
func TestErase(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand(func(in *OpenIn) {
			in.Title, in.Contact = "路灯坏了请打13812345678", Contact{Name: "王小二", Phone: "13812345678"}
		})
		h.do(deskA, o.Matter, "note", In{Reason: "已电话联系 13812345678"})
		h.nowhere("13812345678")
		m := h.get(o.Matter)
		if c, err := h.Contact(t.Context(), m); err != nil || c.Name != "王小二" {
			t.Errorf("contact: %+v, %v", c, err)
		}
		held, err := h.OfCitizen(t.Context(), wang, 0, 10)
		if err != nil || len(held) != 1 {
			t.Fatalf("held: %+v, %v", held, err)
		}
		for range 2 {
			if err := h.DB.Write(t.Context(), func(tx *db.Tx) error { return h.EraseCitizen(t.Context(), tx, wang) }); err != nil {
				t.Fatal(err)
			}
		}
		if c, err := h.Contact(t.Context(), m); err != nil || c != (Contact{}) {
			t.Errorf("after erasing: %+v, %v", c, err)
		}
		if list, err := h.History(h.as(deskA), o.Matter); err != nil || len(list) != 2 {
			t.Errorf("the matter itself must stay: %+v, %v", list, err)
		}
		h.sound()
	})
}
