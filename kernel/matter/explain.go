package matter

import (
	"context"

	"weizheng/kernel/worktime"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

// Explained is how a clock's end came about, step by step, by the calendar of today.
type Explained struct {
	Rule  worktime.Rule
	Steps []worktime.Step
	// Kept says that the matter goes by another end than the steps lead to: the calendar changed after a clock stopped or
	// before the open matters were recomputed, or a change of rule left the end where it was.
	Kept bool
	Due  int64 // civil ms, that the matter goes by; Never while the clock stands still
}

var errNoClock = errs.New(errs.NotFound, "matter.no_clock")

// Explain says how the end of one clock of a matter came about. NotFound "matter.no_clock" when it has none of that id.
func (s *Service) Explain(ctx context.Context, seen Seen, id string) (Explained, error) {
	k, found := seen.Run.ClockByID(id)
	for _, c := range seen.Clocks {
		if c.Clock != id || !found {
			continue
		}
		cal, err := s.calendar(ctx, s.Calendars, seen.Run, k)
		if err != nil {
			return Explained{}, err
		}
		r, err := worktime.Explain(c.Rule, k.StartedAt(), k.Breaks(), cal)
		if err != nil {
			return Explained{}, errs.Wrap(err, "explain clock %s", id)
		}
		out := Explained{Rule: c.Rule, Steps: r.Steps, Due: c.Due}
		out.Kept = !r.Stopped && c.Due < never && clock.Millis(r.Due) != c.Due
		return out, nil
	}
	return Explained{}, errNoClock
}
