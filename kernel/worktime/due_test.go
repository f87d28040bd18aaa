package worktime_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"weizheng/kernel/worktime"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

func national(t testing.TB) *worktime.Calendar {
	t.Helper()
	c, err := worktime.NewCalendar(worktime.Data{Years: worktime.Builtin()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// at reads an instant of China.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	layout := "2006-01-02T15:04"
	if len(text) == len(time.DateOnly) {
		layout = time.DateOnly
	}
	got, err := time.ParseInLocation(layout, text, clock.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

type rule = worktime.Rule

func TestDue(t *testing.T) {
	t.Parallel()
	cal := national(t)
	days := func(n int64) rule { return rule{Kind: worktime.Working, Amount: n} }
	natural := func(n int64) rule { return rule{Kind: worktime.CalendarDays, Amount: n} }
	months := func(n int64) rule { return rule{Kind: worktime.CalendarDays, Unit: worktime.Months, Amount: n} }
	running := func(n int64) rule { return rule{Kind: worktime.RunningHours, Amount: n} }
	business := func(n int64) rule { return rule{Kind: worktime.BusinessHours, Amount: n} }
	for _, c := range []struct {
		label string
		start string
		rule  rule
		want  string
	}{
		{"a make-up Saturday counts", "2026-02-13", days(1), "2026-02-14T24:00+08:00"},
		{"over the Spring Festival", "2026-02-13", days(5), "2026-02-27T24:00+08:00"},
		{"over National Day 2025", "2025-09-26", days(5), "2025-10-10T24:00+08:00"},
		{"over Labour Day 2026", "2026-04-20", days(20), "2026-05-20T24:00+08:00"},
		{"over the Spring Festival 2025", "2025-01-24", days(20), "2025-02-27T24:00+08:00"},
		{"over National Day 2024", "2024-09-27", days(7), "2024-10-12T24:00+08:00"},
		{"a make-up Sunday in September", "2026-09-18T10:00", days(5), "2026-09-24T24:00+08:00"},
		{"calendar days that roll over the Spring Festival", "2026-02-01", natural(15), "2026-02-24T24:00+08:00"},
		{"calendar days that roll over National Day", "2025-08-05", natural(60), "2025-10-09T24:00+08:00"},
		{"calendar days that end on a working day", "2026-03-02", natural(15), "2026-03-17T24:00+08:00"},
		{"calendar days onto a make-up Saturday", "2026-02-04", natural(10), "2026-02-14T24:00+08:00"},

		{"late at night is that day all the same", "2026-09-18T23:59", days(5), "2026-09-24T24:00+08:00"},
		{"a day's first minute is that day", "2026-09-18T00:00", days(5), "2026-09-24T24:00+08:00"},
		{"no days: the same day", "2026-09-18T10:00", days(0), "2026-09-18T24:00+08:00"},
		{"no days on a Saturday: Monday", "2026-09-12T10:00", days(0), "2026-09-14T24:00+08:00"},

		{"a month", "2026-03-10", months(1), "2026-04-10T24:00+08:00"},
		{"a month from the 31st ends on the month's last", "2026-03-31", months(1), "2026-04-30T24:00+08:00"},
		{"a month into February rolls from Saturday 28th, a make-up day, not at all", "2026-01-31", months(1), "2026-02-28T24:00+08:00"},
		{"six months end on a Sunday and roll", "2026-05-30", months(6), "2026-11-30T24:00+08:00"},
		{"three months into National Day", "2026-07-03", months(3), "2026-10-08T24:00+08:00"},

		{"24 hours", "2026-09-18T10:00", running(24), "2026-09-19T10:00+08:00"},
		{"hours run through the night and the holiday", "2026-09-30T23:00", running(2), "2026-10-01T01:00+08:00"},
		{"two hours in business over lunch", "2026-09-18T11:00", business(2), "2026-09-18T14:30+08:00"},
		{"a day in business is seven hours", "2026-09-18T09:00", business(7), "2026-09-18T17:30+08:00"},
		{"one hour more is the make-up Sunday's first", "2026-09-18T09:00", business(8), "2026-09-20T10:00+08:00"},
		{"in business after closing begins at the next opening", "2026-09-24T18:00", business(1), "2026-09-28T10:00+08:00"},
		{"24 hours in business", "2026-09-18T10:00", business(24), "2026-09-22T14:30+08:00"},

		{"after closing is the next working day's, where the rule says so", "2026-09-18T17:30",
			rule{Kind: worktime.Working, Amount: 5, Start: worktime.AtOpening}, "2026-09-28T24:00+08:00"},
		{"in the lunch break is the day's own", "2026-09-18T12:30",
			rule{Kind: worktime.Working, Amount: 5, Start: worktime.AtOpening}, "2026-09-24T24:00+08:00"},
		{"on a day off is the next working day's", "2026-02-16T10:00",
			rule{Kind: worktime.CalendarDays, Amount: 1, Start: worktime.AtOpening}, "2026-02-25T24:00+08:00"},
		{"at close of business", "2026-09-18T10:00", rule{Kind: worktime.Working, Amount: 5, End: worktime.AtClose}, "2026-09-24T17:30+08:00"},
		{"without a roll", "2026-02-01", rule{Kind: worktime.CalendarDays, Amount: 15, Rolls: worktime.RollNone}, "2026-02-16T24:00+08:00"},
		{"extended once", "2026-04-20", rule{Kind: worktime.Working, Amount: 20, Extension: 10}, "2026-06-03T24:00+08:00"},
	} {
		got, err := worktime.Due(c.rule, at(t, c.start), nil, cal)
		if err != nil {
			t.Errorf("%s: %v", c.label, err)
			continue
		}
		if got.DueText() != c.want || got.Provisional || got.Stopped {
			t.Errorf("%s: %s %+v, want %s", c.label, got.DueText(), got, c.want)
		}
		if want := c.want[:10]; got.Date != want {
			t.Errorf("%s: date %s, want %s", c.label, got.Date, want)
		}
	}
}

func TestPauses(t *testing.T) {
	t.Parallel()
	cal := national(t)
	pause := func(text string) (list []worktime.Pause) {
		for one := range strings.FieldsSeq(text) {
			from, to, _ := strings.Cut(one, "/")
			p := worktime.Pause{From: at(t, from)}
			if to != "" {
				p.To = at(t, to)
			}
			list = append(list, p)
		}
		return list
	}
	working := rule{Kind: worktime.Working, Amount: 5}
	for _, c := range []struct {
		label  string
		start  string
		rule   rule
		pauses string
		want   string // "": stopped
	}{
		{"two days", "2026-09-07T10:00", working, "2026-09-08T10:00/2026-09-10T09:00", "2026-09-16T24:00+08:00"},
		{"over a weekend leaves out working days only", "2026-09-07T10:00", working, "2026-09-11T10:00/2026-09-14T09:00", "2026-09-15T24:00+08:00"},
		{"within a day leaves out none", "2026-09-07T10:00", working, "2026-09-08T10:00/2026-09-08T17:00", "2026-09-14T24:00+08:00"},
		{"of no length", "2026-09-07T10:00", working, "2026-09-08T10:00/2026-09-08T10:00", "2026-09-14T24:00+08:00"},
		{"overlapping count once", "2026-09-07T10:00", working,
			"2026-09-09T10:00/2026-09-11T09:00 2026-09-08T10:00/2026-09-10T09:00", "2026-09-17T24:00+08:00"},
		{"one within another", "2026-09-07T10:00", working,
			"2026-09-08T10:00/2026-09-11T09:00 2026-09-09T10:00/2026-09-10T09:00", "2026-09-17T24:00+08:00"},
		{"before the start leaves out nothing", "2026-09-07T10:00", working, "2026-09-01T10:00/2026-09-04T09:00", "2026-09-14T24:00+08:00"},
		{"after the end leaves out nothing", "2026-09-07T10:00", working, "2026-09-15T10:00/2026-09-20T09:00", "2026-09-14T24:00+08:00"},
		{"open", "2026-09-07T10:00", working, "2026-09-08T10:00/", ""},
		{"open after the end", "2026-09-07T10:00", working, "2026-09-14T10:00/", "2026-09-14T24:00+08:00"},
		{"calendar days", "2026-09-01T10:00", rule{Kind: worktime.CalendarDays, Amount: 10}, "2026-09-02T10:00/2026-09-05T10:00", "2026-09-14T24:00+08:00"},
		{"a month", "2026-03-02T10:00", rule{Kind: worktime.CalendarDays, Amount: 1, Unit: worktime.Months}, "2026-03-10T10:00/2026-03-12T10:00", "2026-04-07T24:00+08:00"},
		{"the roll too waits for the pause", "2026-09-02T10:00", rule{Kind: worktime.CalendarDays, Amount: 10}, "2026-09-12T10:00/2026-09-15T10:00", "2026-09-16T24:00+08:00"},
		{"running hours leave out the very minutes", "2026-09-07T10:00", rule{Kind: worktime.RunningHours, Amount: 24}, "2026-09-07T12:00/2026-09-07T12:45", "2026-09-08T10:45+08:00"},
		{"hours in business leave out what of the pause is in business", "2026-09-07T11:00", rule{Kind: worktime.BusinessHours, Amount: 2}, "2026-09-07T11:30/2026-09-07T14:00", "2026-09-07T15:30+08:00"},
		{"hours with an open pause", "2026-09-07T11:00", rule{Kind: worktime.BusinessHours, Amount: 2}, "2026-09-07T11:30/", ""},
	} {
		got, err := worktime.Due(c.rule, at(t, c.start), pause(c.pauses), cal)
		if err != nil || got.DueText() != c.want || got.Stopped != (c.want == "") {
			t.Errorf("%s: %s %+v %v, want %q", c.label, got.DueText(), got, err, c.want)
		}
	}
}

func TestProvisional(t *testing.T) {
	t.Parallel()
	cal := national(t)
	for _, c := range []struct {
		label string
		start string
		rule  rule
		date  string
		want  bool
	}{
		{"working days into the unknown year", "2026-12-28", rule{Kind: worktime.Working, Amount: 10}, "2027-01-12", true},
		{"within the known year", "2026-12-14", rule{Kind: worktime.Working, Amount: 10}, "2026-12-28", false},
		{"calendar days into it may roll", "2026-12-28", rule{Kind: worktime.CalendarDays, Amount: 10}, "2027-01-07", true},
		{"calendar days without a roll ask nobody", "2026-12-28", rule{Kind: worktime.CalendarDays, Amount: 10, Rolls: worktime.RollNone}, "2027-01-07", false},
		{"nor do running hours", "2026-12-31", rule{Kind: worktime.RunningHours, Amount: 100}, "2027-01-04", false},
		{"statutory days of the unknown year are off", "2027-02-03", rule{Kind: worktime.Working, Amount: 2}, "2027-02-09", true},
	} {
		got, err := worktime.Due(c.rule, at(t, c.start), nil, cal)
		if err != nil || got.Date != c.date || got.Provisional != c.want {
			t.Errorf("%s: %s %v %v, want %s %v", c.label, got.Date, got.Provisional, err, c.date, c.want)
		}
	}
}

func TestAmend(t *testing.T) {
	t.Parallel()
	cal := national(t)
	long, short := rule{Kind: worktime.Working, Amount: 20}, rule{Kind: worktime.Working, Amount: 5}
	for _, c := range []struct {
		label     string
		from, to  rule
		changedAt string
		want      string
	}{
		{"shorter, not yet over", long, short, "2026-09-09T10:00", "2026-09-14"},
		{"shorter, would be over: the day of the change", long, short, "2026-09-16T10:00", "2026-09-16"},
		{"the change falls on a day off: the next working day", long, short, "2026-09-19T10:00", "2026-09-20"},
		{"longer", short, long, "2026-09-10T10:00", "2026-10-10"},
		{"longer, but it was over before", short, rule{Kind: worktime.Working, Amount: 6}, "2026-09-16T10:00", "2026-09-14"},
	} {
		start := at(t, "2026-09-07T10:00")
		before, err := worktime.Due(c.from, start, nil, cal)
		if err != nil {
			t.Fatal(err)
		}
		got, err := worktime.Amend(before, c.to, start, nil, cal, at(t, c.changedAt))
		if err != nil || got.Date != c.want {
			t.Errorf("%s: %s %v, want %s", c.label, got.Date, err, c.want)
		}
	}
}

func TestLocalDays(t *testing.T) {
	t.Parallel()
	half := []worktime.Span{{From: "09:00", To: "12:00"}}
	cal, err := national(t).With([]worktime.Local{
		{From: "2026-03-18", To: "2026-03-19", Name: "三月三", Kind: worktime.LocalOff},
		{From: "2026-03-21", Name: "补班", Kind: worktime.LocalWork},
		{From: "2026-03-06", Name: "半天", Kind: worktime.LocalHours, Spans: half},
		{From: "2026-03-07", Name: "周末窗口", Kind: worktime.LocalHours, Spans: half},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		label string
		start string
		rule  rule
		want  string
	}{
		{"local days off do not count", "2026-03-17T10:00", rule{Kind: worktime.Working, Amount: 1}, "2026-03-20T24:00+08:00"},
		{"a local working Saturday does", "2026-03-20T10:00", rule{Kind: worktime.Working, Amount: 1}, "2026-03-21T24:00+08:00"},
		{"a half day is a whole working day", "2026-03-05T10:00", rule{Kind: worktime.Working, Amount: 1}, "2026-03-06T24:00+08:00"},
		{"and closes at noon", "2026-03-05T10:00", rule{Kind: worktime.Working, Amount: 1, End: worktime.AtClose}, "2026-03-06T12:00+08:00"},
		{"hours in business know the half day and the open Saturday", "2026-03-06T09:00", rule{Kind: worktime.BusinessHours, Amount: 7}, "2026-03-09T10:00+08:00"},
		{"a Saturday with open windows is no working day", "2026-03-06T10:00", rule{Kind: worktime.Working, Amount: 1}, "2026-03-09T24:00+08:00"},
	} {
		got, err := worktime.Due(c.rule, at(t, c.start), nil, cal)
		if err != nil || got.DueText() != c.want {
			t.Errorf("%s: %s %v, want %s", c.label, got.DueText(), err, c.want)
		}
	}
	if got, err := worktime.Due(rule{Kind: worktime.Working, Amount: 1}, at(t, "2026-03-17T10:00"), nil, national(t)); err != nil || got.Date != "2026-03-18" {
		t.Errorf("the national calendar changed: %s %v", got.Date, err)
	}
}

func TestEveryInputIsAnswered(t *testing.T) {
	t.Parallel()
	cal := national(t)
	start := at(t, "2026-09-18T10:00")
	for _, c := range []struct {
		label  string
		rule   rule
		start  time.Time
		pauses []worktime.Pause
		want   string // the error's key or the fault's
	}{
		{"no kind", rule{Amount: 1}, start, nil, "worktime.kind"},
		{"unknown kind", rule{Kind: "moons", Amount: 1}, start, nil, "worktime.kind"},
		{"working months", rule{Kind: worktime.Working, Amount: 1, Unit: worktime.Months}, start, nil, "worktime.unit"},
		{"running days", rule{Kind: worktime.RunningHours, Amount: 1, Unit: worktime.Days}, start, nil, "worktime.unit"},
		{"fewer than none", rule{Kind: worktime.Working, Amount: -1}, start, nil, "worktime.amount"},
		{"too many", rule{Kind: worktime.Working, Amount: math.MaxInt64}, start, nil, "worktime.amount"},
		{"the least number", rule{Kind: worktime.Working, Amount: math.MinInt64}, start, nil, "worktime.amount"},
		{"too long an extension", rule{Kind: worktime.Working, Amount: 1, Extension: math.MaxInt64}, start, nil, "worktime.extension"},
		{"shortened", rule{Kind: worktime.Working, Amount: 9, Extension: -1}, start, nil, "worktime.extension"},
		{"unknown start", rule{Kind: worktime.Working, Amount: 1, Start: "x"}, start, nil, "worktime.start"},
		{"unknown roll", rule{Kind: worktime.Working, Amount: 1, Rolls: "x"}, start, nil, "worktime.rolls"},
		{"unknown end", rule{Kind: worktime.Working, Amount: 1, End: "x"}, start, nil, "worktime.end"},
		{"no start", rule{Kind: worktime.Working, Amount: 1}, time.Time{}, nil, "worktime.range"},
		{"long ago", rule{Kind: worktime.Working, Amount: 1}, time.Unix(math.MinInt64/2, 0), nil, "worktime.range"},
		{"far ahead", rule{Kind: worktime.RunningHours, Amount: 1}, time.Unix(math.MaxInt64/2, 0), nil, "worktime.range"},
		{"out of the calendar", rule{Kind: worktime.Working, Amount: worktime.MaxDays}, at(t, "2099-01-01"), nil, "worktime.range"},
		{"hours in business out of it", rule{Kind: worktime.BusinessHours, Amount: worktime.MaxHours}, start, nil, "worktime.range"},
		{"a pause that ends before it begins", rule{Kind: worktime.Working, Amount: 1}, start, []worktime.Pause{{From: start, To: start.Add(-1)}}, "worktime.pause"},
		{"a pause without a beginning", rule{Kind: worktime.Working, Amount: 1}, start, []worktime.Pause{{To: start}}, "worktime.pause"},
		{"a pause to the end of time is one without end in range", rule{Kind: worktime.Working, Amount: 9}, start,
			[]worktime.Pause{{From: start, To: time.Unix(math.MaxInt64/2, 0)}}, "worktime.range"},
	} {
		for _, ask := range []func() error{
			func() error { _, err := worktime.Due(c.rule, c.start, c.pauses, cal); return err },
			func() error { _, err := worktime.Explain(c.rule, c.start, c.pauses, cal); return err },
			func() error { _, err := worktime.Measure(c.rule, c.start, c.pauses, start, cal); return err },
		} {
			err := ask()
			if err == nil {
				t.Errorf("%s: no error", c.label)
				continue
			}
			keys := []string{errs.As(err).Key()}
			for _, f := range errs.As(err).Fields() {
				keys = append(keys, f.Key)
			}
			if errs.KindOf(err) != errs.Invalid || !slices.Contains(keys, c.want) {
				t.Errorf("%s: %v, want %s", c.label, err, c.want)
			}
		}
	}
}

func TestYearsHaveTheKnownNumberOfWorkingDays(t *testing.T) {
	t.Parallel()
	cal := national(t)
	for year, want := range map[int]int64{2024: 251, 2025: 248, 2026: 248} {
		from, _ := worktime.ParseDay(time.Date(year-1, 12, 31, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
		to, _ := worktime.ParseDay(time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
		if got := cal.WorkingDays(from, to); got != want || !cal.Knows(year) {
			t.Errorf("%d: %d working days, want %d", year, got, want)
		}
	}
	if cal.Knows(2027) || cal.Knows(0) {
		t.Error("a list that nobody has seen is known")
	}
}
