package matter

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"weizheng/kernel/flow"
	"weizheng/platform/db"
)

// addressed are those whom the hooks heard named with one kind of notice, in order; what nobody is named by fails.
func (h *house) addressed(matter int64, kind string) []string {
	h.t.Helper()
	out := []string{}
	for _, t := range *h.told {
		if !t.To.Who.Valid() {
			h.t.Errorf("nobody is named: %+v", t)
		}
		if t.Matter == matter && t.Kind == kind {
			out = append(out, string(t.To.Who))
		}
	}
	slices.Sort(out)
	return out
}

// kept are the staff who find a notice among theirs.
func (h *house) keptFor(matter int64, kind string) []string {
	h.t.Helper()
	ids, err := db.All(h.t.Context(), h.DB, db.Value[int64], `select staff_id from matter_notice where matter_id = $1 and kind = $2 order by staff_id`, matter, kind)
	if err != nil {
		h.t.Fatal(err)
	}
	out := []string{}
	for _, id := range ids {
		out = append(out, string(flow.Staff(id)))
	}
	return out
}

func names(staff ...int64) []string {
	out := []string{}
	for _, id := range staff {
		out = append(out, string(flow.Staff(id)))
	}
	return out
}

// Whom a definition names is told by name, once: a person, whoever holds a role, leads or works in the unit where the
// matter lies, and the party outside.
func TestWhoIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand()
		h.ready.Store(o.Matter, true)
		h.do(deskA, o.Matter, "take", In{})
		if got := h.addressed(o.Matter, "todo"); len(got) != 0 {
			t.Errorf("nobody in the city's own unit is a hand, yet told are %v", got)
		}
		h.do(deskB, o.Matter, "assign", In{Unit: 2})
		h.do(handA, o.Matter, "finish", In{})
		h.do(deskB, o.Matter, "approve", In{})
		citizen := string(flow.Citizen(wang))
		// deskA opened it; deskB decided and is the only desk left, and leads the city besides: who did it need not be told
		// as a holder of anything. In bureau 2 lie unit and lead.
		want := append([]string{citizen}, names(deskA, handA, handB, leader)...)
		if got := h.addressed(o.Matter, "result"); !slices.Equal(got, want) {
			t.Errorf("told are %v, want %v", got, want)
		}
		if got := h.keptFor(o.Matter, "result"); !slices.Equal(got, want[1:]) {
			t.Errorf("kept for %v, want %v", got, want[1:])
		}
	})
}

// Where nobody in the unit itself holds a role, those nearest above are told; where many do, a bounded number.
func TestTheNearestAreTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		m, st, d := h.look(h.errand(func(in *OpenIn) { in.Unit = 4 }).Matter)
		to := func(change func(*addressees)) *addressees {
			a := &addressees{m: &m, d: d, st: &st}
			if change != nil {
				change(a)
			}
			return a
		}
		for _, c := range []struct {
			label string
			to    *addressees
			w     flow.Waiter
			want  []string
		}{
			{"a street without a leader", to(nil), flow.Waiter{Lead: true, Unit: 4}, names(leader)},
			{"a bureau's own leader", to(nil), flow.Waiter{Lead: true, Unit: 2}, names(leader)},
			{"a role held in the city alone", to(nil), flow.Waiter{Role: "desk", Unit: 4}, names(deskA, deskB)},
			{"a role held in the bureau", to(nil), flow.Waiter{Role: "hand", Unit: 4}, names(handA, handB)},
			{"its holder did it", to(func(a *addressees) { a.doer = flow.Staff(handA) }), flow.Waiter{Role: "hand", Unit: 2}, names(handB)},
			{"all holders there did it: those above", to(func(a *addressees) { a.doer = flow.Staff(leader) }), flow.Waiter{Lead: true, Unit: 2}, names(deskB)},
			{"the staff of a unit", to(nil), flow.Waiter{Unit: 3}, names(handC)},
			{"a unit whose people only read", to(nil), flow.Waiter{Unit: 4}, nil},
			{"a role that the definition does not know", to(nil), flow.Waiter{Role: "king", Unit: 2}, nil},
			{"a person", to(nil), flow.Waiter{Who: flow.Staff(stranger)}, names(stranger)},
		} {
			list, err := h.Service.addressed(t.Context(), c.to, c.w)
			var got []string
			for _, w := range list {
				got = append(got, string(w.Who))
			}
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v; %v", c.label, got, c.want, err)
			}
		}
		for i := range int64(3 * tellLimit) {
			h.staff.add(1000+i, "/1/3/", "matter.read", Lead)
		}
		h.wall.forward(time.Second)
		list, err := h.Service.addressed(t.Context(), to(nil), flow.Waiter{Lead: true, Unit: 3})
		if err != nil || len(list) != tellLimit {
			t.Errorf("%d told, %v", len(list), err)
		}
	})
}

