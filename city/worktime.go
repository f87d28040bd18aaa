package city

import (
	"context"

	"weizheng/kernel/worktime"
	"weizheng/platform/clock"
)

// buildCalendars gives the city what its calendars differ by: a day of its own, a half day in one district, windows that open on
// Saturday mornings. They lie in the weeks after the present, where due dates meet them.
func (b *builder) buildCalendars(ctx context.Context) error {
	day := func(ahead int) string { return b.workday(ahead).String() }
	path := func(unit string) (string, error) { return b.Org.UnitPath(ctx, b.units[unit]) }
	city, err := path("青云市")
	if err != nil {
		return err
	}
	district, err := path("云东区")
	if err != nil {
		return err
	}
	hall, err := path("市政务服务管理局")
	if err != nil {
		return err
	}
	morning := []worktime.Span{{From: "09:00", To: "12:00"}}
	if _, err := b.Worktime.SetLocal(ctx, city, []worktime.LocalDay{{
		Local:  worktime.Local{From: day(15), To: day(15), Name: "建市纪念日", Kind: worktime.LocalOff},
		Source: "青云市人民政府关于建市纪念日放假的通告",
	}}, worktime.Edit{Reason: "建市纪念日放假一天"}); err != nil {
		return err
	}
	if _, err := b.Worktime.SetLocal(ctx, district, []worktime.LocalDay{{
		Local:  worktime.Local{From: day(8), To: day(8), Name: "搬迁新址", Kind: worktime.LocalHours, Spans: morning},
		Source: "云东区人民政府办公室通知",
	}}, worktime.Edit{Reason: "办公楼搬迁，下午不办公"}); err != nil {
		return err
	}
	week := worktime.DefaultWeek()
	week.Sat = morning
	_, err = b.Worktime.SetHours(ctx, hall, &week, worktime.Edit{Reason: "政务大厅周六上午开窗"})
	return err
}

// workday is a weekday so many days after the present.
func (b *builder) workday(ahead int) worktime.Day {
	d := worktime.DayOf(b.Now.In(clock.Zone)) + worktime.Day(ahead)
	for d.Weekday() == 0 || d.Weekday() == 6 {
		d++
	}
	return d
}
