package worktime

import (
	"time"

	"weizheng/platform/clock"
)

// Day is a calendar day of China as the number of days since 1970-01-01. Days can be compared and added to.
type Day int32

const (
	dayMillis  = 24 * 60 * 60 * 1000
	zoneMillis = 8 * 60 * 60 * 1000 // China's offset; the calendar begins after its last summer time (1991)
)

// The calendar's range: years that a term may touch. Starts are accepted up to LastStartYear.
const (
	FirstYear     = 1992
	LastStartYear = 2099
	LastYear      = 2199
)

var (
	firstDay = dayOf(FirstYear, time.January, 1)
	lastDay  = dayOf(LastYear, time.December, 31)
)

func dayOf(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (dayMillis / 1000))
}

// DayOf returns the day of China that an instant falls on; instants outside the calendar's range give a day just outside it.
func DayOf(t time.Time) Day { return dayOfMillis(millisOf(t)) }

// millisOf is an instant in milliseconds, held within a day of the calendar's range: beyond it nothing is counted, and the
// arithmetic cannot overflow.
func millisOf(t time.Time) int64 {
	sec := t.Unix()
	switch {
	case sec < (firstDay-1).millis()/1000:
		return (firstDay - 1).millis()
	case sec > (lastDay+1).millis()/1000:
		return (lastDay + 1).millis()
	}
	return t.UnixMilli()
}

func dayOfMillis(ms int64) Day {
	ms += zoneMillis
	d := ms / dayMillis
	if ms%dayMillis < 0 {
		d--
	}
	return Day(d)
}

// ParseDay reads YYYY-MM-DD; ok is false for anything else and for days outside the calendar's range.
func ParseDay(text string) (d Day, ok bool) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < FirstYear || t.Year() > LastYear {
		return 0, false
	}
	return dayOf(t.Date()), true
}

// Start returns the day's first instant, 00:00 in China.
func (d Day) Start() time.Time { return time.UnixMilli(d.millis()).In(clock.Zone) }

func (d Day) millis() int64 { return int64(d)*dayMillis - zoneMillis }

func (d Day) utc() time.Time { return time.Unix(int64(d)*(dayMillis/1000), 0).UTC() }

// String returns YYYY-MM-DD.
func (d Day) String() string { return d.utc().Format(time.DateOnly) }

// Year returns the day's year.
func (d Day) Year() int { return d.utc().Year() }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return time.Weekday(((int(d)+4)%7 + 7) % 7) } // 1970-01-01 was a Thursday

func (d Day) weekend() bool { w := d.Weekday(); return w == time.Saturday || w == time.Sunday }

// addMonths returns the same-numbered day n months later, or that month's last day where there is none (Civil Code art 202).
func (d Day) addMonths(n int) Day {
	year, month, day := d.utc().Date()
	first := time.Date(year, month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return dayOf(first.Year(), first.Month(), min(day, last))
}

// inRange reports whether the calendar holds the day.
func (d Day) inRange() bool { return d >= firstDay && d <= lastDay }
