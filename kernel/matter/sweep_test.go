package matter

import (
	"slices"
	"testing"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/clock"
)

// kinds are what the hooks heard of a matter, in order.
func (h *house) heard(matter int64) []string {
	var kinds []string
	for _, t := range *h.told {
		if t.Matter == matter {
			kinds = append(kinds, t.Kind)
		}
	}
	return kinds
}

func (h *house) light(matter int64) Light {
	m := h.get(matter)
	return m.Light(h.now())
}

// listed are the matters of an inbox with a light.
func (h *house) listed(light string) []int64 {
	h.t.Helper()
	p, err := h.Inbox(h.t.Context(), access.Reach{All: true}, Query{Filter: Filter{Light: light}, Order: ByDue, Limit: 100})
	if err != nil {
		h.t.Fatal(err)
	}
	var ids []int64
	for _, m := range p.Items {
		ids = append(ids, m.ID)
	}
	return ids
}

// A promise of 48 hours turns yellow when a fifth is left and red when it is over, each once; a pause of the legal clock
// does not stop the promised one.
func TestLights(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand()
		h.do(deskA, o.Matter, "take", In{})
		h.do(deskB, o.Matter, "assign", In{Staff: handA})
		*h.told = nil
		for _, c := range []struct {
			after time.Duration
			light Light
			heard []string
		}{
			{38 * time.Hour, Green, nil},
			{39 * time.Hour, Yellow, []string{"yellow"}},
			{47 * time.Hour, Yellow, []string{"yellow"}},
			{48 * time.Hour, Red, []string{"yellow", "red"}},
			{60 * time.Hour, Red, []string{"yellow", "red"}},
		} {
			h.civil.set(monday.Add(c.after))
			h.settle()
			if got := h.light(o.Matter); got != c.light || !slices.Equal(h.heard(o.Matter), c.heard) {
				t.Errorf("after %v: %v, heard %v", c.after, got, h.heard(o.Matter))
			}
			if !slices.Equal(h.listed(c.light.String()), []int64{o.Matter}) {
				t.Errorf("after %v the list of %v has %v", c.after, c.light, h.listed(c.light.String()))
			}
		}
		notices, err := h.Notices(t.Context(), handA, 0, 10)
		if err != nil || len(notices) != 2 || notices[0].Kind != "red" {
			t.Errorf("notices: %+v, %v", notices, err)
		}
		h.sound()
	})
}

// The house was off for weeks: everything happens in its order, dated when it was due, and the fiction of the law
// stops its clock before that turns red.
func TestLate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand()
		h.civil.set(monday.AddDate(0, 0, 60))
		h.settle()
		m := h.get(o.Matter)
		if m.State != "doing" || m.ClosedAt != 0 {
			t.Fatalf("not deemed accepted: %+v", m)
		}
		var at, red int64
		list, err := h.History(h.as(deskA), o.Matter)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			for _, line := range e.Lines {
				if line.Kind == "fiction" {
					at = e.At
				}
				if line.Kind == "red" && red == 0 {
					red = e.At
				}
			}
		}
		// Five working days from Monday, 2 March: the end of the 9th.
		if want := time.Date(2026, 3, 10, 0, 0, 0, 0, clock.Zone).UnixMilli(); at != want {
			t.Errorf("deemed at %v, want %v", instant(at), instant(want))
		}
		if red <= at {
			t.Errorf("the first red light at %v, before %v", instant(red), instant(at))
		}
		if n, err := h.Sweep(t.Context(), h.civil.Now()); n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
		h.sound()
	})
}

// A suspension stops the legal clock, with reason and evidence, and ends by itself on its day.
func TestSuspension(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand()
		h.do(deskA, o.Matter, "take", In{})
		h.do(deskB, o.Matter, "assign", In{Staff: handA})
		until := monday.AddDate(0, 0, 7)
		h.do(handA, o.Matter, "suspend", In{Reason: "等检测", Evidence: []string{"file:9"}, Until: until.UnixMilli()})
		_, st, _ := h.look(o.Matter)
		if c, _ := st.reckoning("whole#1"); c.Due != never || c.State != "paused" {
			t.Errorf("paused: %+v", c)
		}
		h.civil.set(until.Add(time.Hour))
		h.settle()
		_, st, _ = h.look(o.Matter)
		after, _ := st.reckoning("whole#1")
		// Five working days of it did not count, and Qingming lies between: the 30th of March becomes the 7th of April.
		if st.Run.Hold != nil || after.State != "running" || after.Day != "2026-04-07" {
			t.Errorf("resumed: %+v, %+v", st.Run.Hold, after)
		}
		h.sound()
	})
}
