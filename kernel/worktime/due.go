package worktime

import (
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

// Result is when a term ends.
type Result struct {
	Due         time.Time // the first instant that is late; zero while Stopped
	Date        string    // the last day, YYYY-MM-DD; "" while Stopped
	Provisional bool      // it rests on a year whose list is not there yet
	Stopped     bool      // an open pause holds it: it has no end for now
	Steps       []Step    // how it was counted; Explain fills it, Due does not
}

// errRange is a term that leaves the years the calendar knows of.
var errRange = errs.New(errs.Invalid, "worktime.range").With("from", FirstYear).With("until", LastYear)

// Due returns when a term that started at start ends. It is *errs.Error Invalid when the rule or a pause is not sound or the term leaves the
// calendar's years (starts 1992 to 2099, ends to 2199), and never panics. Terms of days take a few table look-ups, terms of
// hours in business one step a day.
func Due(rule Rule, start time.Time, pauses []Pause, cal *Calendar) (Result, error) {
	t, err := reckon(rule, start, pauses, cal)
	if err != nil {
		return Result{}, err
	}
	return t.result(), nil
}

// term is a rule at work.
type term struct {
	rule  Rule
	cal   *Calendar
	gaps  []gap
	start int64 // ms
	first Day   // the day it counts as received; for hours the day of start
	// last is the last day of a term of days, at the instant that ends a term of hours; neither while stopped.
	last    Day
	at      int64
	stopped bool
	raw     Day // the last day before it rolled forward
}

func reckon(rule Rule, start time.Time, pauses []Pause, cal *Calendar) (*term, error) {
	if !rule.sound() {
		return nil, rule.Validate()
	}
	t := &term{rule: rule, cal: cal, start: millisOf(start)}
	t.first = dayOfMillis(t.start)
	if t.first < firstDay || t.first.Year() > LastStartYear {
		return nil, errRange
	}
	var err error
	if t.gaps, err = gapsOf(pauses, !rule.inHours()); err != nil {
		return nil, err
	}
	if rule.inHours() {
		err = t.hours()
	} else {
		err = t.days()
	}
	return t, err
}

// days finds the last day of a term of days or months.
func (t *term) days() error {
	working := t.rule.Kind == Working
	if t.rule.Start == AtOpening && (!t.cal.IsWorking(t.first) || t.start-t.first.millis() >= t.cal.closes(t.first)) {
		t.first = t.cal.after(t.first, 1, true)
	}
	n := t.length()
	day, stopped := t.advance(t.first, n, working)
	t.raw = day
	if !stopped && t.mustRoll(day) {
		day, stopped = t.advance(day, 1, true)
	}
	if t.last, t.stopped = day, stopped; stopped {
		return nil
	}
	if day > lastDay {
		return errRange
	}
	t.at = (day + 1).millis()
	if t.rule.End == AtClose && t.cal.IsWorking(day) {
		t.at = day.millis() + t.cal.closes(day)
	}
	return nil
}

// length is the term in days; a term of months has as many as lie between its first day and the same day of its last month.
func (t *term) length() int64 {
	if t.rule.InUnit() == Months {
		return int64(t.first.addMonths(int(t.rule.total())) - t.first)
	}
	return t.rule.total()
}

// mustRoll reports whether the term cannot end on the day: a working-day term of no days that starts on a day off, and a
// calendar term that ends on one.
func (t *term) mustRoll(d Day) bool {
	return d <= lastDay && !t.cal.IsWorking(d) && (t.rule.Kind == Working || t.rule.Rolls == RollForward)
}

// advance returns the nth counted day after from, leaving out the gaps.
func (t *term) advance(from Day, n int64, working bool) (d Day, stopped bool) {
	if n == 0 {
		return from, false
	}
	for _, g := range t.gaps {
		if g.to <= int64(from) {
			continue
		}
		if until := Day(min(g.from, int64(lastDay))); until > from {
			free := t.cal.counted(from, until, working)
			if free >= n {
				break
			}
			n -= free
		}
		if g.to == open {
			return 0, true
		}
		from = max(from, Day(g.to))
	}
	return t.cal.after(from, n, working), false
}

// counted is how many days, all or working ones, come after from, up to and including to.
func (c *Calendar) counted(from, to Day, working bool) int64 {
	if !working {
		return int64(to - from)
	}
	return c.WorkingDays(from, to)
}

// after returns the nth day, of all or of the working ones, after from; beyond the range it is a day after lastDay.
func (c *Calendar) after(from Day, n int64, working bool) Day {
	if !working {
		return Day(min(int64(from)+n, int64(lastDay)+1))
	}
	return c.nth(c.rank(from+1) + n - 1)
}

// passed counts what of a term of days lies after from, up to and including to, without the gaps.
func (t *term) passed(from, to Day) int64 {
	if to <= from {
		return 0
	}
	working := t.rule.Kind == Working
	n := t.cal.counted(from, to, working)
	for _, g := range t.gaps {
		a, b := Day(max(g.from, int64(from))), Day(min(g.to, int64(to)))
		if b > a {
			n -= t.cal.counted(a, b, working)
		}
	}
	return n
}

func (t *term) result() Result {
	r := Result{Provisional: t.provisional(), Stopped: t.stopped}
	if t.stopped {
		return r
	}
	r.Due = time.UnixMilli(t.at).In(clock.Zone)
	r.Date = t.lastDay().String()
	return r
}

// lastDay is the day on which the term ends.
func (t *term) lastDay() Day {
	if t.rule.inHours() {
		return dayOfMillis(t.at)
	}
	return t.last
}

// provisional reports whether a year's missing list could still move the end.
func (t *term) provisional() bool {
	from, to := dayOfMillis(t.start), t.lastDay()
	switch {
	case t.rule.Kind == RunningHours:
		return false
	case t.rule.Kind == CalendarDays && t.rule.Start == AtOnce && t.rule.Rolls == RollNone && t.rule.End == AtMidnight:
		return false
	case t.stopped:
		return !t.cal.Knows(from.Year())
	case t.rule.Kind == CalendarDays && t.rule.Start == AtOnce:
		from = t.raw // only the roll asks the calendar
	}
	for year := from.Year(); year <= to.Year(); year++ {
		if !t.cal.Knows(year) {
			return true
		}
	}
	return false
}
