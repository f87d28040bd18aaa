package matter

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"weizheng/platform/errs"
)

// damages are what somebody might do to a matter by hand, and what replay says of it.
var damages = []struct {
	label string
	how   string // SQL; %d is the matter
	what  []string
}{
	{"another state", `update matter set state = 'done' where id = %d`, []string{"state"}},
	{"another unit", `update matter set unit_id = 3 where id = %d`, []string{"unit"}},
	{"another hand", `update matter set assignee_id = 31 where id = %d`, []string{"assignee"}},
	{"closed", `update matter set closed_at = 5, outcome = 'granted', held = 2 where id = %d`, []string{"held", "closed_at", "outcome"}},
	{"more time", `update matter set due_at = due_at + 1, yellow_at = yellow_at + 1 where id = %d`, []string{"yellow_at", "due_at"}},
	{"a better light", `update matter set worst = 2 where id = %d`, []string{"worst"}},
	{"another version", `update matter set version = version + 1 where id = %d`, []string{"version"}},
	{"another run", `update matter set run = replace(run, '"unit":2', '"unit":3') where id = %d`, []string{"run"}},
	{"a run that cannot be read", `update matter set run = '{"unit":' where id = %d`, []string{"rows"}},
	{"a clock that runs longer", `update matter_clock set due_at = due_at + 1000 where matter_id = %d`, []string{"clocks"}},
	{"a clock that cannot be read", `update matter_clock set rule = 'five days' where matter_id = %d`, []string{"rows"}},
	{"a clock that is gone", `delete from matter_clock where matter_id = %d and clock = 'promise#1'`, []string{"clocks"}},
	{"a deadline that is gone", `delete from matter_deadline where matter_id = %d and kind = 'red'`, []string{"deadlines"}},
	{"a deadline that comes later", `update matter_deadline set at = at + 1000 where matter_id = %d`, []string{"deadlines"}},
	{"somebody let in", `insert into matter_party (matter_id, staff_id, turn, watches, invited, acted_at, opened_at, yellow_at, due_at)
		select id, 41, sealed, sealed, not sealed, 0, opened_at, yellow_at, due_at from matter where id = %d`, []string{"parties"}},
	{"whose turn it is, gone", `delete from matter_party where matter_id = %d and turn`, []string{"parties"}},
	{"asked for nothing", `insert into matter_asked (matter_id, staff_id) values (%d, 41)`, []string{"asked"}},
	{"waits for nobody it waits for", `insert into matter_wait (matter_id, unit_id, permission, review, yellow_at, due_at)
		select id, 3, 'x', sealed, 0, 0 from matter where id = %d`, []string{"waits"}},
	{"gone from a list", `delete from matter_unit where matter_id = %d and unit_id = 1`, []string{"units"}},
	{"an event that is gone", `delete from matter_event where id = (select max(id) from matter_event where matter_id = %d)`,
		[]string{"run", "version", "unit", "assignee", "parties", "units", "held", "waits"}},
	{"the first event gone", `delete from matter_event where id = (select min(id) from matter_event where matter_id = %d)`, []string{"events"}},
	{"an event that cannot be read", `update matter_event set payload = 'x' where id = (select max(id) from matter_event where matter_id = %d)`, []string{"events"}},
	{"an event of tomorrow's version", `update matter_event set payload = replace(payload, '"kind":"assigned"', '"kind":"teleported"')
		where id = (select max(id) from matter_event where matter_id = %d)`, []string{"events"}},
}

// Whatever somebody changed by hand in the database, replay names it, of the matter that it was done to and of no other.
func TestReplayNamesTheDamage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		made := func() int64 {
			o := h.errand()
			h.do(deskA, o.Matter, "take", In{})
			h.do(deskB, o.Matter, "assign", In{Staff: handA})
			return o.Matter
		}
		hurt := map[int64]int{}
		for i := range damages {
			made() // stays as it is
			hurt[made()] = i
		}
		h.sound()
		for id, i := range hurt {
			if _, err := h.DB.Pool().ExecContext(t.Context(), fmt.Sprintf(damages[i].how, id)); err != nil {
				t.Fatal(damages[i].label, err)
			}
		}
		found := map[int64][]string{}
		n, err := h.ReplayAll(t.Context(), 0, func(d Difference) {
			if d.Number == "" || d.Kept == d.Made {
				t.Errorf("%+v", d)
			}
			found[d.Matter] = append(found[d.Matter], d.What)
		})
		if err != nil || n != 2*len(damages) || len(found) != len(damages) {
			t.Errorf("%d matters, %d of them hurt: %v", n, len(found), err)
		}
		for id, i := range hurt {
			want := slices.Sorted(slices.Values(damages[i].what))
			if slices.Sort(found[id]); !slices.Equal(found[id], want) {
				t.Errorf("%s: %v, want %v", damages[i].label, found[id], want)
			}
			again, err := h.Replay(t.Context(), id)
			if err != nil || len(again) != len(want) {
				t.Errorf("%s, by itself: %+v, %v", damages[i].label, again, err)
			}
		}
	})
}

// The seal of a matter whose key or text was changed is named as broken, and nothing of it is shown.
func TestReplayOfABrokenSeal(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for _, how := range []string{`update matter set seal = null where id = %d`, `update matter set run = title where id = %d`,
			`update matter_event set payload = (select title from matter where id = matter_event.matter_id) where matter_id = %d`} {
			id := h.errand(func(in *OpenIn) { in.Sealed, in.Title = true, "秘密的事" }).Matter
			if _, err := h.DB.Pool().ExecContext(t.Context(), fmt.Sprintf(how, id)); err != nil {
				t.Fatal(err)
			}
			found, err := h.Replay(t.Context(), id)
			if err != nil || len(found) != 1 || !slices.Contains([]string{"key", "rows", "events"}, found[0].What) {
				t.Errorf("%s: %+v, %v", how, found, err)
			}
		}
		watched := h.errand(func(in *OpenIn) { in.Sealed, in.Title = true, "秘密的事" }).Matter
		if _, err := h.DB.Pool().ExecContext(t.Context(), fmt.Sprintf(`delete from matter_event where matter_id = %d`, watched)); err != nil {
			t.Fatal(err)
		}
		found, err := h.Replay(t.Context(), watched)
		if err != nil || len(found) == 0 {
			t.Errorf("%+v, %v", found, err)
		}
		for _, d := range found {
			if !strings.HasPrefix(d.Kept, "sealed ") || !strings.HasPrefix(d.Made, "sealed ") {
				t.Errorf("shown of what is sealed: %+v", d)
			}
		}
		if _, err := h.Replay(t.Context(), 99); !errs.Is(err, errs.NotFound) {
			t.Errorf("of no matter: %v", err)
		}
	})
}
