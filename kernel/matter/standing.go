package matter

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"weizheng/kernel/flow"
	"weizheng/kernel/worktime"
	"weizheng/platform/errs"
)

// standing is all that the events of a matter say of it. Every change is a record that is applied here, by the verb that
// makes it and by Replay alike; the rows of a matter are written from it and hold nothing else.
type standing struct {
	Run       flow.Run
	Clocks    []Reckoning
	Deadlines []Deadline
	Acted     map[int64]int64 // staff → civil ms of their last deed
	Parties   []int64         // staff who were let in by hand
}

// record is the payload of one event.
type record struct {
	Events  []flow.Event      `json:"events,omitempty"`
	Clocks  []Reckoning       `json:"clocks,omitempty"` // the clocks that changed, as the calendar of the time had it
	Fell    []Deadline        `json:"fell,omitempty"`   // what fell due
	Values  map[string]any    `json:"values,omitempty"` // of fields, by key
	Parties []int64           `json:"parties,omitempty"`
	Moved   []Move            `json:"moved,omitempty"` // due times that another calendar or rule moved
	Why     string            `json:"why,omitempty"`
	Names   map[string]string `json:"names,omitempty"` // of people and units, as they were called
}

// Reckoning is what the calendar makes of one clock.
type Reckoning struct {
	Clock       string           `json:"clock"` // flow.RunClock.ID
	State       flow.ClockStatus `json:"state"`
	Rule        worktime.Rule    `json:"rule"`
	Day         string           `json:"day,omitempty"`
	Started     int64            `json:"started"`
	Yellow      int64            `json:"yellow"`
	Due         int64            `json:"due"`
	Stopped     int64            `json:"stopped,omitempty"`
	Provisional bool             `json:"provisional,omitempty"`
	Deadlines   []Deadline       `json:"deadlines,omitempty"` // still to come
}

// Deadline is an instant at which something happens to a matter by itself.
type Deadline struct {
	Clock string `json:"clock,omitempty"`
	Kind  string `json:"kind"`
	At    int64  `json:"at"`
}

// The kinds of deadlines. kindDue is followed by the name of the definition's DueDef.
const (
	kindYellow = "yellow"
	kindRed    = "red"
	kindDue    = "due:"
	kindHold   = "hold" // a suspension ends
)

// Move is one due time that moved, and why.
type Move struct {
	Clock string `json:"clock"`
	From  int64  `json:"from"`
	To    int64  `json:"to"`
}

// clone copies what apply changes in place.
func (st *standing) clone() standing {
	return standing{Run: st.Run, Clocks: slices.Clone(st.Clocks), Deadlines: slices.Clone(st.Deadlines),
		Acted: maps.Clone(st.Acted), Parties: slices.Clone(st.Parties)}
}

// apply adds what a record says.
func (st *standing) apply(d *flow.Definition, r *record) error {
	for _, e := range r.Events {
		next, err := flow.Apply(d, st.Run, e)
		if err != nil {
			return errs.Wrap(err, "apply %s", e.Kind)
		}
		st.Run = next
		if e.Kind == flow.EventOpened || e.Kind == flow.EventDid {
			st.acted(e)
		}
	}
	for _, f := range r.Fell {
		st.Deadlines = slices.DeleteFunc(st.Deadlines, func(d Deadline) bool { return d.Clock == f.Clock && d.Kind == f.Kind })
	}
	for _, c := range r.Clocks {
		st.reckoned(c)
	}
	st.hold()
	for _, p := range r.Parties {
		if !slices.Contains(st.Parties, p) {
			st.Parties = append(st.Parties, p)
		}
	}
	slices.Sort(st.Parties)
	return nil
}

func (st *standing) acted(e flow.Event) {
	if st.Acted == nil {
		st.Acted = map[int64]int64{}
	}
	if id := e.By.StaffID(); id != 0 {
		st.Acted[id] = e.At
	}
}

// reckoned puts a clock in the place of its older self, and its deadlines in that of the older ones.
func (st *standing) reckoned(c Reckoning) {
	st.Deadlines = slices.DeleteFunc(st.Deadlines, func(d Deadline) bool { return d.Clock == c.Clock })
	st.Deadlines = append(st.Deadlines, c.Deadlines...)
	c.Deadlines = nil
	for i := range st.Clocks {
		if st.Clocks[i].Clock == c.Clock {
			st.Clocks[i] = c
			return
		}
	}
	st.Clocks = append(st.Clocks, c)
}

// hold keeps the deadline of a suspension that ends by itself.
func (st *standing) hold() {
	st.Deadlines = slices.DeleteFunc(st.Deadlines, func(d Deadline) bool { return d.Kind == kindHold })
	if h := st.Run.Hold; h != nil && h.Until > 0 {
		st.Deadlines = append(st.Deadlines, Deadline{Kind: kindHold, At: h.Until})
	}
	slices.SortFunc(st.Deadlines, compareDeadlines)
}

func compareDeadlines(a, b Deadline) int {
	return cmp.Or(cmp.Compare(a.At, b.At), strings.Compare(a.Clock, b.Clock), strings.Compare(a.Kind, b.Kind))
}

// reckoning returns what the calendar made of a clock.
func (st *standing) reckoning(id string) (Reckoning, bool) {
	for _, c := range st.Clocks {
		if c.Clock == id {
			return c, true
		}
	}
	return Reckoning{}, false
}

// pending reports whether a deadline is still to come.
func (st *standing) pending(clock, kind string) bool {
	return slices.ContainsFunc(st.Deadlines, func(d Deadline) bool { return d.Clock == clock && d.Kind == kind })
}

// light sums the clocks up: when the first that is not stopped turns yellow and red, and the worst that a stopped one
// reached.
func (st *standing) light() (yellow, due int64, worst Light) {
	yellow, due = never, never
	for _, c := range st.Clocks {
		if c.State == flow.ClockStopped {
			worst = max(worst, lightAt(c.Stopped, c.Yellow, c.Due))
			continue
		}
		yellow, due = min(yellow, c.Yellow), min(due, c.Due)
	}
	return yellow, due, worst
}

// turns are the staff for whom something waits, in order, and whether something waits for whoever takes it.
func (st *standing) turns(d *flow.Definition) (staff []int64, pool bool) {
	for _, w := range flow.Waiting(d, st.Run) {
		if w.Who == "" {
			pool = true
		} else if id := w.Who.StaffID(); id != 0 && !slices.Contains(staff, id) {
			staff = append(staff, id)
		}
	}
	slices.Sort(staff)
	return staff, pool
}

// held says in which of the three lists the matter is where it lies.
func (st *standing) held(d *flow.Definition) Held {
	staff, pool := st.turns(d)
	switch {
	case st.Run.Ended != 0:
		return Over
	case st.Run.Holder == "" && (pool || len(staff) == 0):
		return Pool
	}
	return Kept
}

func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}
