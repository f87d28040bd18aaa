package flow_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"weizheng/kernel/flow"
	"weizheng/platform/errs"
)

// TestAnyOrderOfActionsKeepsTheInvariants plays random people against random definitions. The first games are the same
// each time and are looked at for whether they try everything; the others are new. FLOW_SEED replays one game, FLOW_GAMES
// plays more new ones.
func TestAnyOrderOfActionsKeepsTheInvariants(t *testing.T) {
	t.Parallel()
	const same = 100
	games, first := 20, uint64(rand.Int64N(1<<40))
	if n, err := strconv.Atoi(os.Getenv("FLOW_GAMES")); err == nil {
		games = n
	}
	if n, err := strconv.ParseUint(os.Getenv("FLOW_SEED"), 10, 64); err == nil {
		games, first = 1, n
	}
	done := map[flow.EventKind]int{}
	verbs := map[flow.Verb]int{}
	play := func(seed uint64) {
		g := &game{t: t, generator: generator{rand.New(rand.NewPCG(seed, 1))}, done: done, verbs: verbs}
		g.play()
		if t.Failed() {
			t.Fatalf("replay with FLOW_SEED=%d", seed)
		}
	}
	if games == 1 {
		play(first)
		return
	}
	for seed := range uint64(same) {
		play(seed)
	}
	for _, v := range flow.Verbs() {
		if verbs[v] == 0 {
			t.Errorf("no game had a %s: the generator is too tame", v)
		}
	}
	for _, k := range []flow.EventKind{flow.EventFiction, flow.EventFellDue, flow.EventClockExtended, flow.EventSigningClosed, flow.EventReopened} {
		if done[k] == 0 {
			t.Errorf("no game had a %s: the generator is too tame", k)
		}
	}
	t.Logf("%d new games from seed %d; the first tried %v", games, first, verbs)
	for i := range uint64(games) {
		play(first + i)
	}
}

type game struct {
	generator
	t      *testing.T
	d      *flow.Definition
	people []flow.Person
	run    flow.Run
	events []flow.Event
	at     int64
	done   map[flow.EventKind]int
	verbs  map[flow.Verb]int
}

func (g *game) play() {
	g.d = g.definition()
	if problems := flow.Validate(g.d, flow.Known{}); !flow.Sound(problems) {
		text, _ := flow.Format(g.d)
		g.t.Fatalf("a random definition is not sound: %+v\n%s", problems, text)
	}
	g.people = g.crowd()
	g.at = 1_700_000_000_000
	by := g.people[g.IntN(len(g.people))]
	events, err := flow.Start(g.d, flow.Opening{At: g.at, By: by, Outside: flow.Citizen(1), Unit: 1})
	if err != nil {
		g.t.Fatal(err)
	}
	g.take(events)
	facts := flow.Facts{People: map[flow.Who]flow.Person{}, Units: []int64{1, 2, 3}}
	for _, p := range g.people {
		facts.People[p.Who] = p
	}
	for range 150 {
		g.at += g.Int64N(3_600_000)
		if g.likely(10) {
			g.fall()
			continue
		}
		facts.Delegated = g.likely(70)
		m := g.move(g.d, g.run, g.people, g.at)
		looked := g.likely(20)
		var before string
		if looked {
			before = asJSON(g.run)
		}
		events, err := flow.Decide(g.d, g.run, m, facts)
		if looked && asJSON(g.run) != before {
			g.t.Fatalf("Decide changed the run that it was given: %s", m.Action)
		}
		if err != nil {
			if errs.KindOf(err) == errs.Internal {
				g.t.Fatalf("%+v: %v", m, err)
			}
			continue
		}
		g.fair(m)
		g.take(events)
		if g.t.Failed() {
			return
		}
	}
	g.replay()
}

// fall lets a deadline come, a suspension end or a sub-matter close.
func (g *game) fall() {
	var events []flow.Event
	var err error
	switch {
	case len(g.run.Clocks) > 0 && g.likely(50):
		k := g.run.Clocks[g.IntN(len(g.run.Clocks))]
		def, _ := g.d.Clock(k.Name)
		if len(def.Due) == 0 {
			return
		}
		events, err = flow.Fall(g.d, g.run, k.ID(), def.Due[0].Name, g.at)
	case g.likely(50):
		events, err = flow.Wake(g.d, g.run, g.at)
	default:
		events, err = flow.ChildEnded(g.d, g.run, "1", flow.Completed, g.at)
	}
	if err != nil {
		g.t.Fatal(err)
	}
	g.take(events)
}

