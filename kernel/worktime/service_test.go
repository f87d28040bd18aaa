package worktime_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"weizheng/kernel/audit"
	"weizheng/kernel/worktime"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
)

// book keeps what was audited and hinted.
type book struct{ entries []audit.Entry }

func (b *book) Record(_ context.Context, _ *db.Tx, e audit.Entry) error {
	b.entries = append(b.entries, e)
	return nil
}
func (b *book) Publish(*db.Tx, string, int64, int64) error { return nil }

type fixed time.Time

func (f fixed) Now() time.Time { return time.Time(f) }

func open(t *testing.T, d *db.DB, civil string) (*worktime.Service, *book) {
	t.Helper()
	b := &book{}
	s := worktime.New(worktime.Deps{DB: d, Wall: clock.Wall{}, Civil: fixed(at(t, civil)), Log: slog.New(slog.DiscardHandler), Audit: b, Hints: b})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(context.WithoutCancel(t.Context())) })
	return s, b
}

func next() worktime.Year {
	y := worktime.Year{Year: 2027, Title: "2027 年的安排", Days: []worktime.Holiday{{Name: "元旦", Date: "2027-01-03"}, {Name: "元旦", Date: "2027-01-01", IsOffDay: true}}}
	for _, day := range []string{"02-05", "02-06", "02-07", "02-08", "02-09", "02-10", "02-11", "04-05", "05-01", "05-02", "06-09", "09-15", "10-01", "10-02", "10-03"} {
		y.Days = append(y.Days, worktime.Holiday{Name: "放假", Date: "2027-" + day, IsOffDay: true})
	}
	return y
}

func TestTheAlarmForNextYear(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, []db.Schema{worktime.Schema()})
	for _, c := range []struct {
		label, now string
		want       int
	}{
		{"in October nobody asks", "2026-10-31T23:59", 0},
		{"from 1 November", "2026-11-01T00:00", 2027},
		{"until the list is there", "2026-12-31T23:00", 2027},
		{"in January it is the present year", "2027-01-01T00:00", 2027},
	} {
		s, _ := open(t, d, c.now)
		if got, err := s.Missing(t.Context()); err != nil || got != c.want {
			t.Errorf("%s: %d %v, want %d", c.label, got, err, c.want)
		}
	}
}

