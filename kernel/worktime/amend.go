package worktime

import "time"

// Amend returns when a running term ends once, at an instant, its rule or its calendar became another. The term is counted from
// its start under the new one; but where that would already have ended, and the old end had not come, it ends with the day of the
// change, or the next working day, at 24:00: nobody becomes late by a decision of today (Legislation Law art 104: no retroaction to
// one's disadvantage). before is the end until then.
func Amend(before Result, rule Rule, start time.Time, pauses []Pause, cal *Calendar, at time.Time) (Result, error) {
	after, err := Due(rule, start, pauses, cal)
	if err != nil || after.Stopped || after.Due.After(at) {
		return after, err
	}
	if !before.Stopped && !before.Due.After(at) {
		return before, nil // it had ended: what is late stays late, by the rule of its time
	}
	t, err := reckon(Rule{Kind: Working}, at, nil, cal)
	if err != nil {
		return Result{}, err
	}
	return t.result(), nil
}
