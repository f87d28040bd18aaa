package matterweb

import (
	"context"

	"weizheng/kernel/matter"
	"weizheng/kernel/worktime"
	"weizheng/platform/access"
	"weizheng/platform/web"
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
	Clock    string `json:"clock" doc:"时限的名称"`
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
	return c.impact(ctx, in.Body.Change, calendars)
}

// impact is what a change would move, with names.
func (c console) impact(ctx context.Context, ch matter.Change, calendars matter.Calendars) (*previewOut, error) {
	impact, err := c.Matters.Preview(ctx, ch, calendars)
	if err != nil {
		return nil, err
	}
	var units []int64
	for _, m := range impact.Sample {
		units = append(units, m.Unit)
	}
	_, places, err := c.named(ctx, nil, units)
	if err != nil {
		return nil, err
	}
	out := &previewOut{Total: impact.Total, Seen: impact.Seen, Moved: impact.Moved, Sample: []movingView{}}
	top, err := c.root(ctx, nil)
	if err != nil {
		return nil, err
	}
	all := access.From(ctx).Can(read, top) // who keeps the calendar need not know what the matters are about
	for _, m := range impact.Sample {
		if !all {
			m.Title = ""
		}
		out.Sample = append(out.Sample, movingView{m.Matter, m.Number, m.Title, places[m.Unit], m.ClockTitle, m.From, m.To})
	}
	return out, nil
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
	Title      string        `json:"title" doc:"改的是哪个流程的哪个时限；日历变更为空"`
	Why        string        `json:"why"`
	By         string        `json:"by"`
	Own        bool          `json:"own" doc:"是我自己提出的"`
	AskedAt    int64         `json:"asked_at"`
	State      string        `json:"state" enum:"asked,running,done,dropped" doc:"等人批准、正在重算、完成、没有批准或撤回"`
	Approver   string        `json:"approver" doc:"批准或退回的人；日历变更不用批准"`
	ApprovedAt int64         `json:"approved_at"`
	Total      int64         `json:"total"`
	Seen       int64         `json:"seen"`
	Moved      int64         `json:"moved"`
	FinishedAt int64         `json:"finished_at"`
}

type recomputesOut struct {
	Items []recomputeView `json:"items"`
}

func (c console) recomputes(ctx context.Context, _ *struct{}) (*recomputesOut, error) {
	list, err := c.Matters.Recomputes(ctx, 50)
	if err != nil {
		return nil, err
	}
	var staff []int64
	for _, r := range list {
		staff = append(staff, r.By, r.ApprovedBy)
	}
	names, _, err := c.named(ctx, staff, nil)
	out, me := &recomputesOut{Items: []recomputeView{}}, access.From(ctx).ID
	for _, r := range list {
		out.Items = append(out.Items, recomputeView{r.ID, r.Change, c.changeTitle(ctx, r.Change), r.Why, names[r.By], r.By == me, r.AskedAt,
			string(r.State), names[r.ApprovedBy], r.ApprovedAt, r.Total, r.Seen, r.Moved, r.FinishedAt})
	}
	return out, err
}

// changeTitle names the clock that a change is about, as the live definition does; what is gone keeps its identifiers.
func (c console) changeTitle(ctx context.Context, ch matter.Change) string {
	if ch.Rule == nil {
		return ""
	}
	d, _, err := c.Flows.Live(ctx, ch.Flow)
	if err != nil {
		return ch.Flow + " " + ch.Clock
	}
	k, known := d.Clock(ch.Clock)
	if !known {
		return d.Title + " " + ch.Clock
	}
	return d.Title + "：" + k.Title
}

type changeIn struct {
	Change int64 `path:"change"`
}

func (c console) approve(ctx context.Context, in *changeIn) (*web.None, error) {
	return &web.None{}, c.Matters.Approve(ctx, in.Change)
}

func (c console) drop(ctx context.Context, in *changeIn) (*web.None, error) {
	return &web.None{}, c.Matters.Drop(ctx, in.Change)
}

// effect shows who is to approve a change what it moves now.
func (c console) effect(ctx context.Context, in *changeIn) (*previewOut, error) {
	r, err := c.Matters.Recomputing(ctx, in.Change)
	if err != nil {
		return nil, err
	}
	return c.impact(ctx, r.Change, nil)
}

type changeableView struct {
	Flow  string        `json:"flow"`
	Title string        `json:"title"`
	Clock string        `json:"clock"`
	Name  string        `json:"name" doc:"时限的名称"`
	Basis string        `json:"basis" enum:"legal,promised"`
	Rule  worktime.Rule `json:"rule" doc:"现在的规则"`
}

type changeablesOut struct {
	Items []changeableView `json:"items"`
}

// changeables lists the clocks of the live definitions: what a change of rule can be about.
func (c console) changeables(ctx context.Context, _ *struct{}) (*changeablesOut, error) {
	out := &changeablesOut{Items: []changeableView{}}
	list, err := c.Flows.List(ctx, access.Reach{All: true}, 0, mostFlows)
	if err != nil {
		return nil, err
	}
	for _, s := range list {
		if s.Live == 0 {
			continue
		}
		d, _, err := c.Flows.Live(ctx, s.Key)
		if err != nil {
			return nil, err
		}
		for _, k := range d.Clocks {
			out.Items = append(out.Items, changeableView{d.Key, d.Title, k.Name, k.Title, k.Basis, k.Rule})
		}
	}
	return out, nil
}

// asked counts the changes that wait for somebody's approval and are not their own.
func (c console) asked(ctx context.Context, a access.Actor) (int, error) {
	list, err := c.Matters.Recomputes(ctx, 50)
	n := 0
	for _, r := range list {
		if r.State == matter.ChangeAsked && r.By != a.ID {
			n++
		}
	}
	return n, err
}