// fair: what was let through was on offer, and was nobody's own work.
func (g *game) fair(m flow.Move) {
	options := flow.Options(g.d, g.run, m.By)
	if m.For != nil {
		options = flow.OptionsFor(g.d, g.run, m.By, *m.For)
	}
	if !slices.ContainsFunc(options, func(o flow.Option) bool { return o.Action == m.Action && o.Branch == m.Branch }) {
		g.t.Errorf("%s by %s was let through and is no option: %+v", m.Action, m.By.Who, m)
	}
	state, _ := g.d.State(g.run.State)
	a, _ := g.d.Action(m.Action)
	deciding := a.Does == "" || a.Does == flow.Go || a.Does == flow.Agree || a.Does == flow.Refuses || a.Does == flow.Return
	if !state.Review || !deciding {
		return
	}
	persons := []flow.Who{m.By.Who}
	if m.For != nil {
		persons = append(persons, m.For.Who)
	}
	for _, who := range persons {
		if slices.Contains(g.authors(), who) {
			g.t.Errorf("%s decides on their own work: %+v", who, m)
		}
		for _, e := range g.decisions() {
			if g.d.Separate && e.State != g.run.State && (e.By == who || e.For == who) {
				g.t.Errorf("%s decides twice, in %s and %s", who, e.State, g.run.State)
			}
		}
	}
}

// authors are found from the events alone, in another way than the engine does.
func (g *game) authors() []flow.Who {
	var list []flow.Who
	state := ""
	for _, e := range g.events {
		review := func(name string) bool { s, _ := g.d.State(name); return s.Review }
		wrote := e.Kind == flow.EventOpened || e.Kind == flow.EventDid && len(e.Filled) > 0 && !review(state) ||
			e.Kind == flow.EventEntered && review(e.State) && !review(e.From) && !e.Back && e.By != flow.System
		if wrote {
			list = append(list, e.By)
			if e.For != "" {
				list = append(list, e.For)
			}
		}
		if e.Kind == flow.EventOpened || e.Kind == flow.EventEntered {
			state = e.State
		}
	}
	return list
}

// decisions are the events that decided in a review state, each with that state.
func (g *game) decisions() []flow.Event {
	var list []flow.Event
	state := ""
	for _, e := range g.events {
		s, _ := g.d.State(state)
		switch {
		case e.Kind == flow.EventOpened || e.Kind == flow.EventEntered:
			state = e.State
		case e.Kind == flow.EventDid && s.Review && (e.Does == flow.Go || e.Does == flow.Agree || e.Does == flow.Refuses || e.Does == flow.Return):
			e.State = state
			list = append(list, e)
		}
	}
	return list
}

func (g *game) take(events []flow.Event) {
	for _, e := range events {
		next, err := flow.Apply(g.d, g.run, e)
		if err != nil {
			g.t.Fatalf("%+v: %v", e, err)
		}
		g.clocks(g.run, next, e)
		g.house(e)
		g.run, g.events = next, append(g.events, e)
		g.done[e.Kind]++
		if e.Kind == flow.EventDid {
			g.verbs[e.Does]++
		}
	}
	g.rest()
}

// house: in nobody's hands nothing is decided.
func (g *game) house(e flow.Event) {
	if e.By != flow.System {
		return
	}
	if e.Kind == flow.EventDid || e.Kind == flow.EventSigned {
		g.t.Errorf("the house did something: %+v", e)
	}
	if s, _ := g.d.State(e.State); e.Kind == flow.EventEntered && (s.Outcome == flow.Completed || s.Outcome == flow.Rejected || s.Outcome == flow.Granted) {
		g.t.Errorf("the house decided: %+v", e)
	}
}

// clocks: no clock runs backwards, starts again without a new round, or comes back to life.
func (g *game) clocks(before, after flow.Run, e flow.Event) {
	for i, k := range after.Clocks {
		if k.Started > e.At || k.Stopped > e.At {
			g.t.Errorf("clock %s lies in the future", k.ID())
		}
		if i >= len(before.Clocks) {
			if old, ok := before.Clock(k.Name, k.Branch); ok && (old.Status != flow.ClockStopped || k.Round != old.Round+1) {
				g.t.Errorf("clock %s was started over %+v", k.ID(), old)
			}
			continue
		}
		old := before.Clocks[i]
		if old.ID() != k.ID() || old.Started != k.Started || old.Stopped != 0 && !cmp.Equal(old, k) {
			g.t.Errorf("clock %s changed its past: %+v to %+v", k.ID(), old, k)
		}
		if run(k, e.At) < run(old, before.At) {
			g.t.Errorf("clock %s ran backwards", k.ID())
		}
	}
	if len(after.Clocks) < len(before.Clocks) {
		g.t.Error("a clock vanished")
	}
}

// run is how long a clock has run, in ms.
func run(k flow.RunClock, at int64) int64 {
	if k.Stopped != 0 {
		at = k.Stopped
	}
	stood := make([]flow.Pause, 0, len(k.Pauses))
	for _, p := range k.Pauses {
		if p.To == 0 {
			p.To = at
		}
		stood = append(stood, p)
	}
	slices.SortFunc(stood, func(a, b flow.Pause) int { return int(a.From - b.From) })
	total, until := at-k.Started, k.Started
	for _, p := range stood {
		from := max(p.From, until)
		if p.To > from {
			total -= p.To - from
			until = p.To
		}
	}
	return total
}

