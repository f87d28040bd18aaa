package worktime_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"weizheng/kernel/worktime"
	"weizheng/platform/clock"
)

// oracle is the law read a second time: day by day and minute by minute, from the lists as they stand, with nothing of the
// package but its inputs. It is as slow as it is plain.
type oracle struct {
	listed map[string]bool // date → off
	years  map[int]bool
	local  []worktime.Local
	week   worktime.Week
	day    string // the last day asked about, with its answers
	off    bool
	hours  []worktime.Span
}

// bare are the statutory days of the two years after the lists, from a printed calendar.
var bare = map[string]bool{
	"2027-01-01": true, "2027-02-05": true, "2027-02-06": true, "2027-02-07": true, "2027-02-08": true, "2027-04-05": true,
	"2027-05-01": true, "2027-05-02": true, "2027-06-09": true, "2027-09-15": true, "2027-10-01": true, "2027-10-02": true,
	"2027-10-03": true, "2028-01-01": true, "2028-01-25": true, "2028-01-26": true, "2028-01-27": true, "2028-01-28": true,
	"2028-04-04": true, "2028-05-01": true, "2028-05-02": true, "2028-05-28": true, "2028-10-01": true, "2028-10-02": true,
	"2028-10-03": true,
}

func newOracle(d worktime.Data) *oracle {
	o := &oracle{listed: map[string]bool{}, years: map[int]bool{}, local: d.Local, week: *d.Hours}
	for _, y := range d.Years {
		o.years[y.Year] = true
		for _, h := range y.Days {
			o.listed[h.Date] = h.IsOffDay
		}
	}
	return o
}

// ask looks a day up.
func (o *oracle) ask(t time.Time) {
	name := t.Format("2006-01-02")
	if name == o.day {
		return
	}
	o.day = name
	weekend := t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
	special := false
	if off, ok := o.listed[name]; ok {
		o.off, special = off, true
	} else if !o.years[t.Year()] && bare[name] {
		o.off, special = true, true
	} else {
		o.off = weekend
	}
	var own []worktime.Span
	for _, l := range o.local {
		last := l.To
		if last == "" {
			last = l.From
		}
		if name < l.From || name > last {
			continue
		}
		special, own = true, nil
		if l.Kind == "off" {
			o.off = true
		}
		if l.Kind == "work" {
			o.off = false
			own = l.Spans
		}
		if l.Kind == "hours" {
			own = l.Spans
		}
	}
	usual := map[time.Weekday][]worktime.Span{1: o.week.Mon, 2: o.week.Tue, 3: o.week.Wed, 4: o.week.Thu, 5: o.week.Fri, 6: o.week.Sat, 0: o.week.Sun}
	switch {
	case own != nil:
		o.hours = own
	case !o.off && weekend:
		o.hours = o.week.Mon
	case !o.off:
		o.hours = usual[t.Weekday()]
	case weekend && !special:
		o.hours = usual[t.Weekday()]
	default:
		o.hours = nil
	}
}

func (o *oracle) working(t time.Time) bool { o.ask(t); return !o.off }

// inBusiness tells whether the minute that begins at t is one in which the unit is open.
func (o *oracle) inBusiness(t time.Time) bool {
	o.ask(t)
	minute := fmt.Sprintf("%02d:%02d", t.Hour(), t.Minute())
	for _, h := range o.hours {
		if h.From <= minute && minute < h.To {
			return true
		}
	}
	return false
}

// closing is the last moment of business of a day, its end where it has no hours.
func (o *oracle) closing(t time.Time) string {
	o.ask(t)
	last := "24:00"
	for i, h := range o.hours {
		if i == 0 || h.To > last {
			last = h.To
		}
	}
	return last
}

type answer struct {
	due     string
	stopped bool
	elapsed int // at now, in days or minutes
}

// count is Due and Elapsed by walking.
func (o *oracle) count(r worktime.Rule, start time.Time, pauses []worktime.Pause, now time.Time) answer {
	if r.Kind == "running-hours" || r.Kind == "business-hours" {
		return o.minutes(r, start, pauses, now)
	}
	day := start
	if r.Start == "opening" {
		late := start.Format("15:04") >= o.closing(start)
		for first := true; first && (late || !o.working(day)) || !first && !o.working(day); first = false {
			day = day.AddDate(0, 0, 1)
		}
	}
	day = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, clock.Zone)
	first := day
	want := int(r.Amount + r.Extension)
	if r.Unit == "month" {
		target := time.Date(day.Year(), day.Month()+time.Month(want), 1, 0, 0, 0, 0, clock.Zone)
		month := target.Month()
		for i := 1; i < day.Day() && target.AddDate(0, 0, 1).Month() == month; i++ {
			target = target.AddDate(0, 0, 1)
		}
		want = 0
		for d := day; d.Before(target); d = d.AddDate(0, 0, 1) {
			want++
		}
	}
	got := answer{}
	today := now.Format("2006-01-02")
	counts := func(d time.Time) bool { return !paused(d, pauses) && (r.Kind == "calendar" || o.working(d)) }
	for d := first.AddDate(0, 0, 1); d.Format("2006-01-02") <= today; d = d.AddDate(0, 0, 1) {
		if counts(d) {
			got.elapsed++
		}
	}
	for reached, idle := 0, 0; reached < want; {
		day = day.AddDate(0, 0, 1)
		if idle++; idle > 4000 {
			got.stopped = true
			return got
		}
		if counts(day) {
			reached++
			idle = 0
		}
	}
	if (r.Kind == "working" || r.Rolls == "") && !o.working(day) {
		for first, idle := true, 0; first || !o.working(day) || paused(day, pauses); first = false {
			day = day.AddDate(0, 0, 1)
			if idle++; idle > 4000 {
				got.stopped = true
				return got
			}
		}
	}
	got.due = day.Format("2006-01-02") + "T24:00+08:00"
	if r.End == "close" && o.working(day) {
		got.due = day.Format("2006-01-02") + "T" + o.closing(day) + "+08:00"
	}
	return got
}

