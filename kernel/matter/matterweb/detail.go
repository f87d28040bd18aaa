package matterweb

import (
	"context"
	"slices"

	"weizheng/kernel/flow"
	"weizheng/kernel/matter"
	"weizheng/platform/access"
)

type matterIn struct {
	Matter int64 `path:"matter"`
}

type clockView struct {
	Clock       string       `json:"clock"`
	Title       string       `json:"title"`
	Basis       string       `json:"basis" enum:"legal,promised"`
	Source      string       `json:"source"`
	State       string       `json:"state" enum:"running,paused,stopped"`
	Light       string       `json:"light" enum:"green,yellow,red"`
	StartedAt   int64        `json:"started_at"`
	YellowAt    int64        `json:"yellow_at" doc:"0 不会到"`
	DueAt       int64        `json:"due_at" doc:"0 停着，说不准"`
	Day         string       `json:"day" doc:"到期那一天"`
	StoppedAt   int64        `json:"stopped_at"`
	Provisional bool         `json:"provisional" doc:"明年的放假安排还没有，是预估"`
	Unit        string       `json:"unit" enum:"day,hour"`
	Total       float64      `json:"total"`
	Elapsed     float64      `json:"elapsed"`
	Left        float64      `json:"left"`
	Extended    int64        `json:"extended"`
	Branch      int          `json:"branch"`
	Pauses      []flow.Pause `json:"pauses" doc:"停过的时间、理由和凭据"`
}

func viewClocks(bars []matter.Bar) []clockView {
	out := make([]clockView, 0, len(bars))
	for _, b := range bars {
		v := clockView{Clock: b.Clock, Title: b.Title, Basis: b.Basis, Source: b.Source, State: string(b.State), Light: b.Light.String(),
			StartedAt: b.Started, YellowAt: b.Yellow, DueAt: b.Due, Day: b.Day, StoppedAt: b.Stopped, Provisional: b.Provisional,
			Unit: string(b.Unit), Total: b.Total, Elapsed: b.Elapsed, Left: b.Left, Extended: b.Extended, Branch: b.Branch, Pauses: b.Pauses}
		if v.YellowAt >= matter.Never {
			v.YellowAt = 0
		}
		if v.DueAt >= matter.Never {
			v.DueAt = 0
		}
		out = append(out, v)
	}
	return out
}

type partyView struct {
	StaffID int64  `json:"staff_id"`
	Name    string `json:"name"`
	Turn    bool   `json:"turn" doc:"正等他办"`
	Watches bool   `json:"watches"`
	ActedAt int64  `json:"acted_at"`
}

type behalfView struct {
	StaffID int64         `json:"staff_id"`
	Name    string        `json:"name"`
	Options []flow.Option `json:"options"`
}

type detailOut struct {
	Matter  matterView       `json:"matter"`
	Code    string           `json:"code" doc:"群众凭编号和它查进度"`
	Run     flow.Run         `json:"run"`
	Flow    *flow.Definition `json:"flow"`
	Clocks  []clockView      `json:"clocks"`
	Parties []partyView      `json:"parties"`
	Values  map[string]any   `json:"values" doc:"表单的内容；这一步不给看的没有，个人信息打码"`
	Fields  *fieldsView      `json:"fields" doc:"登记那天的表单，和事项的文件"`
	Edits   []string         `json:"edits" doc:"这一步可以改的栏目"`
	Options []flow.Option    `json:"options" doc:"现在可以做的"`
	Behalf  []behalfView     `json:"behalf" doc:"可以替别人做的"`
	Watched bool             `json:"watched"`
	Around  aroundView       `json:"around" doc:"协办、会签、退回、延期、上下级事项，带名称"`
}

func (c console) detail(ctx context.Context, in *matterIn) (*detailOut, error) {
	seen, err := c.Matters.View(ctx, in.Matter)
	if err != nil {
		return nil, err
	}
	return c.show(ctx, seen)
}

