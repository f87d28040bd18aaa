package worktimeweb

import (
	"context"
	"fmt"

	"weizheng/kernel/worktime"
)

// dayView is one day that is not an ordinary weekday or weekend.
type dayView struct {
	Date    string          `json:"date"`
	Working bool            `json:"working"`
	Name    string          `json:"name"`
	Local   bool            `json:"local" doc:"本地安排"`
	Half    bool            `json:"half" doc:"这一天另有办公时间"`
	Spans   []worktime.Span `json:"spans"`
}

func viewDay(d worktime.DayInfo) dayView {
	if d.Spans == nil {
		d.Spans = []worktime.Span{}
	}
	return dayView{d.Day.String(), d.Working, d.Name, d.Local, d.Half, d.Spans}
}

// listView is a year's list as it counts.
type listView struct {
	Title     string   `json:"title"`
	Papers    []string `json:"papers"`
	Version   int64    `json:"version" doc:"0：随系统带来"`
	Reason    string   `json:"reason"`
	CreatedBy string   `json:"created_by"`
	CreatedAt int64    `json:"created_at"`
}

type aboveView struct {
	worktime.LocalDay
	Unit string `json:"unit" doc:"哪个上级单位定的"`
}

type calendarView struct {
	Year         int                 `json:"year"`
	Known        bool                `json:"known" doc:"这一年的放假安排在不在"`
	WorkingDays  int64               `json:"working_days"`
	Days         []dayView           `json:"days" doc:"与平常的周不同的日子，按日期"`
	List         *listView           `json:"list,omitempty"`
	Local        []worktime.LocalDay `json:"local" doc:"本单位的本地安排，各年都在"`
	LocalVersion int64               `json:"local_version"`
	Above        []aboveView         `json:"above" doc:"上级单位的本地安排，在这里也有效"`
	Hours        worktime.Week       `json:"hours" doc:"现在执行的办公时间"`
	OwnHours     bool                `json:"own_hours" doc:"是不是本单位自己定的"`
	HoursUnit    string              `json:"hours_unit" doc:"哪个单位定的；空是默认时间"`
	HoursVersion int64               `json:"hours_version"`
	Editable     bool                `json:"editable"`
}

func viewCalendar(cal *worktime.Calendar, own worktime.Own, year int) *calendarView {
	first, _ := worktime.ParseDay(fmt.Sprintf("%d-01-01", year)) // the route holds the year in range
	last, _ := worktime.ParseDay(fmt.Sprintf("%d-12-31", year))
	out := &calendarView{Year: year, Known: cal.Knows(year), WorkingDays: cal.WorkingDays(first-1, last), Days: []dayView{},
		Local: own.Local, LocalVersion: own.LocalVersion, Above: []aboveView{}, Hours: shownWeek(own.Holding), OwnHours: own.Hours != nil,
		HoursVersion: own.HoursVersion}
	if out.Local == nil {
		out.Local = []worktime.LocalDay{}
	}
	for d := first; d <= last; d++ {
		if info := cal.Info(d); info.Name != "" || info.Local {
			out.Days = append(out.Days, viewDay(info))
		}
	}
	return out
}

// shownWeek has an empty list for each closed day.
func shownWeek(w worktime.Week) worktime.Week {
	for _, day := range []*[]worktime.Span{&w.Mon, &w.Tue, &w.Wed, &w.Thu, &w.Fri, &w.Sat, &w.Sun} {
		if *day == nil {
			*day = []worktime.Span{}
		}
	}
	return w
}

func (c console) viewList(ctx context.Context, v worktime.Version) (*listView, error) {
	names, err := c.Staff.Names(ctx, []int64{v.CreatedBy})
	if err != nil {
		return nil, err
	}
	return &listView{v.Year.Title, papers(*v.Year), v.Number, v.Reason, names[v.CreatedBy], v.CreatedAt}, nil
}

func papers(y worktime.Year) []string {
	if y.Papers == nil {
		return []string{}
	}
	return y.Papers
}
