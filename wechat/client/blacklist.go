package client

import "context"

const (
	maxBlacklistBatch = 20  // openids of one Block
	maxMigrationBatch = 100 // openids of one ChangeOpenIDs
)

// Blacklist returns the openids on the account's blacklist after next, or the first ones; a page has at most 1000.
// WeChat docs: api_getblacklist.
func (c *Client) Blacklist(ctx context.Context, next string) (UserPage, error) {
	var out struct {
		Total int `json:"total"`
		Count int `json:"count"`
		Data  struct {
			OpenIDs []string `json:"openid"`
		} `json:"data"`
		Next string `json:"next_openid"`
	}
	in := map[string]string{"begin_openid": next}
	if err := c.wire.do(ctx, request{path: "/cgi-bin/tags/members/getblacklist", in: in, out: &out}); err != nil {
		return UserPage{}, err
	}
	if out.Count == 0 {
		out.Next = ""
	}
	return UserPage{Total: out.Total, OpenIDs: out.Data.OpenIDs, Next: out.Next}, nil
}

// Block puts up to 20 people on the blacklist: their messages do not come any more. WeChat docs: api_batchblacklist.
func (c *Client) Block(ctx context.Context, openids []string) error {
	return c.blacklist(ctx, "/cgi-bin/tags/members/batchblacklist", openids)
}

// Unblock takes up to 20 people off the blacklist. WeChat docs: api_batchunblacklist.
func (c *Client) Unblock(ctx context.Context, openids []string) error {
	return c.blacklist(ctx, "/cgi-bin/tags/members/batchunblacklist", openids)
}

func (c *Client) blacklist(ctx context.Context, path string, openids []string) error {
	var v checks
	v.between("openids", int64(len(openids)), 1, maxBlacklistBatch)
	if err := v.err(); err != nil {
		return err
	}
	return c.wire.do(ctx, request{path: path, in: map[string]any{"openid_list": openids}})
}

// ChangeOpenIDs tells by which openids this account knows up to 100 followers of the account that was moved into it. An
// openid that was no follower's is missing in the answer. WeChat docs: api_changeopenid.
func (c *Client) ChangeOpenIDs(ctx context.Context, fromAppID string, openids []string) (map[string]string, error) {
	var v checks
	v.between("openids", int64(len(openids)), 1, maxMigrationBatch)
	if err := v.err(); err != nil {
		return nil, err
	}
	var out struct {
		Results []struct {
			Old string `json:"ori_openid"`
			New string `json:"new_openid"`
		} `json:"result_list"`
	}
	in := map[string]any{"from_appid": fromAppID, "openid_list": openids}
	if err := c.wire.do(ctx, request{path: "/cgi-bin/changeopenid", in: in, out: &out}); err != nil {
		return nil, err
	}
	turned := make(map[string]string, len(out.Results))
	for _, r := range out.Results {
		if r.New != "" {
			turned[r.Old] = r.New
		}
	}
	return turned, nil
}
