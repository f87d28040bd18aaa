package worktime

import (
	"weizheng/platform/errs"
)

// Kind is how a term is counted.
type Kind string

// The four kinds of clock.
const (
	Working       Kind = "working"        // working days (Administrative Licensing Law art 82)
	CalendarDays  Kind = "calendar"       // calendar days or months; a last day off rolls to the next working day (Civil Code 203)
	RunningHours  Kind = "running-hours"  // hours by the clock, day and night
	BusinessHours Kind = "business-hours" // hours in which the unit is open
)

// Unit is what Amount counts.
type Unit string

// The units. Days go with Working and CalendarDays, months with CalendarDays, hours with the two kinds of hours.
const (
	Days   Unit = "day"
	Months Unit = "month"
	Hours  Unit = "hour"
)

// Start is when what came in counts as received.
type Start string

// The starts. A rule that fixes receipt by an event of its own, such as the confirmation of a request for information, needs none:
// its clock is started at that event.
const (
	// AtOnce: the day it came in, whatever the hour. The default.
	AtOnce Start = ""
	// AtOpening: what comes in on a day off or after the last closing counts as received on the next working day. Hours in
	// business always begin at the next opening.
	AtOpening Start = "opening"
)

// Roll is what becomes of a term of calendar days or months whose last day is a day off.
type Roll string

// The rolls.
const (
	RollForward Roll = ""     // it ends on the next working day (Civil Code art 203). The default.
	RollNone    Roll = "none" // it ends on that day all the same, where a law or a promise says so
)

// End is the hour at which a term of days ends on its last day.
type End string

// The ends (Civil Code art 203).
const (
	AtMidnight End = ""      // 24:00. The default.
	AtClose    End = "close" // close of business, where the day has opening hours
)

// Rule is how long a term is and how it is counted. The zero value of every field but Kind and Amount is what the law says.
type Rule struct {
	Kind   Kind  `json:"kind" yaml:"kind"`
	Amount int64 `json:"amount" yaml:"amount"`                 // from 0: a term of 0 days ends on the day it starts
	Unit   Unit  `json:"unit,omitempty" yaml:"unit,omitempty"` // "" is days or hours, as the kind says
	Start  Start `json:"start,omitempty" yaml:"start,omitempty"`
	Rolls  Roll  `json:"rolls,omitempty" yaml:"rolls,omitempty"`
	End    End   `json:"end,omitempty" yaml:"end,omitempty"`
	// Extension is what was granted on top, in the same unit; a term is extended once, so it is one number.
	Extension int64 `json:"extension,omitempty" yaml:"extension,omitempty"`
}

// Limits of one term, extension included: a hundred years.
const (
	MaxDays   = 36_600
	MaxMonths = 1_200
	MaxHours  = 878_400
)

// InUnit returns the unit that Amount counts, also where the rule leaves it out.
func (r Rule) InUnit() Unit {
	switch {
	case r.Unit != "":
		return r.Unit
	case r.Kind == RunningHours || r.Kind == BusinessHours:
		return Hours
	}
	return Days
}

// Validate returns every fault of the rule.
func (r Rule) Validate() error {
	if r.sound() {
		return nil
	}
	var f []errs.Field
	fault := func(field, key string, most int64) {
		f = append(f, errs.Field{Field: field, Key: key, Params: map[string]any{"max": most}})
	}
	most := r.most()
	switch r.Kind {
	case Working, CalendarDays, RunningHours, BusinessHours:
		if most == 0 {
			fault("unit", "worktime.unit", 0)
			most = MaxHours
		}
	default:
		fault("kind", "worktime.kind", 0)
		most = MaxHours
	}
	if r.Amount < 0 || r.Amount > most {
		fault("amount", "worktime.amount", most)
	}
	if r.Extension < 0 || r.Extension > most || r.Amount+r.Extension > most {
		fault("extension", "worktime.extension", most)
	}
	if r.Start != AtOnce && r.Start != AtOpening {
		fault("start", "worktime.start", 0)
	}
	if r.Rolls != RollForward && r.Rolls != RollNone {
		fault("rolls", "worktime.rolls", 0)
	}
	if r.End != AtMidnight && r.End != AtClose {
		fault("end", "worktime.end", 0)
	}
	return errs.InvalidFields(f)
}

// sound is Validate without its words, for the sweep that counts a million terms.
func (r Rule) sound() bool {
	most := r.most()
	return most > 0 && r.Amount >= 0 && r.Extension >= 0 && r.Amount <= most && r.Extension <= most-r.Amount &&
		(r.Start == AtOnce || r.Start == AtOpening) && (r.Rolls == RollForward || r.Rolls == RollNone) &&
		(r.End == AtMidnight || r.End == AtClose)
}

// most is the largest amount of the rule's kind and unit, 0 where they do not go together.
func (r Rule) most() int64 {
	switch unit := r.InUnit(); {
	case unit == Days && (r.Kind == Working || r.Kind == CalendarDays):
		return MaxDays
	case unit == Months && r.Kind == CalendarDays:
		return MaxMonths
	case unit == Hours && (r.Kind == RunningHours || r.Kind == BusinessHours):
		return MaxHours
	}
	return 0
}

// total is the amount with its extension.
func (r Rule) total() int64 { return r.Amount + r.Extension }

// inHours reports whether the term is counted in hours rather than days.
func (r Rule) inHours() bool { return r.Kind == RunningHours || r.Kind == BusinessHours }
