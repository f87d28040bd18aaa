package matterweb

import (
	"context"

	"weizheng/kernel/matter"
	"weizheng/platform/access"
	"weizheng/platform/clock"
)

// Narrowing is how a list is narrowed; it stands in the console's address. Its name is exported, for only then its fields are
// read where it is embedded.
type Narrowing struct {
	Kind     string `query:"kind" maxLength:"60"`
	State    string `query:"state" maxLength:"60"`
	Held     string `query:"held" enum:"pool,kept,open,over" doc:"待认领、有人办、两者、已结束；不填是全部"`
	Light    string `query:"light" enum:"green,yellow,red"`
	Assignee int64  `query:"assignee" minimum:"0"`
	Account  int64  `query:"account" minimum:"0"`
	From     int64  `query:"from_at" minimum:"0" doc:"按列表的次序所用的时间，毫秒，含"`
	To       int64  `query:"to_at" minimum:"0" doc:"不含"`
}

// heldSets are the words of the filter.
var heldSets = map[string][]matter.Held{
	"": nil, "pool": {matter.Pool}, "kept": {matter.Kept}, "open": {matter.Pool, matter.Kept}, "over": {matter.Over},
}

func (in *Narrowing) filter() matter.Filter {
	return matter.Filter{Kind: in.Kind, State: in.State, Held: heldSets[in.Held], Light: in.Light, Assignee: in.Assignee, Account: in.Account,
		From: in.From, To: in.To}
}

type pageOut struct {
	Items []matterView `json:"items"`
	Next  string       `json:"next" doc:"下一页的位置；空是没有了"`
	NowAt int64        `json:"now_at" doc:"业务时间，毫秒"`
}

func (c console) page(ctx context.Context, p matter.Page) (*pageOut, error) {
	items, err := c.views(ctx, p.Items)
	return &pageOut{Items: items, Next: p.Next, NowAt: clock.Millis(c.Civil.Now())}, err
}

type tasksIn struct {
	Scope  string `query:"scope" enum:"mine,watching,done" default:"mine"`
	Behalf int64  `query:"behalf" minimum:"0" doc:"替谁办：外出的同事；scope 是 mine 时"`
	Narrowing
	Cursor string `query:"cursor" maxLength:"40"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

func (c console) tasks(ctx context.Context, in *tasksIn) (*pageOut, error) {
	me, scope := access.From(ctx), matter.Scope(in.Scope)
	p, err := func() (matter.Page, error) {
		switch {
		case scope == matter.Turn && in.Behalf != 0:
			return c.Matters.MineFor(ctx, in.Behalf, in.filter(), in.Cursor, in.Limit)
		case scope == matter.Turn:
			return c.Matters.Mine(ctx, me, in.filter(), in.Cursor, in.Limit)
		}
		return c.Matters.Tasks(ctx, matter.Tasks{Filter: in.filter(), Staff: me.ID, Scope: scope, After: in.Cursor, Limit: in.Limit})
	}()
	if err != nil {
		return nil, err
	}
	return c.page(ctx, p)
}

type countsOut struct {
	Mine   int `json:"mine" doc:"等我办的，也算等我这个岗位办的；数到 1000 为止"`
	Near   int `json:"near" doc:"其中快到期的"`
	Late   int `json:"late" doc:"其中超时的"`
	Pool   int `json:"pool" doc:"本单位待认领的"`
	Unread int `json:"unread" doc:"没看过的提醒"`
}

func (c console) counts(ctx context.Context, _ *struct{}) (*countsOut, error) {
	me := access.From(ctx)
	out := &countsOut{}
	for _, one := range []struct {
		into  *int
		light string
	}{{&out.Mine, ""}, {&out.Near, matter.Yellow.String()}, {&out.Late, matter.Red.String()}} {
		n, err := c.Matters.CountMine(ctx, me, matter.Filter{Light: one.light})
		if err != nil {
			return nil, err
		}
		*one.into = n
	}
	var err error
	if out.Unread, err = c.Matters.Unread(ctx, me.ID); err != nil {
		return nil, err
	}
	out.Pool, err = c.Matters.Count(ctx, me.Reach(read), matter.Query{Unit: access.UnitID(me.Unit), Filter: matter.Filter{Held: heldSets["pool"]}})
	return out, err
}

type listIn struct {
	Unit  int64  `query:"unit" minimum:"0" doc:"哪个单位（含下级）；0 是能看的全部"`
	Order string `query:"order" enum:"due,opened" default:"due"`
	Narrowing
	Cursor string `query:"cursor" maxLength:"40"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

func (c console) list(ctx context.Context, in *listIn) (*pageOut, error) {
	p, err := c.Matters.Inbox(ctx, access.From(ctx).Reach(read), matter.Query{Filter: in.filter(), Unit: in.Unit, Order: matter.Order(in.Order),
		After: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return c.page(ctx, p)
}

type countIn struct {
	Unit int64 `query:"unit" minimum:"0"`
	Narrowing
}

type countOut struct {
	Count int `json:"count" doc:"数到 1000 为止"`
}

func (c console) count(ctx context.Context, in *countIn) (*countOut, error) {
	n, err := c.Matters.Count(ctx, access.From(ctx).Reach(read), matter.Query{Filter: in.filter(), Unit: in.Unit})
	return &countOut{n}, err
}
