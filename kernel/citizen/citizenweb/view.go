package citizenweb

import (
	"context"
	"time"

	"weizheng/kernel/citizen"
	"weizheng/part"
	"weizheng/platform/clock"
	"weizheng/wechat"
)

// line is the contract's line, short.
type line = part.Line

// tagName is a tag as a follower wears it.
type tagName struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// followerView is a follower as the console sees them; nothing in it identifies a person to WeChat.
type followerView struct {
	ID          int64     `json:"id"`
	Account     int64     `json:"account_id"`
	AccountName string    `json:"account_name"`
	Citizen     int64     `json:"citizen_id"`
	Name        string    `json:"name" doc:"备注；没有备注是代号"`
	Number      string    `json:"number" doc:"代号"`
	Remark      string    `json:"remark"`
	Following   bool      `json:"following"`
	Important   bool      `json:"important"`
	Blacklisted bool      `json:"blacklisted"`
	BlockState  string    `json:"blacklist_state" enum:",telling,told,local,failed" doc:"微信那边的黑名单：telling 正在告诉，told 一致，local 本账号没有权限、只在本系统，failed 微信没有接受"`
	BlockWhy    string    `json:"blacklist_problem,omitempty" doc:"微信没有接受的原因"`
	Erased      bool      `json:"erased" doc:"资料已清除"`
	Source      string    `json:"source" doc:"怎么来的"`
	Tags        []tagName `json:"tags" nullable:"false"`
	FollowedAt  int64     `json:"followed_at"`
	LeftAt      int64     `json:"left_at"`
	SeenAt      int64     `json:"seen_at"`
	ForgetAt    int64     `json:"forget_at" doc:"何时清除资料；0 是不清除"`
	Version     int64     `json:"version"`
}

// millis is an instant on the wire, 0 being none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return clock.Millis(t)
}

func (c console) views(ctx context.Context, list []citizen.Follower) ([]followerView, error) {
	ids := make([]int64, len(list))
	for i, f := range list {
		ids[i] = f.ID
	}
	worn, err := c.Citizens.TagsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	names, err := c.tagNames(ctx, list)
	if err != nil {
		return nil, err
	}
	out := make([]followerView, 0, len(list))
	for _, f := range list {
		v, err := c.view(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, id := range worn[f.ID] {
			v.Tags = append(v.Tags, tagName{id, names[id]})
		}
		out = append(out, v)
	}
	return out, nil
}

// blockWhy is why WeChat did not follow, in its words.
func blockWhy(f citizen.Follower) string {
	if f.BlockProblem == 0 {
		return ""
	}
	return wechat.Code(f.BlockProblem).Meaning()
}

func (c console) view(ctx context.Context, f citizen.Follower) (followerView, error) {
	a, err := c.Accounts.Known(ctx, f.Account)
	if err != nil {
		return followerView{}, err
	}
	remark := ""
	if f.HasRemark {
		if remark, err = c.Citizens.Remark(ctx, c.Citizens.DB, f); err != nil {
			return followerView{}, err
		}
	}
	v := followerView{
		ID: f.ID, Account: f.Account, AccountName: a.Profile.Name, Citizen: f.Citizen, Number: c.Citizens.Number(f.ID), Remark: remark,
		Following: f.Subscribed, Important: f.Important, Blacklisted: f.Blocked, BlockState: string(f.BlockState), BlockWhy: blockWhy(f), Erased: f.Erased, Source: c.words.scene(f.Scene, f.SceneKey),
		FollowedAt: millis(f.SubscribedAt), LeftAt: millis(f.UnsubscribedAt), SeenAt: millis(f.LastSeenAt), ForgetAt: millis(f.ForgetAt),
		Version: f.Version, Tags: []tagName{},
	}
	v.Name = remark
	if v.Name == "" {
		v.Name, err = c.Citizens.Name(ctx, c.Citizens.DB, f)
	}
	return v, err
}

// tagNames returns the names of all tags of the followers' accounts.
func (c console) tagNames(ctx context.Context, list []citizen.Follower) (map[int64]string, error) {
	names, asked := map[int64]string{}, map[int64]bool{}
	for _, f := range list {
		if asked[f.Account] {
			continue
		}
		asked[f.Account] = true
		tags, err := c.Citizens.Tags(ctx, f.Account)
		if err != nil {
			return nil, err
		}
		for _, t := range tags {
			names[t.ID] = t.Name
		}
	}
	return names, nil
}
