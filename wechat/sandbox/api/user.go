package api

import (
	"context"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: getFans, userInfo, batchUserInfo, updateRemark.
const (
	followersPage = 10_000
	batchUsers    = 100
	remarkBytes   = 30 // the remark must be shorter
)

type openidPage struct {
	Total *int64      `json:"total,omitempty"`
	Count int         `json:"count"`
	Data  *openidList `json:"data,omitempty"`
	Next  string      `json:"next_openid"`
}

type openidList struct {
	OpenID []string `json:"openid"`
}

// page makes the answer that lists openids: without data and next_openid when there are none.
func page(openids []string) openidPage {
	if len(openids) == 0 {
		return openidPage{}
	}
	return openidPage{Count: len(openids), Data: &openidList{openids}, Next: openids[len(openids)-1]}
}

func (s *Server) userGet(ctx context.Context, c *call) (any, error) {
	list, err := s.Store.Followers(ctx, c.account.N, c.query.Get("next_openid"), followersPage)
	if errs.Is(err, errs.NotFound) {
		return nil, errOpenID
	}
	if err != nil {
		return nil, err
	}
	out := page(list)
	total := s.Store.FollowerCount(c.account.N)
	out.Total = &total
	return out, nil
}

// stranger is all that is told of somebody who does not follow.
type stranger struct {
	Subscribe int     `json:"subscribe"`
	OpenID    string  `json:"openid"`
	TagIDs    []int64 `json:"tagid_list"`
}

// follower has exactly the fields that are still given.
type follower struct {
	Subscribe     int     `json:"subscribe"`
	OpenID        string  `json:"openid"`
	SubscribeTime int64   `json:"subscribe_time"`
	UnionID       string  `json:"unionid,omitempty"`
	Remark        string  `json:"remark"`
	GroupID       int64   `json:"groupid"`
	TagIDs        []int64 `json:"tagid_list"`
	Scene         string  `json:"subscribe_scene"`
	QRScene       int64   `json:"qr_scene"`
	QRSceneStr    string  `json:"qr_scene_str"`
}

func (s *Server) describe(ctx context.Context, a *state.Account, c state.Contact, tags []int64) (any, error) {
	if tags == nil {
		tags = []int64{}
	}
	if !c.Subscribed {
		return stranger{OpenID: c.OpenID, TagIDs: tags}, nil
	}
	out := follower{
		Subscribe: 1, OpenID: c.OpenID, SubscribeTime: c.SubscribedAt / 1000, Remark: c.Remark, TagIDs: tags,
		Scene: c.How, QRScene: c.QRScene, QRSceneStr: c.QRSceneStr,
	}
	if len(tags) > 0 {
		out.GroupID = tags[0]
	}
	if a.Principal != "" {
		citizen, err := s.Store.CitizenN(ctx, c.Citizen)
		if err != nil {
			return nil, err
		}
		out.UnionID = s.Store.UnionID(a.Principal, citizen.ID)
	}
	return out, nil
}

// contact finds the account's contact behind an openid: 40003 when there is none.
func (s *Server) contact(ctx context.Context, c *call, openid string) (state.Contact, error) {
	if openid == "" {
		return state.Contact{}, errOpenID
	}
	found, err := s.Store.ContactByOpenID(ctx, s.Store.Reader(), openid)
	if errs.Is(err, errs.NotFound) || err == nil && found.Account != c.account.N {
		return state.Contact{}, errOpenID
	}
	if err == nil {
		if citizen, e := s.Store.CitizenN(ctx, found.Citizen); e == nil {
			c.citizen = citizen.ID
		}
	}
	return found, err
}

func (s *Server) userInfo(ctx context.Context, c *call) (any, error) {
	found, err := s.contact(ctx, c, c.query.Get("openid"))
	if err != nil {
		return nil, err
	}
	tags, err := s.Store.TagsOf(ctx, s.Store.Reader(), found.N)
	if err != nil {
		return nil, err
	}
	return s.describe(ctx, c.account, found, tags)
}

func (s *Server) userBatch(ctx context.Context, c *call) (any, error) {
	var in struct {
		Users []struct {
			OpenID string `json:"openid"`
		} `json:"user_list"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if len(in.Users) == 0 || len(in.Users) > batchUsers {
		return nil, fail(40032, "invalid openid list size")
	}
	openids := make([]string, len(in.Users))
	for i, u := range in.Users {
		openids[i] = u.OpenID
	}
	list, err := s.describeMany(ctx, c.account, openids)
	if err != nil {
		return nil, err
	}
	return map[string]any{"user_info_list": list}, nil
}

func (s *Server) describeMany(ctx context.Context, a *state.Account, openids []string) ([]any, error) {
	found, err := s.Store.ContactsByOpenID(ctx, s.Store.Reader(), openids)
	if err != nil {
		return nil, err
	}
	numbers := make([]int64, 0, len(found))
	for _, c := range found {
		numbers = append(numbers, c.N)
	}
	tags, err := s.Store.TagsOfMany(ctx, s.Store.Reader(), numbers)
	if err != nil {
		return nil, err
	}
	list := make([]any, len(openids))
	for i, openid := range openids {
		c, ok := found[openid]
		if !ok || c.Account != a.N {
			return nil, errOpenID
		}
		if list[i], err = s.describe(ctx, a, c, tags[c.N]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *Server) userRemark(ctx context.Context, c *call) (any, error) {
	var in struct {
		OpenID string `json:"openid"`
		Remark string `json:"remark"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	found, err := s.contact(ctx, c, in.OpenID)
	if err != nil {
		return nil, err
	}
	if len(in.Remark) >= remarkBytes {
		return nil, fail(40035, "invalid args: remark must be less than 30 bytes") // the code is unverified
	}
	if !found.Subscribed {
		return nil, fail(43004, "require subscribe")
	}
	return nil, s.Store.SetRemark(ctx, found.N, in.Remark)
}
