package worktime_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"weizheng/kernel/worktime"
)

// TestProperties holds what is true of every term, whatever the calendar.
func TestProperties(t *testing.T) {
	t.Parallel()
	d := draw{rand.New(rand.NewPCG(1, 2))}
	for range 60 {
		cal, err := worktime.NewCalendar(d.data())
		if err != nil {
			t.Fatal(err)
		}
		for range 200 {
			r, start := d.rule(), d.instant().Add(time.Duration(d.IntN(60000))*time.Millisecond)
			property{t, cal, r, start, d.pauses(start, r.InUnit() == worktime.Hours)}.hold(d)
		}
	}
}

type property struct {
	*testing.T
	cal    *worktime.Calendar
	rule   worktime.Rule
	start  time.Time
	pauses []worktime.Pause
}

func (p property) due(r worktime.Rule, start time.Time, pauses []worktime.Pause) worktime.Result {
	p.Helper()
	got, err := worktime.Due(r, start, pauses, p.cal)
	if err != nil {
		p.Fatalf("%+v from %v, pauses %v: %v", r, start, pauses, err)
	}
	return got
}

// notBefore holds that b does not end before a.
func (p property) notBefore(what string, a, b worktime.Result) {
	p.Helper()
	if (a.Stopped && !b.Stopped) || (!a.Stopped && !b.Stopped && b.Due.Before(a.Due)) {
		p.Errorf("%s gives an earlier end: %+v from %v, pauses %v: %s, then %s", what, p.rule, p.start, p.pauses, a.DueText(), b.DueText())
	}
}

func (p property) hold(d draw) {
	p.Helper()
	plain := p.due(p.rule, p.start, p.pauses)
	if !plain.Stopped && plain.Due.Before(p.start) && p.rule.End == worktime.AtMidnight {
		p.Errorf("%+v from %v ends before it starts: %s", p.rule, p.start, plain.DueText())
	}
	if p.rule.End == worktime.AtMidnight { // a longer term may end at noon of a half day, but never on an earlier day
		if p.rule.Unit != worktime.Months || len(p.pauses) == 0 { // the 29th to the 31st may share their end, but not a pause
			p.notBefore("a later start", plain, p.due(p.rule, p.start.Add(time.Duration(d.IntN(60*24*5))*time.Minute), p.pauses))
		}
		more := p.rule
		more.Amount++
		p.notBefore("a larger amount", plain, p.due(more, p.start, p.pauses))
		more = p.rule
		more.Extension++
		p.notBefore("an extension", plain, p.due(more, p.start, p.pauses))
		from := p.start.Add(time.Duration(d.IntN(60*24*9)) * time.Minute)
		p.notBefore("one more pause", plain, p.due(p.rule, p.start, append(slices.Clip(p.pauses),
			worktime.Pause{From: from, To: from.Add(time.Duration(d.IntN(60*24*9)) * time.Minute)})))
	}
	from := p.start.Add(time.Duration(d.IntN(60*24*9)) * time.Minute)
	still := p.due(p.rule, p.start, append(slices.Clip(p.pauses), worktime.Pause{From: from, To: from}))
	if !still.Due.Equal(plain.Due) || still.Stopped != plain.Stopped {
		p.Errorf("a pause of no length moves %+v from %v: %s, then %s", p.rule, p.start, plain.DueText(), still.DueText())
	}
	p.measured(plain, p.start.Add(time.Duration(d.IntN(60*24*60)-60*24)*time.Minute))
}

func (p property) measured(plain worktime.Result, now time.Time) {
	p.Helper()
	m, err := worktime.Measure(p.rule, p.start, p.pauses, now, p.cal)
	if err != nil {
		p.Fatal(err)
	}
	e, _ := worktime.Elapsed(p.rule, p.start, p.pauses, now, p.cal)
	r, _ := worktime.Remaining(p.rule, p.start, p.pauses, now, p.cal)
	if e != m.Elapsed || r != m.Remaining || math.Abs(m.Elapsed+m.Remaining-m.Total) > 1e-6 || m.Elapsed < 0 {
		p.Errorf("%+v from %v at %v: elapsed %v + remaining %v is not %v", p.rule, p.start, now, m.Elapsed, m.Remaining, m.Total)
	}
	whole := float64(p.rule.Amount + p.rule.Extension)
	if exact := p.rule.Kind != worktime.CalendarDays && whole > 0; exact && m.Total != whole {
		p.Errorf("%+v from %v: total %v", p.rule, p.start, m.Total)
	}
	if m.Late != (!plain.Stopped && !now.Before(plain.Due)) || (m.Remaining < 0 && !m.Late && !m.Result.Stopped) {
		p.Errorf("%+v from %v at %v, due %s: late %v with %v left", p.rule, p.start, now, plain.DueText(), m.Late, m.Remaining)
	}
	told, err := worktime.Explain(p.rule, p.start, p.pauses, p.cal)
	if err != nil || told.DueText() != plain.DueText() || len(told.Steps) < 2 {
		p.Errorf("explained as %s with %d steps, is %s: %v", told.DueText(), len(told.Steps), plain.DueText(), err)
	}
}

// FuzzDue holds that no input at all makes it panic or run for long.
func FuzzDue(f *testing.F) {
	cal, err := worktime.NewCalendar(worktime.Data{Years: worktime.Builtin()})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("working", "", int64(5), int64(0), "", "", "", int64(1789696800), int64(0), int64(1), true)
	f.Add("business-hours", "hour", int64(876000), int64(math.MaxInt64), "opening", "none", "close", int64(math.MinInt64), int64(5), int64(-1), false)
	f.Fuzz(func(t *testing.T, kind, unit string, amount, extension int64, start, rolls, end string, at, from, to int64, open bool) {
		r := worktime.Rule{Kind: worktime.Kind(kind), Unit: worktime.Unit(unit), Amount: amount, Extension: extension,
			Start: worktime.Start(start), Rolls: worktime.Roll(rolls), End: worktime.End(end)}
		pause := worktime.Pause{From: time.Unix(from, 0), To: time.Unix(to, 0)}
		if open {
			pause.To = time.Time{}
		}
		result, err := worktime.Explain(r, time.Unix(at, 0), []worktime.Pause{pause}, cal)
		if err == nil && !result.Stopped && result.Date == "" {
			t.Errorf("%+v: neither an end nor an error", r)
		}
	})
}

func BenchmarkDue(b *testing.B) {
	cal := national(b)
	start := time.Date(2026, 9, 18, 2, 0, 0, 0, time.UTC)
	pauses := []worktime.Pause{{From: start.AddDate(0, 0, 3), To: start.AddDate(0, 0, 6)}}
	for name, r := range map[string]worktime.Rule{
		"20 working days":   {Kind: worktime.Working, Amount: 20},
		"60 calendar days":  {Kind: worktime.CalendarDays, Amount: 60},
		"24 running hours":  {Kind: worktime.RunningHours, Amount: 24},
		"40 business hours": {Kind: worktime.BusinessHours, Amount: 40},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := worktime.Due(r, start, pauses, cal); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
