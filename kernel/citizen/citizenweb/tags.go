package citizenweb

import (
	"context"

	"weizheng/kernel/citizen"
	"weizheng/platform/web"
	"weizheng/wechat"
)

type tagView struct {
	ID      int64            `json:"id"`
	Account int64            `json:"account_id"`
	Name    string           `json:"name"`
	Count   int64            `json:"count" doc:"有这个标签的粉丝数"`
	State   citizen.TagState `json:"state" enum:"here,wechat,adding,renaming,removing,failed" doc:"here：微信里没有，只在本系统"`
	Problem string           `json:"problem" doc:"微信为什么没有接受"`
	Version int64            `json:"version"`
}

func viewTag(t citizen.Tag, count int64) tagView {
	problem := ""
	if t.Problem != wechat.CodeOK {
		problem = t.Problem.Meaning()
	}
	return tagView{ID: t.ID, Account: t.Account, Name: t.Name, Count: count, State: t.State, Problem: problem, Version: t.Version}
}

type tagsIn struct {
	Account int64 `query:"account" required:"true" minimum:"1"`
}

type tagsOut struct {
	Items []tagView `json:"items"`
	Next  string    `json:"next" doc:"总是空：最多 100 个"`
}

func (c console) tags(ctx context.Context, in *tagsIn) (*tagsOut, error) {
	if err := c.within(ctx, read, in.Account); err != nil {
		return nil, err
	}
	list, err := c.Citizens.Tags(ctx, in.Account)
	if err != nil {
		return nil, err
	}
	counts, err := c.Citizens.CountTags(ctx, in.Account)
	out := &tagsOut{Items: []tagView{}}
	for _, t := range list {
		out.Items = append(out.Items, viewTag(t, counts[t.ID]))
	}
	return out, err
}

type createTagIn struct {
	Body struct {
		Account int64  `json:"account_id"`
		Name    string `json:"name" maxLength:"100"`
	}
}

func (c console) createTag(ctx context.Context, in *createTagIn) (*tagView, error) {
	if err := c.within(ctx, edit, in.Body.Account); err != nil {
		return nil, err
	}
	t, err := c.Citizens.CreateTag(ctx, in.Body.Account, in.Body.Name)
	if err != nil {
		return nil, err
	}
	v := viewTag(t, 0)
	return &v, nil
}

type renameTagIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Name    string `json:"name" maxLength:"100"`
		Version int64  `json:"version,omitempty" minimum:"0" doc:"看到的版本；不给就直接改"`
	}
}

func (c console) renameTag(ctx context.Context, in *renameTagIn) (*tagView, error) {
	t, err := c.Citizens.RenameTag(ctx, in.ID, in.Body.Version, in.Body.Name)
	if err != nil {
		return nil, err
	}
	counts, err := c.Citizens.CountTags(ctx, t.Account)
	v := viewTag(t, counts[t.ID])
	return &v, err
}

func (c console) deleteTag(ctx context.Context, in *idIn) (*web.None, error) {
	_, err := c.Citizens.RemoveTag(ctx, in.ID, 0)
	return nil, err
}

type tagManyIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Followers []int64 `json:"follower_ids" minItems:"1" maxItems:"500"`
		On        bool    `json:"on"`
	}
}

type tagManyOut struct {
	Changed int `json:"changed" doc:"有多少位粉丝因此变了"`
}

func (c console) tagMany(ctx context.Context, in *tagManyIn) (*tagManyOut, error) {
	n, err := c.Citizens.TagFollowers(ctx, in.ID, in.Body.Followers, in.Body.On)
	return &tagManyOut{n}, err
}