func TestImport(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Schema{worktime.Schema()}, func(t *testing.T, d *db.DB) {
		s, b := open(t, d, "2026-11-20T10:00")
		other, _ := open(t, d, "2026-11-20T10:00") // another replica
		ctx := access.With(t.Context(), access.Actor{Kind: access.Staff, ID: 7})
		r := worktime.Rule{Kind: worktime.Working, Amount: 5}
		due := func(s *worktime.Service) worktime.Result {
			cal, err := s.Calendar(ctx, "/1/4/")
			if err != nil {
				t.Fatal(err)
			}
			got, err := worktime.Due(r, at(t, "2026-12-30T10:00"), nil, cal)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := due(s); got.Date != "2027-01-07" || !got.Provisional {
			t.Errorf("before: %+v", got)
		}
		diff, err := s.Compare(ctx, next())
		if err != nil || len(diff) == 0 || diff[0].Date != "2027-01-03" || diff[0].Was.Working || !diff[0].Becomes.MakeUp {
			t.Errorf("what changes: %+v %v", diff, err)
		}
		if _, err := s.Import(ctx, next(), worktime.Edit{}); !errs.Is(err, errs.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		cut := next()
		cut.Days = cut.Days[:len(cut.Days)-2]
		_, err = s.Import(ctx, cut, worktime.Edit{Reason: "x"})
		if f := errs.As(err).Fields(); len(f) != 1 || f[0].Key != "worktime.statutory" || f[0].Params["days"] != "2027-10-02 国庆节、2027-10-03 国庆节" {
			t.Errorf("a list cut short: %v %+v", err, f)
		}
		bad := next()
		bad.Days[0].Date = "2027-02-30"
		if _, err := s.Import(ctx, bad, worktime.Edit{Reason: "x"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a day that is none: %v", err)
		}
		v, err := s.Import(ctx, next(), worktime.Edit{Reason: "国务院通知"})
		if err != nil || v.Number != 1 || v.CreatedBy != 7 {
			t.Fatalf("import: %+v %v", v, err)
		}
		if got := due(s); got.Date != "2027-01-06" || got.Provisional {
			t.Errorf("after: %+v", got)
		}
		if got, err := s.Missing(ctx); got != 0 || err != nil {
			t.Errorf("still missing: %d %v", got, err)
		}
		eventually(t, "another replica hears of it", func() bool { return due(other).Date == "2027-01-06" })
		if _, err := s.Import(ctx, next(), worktime.Edit{Reason: "again", Version: 0}); !errs.Is(err, errs.Conflict) {
			t.Errorf("over a version that was not seen: %v", err)
		}
		if _, err := s.Import(ctx, next(), worktime.Edit{Reason: "again", Version: 1}); err != nil {
			t.Error(err)
		}
		list, err := s.Versions(ctx, worktime.OfYear, 0, 2027, 0, 10)
		if err != nil || len(list) != 2 || list[0].Number != 2 || list[1].Reason != "国务院通知" || list[1].Year.Days[0].Date != "2027-01-01" {
			t.Errorf("versions: %+v %v", list, err)
		}
		if len(b.entries) != 2 || b.entries[0].Unit != "" || b.entries[0].Detail["name"] != "2027" {
			t.Errorf("audit: %+v", b.entries)
		}
	})
}

func TestUnitsDiffer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Schema{worktime.Schema()}, func(t *testing.T, d *db.DB) {
		s, b := open(t, d, "2026-11-20T10:00")
		ctx := t.Context()
		half := []worktime.Span{{From: "09:00", To: "12:00"}}
		day := func(from, name string, kind worktime.LocalKind, spans []worktime.Span) worktime.LocalDay {
			return worktime.LocalDay{Local: worktime.Local{From: from, Name: name, Kind: kind, Spans: spans}, Source: "区政府通知"}
		}
		if _, err := s.SetLocal(ctx, "/1/", []worktime.LocalDay{day("2026-12-07", "本地节日", worktime.LocalOff, nil)}, worktime.Edit{Reason: "条例"}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.SetLocal(ctx, "/1/4/", []worktime.LocalDay{day("2026-12-07", "照常", worktime.LocalWork, nil), day("2026-12-09", "半天", worktime.LocalHours, half)}, worktime.Edit{Reason: "通知"}); err != nil {
			t.Fatal(err)
		}
		week := worktime.DefaultWeek()
		week.Sat = half
		if _, err := s.SetHours(ctx, "/1/4/", &week, worktime.Edit{Reason: "周六开窗"}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			label, unit, start string
			rule               worktime.Rule
			want               string
		}{
			{"the installation", "", "2026-12-04T10:00", worktime.Rule{Kind: worktime.Working, Amount: 1}, "2026-12-07T24:00+08:00"},
			{"the city's day off", "/1/", "2026-12-04T10:00", worktime.Rule{Kind: worktime.Working, Amount: 1}, "2026-12-08T24:00+08:00"},
			{"holds below", "/1/5/9/", "2026-12-04T10:00", worktime.Rule{Kind: worktime.Working, Amount: 1}, "2026-12-08T24:00+08:00"},
			{"but a district works", "/1/4/8/", "2026-12-04T10:00", worktime.Rule{Kind: worktime.Working, Amount: 1}, "2026-12-07T24:00+08:00"},
			{"its half day", "/1/4/", "2026-12-09T10:00", worktime.Rule{Kind: worktime.Working, End: worktime.AtClose}, "2026-12-09T12:00+08:00"},
			{"its Saturday", "/1/4/", "2026-12-11T17:00", worktime.Rule{Kind: worktime.BusinessHours, Amount: 1}, "2026-12-12T09:30+08:00"},
		} {
			cal, err := s.Calendar(ctx, c.unit)
			if err != nil {
				t.Fatal(err)
			}
			got, err := worktime.Due(c.rule, at(t, c.start), nil, cal)
			if err != nil || got.DueText() != c.want {
				t.Errorf("%s: %s %v, want %s", c.label, got.DueText(), err, c.want)
			}
		}
		below, above := calendar(t, s, "/1/4/8/"), calendar(t, s, "/1/4/")
		if below != above {
			t.Error("a unit that says nothing has a calendar of its own")
		}
		own, err := s.Own(ctx, "/1/4/")
		if err != nil || len(own.Local) != 2 || own.LocalVersion != 1 || own.Hours == nil || len(own.Above) != 1 || own.HoldingUnit != 4 {
			t.Errorf("own: %+v %v", own, err)
		}
		if _, err := s.SetHours(ctx, "/1/4/", nil, worktime.Edit{Reason: "恢复", Version: 1}); err != nil {
			t.Fatal(err)
		}
		if own, err = s.Own(ctx, "/1/4/"); err != nil || own.Hours != nil || own.HoursVersion != 2 || len(own.Holding.Sat) != 0 {
			t.Errorf("hours given back: %+v %v", own, err)
		}
		for label, err := range map[string]error{
			"a bad span":     change(s.SetHours(ctx, "/1/4/", &worktime.Week{Mon: []worktime.Span{{From: "12:00", To: "9:00"}}}, worktime.Edit{Reason: "x", Version: 2})),
			"never open":     change(s.SetHours(ctx, "/1/4/", &worktime.Week{}, worktime.Edit{Reason: "x", Version: 2})),
			"a bad day":      change(s.SetLocal(ctx, "/1/4/", []worktime.LocalDay{day("2026-13-01", "x", worktime.LocalOff, nil)}, worktime.Edit{Reason: "x", Version: 1})),
			"no name":        change(s.SetLocal(ctx, "/1/4/", []worktime.LocalDay{day("2026-12-01", "", worktime.LocalOff, nil)}, worktime.Edit{Reason: "x", Version: 1})),
			"hours of none":  change(s.SetLocal(ctx, "/1/4/", []worktime.LocalDay{day("2026-12-01", "x", worktime.LocalHours, nil)}, worktime.Edit{Reason: "x", Version: 1})),
			"without reason": change(s.SetLocal(ctx, "/1/4/", nil, worktime.Edit{Version: 1})),
		} {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", label, err)
			}
		}
		if got := b.entries[len(b.entries)-1]; got.Unit != "/1/4/" || got.Detail["kind"] != "hours" {
			t.Errorf("audit: %+v", got)
		}
	})
}

func change(_ worktime.Version, err error) error { return err }

func calendar(t *testing.T, s *worktime.Service, unit string) *worktime.Calendar {
	t.Helper()
	c, err := s.Calendar(t.Context(), unit)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(10 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("never: " + what)
		}
	}
}
