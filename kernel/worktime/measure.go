package worktime

import "time"

// Progress is how far a term has run at an instant, in days for terms of days and months, in hours for terms of hours. Elapsed and
// Remaining add up to Total; Remaining is negative once the term is over.
type Progress struct {
	Unit Unit // Days or Hours
	// Total is the counted time from start to end. For calendar terms it holds the days by which the end rolled forward, so that
	// nothing that is still in time ever shows less than nothing left.
	Total, Elapsed, Remaining float64
	Late                      bool // the instant is at or after Result.Due
	Result                    Result
}

// Measure says how far a term has run at now. Its errors are those of Due.
func Measure(rule Rule, start time.Time, pauses []Pause, now time.Time, cal *Calendar) (Progress, error) {
	t, err := reckon(rule, start, pauses, cal)
	if err != nil {
		return Progress{}, err
	}
	p := Progress{Unit: Days, Result: t.result()}
	at := millisOf(now)
	p.Late = !t.stopped && at >= t.at
	if rule.inHours() {
		p.Unit = Hours
		total, elapsed := rule.total()*hourMillis, t.passedMillis(at)
		p.Total, p.Elapsed, p.Remaining = hoursOf(total), hoursOf(elapsed), hoursOf(total-elapsed)
		return p, nil
	}
	total, elapsed := t.length(), t.passed(t.first, min(dayOfMillis(at), lastDay))
	if !t.stopped {
		total = t.passed(t.first, t.last)
	}
	p.Total, p.Elapsed, p.Remaining = float64(total), float64(elapsed), float64(total-elapsed)
	return p, nil
}

func hoursOf(ms int64) float64 { return float64(ms) / hourMillis }

// Elapsed is the counted time since start, in days for terms of days and months, in hours for terms of hours.
func Elapsed(rule Rule, start time.Time, pauses []Pause, now time.Time, cal *Calendar) (float64, error) {
	p, err := Measure(rule, start, pauses, now, cal)
	return p.Elapsed, err
}

// Remaining is the counted time until the term ends, in the same unit; negative once it is over. A term that ends today has 0
// days left and is in time until Result.Due.
func Remaining(rule Rule, start time.Time, pauses []Pause, now time.Time, cal *Calendar) (float64, error) {
	p, err := Measure(rule, start, pauses, now, cal)
	return p.Remaining, err
}
