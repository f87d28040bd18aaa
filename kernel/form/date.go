package form

import (
	"regexp"
	"strconv"
	"time"
)

// relative is a day counted from today: today, today-18y, today+30d.
var relative = regexp.MustCompile(`^today(?:([+-]\d{1,4})([dmy]))?$`)

// Bound resolves the limit of a date field on a day; ok is false for what is none. Months and years keep the day of the
// month, or take the month's last.
func Bound(text, today string) (day string, ok bool) {
	if text == "" {
		return "", false
	}
	m := relative.FindStringSubmatch(text)
	if m == nil {
		_, err := time.Parse(time.DateOnly, text)
		return text, err == nil
	}
	t, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return "", false
	}
	n, _ := strconv.Atoi(m[1]) // "" is 0
	switch m[2] {
	case "d":
		t = t.AddDate(0, 0, n)
	case "m":
		t = months(t, n)
	case "y":
		t = months(t, 12*n)
	}
	return t.Format(time.DateOnly), true
}

func months(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

func (j *judge) date(path string, f Field, value any) {
	if s, ok := value.(Span); ok {
		from, to := j.day(path, f, s.From), j.day(path, f, s.To)
		if from && to && s.From > s.To {
			j.fault(path, "form.span_order", nil)
		}
		return
	}
	s, _ := value.(string)
	j.day(path, f, s)
}

// day judges one date and reports whether it is one. A path has one fault of a kind at most.
func (j *judge) day(path string, f Field, s string) bool {
	if _, err := time.Parse(time.DateOnly, s); err != nil || s < "1850" || s > "2200" {
		j.fault(path, "form.date", nil)
		return false
	}
	if limit, ok := Bound(f.After, j.env.Today); ok && s < limit {
		j.fault(path, "form.date_early", map[string]any{"day": limit})
	}
	if limit, ok := Bound(f.Before, j.env.Today); ok && s > limit {
		j.fault(path, "form.date_late", map[string]any{"day": limit})
	}
	return true
}
