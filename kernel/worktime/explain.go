package worktime

import (
	"time"

	"weizheng/platform/clock"
)

// What a step of the counting says.
type What string

// The steps.
const (
	StepStart    What = "start"    // From: when it started; the day does not count, hours begin at once
	StepReceived What = "received" // From: the working day that it counts as received
	StepCounted  What = "counted"  // From to To count; N is the count reached, in days, or in minutes for hours
	StepOff      What = "off"      // From to To do not count; Name is the holiday, "" for a weekend
	StepMakeUp   What = "makeup"   // as StepCounted, for make-up working days; Name is the holiday they make up for
	StepPaused   What = "paused"   // From to To do not count; To is "" while the pause is open
	StepExtended What = "extended" // N was added to the term, in its unit
	StepMonths   What = "months"   // To is the same-numbered day N months on, or the month's last
	StepRolled   What = "rolled"   // From is a day off, so the term ends on To
	StepMore     What = "more"     // From to To are left out of the list; N is the count reached
	StepEnd      What = "end"      // To is the last day, or the instant for hours
)

// Step is one line of an explanation. Days are YYYY-MM-DD, instants YYYY-MM-DDTHH:MM in China.
type Step struct {
	What What   `json:"what"`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	N    int64  `json:"n,omitempty"`
	Name string `json:"name,omitempty"`
}

// stepsLimit is how many stretches an explanation lists before it sums up: nobody reads more.
const stepsLimit = 60

// Explain is Due with the steps of the counting. It looks at every day of the term.
func Explain(rule Rule, start time.Time, pauses []Pause, cal *Calendar) (Result, error) {
	t, err := reckon(rule, start, pauses, cal)
	if err != nil {
		return Result{}, err
	}
	r := t.result()
	w := &teller{steps: []Step{{What: StepStart, From: minuteText(t.start)}}}
	if rule.Extension > 0 {
		w.add(Step{What: StepExtended, N: rule.Extension})
	}
	if rule.inHours() {
		t.tellHours(w)
	} else {
		t.tellDays(w)
	}
	r.Steps = w.steps
	return r, nil
}

// teller writes stretches, and sums up what comes after the limit.
type teller struct {
	steps   []Step
	counted int64 // N of what was counted so far
	more    Step  // what the limit left out
}

func (w *teller) add(s Step) {
	switch {
	case len(w.steps) < stepsLimit:
		w.steps = append(w.steps, s)
	case w.more.What == "":
		w.more = Step{What: StepMore, From: s.From, To: s.To, N: w.counted}
	default:
		w.more.To, w.more.N = s.To, w.counted
	}
}

// last adds a step that is always told.
func (w *teller) last(s Step) {
	if w.more.What != "" {
		w.steps, w.more = append(w.steps, w.more), Step{}
	}
	w.steps = append(w.steps, s)
}

// label is what a day is for a term: days of the same label in a row are one step.
type label struct {
	what What
	name string
}

func (t *term) label(d Day) label {
	for _, g := range t.gaps {
		if int64(d) > g.from && int64(d) <= g.to {
			return label{what: StepPaused}
		}
	}
	if t.rule.Kind != Working {
		return label{what: StepCounted}
	}
	m, _, _ := t.cal.mark(d)
	switch {
	case !t.cal.IsWorking(d):
		return label{StepOff, m.name}
	case d.weekend() || t.cal.isLocal(d):
		return label{StepMakeUp, m.name}
	}
	return label{what: StepCounted}
}

func (t *term) tellDays(w *teller) {
	if t.first != dayOfMillis(t.start) {
		w.add(Step{What: StepReceived, From: t.first.String()})
	}
	if t.rule.InUnit() == Months {
		w.add(Step{What: StepMonths, N: t.rule.total(), To: t.first.addMonths(int(t.rule.total())).String()})
	}
	until := t.raw
	if t.stopped {
		until = Day(t.held())
	}
	for d := t.first + 1; d <= until; {
		l, from := t.label(d), d
		for ; d <= until && t.label(d) == l; d++ {
			if l.what == StepCounted || l.what == StepMakeUp {
				w.counted++
			}
		}
		s := Step{What: l.what, Name: l.name, From: from.String(), To: (d - 1).String()}
		if l.what == StepCounted || l.what == StepMakeUp {
			s.N = w.counted
		}
		w.add(s)
	}
	switch {
	case t.stopped:
		w.last(Step{What: StepPaused, From: (max(until, t.first) + 1).String()})
		return
	case t.last != t.raw:
		w.last(Step{What: StepRolled, From: t.raw.String(), To: t.last.String()})
	}
	end := Step{What: StepEnd, To: t.last.String()}
	if t.at != (t.last + 1).millis() {
		end.To = minuteText(t.at)
	}
	w.last(end)
}

// tellHours lists the stretches of counted time, pauses as what lies between them.
func (t *term) tellHours(w *teller) {
	left := t.rule.total() * hourMillis
	sum := int64(0)
	for s := range t.stretches(t.start) {
		if left <= 0 {
			break
		}
		s.to = min(s.to, s.from+left)
		left -= s.to - s.from
		sum += s.to - s.from
		w.counted = sum / 60_000
		w.add(Step{What: StepCounted, From: minuteText(s.from), To: minuteText(s.to), N: w.counted})
	}
	for _, g := range t.gaps {
		if g.to > t.start && (t.stopped || g.from < t.at) {
			paused := Step{What: StepPaused, From: minuteText(max(g.from, t.start))}
			if g.to != open {
				paused.To = minuteText(g.to)
			}
			w.add(paused)
		}
	}
	if !t.stopped {
		w.last(Step{What: StepEnd, To: minuteText(t.at)})
	} else if w.more.What != "" {
		w.last(w.more)
	}
}

func minuteText(ms int64) string { return time.UnixMilli(ms).In(clock.Zone).Format("2006-01-02T15:04") }

func (c *Calendar) isLocal(d Day) bool { _, ok := c.local[d]; return ok }

// DueText is the end as one writes it: 2026-09-24T24:00+08:00 for the end of a day, else the minute, or the second where there is one;
// "" while the term is stopped.
func (r Result) DueText() string {
	if r.Stopped || r.Due.IsZero() {
		return ""
	}
	at := r.Due.In(clock.Zone)
	if clock.Day(at) != r.Date {
		return r.Date + "T24:00+08:00"
	}
	if at.Second() != 0 {
		return at.Format("2006-01-02T15:04:05-07:00")
	}
	return at.Format("2006-01-02T15:04-07:00")
}
