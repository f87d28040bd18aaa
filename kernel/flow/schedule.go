package flow

import (
	"slices"
	"time"

	"weizheng/kernel/worktime"
)

// What turns a clock yellow when its definition says nothing (电子监察: remaining ≤ 1 working day or ≤ 20 %).
const (
	yellowDays    = 1
	yellowPercent = 20
)

// Schedule is when a clock turns yellow and red, and when its deadlines come. Zero times do not come for now: the clock
// stands still.
type Schedule struct {
	Yellow, Due time.Time
	Date        string // the last day, YYYY-MM-DD
	Provisional bool   // it rests on a year whose list of holidays is not there yet
	Moments     []Moment
}

// Moment is when a DueDef comes.
type Moment struct {
	Due string
	At  time.Time
}

// Plan reckons one clock on a calendar.
func Plan(d *Definition, k RunClock, cal *worktime.Calendar) (Schedule, error) {
	rule := k.Rule(d)
	result, err := worktime.Due(rule, k.StartedAt(), k.Breaks(), cal)
	if err != nil || result.Stopped {
		return Schedule{}, err
	}
	def, _ := d.Clock(k.Name)
	t := term{rule: rule, k: k, due: result.Due, cal: cal}
	plan := Schedule{Due: result.Due, Date: result.Date, Provisional: result.Provisional, Yellow: t.yellow(def.Lights)}
	for _, x := range def.Due {
		plan.Moments = append(plan.Moments, Moment{x.Name, t.moment(x.Offset)})
	}
	slices.SortStableFunc(plan.Moments, func(a, b Moment) int { return a.At.Compare(b.At) })
	return plan, nil
}

// term is a clock whose end is known.
type term struct {
	rule worktime.Rule
	k    RunClock
	due  time.Time
	cal  *worktime.Calendar
}

// yellow is when no more is left than the lights say; the earlier of days and percent.
func (t term) yellow(l Lights) time.Time {
	days, percent := int64(l.YellowDays), int64(l.YellowPercent)
	if days == 0 && percent == 0 {
		days, percent = yellowDays, yellowPercent
	}
	left := (t.rule.Amount + t.rule.Extension) * percent / 100
	switch t.rule.InUnit() {
	case worktime.Hours:
		left = max(left, 1) // hours are the finest unit of a rule
	case worktime.Months:
		left = days // of calendar days: see before
	default:
		left = max(left, days)
	}
	return t.before(left)
}

// before is when so much of the term was left, in the rule's own unit (days where it counts months), never earlier than
// its start.
func (t term) before(left int64) time.Time {
	at := t.due.AddDate(0, 0, int(-left))
	if t.rule.Kind != worktime.CalendarDays {
		rule := t.rule
		rule.Amount, rule.Extension = rule.Amount+rule.Extension-left, 0
		early, err := worktime.Due(rule, t.k.StartedAt(), t.k.Breaks(), t.cal)
		if err != nil || early.Stopped {
			return t.k.StartedAt()
		}
		at = early.Due
	}
	if at.Before(t.k.StartedAt()) {
		return t.k.StartedAt()
	}
	return at
}

// moment is so much after the due time, in the rule's own unit, or before it.
func (t term) moment(offset int64) time.Time {
	switch {
	case offset == 0:
		return t.due
	case t.rule.InUnit() == worktime.Months:
		return latest(t.due.AddDate(0, int(offset), 0), t.k.StartedAt())
	}
	return t.before(-offset)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
