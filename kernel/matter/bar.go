package matter

import (
	"context"

	"weizheng/kernel/flow"
	"weizheng/kernel/worktime"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

// Bar is one clock as it is drawn: how much of the term has run, what stood still and why, when it ends.
type Bar struct {
	Reckoning
	Title    string
	Basis    string // legal | promised
	Source   string // the law of a legal one
	Branch   int
	Unit     worktime.Unit // of the three below
	Total    float64
	Elapsed  float64
	Left     float64 // negative once it is over
	Extended int64
	Pauses   []flow.Pause
	Light    Light
}

// Bars returns a matter's clocks as they are drawn, each with how far it has run.
func (s *Service) Bars(ctx context.Context, seen Seen) ([]Bar, error) {
	out := make([]Bar, 0, len(seen.Clocks))
	now := s.now()
	for _, c := range seen.Clocks {
		k, found := seen.Run.ClockByID(c.Clock)
		def, known := seen.Flow.Clock(k.Name)
		if !found || !known {
			continue
		}
		b := Bar{Reckoning: c, Title: def.Title, Basis: def.Basis, Source: def.Source, Branch: k.Branch, Extended: k.Extended, Pauses: k.Pauses}
		at := now
		if c.State == flow.ClockStopped {
			at = c.Stopped
		}
		b.Light = lightAt(at, c.Yellow, c.Due)
		cal, err := s.calendar(ctx, s.Calendars, seen.Run, k)
		if err != nil {
			return nil, err
		}
		p, err := worktime.Measure(c.Rule, k.StartedAt(), k.Breaks(), clock.FromMillis(at), cal)
		if err != nil {
			return nil, errs.Wrap(err, "measure clock %s", c.Clock)
		}
		b.Unit, b.Total, b.Elapsed, b.Left = p.Unit, p.Total, p.Elapsed, p.Remaining
		out = append(out, b)
	}
	return out, nil
}
