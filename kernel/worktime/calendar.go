package worktime

import (
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"time"

	"weizheng/platform/errs"
)

// Data is what a calendar is made of.
type Data struct {
	Years []Year  `json:"years"` // of one year the last counts
	Local []Local `json:"local"` // of one day the last counts
	Hours *Week   `json:"hours"` // nil is DefaultWeek
}

// Calendar says which days are working days and when they open. It never changes and may be used by many at once.
type Calendar struct {
	work            []uint64     // a bit a day from firstDay
	before          []int32      // working days before each word
	national, local map[Day]mark // local over national
	week            [7][]span
	makeUp          []span // of a working day on a weekend
	known           [LastYear - FirstYear + 1]bool
}

// mark is what is special about a day.
type mark struct {
	name  string
	spans []span // hours of its own; nil: those of the week
}

func (c *Calendar) mark(d Day) (m mark, local, special bool) {
	if m, ok := c.local[d]; ok {
		return m, true, true
	}
	m, ok := c.national[d]
	return m, false, ok
}

// NewCalendar builds a calendar; every fault of the data is reported at once.
func NewCalendar(d Data) (*Calendar, error) {
	var faults []errs.Field
	for i, y := range d.Years {
		if err := y.Validate(); err != nil {
			for _, f := range errs.As(err).Fields() {
				f.Field = fmt.Sprintf("years[%d].%s", i, f.Field)
				faults = append(faults, f)
			}
		}
	}
	c := &Calendar{national: map[Day]mark{}}
	if len(faults) == 0 {
		c.lay(d.Years)
		c.count()
	}
	hours := d.Hours
	if hours == nil {
		week := DefaultWeek()
		hours = &week
	}
	c, err := c.With(d.Local, hours)
	if err != nil {
		faults = append(faults, errs.As(err).Fields()...)
	}
	return c, errs.InvalidFields(faults)
}

// With returns the calendar with further local days and, unless nil, other hours. What it does not change it shares.
func (c *Calendar) With(local []Local, hours *Week) (*Calendar, error) {
	out := *c
	var faults []errs.Field
	if hours != nil {
		out.week, faults = hours.parse("hours.")
		out.makeUp = out.week[time.Monday]
	}
	if len(local) > 0 {
		out.work = slices.Clone(c.work)
		if out.local = maps.Clone(c.local); out.local == nil {
			out.local = map[Day]mark{}
		}
	}
	for i, l := range local {
		from, to, spans, f := l.parse(fmt.Sprintf("local[%d].", i))
		if faults = append(faults, f...); len(faults) == 0 && out.work != nil {
			out.layLocal(l, from, to, spans)
		}
	}
	if len(faults) > 0 {
		return nil, errs.InvalidFields(faults)
	}
	if len(local) > 0 {
		out.count()
	}
	return &out, nil
}

// lay puts the ordinary weeks, the fallback of unknown years and the lists over each other.
func (c *Calendar) lay(years []Year) {
	c.work = make([]uint64, (int(lastDay-firstDay)+64)/64)
	for d := firstDay; d <= lastDay; d++ {
		c.set(d, !d.weekend())
	}
	of := map[int]Year{}
	for _, y := range years {
		of[y.Year] = y
	}
	for year := FirstYear; year <= LastYear; year++ {
		if _, ok := of[year]; ok {
			c.known[year-FirstYear] = true
			continue
		}
		for d, name := range statutory(year) {
			c.set(d, false)
			c.national[d] = mark{name: name}
		}
	}
	for year := FirstYear; year <= LastYear; year++ { // in order: a list may reach into the years beside it
		for _, h := range of[year].Days {
			d, ok := ParseDay(h.Date)
			if !ok || !d.inRange() {
				continue
			}
			c.set(d, !h.IsOffDay)
			c.national[d] = mark{name: h.Name}
		}
	}
}

func (c *Calendar) set(d Day, working bool) {
	i := int(d - firstDay)
	if working {
		c.work[i/64] |= 1 << (i % 64)
	} else {
		c.work[i/64] &^= 1 << (i % 64)
	}
}

func (c *Calendar) count() {
	c.before = make([]int32, len(c.work)+1)
	for i, word := range c.work {
		c.before[i+1] = c.before[i] + int32(bits.OnesCount64(word))
	}
}

// IsWorking reports whether the day is a working day; days outside the calendar's range are not.
func (c *Calendar) IsWorking(d Day) bool {
	if !d.inRange() {
		return false
	}
	i := int(d - firstDay)
	return c.work[i/64]>>(i%64)&1 == 1
}

// Knows reports whether the State Council's list of a year is in the calendar.
func (c *Calendar) Knows(year int) bool {
	return year >= FirstYear && year <= LastYear && c.known[year-FirstYear]
}

// WorkingDays counts the working days after from, up to and including to; it is negative when to is earlier.
func (c *Calendar) WorkingDays(from, to Day) int64 { return c.rank(to+1) - c.rank(from+1) }

// rank is the number of working days before d.
func (c *Calendar) rank(d Day) int64 {
	d = min(max(d, firstDay), lastDay+1)
	i := int(d - firstDay)
	if i/64 >= len(c.work) {
		return int64(c.before[len(c.work)])
	}
	return int64(c.before[i/64]) + int64(bits.OnesCount64(c.work[i/64]&(1<<(i%64)-1)))
}

// nth returns the working day that has n working days before it; beyond the range it is a day after lastDay.
func (c *Calendar) nth(n int64) Day {
	if n >= int64(c.before[len(c.work)]) {
		return lastDay + 1
	}
	w, _ := slices.BinarySearchFunc(c.before, int32(n), func(have, want int32) int {
		if have <= want {
			return -1
		}
		return 1
	})
	w--
	word := c.work[w]
	for left := int32(n) - c.before[w]; left > 0; left-- {
		word &= word - 1
	}
	return firstDay + Day(w*64+bits.TrailingZeros64(word))
}

// spans returns a day's opening hours in milliseconds of the day, none when it is closed.
func (c *Calendar) spans(d Day) []span {
	weekday := d.Weekday()
	m, _, special := c.mark(d)
	switch {
	case special && m.spans != nil:
		return m.spans
	case !c.IsWorking(d) && (special || !d.weekend()):
		return nil
	case c.IsWorking(d) && d.weekend():
		return c.makeUp
	}
	return c.week[weekday]
}

// closes returns the day's closing time in milliseconds of the day, 24:00 when the day has no hours.
func (c *Calendar) closes(d Day) int64 {
	if s := c.spans(d); len(s) > 0 {
		return s[len(s)-1].to
	}
	return dayMillis
}

// DayInfo is what a calendar says of one day.
type DayInfo struct {
	Day     Day
	Working bool
	Name    string // of the holiday, make-up day or local day; "" on ordinary days
	Local   bool
	MakeUp  bool // a working day on a weekend
	Half    bool // it has hours of its own
	Spans   []Span
	Known   bool // its year's list is there
}

// Info tells everything about a day.
func (c *Calendar) Info(d Day) DayInfo {
	m, local, _ := c.mark(d)
	out := DayInfo{Day: d, Working: c.IsWorking(d), Name: m.name, Local: local, Half: m.spans != nil, Known: c.Knows(d.Year())}
	out.MakeUp = out.Working && d.weekend()
	for _, s := range c.spans(d) {
		out.Spans = append(out.Spans, Span{clockText(s.from), clockText(s.to)})
	}
	return out
}
