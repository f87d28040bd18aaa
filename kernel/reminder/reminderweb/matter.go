package reminderweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"weizheng/kernel/flow"
	"weizheng/kernel/matter"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
)

// matterPage is one matter: what it is, how it stands, what was said, what can be done.
type matterPage struct {
	Done    *look.Notice
	Facts   look.Facts
	Clocks  look.Cells
	About   []look.Facts
	Said    look.Steps
	Actions []look.Action
	Desk    string // what is left to a desk
}

// deedsShown is how many of the last deeds a phone shows.
const deedsShown = 6

func (p phone) showMatter(w http.ResponseWriter, r *http.Request) {
	id, err := matterID(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	seen, err := p.Matters.View(r.Context(), id)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	page, err := p.page(r.Context(), seen)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if done := title(seen.Flow, r.URL.Query().Get("done")); done != "" {
		page.Done = &look.Notice{Kind: "good", Title: "已办理：" + done}
		if waits := len(page.Actions) == 0; waits {
			page.Done.Text, page.Done.URL, page.Done.Link = "接下来不用您做什么。", "/s/", "看其余待办"
		}
	}
	state, _ := seen.Flow.State(seen.State)
	p.matter.Render(w, r, head(cmp.Or(seen.Title, seen.Flow.Title), seen.Flow.Title+" · "+state.Title, "/s/"), page)
}

// title is what an action of the definition is called; "" for none.
func title(d *flow.Definition, action string) string {
	a, _ := d.Action(action)
	return a.Title
}

func (p phone) page(ctx context.Context, seen matter.Seen) (page matterPage, err error) {
	if page.Facts, err = p.facts(ctx, seen); err != nil {
		return page, err
	}
	if page.Clocks, err = p.clocks(ctx, seen); err != nil {
		return page, err
	}
	if page.About, err = p.about(ctx, seen); err != nil {
		return page, err
	}
	if page.Said, err = p.said(ctx, seen.ID); err != nil {
		return page, err
	}
	var desk []string
	for _, o := range seen.Options {
		if !easy(o) {
			desk = append(desk, o.Title)
			continue
		}
		page.Actions = append(page.Actions, look.Action{Text: o.Title, URL: actURL(seen.ID, o), Primary: len(page.Actions) == 0})
	}
	if len(desk) > 0 {
		page.Desk = "要在电脑上办的："
		for i, d := range slices.Compact(desk) {
			if i > 0 {
				page.Desk += "、"
			}
			page.Desk += d
		}
	}
	return page, nil
}

func actURL(id int64, o flow.Option) string {
	u := "/s/matter/" + strconv.FormatInt(id, 10) + "/do/" + url.PathEscape(o.Action)
	if o.Branch != 0 {
		u += "?branch=" + strconv.Itoa(o.Branch)
	}
	return u
}

func (p phone) facts(ctx context.Context, seen matter.Seen) (look.Facts, error) {
	people, err := p.Org.Names(ctx, []int64{seen.Assignee})
	if err != nil {
		return look.Facts{}, err
	}
	places, err := p.Org.UnitNames(ctx, []int64{seen.Unit})
	if err != nil {
		return look.Facts{}, err
	}
	f := look.Facts{Items: []look.Fact{
		{Label: "编号", Value: seen.Number},
		{Label: "在哪里", Value: places[seen.Unit]},
		{Label: "开始", Value: p.moment(seen.OpenedAt)},
		{Label: "谁在办", Value: cmp.Or(people[seen.Assignee], "还没有人认领")},
	}}
	if seen.Held == matter.Over {
		f.Items[3] = look.Fact{Label: "结束", Value: p.moment(seen.ClosedAt)}
	}
	if seen.Sealed {
		f.Items = append(f.Items, look.Fact{Label: "密封", Value: "只有办理的人能看，每次查看都有记录", Mark: &look.Mark{Kind: "warn", Text: "密封"}})
	}
	return f, nil
}

func (p phone) clocks(ctx context.Context, seen matter.Seen) (look.Cells, error) {
	bars, err := p.Matters.Bars(ctx, seen)
	c := look.Cells{}
	for _, b := range bars {
		cell := look.Cell{Title: b.Title, Mark: p.light(b.Light)}
		switch {
		case b.State == flow.ClockStopped:
			cell.Desc = "已停"
		case b.State == flow.ClockPaused || b.Due >= matter.Never:
			cell.Desc, cell.Mark = "停着，不计时间", nil
		default:
			cell.Desc = p.lastDay(b.Due) + " 到期"
			if b.Provisional {
				cell.Desc += "（预估）"
			}
		}
		c.Items = append(c.Items, cell)
	}
	if len(c.Items) > 0 {
		c.Title = "时限"
	}
	return c, err
}

// about is what the matter's subject says of itself, as far as its reader may see it.
func (p phone) about(ctx context.Context, seen matter.Seen) ([]look.Facts, error) {
	object, err := p.Matters.Object(ctx, seen.ID)
	if err != nil || seen.Subject.Kind == "" {
		return nil, err
	}
	var all []look.Facts
	for _, card := range p.Lists.CardsOn(seen.Subject.Kind) {
		if !access.From(ctx).Can(card.Permission, object) {
			continue
		}
		lines, err := card.Load(ctx, part.Ref{Kind: seen.Subject.Kind, ID: seen.Subject.ID})
		if err != nil {
			return nil, err
		}
		f := look.Facts{Title: card.Title}
		for _, l := range lines {
			f.Items = append(f.Items, look.Fact{Label: l.Title, Value: l.Note})
		}
		if len(f.Items) > 0 {
			all = append(all, f)
		}
	}
	return all, nil
}

// said is the last deeds, the newest first.
func (p phone) said(ctx context.Context, id int64) (look.Steps, error) {
	deeds, err := p.Matters.History(ctx, id)
	if err != nil {
		return look.Steps{}, err
	}
	s := look.Steps{}
	for _, d := range slices.Backward(deeds) {
		if d.Action == "" && d.ByName == "" { // what happened by itself shows in the clocks
			continue
		}
		who := d.ByName
		if who == "" {
			who = p.Say("matter.by."+d.By.Kind, nil)
		}
		s.Items = append(s.Items, look.Step{Title: cmp.Or(d.Action, "开始"), Unit: who, When: p.moment(d.At), Note: d.Reason, State: look.StepDone})
		if len(s.Items) == deedsShown {
			break
		}
	}
	if len(s.Items) > 0 {
		s.Title = "最近的经过"
	}
	return s, nil
}
