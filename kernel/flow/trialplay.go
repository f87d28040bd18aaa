package flow

import (
	"maps"
	"slices"

	"weizheng/kernel/worktime"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

type trial struct {
	d      *Definition
	cal    *worktime.Calendar
	facts  Facts
	run    Run
	frames []Frame
}

func (t *trial) people(in Trial) error {
	if len(in.People) > maxPeople || len(in.Moves) > maxMoves {
		return errs.New(errs.Invalid, "flow.trial_too_long").With("people", maxPeople).With("moves", maxMoves)
	}
	for _, p := range in.People {
		if !p.Who.Valid() || p.Who == System {
			return errs.New(errs.Invalid, "flow.person").With("who", string(p.Who))
		}
		t.facts.People[p.Who] = p
		t.facts.Units = union(t.facts.Units, p.Unit)
	}
	t.facts.Units = union(t.facts.Units, in.Unit)
	if _, ok := t.facts.People[in.By]; !ok {
		return errs.New(errs.Invalid, "flow.person").With("who", string(in.By))
	}
	return nil
}

func (t *trial) decide(m TrialMove) ([]Event, error) {
	if m.Child != "" {
		return ChildEnded(t.d, t.run, m.Child, m.Result, m.At)
	}
	move := Move{
		Action: m.Action, At: m.At, By: t.facts.People[m.By], Reason: m.Reason, Evidence: m.Evidence, Filled: m.Filled,
		Emptied: m.Emptied, Staff: m.Staff, Unit: m.Unit, Units: m.Units, Signers: m.Signers, Watch: m.Watch,
		Branch: m.Branch, Slot: m.Slot, Before: m.Before, State: m.State, Mend: m.Mend, Direct: m.Direct, Items: m.Items,
		Until: m.Until, Clock: m.Clock, Amount: m.Amount,
	}
	facts := t.facts
	facts.Guards, facts.Due = m.Guards, map[string]int64{}
	if m.For != "" {
		of, ok := t.facts.People[m.For]
		move.For, facts.Delegated = &of, ok
	}
	for _, k := range t.run.Clocks {
		if plan, err := Plan(t.d, k, t.cal); err == nil && !plan.Due.IsZero() {
			facts.Due[k.ID()] = clock.Millis(plan.Due)
		}
	}
	return Decide(t.d, t.run, move, facts)
}

// pass lets time pass up to an instant: deadlines come in their order, suspensions end.
func (t *trial) pass(until int64) error {
	for len(t.frames) < maxFrames {
		at, fall, err := t.next(until)
		if err != nil || fall == nil {
			return err
		}
		events, err := fall()
		if err != nil {
			return err
		}
		if err := t.take(at, -1, events, nil); err != nil {
			return err
		}
	}
	return errs.New(errs.Invalid, "flow.trial_too_long").With("people", maxPeople).With("moves", maxMoves)
}

// next is what falls due first, up to an instant; nil for nothing.
func (t *trial) next(until int64) (first int64, fall func() ([]Event, error), err error) {
	first = until
	if h := t.run.Hold; h != nil && h.Until != 0 && h.Until <= first {
		first = h.Until
		fall = func() ([]Event, error) { return Wake(t.d, t.run, h.Until) }
	}
	for _, k := range t.run.Clocks {
		if k.Status != ClockRunning {
			continue
		}
		plan, err := Plan(t.d, k, t.cal)
		if err != nil {
			return 0, nil, err
		}
		for _, m := range plan.Moments {
			if at := clock.Millis(m.At); (at < first || at == first && fall == nil) && !slices.Contains(k.Done, m.Due) {
				first = at
				fall = func() ([]Event, error) { return Fall(t.d, t.run, k.ID(), m.Due, at) }
				break
			}
		}
	}
	return first, fall, nil
}

// take applies what happened and looks around.
func (t *trial) take(at int64, move int, events []Event, refused error) error {
	for _, e := range events {
		next, err := Apply(t.d, t.run, e)
		if err != nil {
			return errs.Wrap(err, "try out %s", t.d.Key)
		}
		t.run = next
	}
	f := Frame{At: at, Move: move, Refused: refused, Events: events, Run: t.run, Waiting: Waiting(t.d, t.run),
		Told: t.d.Tells(t.run, events), Effects: t.d.Effects(events)}
	for _, k := range t.run.Clocks {
		c, err := t.clock(k, at)
		if err != nil {
			return err
		}
		f.Clocks = append(f.Clocks, c)
	}
	for _, who := range slices.Sorted(maps.Keys(t.facts.People)) {
		if list := Options(t.d, t.run, t.facts.People[who]); len(list) > 0 {
			f.Options = append(f.Options, TrialOption{Who: who, Options: list})
		}
	}
	t.frames = append(t.frames, f)
	return nil
}

// clock is how a clock stands at an instant; one that stopped keeps the light that it had then.
func (t *trial) clock(k RunClock, at int64) (TrialClock, error) {
	def, _ := t.d.Clock(k.Name)
	c := TrialClock{ID: k.ID(), Title: def.Title, Basis: def.Basis, Status: k.Status, Started: k.Started, Light: "green"}
	plan, err := Plan(t.d, k, t.cal)
	if err != nil || plan.Due.IsZero() {
		return c, err
	}
	c.Due, c.Yellow, c.Date, c.Provisional = clock.Millis(plan.Due), clock.Millis(plan.Yellow), plan.Date, plan.Provisional
	if k.Stopped != 0 {
		at = k.Stopped
	}
	switch {
	case at >= c.Due:
		c.Light = "red"
	case at >= c.Yellow:
		c.Light = "yellow"
	}
	return c, nil
}
