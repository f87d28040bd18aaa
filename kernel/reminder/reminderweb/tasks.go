package reminderweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"weizheng/kernel/matter"
	"weizheng/platform/access"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
)

// tasksPage is a member of staff's list.
type tasksPage struct {
	Tabs  []tab
	Cells look.Cells
	Empty *look.Empty
	Pager look.Pager
}

type tab struct {
	Title, URL string
	Count      string
	Now        bool
}

// rowsShown is how many tasks one page has: a thumb scrolls no further.
const rowsShown = 20

// lists are the tabs: what waits for this person, what waits in their unit, and what is late of both.
var lists = []struct{ name, title string }{{"mine", "我的"}, {"unit", "单位待领"}, {"late", "超期"}}

func (p phone) showTasks(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page := tasksPage{}
	which := "mine"
	for _, l := range lists {
		if q.Get("of") == l.name {
			which = l.name
		}
	}
	err := p.tabs(r.Context(), which, &page)
	if err == nil {
		err = p.rows(r.Context(), which, q.Get("cursor"), &page)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	p.tasks.Render(w, r, head("我的待办", "", ""), page)
}

func (p phone) tabs(ctx context.Context, which string, page *tasksPage) error {
	who := access.From(ctx)
	counts := map[string]func() (int, error){
		"mine": func() (int, error) { return p.Matters.CountMine(ctx, who, matter.Filter{}) },
		"unit": func() (int, error) { return p.Matters.Count(ctx, who.Reach(matterRead), pool(who)) },
		"late": func() (int, error) { return p.Matters.CountMine(ctx, who, late) },
	}
	for _, l := range lists {
		n, err := counts[l.name]()
		if err != nil {
			return err
		}
		page.Tabs = append(page.Tabs, tab{Title: l.title, URL: "/s/?of=" + l.name, Count: strconv.Itoa(n), Now: l.name == which})
	}
	return nil
}

var late = matter.Filter{Light: matter.Red.String()}

func pool(who access.Actor) matter.Query {
	return matter.Query{Unit: access.UnitID(who.Unit), Order: matter.ByDue, Filter: matter.Filter{Held: []matter.Held{matter.Pool}}}
}

func (p phone) rows(ctx context.Context, which, cursor string, page *tasksPage) error {
	who := access.From(ctx)
	var found matter.Page
	var err error
	switch which {
	case "unit":
		q := pool(who)
		q.After, q.Limit = cursor, rowsShown
		found, err = p.Matters.Inbox(ctx, who.Reach(matterRead), q)
	case "late":
		found, err = p.Matters.Mine(ctx, who, late, cursor, rowsShown)
	default:
		found, err = p.Matters.Mine(ctx, who, matter.Filter{}, cursor, rowsShown)
	}
	if err != nil {
		return err
	}
	for i := range found.Items {
		cell, err := p.cell(ctx, &found.Items[i])
		if err != nil {
			return err
		}
		page.Cells.Items = append(page.Cells.Items, cell)
	}
	if len(found.Items) == 0 {
		page.Empty = &look.Empty{Title: map[string]string{"mine": "没有等您办的", "unit": "单位里没有待领的", "late": "没有超期的"}[which],
			Text: "有新的任务会发到这部手机。"}
	}
	if found.Next != "" {
		page.Pager.Older = "/s/?" + url.Values{"of": {which}, "cursor": {found.Next}}.Encode()
	}
	if cursor != "" {
		page.Pager.Newer = "/s/?of=" + which
	}
	return nil
}

func (p phone) cell(ctx context.Context, m *matter.Matter) (look.Cell, error) {
	kind, state, err := p.Matters.Titles(ctx, *m)
	if err != nil {
		return look.Cell{}, err
	}
	c := look.Cell{Title: m.Title, Desc: kind + " · " + state, URL: "/s/matter/" + strconv.FormatInt(m.ID, 10), Mark: p.light(m.Light(p.now().UnixMilli()))}
	if m.Sealed || c.Title == "" {
		c.Title = m.Number
	}
	if due := m.Due(); due > 0 {
		c.Desc += " · " + p.lastDay(due) + "到期"
	}
	return c, nil
}
