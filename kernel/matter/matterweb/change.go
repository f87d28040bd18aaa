package matterweb

import (
	"context"

	"weizheng/kernel/matter"
	"weizheng/kernel/worktime"
	"weizheng/platform/access"
)

type previewIn struct {
	Body struct {
		matter.Change
		List *worktime.Year `json:"list,omitempty" doc:"要导入的放假安排；与规则二选一"`
	}
}

type movingView struct {
	MatterID int64  `json:"matter_id"`
	Number   string `json:"number"`
	Title    string `json:"title"`
	Unit     string `json:"unit"`
	Clock    string `json:"clock"`
	FromAt   int64  `json:"from_at"`
	ToAt     int64  `json:"to_at"`
}

type previewOut struct {
	Total  int          `json:"total" doc:"在办的事项"`
	Seen   int          `json:"seen" doc:"看过的；比 total 小就是太多，没有看完"`
	Moved  int          `json:"moved" doc:"到期时间会变的"`
	Sample []movingView `json:"sample"`
}

// proposed is the calendars as they would be with another list.
type proposed struct {
	from Calendars
	list worktime.Year
}

// Calendar returns what a unit's calendar would be.
func (p proposed) Calendar(ctx context.Context, unit string) (*worktime.Calendar, error) {
	return p.from.Would(ctx, unit, p.list)
}

func (c console) preview(ctx context.Context, in *previewIn) (*previewOut, error) {
	var calendars matter.Calendars
	if in.Body.List != nil {
		calendars = &kept{from: proposed{c.Calendars, *in.Body.List}, built: map[string]*worktime.Calendar{}}
	}
	impact, err := c.Matters.Preview(ctx, in.Body.Change, calendars)
	if err != nil {
		return nil, err
	}
	var units []int64
	for _, m := range impact.Sample {
		units = append(units, m.Unit)
	}
	_, places, err := c.named(ctx, nil, units)
	out := &previewOut{Total: impact.Total, Seen: impact.Seen, Moved: impact.Moved, Sample: []movingView{}}
	all := access.From(ctx).Can(read, access.Object{}) // who keeps the calendar need not know what the matters are about
	for _, m := range impact.Sample {
		if !all {
			m.Title = ""
		}
		out.Sample = append(out.Sample, movingView{m.Matter, m.Number, m.Title, places[m.Unit], m.Clock, m.From, m.To})
	}
	return out, err
}

// kept builds the calendar of each unit once.
type kept struct {
	from  matter.Calendars
	built map[string]*worktime.Calendar
}

// Calendar returns a unit's calendar.
func (k *kept) Calendar(ctx context.Context, unit string) (*worktime.Calendar, error) {
	if cal := k.built[unit]; cal != nil {
		return cal, nil
	}
	cal, err := k.from.Calendar(ctx, unit)
	k.built[unit] = cal
	return cal, err
}

type recomputeIn struct {
	Body struct {
		matter.Change
		Why string `json:"why" doc:"依据：文号或理由，写进每件事项的经过"`
	}
}

type recomputeOut struct {
	ID int64 `json:"id"`
}

func (c console) recompute(ctx context.Context, in *recomputeIn) (*recomputeOut, error) {
	id, err := c.Matters.Recompute(ctx, in.Body.Change, in.Body.Why)
	return &recomputeOut{id}, err
}

type recomputeView struct {
	ID         int64         `json:"id"`
	Change     matter.Change `json:"change"`
	Why        string        `json:"why"`
	By         string        `json:"by"`
	AskedAt    int64         `json:"asked_at"`
	Done       bool          `json:"done"`
	Total      int64         `json:"total"`
	Seen       int64         `json:"seen"`
	Moved      int64         `json:"moved"`
	FinishedAt int64         `json:"finished_at"`
}

type recomputesOut struct {
	Items []recomputeView `json:"items"`
}

func (c console) recomputes(ctx context.Context, _ *struct{}) (*recomputesOut, error) {
	list, err := c.Matters.Recomputes(ctx, 20)
	if err != nil {
		return nil, err
	}
	var staff []int64
	for _, r := range list {
		staff = append(staff, r.By)
	}
	names, _, err := c.named(ctx, staff, nil)
	out := &recomputesOut{Items: []recomputeView{}}
	for _, r := range list {
		out.Items = append(out.Items, recomputeView{r.ID, r.Change, r.Why, names[r.By], r.AskedAt, r.Done, r.Total, r.Seen, r.Moved, r.FinishedAt})
	}
	return out, err
}
