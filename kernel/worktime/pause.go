package worktime

import (
	"cmp"
	"math"
	"slices"
	"time"

	"weizheng/platform/errs"
)

// Pause is time that does not count: a correction awaited, a hearing, an inspection (Administrative Licensing Law art 45). A zero To is
// a pause that has not ended. Pauses may overlap and stand in any order.
type Pause struct{ From, To time.Time }

// gap is what a pause leaves out, (from, to] in days or [from, to) in milliseconds.
type gap struct{ from, to int64 }

// open is the end of a pause that has none.
const open = math.MaxInt64

// gapsOf returns the pauses joined and in order, in days or in milliseconds. A pause within one day leaves out no day.
func gapsOf(pauses []Pause, inDays bool) ([]gap, error) {
	if len(pauses) == 0 {
		return nil, nil
	}
	gaps := make([]gap, 0, len(pauses))
	for _, p := range pauses {
		if p.From.IsZero() || (!p.To.IsZero() && p.To.Before(p.From)) {
			return nil, errs.New(errs.Invalid, "worktime.pause")
		}
		g := gap{millisOf(p.From), open}
		if !p.To.IsZero() {
			g.to = millisOf(p.To)
		}
		if inDays {
			g.from = int64(dayOfMillis(g.from))
			if g.to != open {
				g.to = int64(dayOfMillis(g.to))
			}
		}
		if g.to > g.from {
			gaps = append(gaps, g)
		}
	}
	slices.SortFunc(gaps, func(a, b gap) int { return cmp.Compare(a.from, b.from) })
	joined := gaps[:0]
	for _, g := range gaps {
		if n := len(joined); n > 0 && g.from <= joined[n-1].to {
			joined[n-1].to = max(joined[n-1].to, g.to)
			continue
		}
		joined = append(joined, g)
	}
	return joined, nil
}
