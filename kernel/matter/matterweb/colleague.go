package matterweb

import (
	"context"
	"slices"

	"weizheng/kernel/org"
	"weizheng/platform/access"
)

type colleaguesIn struct {
	Q     string `query:"q" maxLength:"40" doc:"姓名或登录名的一部分"`
	Unit  int64  `query:"unit" minimum:"0" doc:"哪个单位（含下级）；0 是全部"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
}

type colleagueView struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Post  string `json:"post"`
	Unit  string `json:"unit"`
	Yours bool   `json:"yours" doc:"和我同一个单位"`
}

type colleaguesOut struct {
	Items []colleagueView `json:"items"`
}

// colleagues finds people whom a matter can be given to, by name and unit: whoever handles matters may know who works
// where, as on any door. One's own unit comes first.
func (c console) colleagues(ctx context.Context, in *colleaguesIn) (*colleaguesOut, error) {
	filter := org.StaffFilter{Words: in.Q, State: org.Active, Limit: 200}
	if in.Unit != 0 {
		u, err := c.Org.Unit(ctx, in.Unit)
		if err != nil {
			return nil, err
		}
		filter.Unit = u.Path
	}
	page, err := c.Org.ListStaff(ctx, access.Reach{All: true}, filter)
	if err != nil {
		return nil, err
	}
	mine := access.From(ctx).Unit
	slices.SortStableFunc(page.Staff, func(a, b org.Staff) int { return rank(a, mine) - rank(b, mine) })
	out := &colleaguesOut{Items: []colleagueView{}}
	for _, p := range page.Staff[:min(in.Limit, len(page.Staff))] {
		out.Items = append(out.Items, colleagueView{p.ID, p.Name, p.Title, p.UnitName, p.Unit == mine})
	}
	return out, nil
}

func rank(p org.Staff, unit string) int {
	if p.Unit == unit {
		return 0
	}
	return 1
}

type placeView struct {
	ID     int64  `json:"id"`
	Parent int64  `json:"parent_id"`
	Name   string `json:"name"`
}

type placesOut struct {
	Items []placeView `json:"items"`
}

// places lists the units that a matter can go to, those above before those below.
func (c console) places(ctx context.Context, _ *struct{}) (*placesOut, error) {
	list, err := c.Org.Units(ctx, access.Reach{All: true})
	out := &placesOut{Items: []placeView{}}
	for _, u := range list {
		if !u.Closed {
			out.Items = append(out.Items, placeView{u.ID, u.ParentID, u.Name})
		}
	}
	return out, err
}
