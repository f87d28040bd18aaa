package matterweb

import (
	"context"
	"strconv"

	"weizheng/kernel/matter"
	"weizheng/platform/access"
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
	out := []deputyView{}
	for _, d := range list {
		out = append(out, deputyView{d.ID, d.Staff, names[d.Staff], d.Deputy, names[d.Deputy], d.From, d.Until})
	}
	return out, err
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
		out.Items = append(out.Items, noticeView{n.ID, n.Matter, c.words.notice(n.Kind, title), n.Kind, n.At, n.ReadAt})
	}
	return out, nil
}

type readIn struct {
	Body struct {
		UpTo int64 `json:"up_to_id" doc:"看到哪一条为止"`
	}
}

func (c console) readNotices(ctx context.Context, in *readIn) (*web.None, error) {
	return &web.None{}, c.Matters.ReadNotices(ctx, in.Body.UpTo)
}