func (c console) show(ctx context.Context, seen matter.Seen) (*detailOut, error) {
	heads, err := c.views(ctx, []matter.Matter{seen.Matter})
	if err != nil {
		return nil, err
	}
	bars, err := c.Matters.Bars(ctx, seen)
	if err != nil {
		return nil, err
	}
	out := &detailOut{Matter: heads[0], Code: seen.Code, Run: seen.Run, Flow: seen.Flow, Clocks: viewClocks(bars), Values: map[string]any{},
		Options: seen.Options, Parties: []partyView{}, Behalf: []behalfView{}}
	for i := range out.Clocks {
		out.Clocks[i].Pauses = c.proved(seen, out.Clocks[i].Pauses)
	}
	var staff []int64
	for _, p := range seen.Parties {
		staff = append(staff, p.Staff)
	}
	for _, b := range seen.Behalf {
		staff = append(staff, b.For)
	}
	names, _, err := c.named(ctx, staff, nil)
	if err != nil {
		return nil, err
	}
	me := access.From(ctx).ID
	for _, p := range seen.Parties {
		out.Parties = append(out.Parties, partyView{p.Staff, names[p.Staff], p.Turn, p.Watches, p.ActedAt})
		out.Watched = out.Watched || p.Staff == me && p.Watches
	}
	slices.SortFunc(out.Parties, func(a, b partyView) int { return int(min(max(b.ActedAt-a.ActedAt, -1), 1)) })
	for _, b := range seen.Behalf {
		out.Behalf = append(out.Behalf, behalfView{b.For, names[b.For], b.Options})
	}
	if out.Around, err = c.around(ctx, seen); err != nil {
		return nil, err
	}
	_, _, out.Edits = flow.Sees(seen.Flow, seen.Run)
	can := sightOf(seen)
	for key, value := range seen.Sheet.Values {
		if can.field(key) {
			out.Values[key] = value
		}
	}
	out.Fields, err = c.fields(ctx, seen)
	return out, err
}

type deedView struct {
	ID        int64        `json:"id"`
	At        int64        `json:"at"`
	WrittenAt int64        `json:"written_at"`
	By        string       `json:"by" doc:"当时的名字；群众和系统另有称呼"`
	For       string       `json:"for" doc:"代谁办"`
	Action    string       `json:"action"`
	Reason    string       `json:"reason"`
	Evidence  []string     `json:"evidence"`
	Files     []fileView   `json:"files" doc:"作为依据的文件"`
	Lost      int          `json:"lost" doc:"其中已经清除的"`
	Changes   []changeView `json:"changes" doc:"改了哪些栏目；这一步不给看的没有"`
	Lines     []string     `json:"lines"`
}

type historyOut struct {
	Items []deedView `json:"items" doc:"从头到尾"`
}

func (c console) history(ctx context.Context, in *matterIn) (*historyOut, error) {
	seen, err := c.Matters.View(ctx, in.Matter)
	if err != nil {
		return nil, err
	}
	list, err := c.Matters.History(ctx, in.Matter)
	if err != nil {
		return nil, err
	}
	can := sightOf(seen)
	out := &historyOut{Items: []deedView{}}
	for _, d := range list {
		v := deedView{ID: d.ID, At: d.At, WrittenAt: d.Wall, By: d.ByName, For: d.For, Action: d.Action, Reason: d.Reason, Evidence: d.Evidence,
			Lost: d.Lost, Files: []fileView{}, Changes: c.changes(ctx, can, d.Filled), Lines: []string{}}
		for _, f := range d.Files {
			v.Files = append(v.Files, c.file(ctx, seen.Matter, f))
		}
		if v.By == "" {
			v.By = c.words.say("matter.by." + d.By.Kind)
		}
		for _, l := range d.Lines {
			if text := c.words.line(l); text != "" {
				v.Lines = append(v.Lines, text)
			}
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}
