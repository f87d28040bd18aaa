package citizenweb

import (
	"context"
	"net/http"

	"weizheng/kernel/account"
	"weizheng/part"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
)

// mePage is 我的: who one is here, and what one has with each part.
type mePage struct {
	Who      look.Facts
	Sections []look.Cells
	None     *look.Empty
	Doors    look.Cells
}

// itemsShown is how many of each part's items 我的 shows.
const itemsShown = 5

func (v visitor) showMe(w http.ResponseWriter, r *http.Request) {
	a, err := v.account(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	page, err := v.mine(r.Context(), a)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v.me.Render(w, r, web.Head{Title: "我的", Lead: "您在“" + a.Profile.Name + "”办过、问过、预约过的事都在这里。"}, page)
}

func (v visitor) mine(ctx context.Context, a account.Account) (mePage, error) {
	base := "/c/" + a.Slug + "/me"
	page := mePage{Doors: look.Cells{Title: "个人信息", Items: []look.Cell{
		{Title: "我的数据", Desc: "看看这里存了您的什么，可以要求清除", URL: base + "/data"},
		{Title: "退出登录", Desc: "在别人手机上用过之后", URL: base + "/logout"},
	}}}
	var err error
	if page.Who, err = v.who(ctx, a); err != nil {
		return mePage{}, err
	}
	for _, m := range v.Lists.MyItems() {
		lines, err := m.List(ctx, self(ctx), itemsShown)
		if err != nil {
			return mePage{}, errs.Wrap(err, "what %s lists for 我的", m.Name)
		}
		if len(lines) > 0 {
			page.Sections = append(page.Sections, look.Cells{Title: m.Title, Items: v.cells(lines)})
		}
	}
	if len(page.Sections) == 0 {
		page.None = &look.Empty{Title: "还没有办理记录", Text: "有事可以直接在公众号里发消息，我们会答复您。"}
	}
	return page, nil
}

// who says how the visitor is known here: by a number, since no name was told.
func (v visitor) who(ctx context.Context, a account.Account) (look.Facts, error) {
	f, err := v.Citizens.In(ctx, v.Citizens.DB, self(ctx), a.ID)
	if errs.Is(err, errs.NotFound) {
		return look.Facts{Items: []look.Fact{{Label: "关注", Value: "还没有关注“" + a.Profile.Name + "”，关注后能收到办理进展"}}}, nil
	}
	if err != nil {
		return look.Facts{}, err
	}
	facts := look.Facts{Items: []look.Fact{{Label: "您的代号", Value: v.Citizens.Number(f.ID)}}}
	switch {
	case !f.Subscribed:
		facts.Items = append(facts.Items, look.Fact{Label: "关注", Value: "没有关注，收不到办理进展", Mark: &look.Mark{Kind: "warn", Text: "未关注"}})
	case f.SubscribedAt.IsZero():
		facts.Items = append(facts.Items, look.Fact{Label: "关注", Value: "已关注"})
	default:
		facts.Items = append(facts.Items, look.Fact{Label: "关注", Value: v.day(f.SubscribedAt) + " 起"})
	}
	return facts, nil
}

// cells draws the contract's lines.
func (v visitor) cells(lines []part.Line) []look.Cell {
	cells := make([]look.Cell, 0, len(lines))
	for _, l := range lines {
		c := look.Cell{Title: l.Title, Note: l.Note, URL: l.URL, Desc: v.moment(l.AtMs)}
		if l.Mark != "" {
			c.Note, c.Mark = "", &look.Mark{Kind: l.Mark, Text: l.Note}
		}
		cells = append(cells, c)
	}
	return cells
}