// paused tells whether a day is left out: it comes after the day a pause begins on, and not after the one it ends on.
func paused(d time.Time, pauses []worktime.Pause) bool {
	name := d.Format("2006-01-02")
	for _, p := range pauses {
		if p.From.In(clock.Zone).Format("2006-01-02") < name && (p.To.IsZero() || name <= p.To.In(clock.Zone).Format("2006-01-02")) {
			return true
		}
	}
	return false
}

func (o *oracle) minutes(r worktime.Rule, start time.Time, pauses []worktime.Pause, now time.Time) answer {
	want := int(r.Amount+r.Extension) * 60
	counts := func(t time.Time) bool {
		for _, p := range pauses {
			if !t.Before(p.From) && (p.To.IsZero() || t.Before(p.To)) {
				return false
			}
		}
		return r.Kind == "running-hours" || o.inBusiness(t)
	}
	got := answer{}
	reached, idle := 0, 0
	for t := start; ; t = t.Add(time.Minute) {
		if counts(t) {
			if want == 0 && got.due == "" {
				got.due = t.Format("2006-01-02T15:04-07:00")
			}
			reached, idle = reached+1, 0
			if t.Before(now) {
				got.elapsed++
			}
			if reached == want {
				got.due = t.Add(time.Minute).Format("2006-01-02T15:04-07:00")
			}
		} else if idle++; idle > 60*24*40 {
			got.stopped = got.due == ""
			return got
		}
		if got.due != "" && !t.Before(now) {
			return got
		}
	}
}

// draw is a random case: a year list more or less, local days, half days, hours of a unit, a rule, pauses, an extension.
type draw struct{ *rand.Rand }