// rest: between moves, a matter that is over has every clock stopped and waits for nobody; one that is not waits for
// somebody.
func (g *game) rest() {
	state, _ := g.d.State(g.run.State)
	if state.End != (g.run.Ended != 0) {
		g.t.Errorf("in %s, ended at %d", g.run.State, g.run.Ended)
	}
	waiting := flow.Waiting(g.d, g.run)
	if (len(waiting) == 0) != state.End {
		g.t.Errorf("in %s, waiting for %v", g.run.State, waiting)
	}
	for _, k := range g.run.Clocks {
		if state.End && k.Status != flow.ClockStopped {
			g.t.Errorf("clock %s runs on at the end", k.ID())
		}
	}
	if g.run.Hold == nil && !state.End {
		for _, k := range g.run.Clocks {
			stuck := slices.ContainsFunc(k.Pauses, func(p flow.Pause) bool { return p.Name == "hold" && p.To == 0 })
			if stuck {
				g.t.Errorf("clock %s stands still though nothing is suspended", k.ID())
			}
		}
	}
}

// replay: the events, through JSON, give the same run.
func (g *game) replay() {
	raw, err := json.Marshal(g.events)
	if err != nil {
		g.t.Fatal(err)
	}
	var events []flow.Event
	if err := json.Unmarshal(raw, &events); err != nil {
		g.t.Fatal(err)
	}
	again, err := flow.Replay(g.d, events)
	if err != nil {
		g.t.Fatal(err)
	}
	want := asJSON(g.run)
	if got := asJSON(again); got != want {
		g.t.Errorf("replay gives another run:\n%s", cmp.Diff(want, got))
	}
	var back flow.Run
	if err := json.Unmarshal([]byte(want), &back); err != nil {
		g.t.Fatal(err)
	}
	if asJSON(back) != want {
		g.t.Error("a run changes by being kept")
	}
}

func asJSON(r flow.Run) string {
	raw, err := json.Marshal(r)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// TestApplyIsTotal feeds events that fit nothing: each is refused or taken, none breaks anything, and the run that it was
// given stays as it was.
func TestApplyIsTotal(t *testing.T) {
	t.Parallel()
	kinds := []flow.EventKind{
		"", "unknown", flow.EventOpened, flow.EventDid, flow.EventEntered, flow.EventAssigned, flow.EventDelegated, flow.EventHandedBack,
		flow.EventBranchOpened, flow.EventBranchEnded, flow.EventSigningOpened, flow.EventSigned, flow.EventSignerAdded,
		flow.EventSignerRemoved, flow.EventSigningClosed, flow.EventReturned, flow.EventMended, flow.EventHeld, flow.EventResumed,
		flow.EventAsked, flow.EventSupplied, flow.EventExtensionAsked, flow.EventExtensionDenied, flow.EventExtensionGranted,
		flow.EventClockStarted, flow.EventClockPaused, flow.EventClockResumed, flow.EventClockStopped, flow.EventClockExtended,
		flow.EventFellDue, flow.EventFiction, flow.EventWatched, flow.EventUnwatched, flow.EventUrged, flow.EventChildOpened,
		flow.EventChildEnded, flow.EventEnded, flow.EventReopened,
	}
	seed := uint64(rand.Int64N(1 << 40))
	t.Logf("seed %d", seed)
	g := generator{rand.New(rand.NewPCG(seed, 2))}
	for range 60 {
		d := g.definition()
		var r flow.Run
		if g.likely(20) {
			r.Version = 1 // a run that no event made
		}
		for range 60 {
			e := flow.Event{
				Kind: kinds[g.IntN(len(kinds))], At: r.At + g.Int64N(1000) - 5, By: flow.Who(g.one("staff:1", "citizen:2", "", "x")),
				State: g.one("s0", "s1", "completed", "moon"), Does: flow.Verb(g.one("go", "agree", "")), Branch: g.IntN(3), Slot: g.IntN(3),
				Clock: g.one("total", "total#1", "help/1#1", ""), Round: g.IntN(3), Staff: "staff:3", Outcome: "answered", Child: g.one("1", ""),
				Filled: []string{"f0"}, Mend: []string{"f1"}, Watch: []flow.Who{"staff:9"}, Unit: 1, Due: "late", Pause: "hold", Amount: 3,
			}
			if g.likely(50) {
				e.Slots = &flow.Slots{Mode: flow.ModeAll, Slots: []flow.Slot{{ID: 1, Who: "staff:1", State: flow.SlotWaiting}, {ID: 2, Waits: []int{1}}}}
				e.Added = &flow.Slot{ID: g.IntN(4), State: flow.SlotWaiting}
				e.Blocks = []int{1, 9}
			}
			before := asJSON(r)
			next, err := flow.Apply(d, r, e)
			if asJSON(r) != before {
				t.Fatalf("%+v changed the run that it was given (seed %d)", e, seed)
			}
			if err == nil && next.Version != r.Version+1 {
				t.Fatalf("%+v: version %d after %d", e, next.Version, r.Version)
			}
			flow.Waiting(d, next)
			flow.Options(d, next, flow.Person{Who: "staff:1", Unit: 1})
			r = next
		}
	}
}