// Where something is decided, those who made it are not told to decide, and somebody else is.
func TestAuthorsAreNotAskedToDecide(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o, err := h.Open(h.as(deskA), OpenIn{Flow: "errand", Unit: 1, Title: "自己的"})
		if err != nil {
			t.Fatal(err)
		}
		h.ready.Store(o.Matter, true)
		h.do(deskB, o.Matter, "take", In{})
		h.do(deskB, o.Matter, "assign", In{Staff: handA})
		h.do(handA, o.Matter, "finish", In{})
		m, st, d := h.look(o.Matter)
		list, err := h.Service.addressed(t.Context(), &addressees{m: &m, d: d, st: &st}, flow.Waiter{Role: "desk", Unit: 1})
		if err != nil || len(list) != 1 || list[0].Who != flow.Staff(deskB) {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// A sealed matter is told to nobody but its parties, whatever they hold.
func TestSealedIsToldToPartiesAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand(func(in *OpenIn) { in.Sealed, in.Parties = true, []int64{handA, deskB} })
		h.ready.Store(o.Matter, true)
		h.do(deskA, o.Matter, "take", In{})
		h.do(deskB, o.Matter, "assign", In{Unit: 2})
		h.civil.forward(49 * time.Hour)
		h.settle()
		if got := h.addressed(o.Matter, "red"); !slices.Equal(got, names(handA)) {
			t.Errorf("of the light are told %v", got)
		}
		h.do(handA, o.Matter, "finish", In{})
		h.do(deskB, o.Matter, "approve", In{})
		want := append([]string{string(flow.Citizen(wang))}, names(deskA, handA)...)
		if got := h.addressed(o.Matter, "result"); !slices.Equal(got, want) {
			t.Errorf("told are %v, want %v", got, want)
		}
	})
}

// The light of a matter that nobody has taken is shown to those who may take it.
func TestLightsInThePool(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand()
		h.do(deskA, o.Matter, "take", In{})
		h.do(deskB, o.Matter, "assign", In{Unit: 2})
		h.civil.forward(49 * time.Hour)
		h.settle()
		for _, kind := range []string{"yellow", "red"} {
			if got := h.addressed(o.Matter, kind); !slices.Equal(got, names(handA, handB)) {
				t.Errorf("%s: told are %v", kind, got)
			}
			if got := h.keptFor(o.Matter, kind); !slices.Equal(got, names(handA, handB)) {
				t.Errorf("%s: kept for %v", kind, got)
			}
		}
	})
}

// What a failing hook breaks is told once when it is done again: rows and hooks alike.
func TestToldOnceHoweverOftenTried(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		fail := 0
		h.Told = append(h.Told, func(context.Context, *db.Tx, []Told) error {
			if fail--; fail >= 0 {
				return errCrash
			}
			return nil
		})
		o := h.errand()
		h.ready.Store(o.Matter, true)
		h.do(deskA, o.Matter, "take", In{})
		h.do(deskB, o.Matter, "assign", In{Unit: 2})
		h.do(handA, o.Matter, "finish", In{})
		fail = 3
		for range 3 {
			if _, err := h.Act(h.as(deskB), o.Matter, "approve", In{Key: "k"}); err == nil {
				t.Fatal("not broken")
			}
			if got := h.keptFor(o.Matter, "result"); len(got) > 0 {
				t.Errorf("kept although nothing happened: %v", got)
			}
		}
		for range 3 {
			h.do(deskB, o.Matter, "approve", In{Key: "k"})
		}
		if got := h.addressed(o.Matter, "result"); fmt.Sprint(got) != fmt.Sprint(slices.Compact(slices.Clone(got))) || len(got) != 5 {
			t.Errorf("told are %v", got)
		}
		if got := h.keptFor(o.Matter, "result"); len(got) != 4 {
			t.Errorf("kept for %v", got)
		}
	})
}
