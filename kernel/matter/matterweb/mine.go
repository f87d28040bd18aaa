package matterweb

import (
	"context"
	"strconv"

	"weizheng/kernel/matter"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/web"
)

type deputyView struct {
	ID      int64  `json:"id"`
	StaffID int64  `json:"staff_id" doc:"外出的人"`
	Staff   string `json:"staff"`
	Deputy  int64  `json:"deputy_id"`
	Name    string `json:"deputy"`
	FromAt  int64  `json:"from_at"`
	UntilAt int64  `json:"until_at"`
	Mine    bool   `json:"mine" doc:"我外出，别人替我；否则是我替别人"`
	Now     bool   `json:"now" doc:"正在生效"`
	Waiting int    `json:"waiting" doc:"我替别人、正在生效的：等他办的有多少；数到 1000 为止"`
}

type deputiesOut struct {
	Items []deputyView `json:"items"`
}

func (c console) deputies(ctx context.Context, _ *struct{}) (*deputiesOut, error) {
	list, err := c.Matters.Deputies(ctx, access.From(ctx).ID)
	if err != nil {
		return nil, err
	}
	out := &deputiesOut{}
	out.Items, err = c.viewDeputies(ctx, list)
	return out, err
}

func (c console) viewDeputies(ctx context.Context, list []matter.Deputy) ([]deputyView, error) {
	var staff []int64
	for _, d := range list {
		staff = append(staff, d.Staff, d.Deputy)
	}
	names, _, err := c.named(ctx, staff, nil)
	if err != nil {
		return nil, err
	}
	out, me, now := []deputyView{}, access.From(ctx).ID, clock.Millis(c.Civil.Now())
	for _, d := range list {
		v := deputyView{ID: d.ID, StaffID: d.Staff, Staff: names[d.Staff], Deputy: d.Deputy, Name: names[d.Deputy], FromAt: d.From, UntilAt: d.Until,
			Mine: d.Staff == me, Now: d.From <= now && now < d.Until}
		if v.Now && !v.Mine {
			if v.Waiting, err = c.Matters.CountFor(ctx, d.Staff); err != nil {
				return nil, err
			}
		}
		out = append(out, v)
	}
	return out, nil
}

type appointIn struct {
	Body struct {
		Deputy  int64 `json:"deputy_id"`
		FromAt  int64 `json:"from_at"`
		UntilAt int64 `json:"until_at"`
	}
}

func (c console) appoint(ctx context.Context, in *appointIn) (*deputyView, error) {
	d, err := c.Matters.Appoint(ctx, in.Body.Deputy, in.Body.FromAt, in.Body.UntilAt)
	if err != nil {
		return nil, err
	}
	list, err := c.viewDeputies(ctx, []matter.Deputy{d})
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

type dismissIn struct {
	Deputy int64 `path:"deputy"`
}

func (c console) dismiss(ctx context.Context, in *dismissIn) (*web.None, error) {
	return &web.None{}, c.Matters.Dismiss(ctx, in.Deputy)
}

type noticesIn struct {
	Cursor string `query:"cursor" maxLength:"20"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type noticeView struct {
	ID       int64  `json:"id"`
	MatterID int64  `json:"matter_id"`
	Title    string `json:"title" doc:"说的是什么"`
	About    string `json:"about" doc:"哪件事项；看不到它的为空"`
	Number   string `json:"number"`
	Kind     string `json:"kind"`
	At       int64  `json:"at"`
	ReadAt   int64  `json:"read_at"`
}

type noticesOut struct {
	Items []noticeView `json:"items"`
	Next  string       `json:"next"`
}

func (c console) notices(ctx context.Context, in *noticesIn) (*noticesOut, error) {
	before, err := strconv.ParseInt(in.Cursor, 10, 64)
	if err != nil {
		before = 0
	}
	list, err := c.Matters.Notices(ctx, access.From(ctx).ID, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &noticesOut{Items: []noticeView{}}
	list, out.Next = web.More(list, in.Limit, func(n matter.Notice) int64 { return n.ID })
	for _, n := range list {
		title, err := c.Matters.NoticeTitle(ctx, n)
		if err != nil {
			return nil, err
		}
		v := noticeView{ID: n.ID, MatterID: n.Matter, Title: c.words.notice(n.Kind, title), Kind: n.Kind, At: n.At, ReadAt: n.ReadAt}
		if v.Number, v.About, err = c.about(ctx, n.Matter); err != nil {
			return nil, err
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}

// about names a matter for whoever was told of it; who may not look at it any more learns its number only, as of a sealed one.
func (c console) about(ctx context.Context, id int64) (number, title string, err error) {
	m, err := c.Matters.Head(ctx, id)
	if err != nil || m.Sealed {
		return m.Number, "", err
	}
	o, err := c.Matters.Object(ctx, id)
	if err != nil || !access.From(ctx).Can(read, o) {
		return m.Number, "", err
	}
	return m.Number, m.Title, nil
}

type readIn struct {
	Body struct {
		UpTo int64 `json:"up_to_id" doc:"看到哪一条为止"`
	}
}

func (c console) readNotices(ctx context.Context, in *readIn) (*web.None, error) {
	return &web.None{}, c.Matters.ReadNotices(ctx, in.Body.UpTo)
}
