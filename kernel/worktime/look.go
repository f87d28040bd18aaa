package worktime

import (
	"context"
	"maps"
	"slices"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/clock"
)

// Own is what one unit says of its calendar itself, and the hours that hold there.
type Own struct {
	Local         []LocalDay
	LocalVersion  int64
	Hours         *Week // its own; nil when it goes by those of a unit above
	HoursVersion  int64
	Holding       Week // the hours that hold
	HoldingUnit   int64
	Above         []LocalDay // local days of the units above, which hold here too
	AboveUnits    []int64    // of each of them, whose it is
	CalendarYears []int      // whose lists are there
}

// Own returns what a unit, given by its path, says itself.
func (s *Service) Own(ctx context.Context, unit string) (Own, error) {
	snap, err := s.current(ctx)
	if err != nil {
		return Own{}, err
	}
	out := Own{Holding: DefaultWeek(), CalendarYears: slices.Sorted(maps.Keys(snap.years))}
	ids := access.Units(unit)
	for i, id := range ids {
		if h := snap.hours[id]; h != nil {
			out.Holding, out.HoldingUnit = *h, id
		}
		for _, v := range snap.versions {
			if v.Unit != id {
				continue
			}
			switch own := i == len(ids)-1; {
			case v.Kind == OfLocal && own:
				out.Local, out.LocalVersion = v.Local, v.Number
			case v.Kind == OfLocal:
				for _, d := range v.Local {
					out.Above, out.AboveUnits = append(out.Above, d), append(out.AboveUnits, id)
				}
			case v.Kind == OfHours && own:
				out.Hours, out.HoursVersion = v.Hours, v.Number
			}
		}
	}
	return out, nil
}

// Listed returns a year's list as it counts, with its version: 0 for one that came with the binary. ok is false where there is none.
func (s *Service) Listed(ctx context.Context, year int) (v Version, ok bool, err error) {
	snap, err := s.current(ctx)
	if err != nil {
		return v, false, err
	}
	for _, v := range snap.versions {
		if v.Kind == OfYear && v.Year.Year == year {
			return v, true, nil
		}
	}
	y, ok := snap.years[year]
	return Version{Kind: OfYear, Year: &y}, ok, nil
}

// alarmMonth is when the coming year's list is asked for: the State Council has announced it between 25 October and 25 November.
const alarmMonth = time.November

// Missing returns the year whose list is due and not there: the present one, or from 1 November the next; 0 when nothing is missing.
func (s *Service) Missing(ctx context.Context) (int, error) {
	snap, err := s.current(ctx)
	if err != nil {
		return 0, err
	}
	now := s.Civil.Now().In(clock.Zone)
	if _, ok := snap.years[now.Year()]; !ok {
		return now.Year(), nil
	}
	if _, ok := snap.years[now.Year()+1]; !ok && now.Month() >= alarmMonth {
		return now.Year() + 1, nil
	}
	return 0, nil
}

// Difference is one day that a list changes.
type Difference struct {
	Date         string
	Was, Becomes DayInfo
}

// Compare returns the days of the national calendar that a list would change, in order.
func (s *Service) Compare(ctx context.Context, list Year) ([]Difference, error) {
	after, err := s.Would(ctx, "", list)
	if err != nil {
		return nil, err
	}
	before, err := s.Calendar(ctx, "")
	if err != nil {
		return nil, err
	}
	var out []Difference
	for d := dayOf(list.Year-1, time.December, 1); d <= dayOf(list.Year+1, time.January, 31); d++ {
		was, becomes := before.Info(d), after.Info(d)
		if was.Working != becomes.Working || was.Name != becomes.Name {
			out = append(out, Difference{d.String(), was, becomes})
		}
	}
	return out, nil
}
