package matter

import (
	"slices"
	"testing"
	"time"
)

// What waits for somebody is found by its light at any moment, whether it is theirs by name or by a role, sealed or not.
func TestMineByLight(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		var ids []int64
		for i := range 6 {
			o := h.errand(func(in *OpenIn) { in.Sealed, in.Parties = i == 5, []int64{deskB, handA} })
			h.do(deskA, o.Matter, "take", In{})
			h.do(deskB, o.Matter, "assign", []In{{Staff: handA}, {Unit: 2}}[i%2])
			if i == 5 {
				h.do(deskB, o.Matter, "assign", In{Staff: handA})
			}
			if i == 4 {
				h.do(handA, o.Matter, "suspend", In{Reason: "等", Evidence: []string{"f"}})
			}
			ids = append(ids, o.Matter)
			h.civil.forward(7 * time.Hour)
		}
		seen := map[string]bool{}
		for range 12 {
			h.civil.forward(5 * time.Hour)
			now := h.now()
			for _, light := range []Light{Green, Yellow, Red} {
				want := []int64{}
				for _, id := range ids {
					if m := h.get(id); m.Light(now) == light {
						want = append(want, id)
					}
				}
				p, err := h.Mine(h.as(handA), h.staff[handA], Filter{Light: light.String()}, "", 50)
				if err != nil {
					t.Fatal(err)
				}
				got := []int64{}
				for _, m := range p.Items {
					got = append(got, m.ID)
				}
				slices.Sort(got)
				n, err := h.CountMine(h.as(handA), h.staff[handA], Filter{Light: light.String()})
				if err != nil || !slices.Equal(got, want) || n != len(want) {
					t.Errorf("%s: %v, %d counted, want %v; %v", light, got, n, want, err)
				}
				if len(want) > 0 {
					seen[light.String()] = true
				}
			}
		}
		if len(seen) != 3 {
			t.Errorf("only %v came about", seen)
		}
	})
}
