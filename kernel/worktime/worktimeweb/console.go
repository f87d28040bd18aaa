package worktimeweb

import (
	"context"
	"net/http"
	"strconv"

	"weizheng/kernel/worktime"
	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type console struct{ Deps }

// uploadLimit holds a calendar file in base64, and a little around it.
const uploadLimit = worktime.FileLimit*4/3 + 64<<10

func (c console) routes() []web.Route {
	const base = "/console/api/worktime"
	return []web.Route{
		web.JSON(web.Console, http.MethodGet, base, read, web.Anywhere, "能看的单位，放假安排是否齐全", c.overview),
		web.JSON(web.Console, http.MethodPost, base+"/years/preview", edit, whole, "看看导入一份放假安排会改什么", c.preview).Sized(uploadLimit),
		web.JSON(web.Console, http.MethodPut, base+"/years", edit, whole, "导入一年的放假安排", c.importYear),
		web.JSON(web.Console, http.MethodGet, base+"/{unit}", read, c.scope, "单位一年的工作日历", c.calendar),
		web.JSON(web.Console, http.MethodPost, base+"/{unit}/due", read, c.scope, "算到期时间，并说明怎么算的", c.due),
		web.JSON(web.Console, http.MethodPut, base+"/{unit}/local", edit, c.scope, "定单位的本地安排", c.setLocal),
		web.JSON(web.Console, http.MethodPut, base+"/{unit}/hours", edit, c.scope, "定单位的办公时间", c.setHours),
		web.JSON(web.Console, http.MethodGet, base+"/{unit}/versions", read, c.scope, "改过的版本", c.versions),
	}
}

// whole is the scope of what holds for the whole installation.
func whole(context.Context, *http.Request) (access.Object, error) { return access.Object{}, nil }

func (c console) scope(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := strconv.ParseInt(r.PathValue("unit"), 10, 64)
	if err != nil {
		return access.Object{}, errs.New(errs.NotFound, "not_found")
	}
	path, err := c.Units.UnitPath(ctx, id)
	return access.Object{Unit: path}, err
}

type overviewOut struct {
	Units   []Unit `json:"units" doc:"能看其日历的单位，上级在前"`
	Missing int    `json:"missing" doc:"该有而没有放假安排的年份；0 是齐全"`
	Import  bool   `json:"import" doc:"能不能导入放假安排"`
	NowAt   int64  `json:"now_at" doc:"业务时间，毫秒"`
}

func (c console) overview(ctx context.Context, _ *struct{}) (*overviewOut, error) {
	actor := access.From(ctx)
	units, err := c.Units.UnitsWithin(ctx, actor.Reach(read))
	if err != nil {
		return nil, err
	}
	missing, err := c.Worktime.Missing(ctx)
	return &overviewOut{Units: units, Missing: missing, Import: actor.Can(edit, access.Object{}), NowAt: c.Civil.Now().UnixMilli()}, err
}

type calendarIn struct {
	Unit int64 `path:"unit"`
	Year int   `query:"year" minimum:"1992" maximum:"2199" required:"true"`
}

func (c console) calendar(ctx context.Context, in *calendarIn) (*calendarView, error) {
	path, err := c.Units.UnitPath(ctx, in.Unit)
	if err != nil {
		return nil, err
	}
	cal, err := c.Worktime.Calendar(ctx, path)
	if err != nil {
		return nil, err
	}
	own, err := c.Worktime.Own(ctx, path)
	if err != nil {
		return nil, err
	}
	listed, known, err := c.Worktime.Listed(ctx, in.Year)
	if err != nil {
		return nil, err
	}
	out := viewCalendar(cal, own, in.Year)
	if known {
		if out.List, err = c.viewList(ctx, listed); err != nil {
			return nil, err
		}
	}
	names, err := c.Units.UnitNames(ctx, append(own.AboveUnits, own.HoldingUnit))
	if err != nil {
		return nil, err
	}
	out.HoursUnit = names[own.HoldingUnit]
	for i, d := range own.Above {
		out.Above = append(out.Above, aboveView{d, names[own.AboveUnits[i]]})
	}
	out.Editable = access.From(ctx).Can(edit, access.Object{Unit: path})
	return out, nil
}

type dueIn struct {
	Unit int64 `path:"unit"`
	Body struct {
		From   string        `json:"from" maxLength:"40" doc:"起算时间，不写时区就是北京时间"`
		Rule   worktime.Rule `json:"rule"`
		Pauses []string      `json:"pauses,omitempty" doc:"不计的时间，起/止"`
	}
}

func (c console) due(ctx context.Context, in *dueIn) (*Answer, error) {
	path, err := c.Units.UnitPath(ctx, in.Unit)
	if err != nil {
		return nil, err
	}
	cal, err := c.Worktime.Calendar(ctx, path)
	if err != nil {
		return nil, err
	}
	answer, err := Ask(Question{From: in.Body.From, Rule: in.Body.Rule, Pauses: in.Body.Pauses}, cal)
	return &answer, err
}
