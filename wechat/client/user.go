package client

import (
	"context"
	"net/url"
)

const (
	maxBatch  = 100 // openids of one UserBatch
	maxRemark = 29  // bytes; "less than 30"
)

// UserPage is one page of the follower list.
type UserPage struct {
	Total   int      // followers altogether
	OpenIDs []string // at most 10 000
	Next    string   // for the next page; empty after the last
}

// Users returns the followers after next, or the first ones. WeChat docs: api_getfans.
func (c *Client) Users(ctx context.Context, next string) (UserPage, error) {
	var out struct {
		Total int `json:"total"`
		Count int `json:"count"`
		Data  struct {
			OpenIDs []string `json:"openid"`
		} `json:"data"`
		Next string `json:"next_openid"`
	}
	query := url.Values{}
	if next != "" {
		query.Set("next_openid", next)
	}
	if err := c.wire.do(ctx, request{path: "/cgi-bin/user/get", query: query, out: &out}); err != nil {
		return UserPage{}, err
	}
	if out.Count == 0 {
		out.Next = "" // WeChat repeats the last openid on the empty page after the last
	}
	return UserPage{Total: out.Total, OpenIDs: out.Data.OpenIDs, Next: out.Next}, nil
}

// User is what WeChat still tells of a follower: no name and no picture since 2021.
type User struct {
	Subscribe      int    `json:"subscribe"` // 0: not following, and nothing else is told
	OpenID         string `json:"openid"`
	UnionID        string `json:"unionid"`
	SubscribeTime  int64  `json:"subscribe_time"` // unix seconds, of the last time
	Remark         string `json:"remark"`
	GroupID        int    `json:"groupid"`
	Tags           []int  `json:"tagid_list"`
	SubscribeScene string `json:"subscribe_scene"` // ADD_SCENE_…
	QRScene        int64  `json:"qr_scene"`
	QRSceneStr     string `json:"qr_scene_str"`
}

// Following reports whether the person follows the account.
func (u User) Following() bool { return u.Subscribe == 1 }

// User returns one follower. WeChat docs: api_userinfo.
func (c *Client) User(ctx context.Context, openid string) (User, error) {
	var out User
	err := c.wire.do(ctx, request{path: "/cgi-bin/user/info", query: url.Values{"openid": {openid}, "lang": {"zh_CN"}}, out: &out})
	return out, err
}

// UserBatch returns up to 100 followers at once, in WeChat's order. WeChat docs: api_batchuserinfo.
func (c *Client) UserBatch(ctx context.Context, openids []string) ([]User, error) {
	var v checks
	v.between("openids", int64(len(openids)), 1, maxBatch)
	if err := v.err(); err != nil {
		return nil, err
	}
	type ask struct {
		OpenID string `json:"openid"`
		Lang   string `json:"lang"`
	}
	list := make([]ask, len(openids))
	for i, id := range openids {
		list[i] = ask{id, "zh_CN"}
	}
	var out struct {
		Users []User `json:"user_info_list"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/user/info/batchget", in: map[string]any{"user_list": list}, out: &out})
	return out.Users, err
}

// Remark sets the name by which the account knows a follower, less than 30 bytes; empty removes it.
// WeChat docs: api_updateremark.
func (c *Client) Remark(ctx context.Context, openid, remark string) error {
	var v checks
	v.between("remark", int64(len(remark)), 0, maxRemark)
	if err := v.err(); err != nil {
		return err
	}
	return c.wire.do(ctx, request{path: "/cgi-bin/user/info/updateremark", in: map[string]string{"openid": openid, "remark": remark}})
}
