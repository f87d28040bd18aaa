package worktimeweb

import (
	"context"

	"weizheng/kernel/worktime"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type previewIn struct {
	Body struct {
		Content []byte `json:"content" doc:"文件内容（base64）：JSON 或 xlsx"`
	}
}

type changeView struct {
	Date    string  `json:"date"`
	Was     dayView `json:"was"`
	Becomes dayView `json:"becomes"`
}

type previewOut struct {
	List        worktime.Year `json:"list" doc:"读到的安排；确认时原样交回"`
	Changes     []changeView  `json:"changes" doc:"与现在的日历不同的日子"`
	WorkingDays int64         `json:"working_days"`
	Known       bool          `json:"known" doc:"这一年已经有安排，导入是更正"`
	Version     int64         `json:"version" doc:"现在这一年安排的版本，确认时交回"`
}

// preview reads a file and says what it would change; nothing is kept.
func (c console) preview(ctx context.Context, in *previewIn) (*previewOut, error) {
	data, err := worktime.Read(in.Body.Content)
	if err != nil {
		return nil, err
	}
	if len(data.Years) != 1 || len(data.Local) > 0 || data.Hours != nil {
		return nil, errs.New(errs.Invalid, "worktime.one_year")
	}
	list := data.Years[0]
	if err := list.Whole(); err != nil {
		return nil, err
	}
	differences, err := c.Worktime.Compare(ctx, list)
	if err != nil {
		return nil, err
	}
	current, known, err := c.Worktime.Listed(ctx, list.Year)
	if err != nil {
		return nil, err
	}
	after, err := c.Worktime.Would(ctx, "", list)
	if err != nil {
		return nil, err
	}
	list.Papers = papers(list)
	out := &previewOut{List: list, Changes: []changeView{}, Known: known, Version: current.Number,
		WorkingDays: viewCalendar(after, worktime.Own{}, list.Year).WorkingDays}
	for _, d := range differences {
		out.Changes = append(out.Changes, changeView{d.Date, viewDay(d.Was), viewDay(d.Becomes)})
	}
	return out, nil
}

type importIn struct {
	Body struct {
		List    worktime.Year `json:"list"`
		Version int64         `json:"version"`
		Reason  string        `json:"reason"`
	}
}

type versionView struct {
	Kind      worktime.Subject    `json:"kind" enum:"year,local,hours"`
	Version   int64               `json:"version"`
	Year      *worktime.Year      `json:"year,omitempty"`
	Local     []worktime.LocalDay `json:"local"`
	Hours     *worktime.Week      `json:"hours,omitempty" doc:"没有就是跟着上级"`
	Reason    string              `json:"reason"`
	CreatedBy string              `json:"created_by"`
	CreatedAt int64               `json:"created_at"`
}

func (c console) importYear(ctx context.Context, in *importIn) (*versionView, error) {
	v, err := c.Worktime.Import(ctx, in.Body.List, worktime.Edit{Version: in.Body.Version, Reason: in.Body.Reason})
	return c.viewVersion(ctx, v, err)
}

type localIn struct {
	Unit int64 `path:"unit"`
	Body struct {
		Days    []worktime.LocalDay `json:"days"`
		Version int64               `json:"version"`
		Reason  string              `json:"reason"`
	}
}

func (c console) setLocal(ctx context.Context, in *localIn) (*versionView, error) {
	path, err := c.Units.UnitPath(ctx, in.Unit)
	if err != nil {
		return nil, err
	}
	v, err := c.Worktime.SetLocal(ctx, path, in.Body.Days, worktime.Edit{Version: in.Body.Version, Reason: in.Body.Reason})
	return c.viewVersion(ctx, v, err)
}

type hoursIn struct {
	Unit int64 `path:"unit"`
	Body struct {
		Hours   *worktime.Week `json:"hours,omitempty" doc:"不给就跟着上级"`
		Version int64          `json:"version"`
		Reason  string         `json:"reason"`
	}
}

func (c console) setHours(ctx context.Context, in *hoursIn) (*versionView, error) {
	path, err := c.Units.UnitPath(ctx, in.Unit)
	if err != nil {
		return nil, err
	}
	v, err := c.Worktime.SetHours(ctx, path, in.Body.Hours, worktime.Edit{Version: in.Body.Version, Reason: in.Body.Reason})
	return c.viewVersion(ctx, v, err)
}

func (c console) viewVersion(ctx context.Context, v worktime.Version, err error) (*versionView, error) {
	if err != nil {
		return nil, err
	}
	list, err := c.viewVersions(ctx, []worktime.Version{v})
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

func (c console) viewVersions(ctx context.Context, list []worktime.Version) ([]versionView, error) {
	var ids []int64
	for _, v := range list {
		ids = append(ids, v.CreatedBy)
	}
	names, err := c.Staff.Names(ctx, ids)
	out := []versionView{}
	for _, v := range list {
		if v.Local == nil {
			v.Local = []worktime.LocalDay{}
		}
		if v.Hours != nil {
			week := shownWeek(*v.Hours)
			v.Hours = &week
		}
		out = append(out, versionView{v.Kind, v.Number, v.Year, v.Local, v.Hours, v.Reason, names[v.CreatedBy], v.CreatedAt})
	}
	return out, err
}

type versionsIn struct {
	Unit   int64            `path:"unit"`
	Kind   worktime.Subject `query:"kind" enum:"year,local,hours" required:"true"`
	Year   int              `query:"year" minimum:"0" maximum:"2199"`
	Cursor int64            `query:"cursor" minimum:"0"`
	Limit  int              `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type versionsOut struct {
	Items []versionView `json:"items"`
	Next  string        `json:"next"`
}

// versions lists what was changed; of a year's list everybody who may read a calendar sees it, it holds for all.
func (c console) versions(ctx context.Context, in *versionsIn) (*versionsOut, error) {
	list, err := c.Worktime.Versions(ctx, in.Kind, in.Unit, in.Year, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &versionsOut{}
	list, out.Next = web.More(list, in.Limit, func(v worktime.Version) int64 { return v.Number })
	out.Items, err = c.viewVersions(ctx, list)
	return out, err
}