func (d draw) data() worktime.Data {
	hm := func(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
	opens := func() []worktime.Span {
		from := 7*60 + d.IntN(16)*15
		noon := from + 60 + d.IntN(8)*30
		if d.IntN(4) == 0 {
			return []worktime.Span{{From: hm(from), To: hm(noon)}}
		}
		again := noon + d.IntN(4)*30
		return []worktime.Span{{From: hm(from), To: hm(noon)}, {From: hm(again), To: hm(min(again+60+d.IntN(10)*30, 24*60))}}
	}
	data := worktime.Data{Years: worktime.Builtin()}
	if d.IntN(3) == 0 {
		next := worktime.Year{Year: 2027, Days: []worktime.Holiday{{Name: "元旦", Date: "2026-12-31", IsOffDay: true}, {Name: "元旦", Date: "2026-12-27"}}}
		for i := range 9 {
			next.Days = append(next.Days, worktime.Holiday{Name: "春节", Date: fmt.Sprintf("2027-02-%02d", 5+i), IsOffDay: true})
		}
		data.Years = append(data.Years, next)
	}
	week := worktime.DefaultWeek()
	if d.IntN(2) == 0 {
		week = worktime.Week{Mon: opens(), Tue: opens(), Wed: opens(), Thu: opens(), Fri: opens()}
		if d.IntN(2) == 0 {
			week.Sat = opens()
		}
		if d.IntN(4) == 0 {
			week.Wed = nil
		}
	}
	data.Hours = &week
	for range d.IntN(6) {
		from := time.Date(2024, 1, 1+d.IntN(1200), 0, 0, 0, 0, time.UTC)
		l := worktime.Local{From: from.Format(time.DateOnly), Name: "本地", Kind: []worktime.LocalKind{"off", "work", "hours"}[d.IntN(3)]}
		if d.IntN(2) == 0 {
			l.To = from.AddDate(0, 0, d.IntN(4)).Format(time.DateOnly)
		}
		if l.Kind == "hours" || (l.Kind == "work" && d.IntN(2) == 0) {
			l.Spans = opens()
		}
		data.Local = append(data.Local, l)
	}
	return data
}

func (d draw) instant() time.Time {
	return time.Date(2024, 1, 1+d.IntN(1090), d.IntN(24), d.IntN(60), 0, 0, clock.Zone)
}

func (d draw) rule() worktime.Rule {
	r := worktime.Rule{Start: []worktime.Start{"", "opening"}[d.IntN(2)], Rolls: []worktime.Roll{"", "", "none"}[d.IntN(3)], End: []worktime.End{"", "close"}[d.IntN(2)]}
	extension := 0
	switch d.IntN(5) {
	case 0:
		r.Kind, r.Amount, extension = worktime.Working, d.Int64N(46), 20
	case 1:
		r.Kind, r.Amount, extension = worktime.CalendarDays, d.Int64N(91), 30
	case 2:
		r.Kind, r.Unit, r.Amount, extension = worktime.CalendarDays, worktime.Months, d.Int64N(8), 3
	case 3:
		r.Kind, r.Amount, extension = worktime.RunningHours, d.Int64N(73), 24
	case 4:
		r.Kind, r.Amount, extension = worktime.BusinessHours, d.Int64N(41), 16
	}
	if d.IntN(4) == 0 {
		r.Extension = 1 + d.Int64N(int64(extension))
	}
	return r
}

func (d draw) pauses(start time.Time, hours bool) (list []worktime.Pause) {
	reach := 60 * 24 * 40
	if hours {
		reach = 60 * 24 * 6
	}
	for range max(d.IntN(7)-2, 0) {
		from := start.Add(time.Duration(d.IntN(reach)-reach/8) * time.Minute)
		p := worktime.Pause{From: from, To: from.Add(time.Duration(d.IntN(reach/4)) * time.Minute)}
		if d.IntN(12) == 0 {
			p.To = time.Time{}
		}
		list = append(list, p)
	}
	return list
}

// cases is how many random cases are compared: a few thousand with every test, WEIZHENG_ORACLE_CASES in the long evidence.
func cases(t *testing.T) int {
	t.Helper()
	text := os.Getenv("WEIZHENG_ORACLE_CASES")
	if text == "" {
		return 2500
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("WEIZHENG_ORACLE_CASES=%q is no number from 1", text)
	}
	return n
}

func TestTheOracleAgrees(t *testing.T) {
	t.Parallel()
	n := cases(t)
	seed := uint64(20260918)
	if text := os.Getenv("WEIZHENG_ORACLE_SEED"); text != "" {
		given, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = given
	}
	const ofOneCalendar = 50
	for i := 0; i < n; i += ofOneCalendar {
		d := draw{rand.New(rand.NewPCG(seed, uint64(i)))}
		data := d.data()
		cal, err := worktime.NewCalendar(data)
		if err != nil {
			t.Fatal(err)
		}
		o := newOracle(data)
		for range min(ofOneCalendar, n-i) {
			compare(t, d, cal, o)
		}
		if t.Failed() {
			t.Fatalf("calendar %d of seed %d: %+v %+v", i, seed, data.Local, data.Hours)
		}
	}
}

// compare asks both about one case, about another rule for the same term, and about the change from the one to the other.
func compare(t *testing.T, d draw, cal *worktime.Calendar, o *oracle) {
	t.Helper()
	start := d.instant()
	now := start.Add(time.Duration(d.IntN(60*24*12)-60*24) * time.Minute)
	pauses := d.pauses(start, d.IntN(2) == 0)
	var rules [2]worktime.Rule
	var wants [2]answer
	var gots [2]worktime.Result
	for i := range rules {
		r := d.rule()
		want := o.count(r, start, pauses, now)
		got, err := worktime.Measure(r, start, pauses, now, cal)
		if err != nil {
			t.Errorf("%+v from %v, pauses %v: %v", r, start, pauses, err)
			return
		}
		elapsed := int(got.Elapsed)
		if got.Unit == worktime.Hours {
			elapsed = int(got.Elapsed*60 + 0.5)
		}
		if got.Result.Stopped != want.stopped || got.Result.DueText() != want.due || elapsed != want.elapsed {
			t.Errorf("%+v from %v, now %v, pauses %v:\n got %s stopped %v elapsed %d\nwant %s stopped %v elapsed %d", r, start, now, pauses,
				got.Result.DueText(), got.Result.Stopped, elapsed, want.due, want.stopped, want.elapsed)
		}
		rules[i], wants[i], gots[i] = r, want, got.Result
	}
	got, err := worktime.Amend(gots[0], rules[1], start, pauses, cal, now)
	if want := o.amended(wants[0], wants[1], now); err != nil || got.DueText() != want {
		t.Errorf("%+v becomes %+v, from %v, changed %v, pauses %v: %s %v, want %s", rules[0], rules[1], start, now, pauses, got.DueText(), err, want)
	}
}

// amended is the end after a change of rule: the new one, unless it has passed already while the old one had not.
func (o *oracle) amended(before, after answer, changed time.Time) string {
	over := func(a answer) bool {
		end := changed.Format("2006-01-02T15:04-07:00")
		return !a.stopped && a.due <= end // 2026-09-24T24:00 comes before 2026-09-25T00:00, as it should
	}
	if !over(after) {
		return after.due
	}
	if over(before) {
		return before.due
	}
	for day := changed; ; day = day.AddDate(0, 0, 1) {
		if o.working(day) {
			return day.Format("2006-01-02") + "T24:00+08:00"
		}
	}
}
