package citizenweb

import (
	"context"
	"strconv"

	"weizheng/kernel/account"
	"weizheng/kernel/citizen"
	"weizheng/platform/access"
	"weizheng/platform/errs"
)

type listIn struct {
	Account int64  `query:"account" minimum:"0" doc:"0：权限内的所有公众号"`
	Tag     int64  `query:"tag" minimum:"0"`
	State   string `query:"state" enum:",following,left,important,blacklisted"`
	Q       string `query:"q" maxLength:"64" doc:"完整的备注、代号或微信标识"`
	Cursor  string `query:"cursor" maxLength:"20"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type listOut struct {
	Items []followerView `json:"items"`
	Next  string         `json:"next"`
}

// list shows the newest followers of one account, or of all within reach.
func (c console) list(ctx context.Context, in *listIn) (*listOut, error) {
	q := citizen.Query{State: state(in.State), Tag: in.Tag, Q: in.Q, Limit: in.Limit + 1}
	if in.Cursor != "" {
		after, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil {
			return nil, errs.InvalidFields([]errs.Field{{Field: "cursor", Key: "shape.wrong"}})
		}
		q.After = after
	}
	accounts, err := c.reached(ctx, in.Account)
	if err != nil {
		return nil, err
	}
	list, err := c.Citizens.ListOf(ctx, accounts, q)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Next = strconv.FormatInt(list[in.Limit-1].ID, 10)
	}
	out.Items, err = c.views(ctx, list)
	return out, err
}

// reached returns the ids of the accounts to list: the one asked for, or all within reach.
func (c console) reached(ctx context.Context, asked int64) ([]int64, error) {
	if asked != 0 {
		return []int64{asked}, c.within(ctx, read, asked)
	}
	list, err := c.Accounts.List(ctx, access.From(ctx).Reach(read))
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	return ids, err
}

// state is the console's word for a filter in the kernel's.
func state(word string) citizen.State {
	if word == "blacklisted" {
		return citizen.Blacklisted
	}
	return citizen.State(word)
}

func (c console) get(ctx context.Context, in *idIn) (*followerView, error) {
	return c.shown(ctx)(c.Citizens.Get(ctx, c.Citizens.DB, in.ID))
}

// shown turns a verb's result into the view.
func (c console) shown(ctx context.Context) func(citizen.Follower, error) (*followerView, error) {
	return func(f citizen.Follower, err error) (*followerView, error) {
		if err != nil {
			return nil, err
		}
		views, err := c.views(ctx, []citizen.Follower{f})
		if err != nil {
			return nil, err
		}
		return &views[0], nil
	}
}

type changeIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Remark      *string `json:"remark,omitempty"`
		Important   *bool   `json:"important,omitempty"`
		Blacklisted *bool   `json:"blacklisted,omitempty"`
		Version     int64   `json:"version,omitempty" minimum:"0" doc:"看到的版本；不给就直接改"`
	}
}

func (c console) change(ctx context.Context, in *changeIn) (*followerView, error) {
	b := in.Body
	return c.shown(ctx)(c.Citizens.Change(ctx, citizen.ChangeIn{
		ID: in.ID, Version: b.Version, Remark: b.Remark, Important: b.Important, Blocked: b.Blacklisted,
	}))
}

type setTagsIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Tags []int64 `json:"tag_ids" maxItems:"100"`
	}
}

func (c console) setTags(ctx context.Context, in *setTagsIn) (*followerView, error) {
	return c.shown(ctx)(c.Citizens.SetTags(ctx, in.ID, in.Body.Tags))
}

type reasonIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Reason string `json:"reason" maxLength:"200"`
	}
}

type revealOut struct {
	OpenID string `json:"openid"`
	Remark string `json:"remark"`
}

func (c console) reveal(ctx context.Context, in *reasonIn) (*revealOut, error) {
	r, err := c.Citizens.Reveal(ctx, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &revealOut{r.OpenID, r.Remark}, nil
}

func (c console) separate(ctx context.Context, in *reasonIn) (*followerView, error) {
	return c.shown(ctx)(c.Citizens.Separate(ctx, in.ID, in.Body.Reason))
}

// find lets the search box find a follower by the whole remark or number.
func (d Deps) find(ctx context.Context, reach access.Reach, words string, limit int) (lines []line, err error) {
	list, err := d.Accounts.List(ctx, reach)
	if err != nil {
		return nil, err
	}
	found, err := d.Citizens.ListOf(ctx, accountIDs(list), citizen.Query{Q: words, Limit: limit})
	if err != nil {
		return nil, err
	}
	names := accountNames(list)
	for _, f := range found {
		name, err := d.Citizens.Name(ctx, d.Citizens.DB, f)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line{Title: name, Note: names[f.Account], URL: "/console/citizen?open=" + strconv.FormatInt(f.ID, 10)})
	}
	return lines, nil
}

func accountIDs(list []account.Account) []int64 {
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	return ids
}

func accountNames(list []account.Account) map[int64]string {
	names := make(map[int64]string, len(list))
	for _, a := range list {
		names[a.ID] = a.Profile.Name
	}
	return names
}
