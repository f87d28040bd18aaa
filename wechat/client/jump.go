package client

import "context"

// JumpRule is the rule that one of the account's codes with a scene opens a linked mini program instead of the account.
type JumpRule struct {
	Code      string // the URL of the QRTicket
	AppID     string // the mini program
	Path      string
	Published bool
}

// maxJumps is how many rules a page of JumpRules has at most.
const maxJumps = 200

// AddJump adds a rule; it does nothing before PublishJump. WeChat docs: qrcodeJumpAdd.
func (c *Client) AddJump(ctx context.Context, r JumpRule) error { return c.putJump(ctx, r, 0) }

// ChangeJump changes a rule that was not published yet.
func (c *Client) ChangeJump(ctx context.Context, r JumpRule) error { return c.putJump(ctx, r, 1) }

func (c *Client) putJump(ctx context.Context, r JumpRule, edit int) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/wxopen/qrcodejumpadd",
		in: map[string]any{"prefix": r.Code, "appid": r.AppID, "path": r.Path, "is_edit": edit}})
}

// PublishJump makes a rule hold for everybody. WeChat docs: qrcodeJumpPublish.
func (c *Client) PublishJump(ctx context.Context, code string) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/wxopen/qrcodejumppublish", in: map[string]string{"prefix": code}})
}

// DeleteJump removes a rule, also a published one. WeChat docs: qrcodeJumpDelete.
func (c *Client) DeleteJump(ctx context.Context, appid, code string) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/wxopen/qrcodejumpdelete", in: map[string]string{"appid": appid, "prefix": code}})
}

// JumpRules lists the rules for a mini program, the oldest first; page counts from 1, size is 1–200. left is how many
// rules may still be published this month. WeChat docs: qrcodeJumpGet.
func (c *Client) JumpRules(ctx context.Context, appid string, page, size int) (rules []JumpRule, total, left int64, err error) {
	var v checks
	v.between("size", int64(size), 1, maxJumps)
	if err := v.err(); err != nil {
		return nil, 0, 0, err
	}
	var out struct {
		Rules []struct {
			Prefix string `json:"prefix"`
			Path   string `json:"path"`
			State  int    `json:"state"`
		} `json:"rule_list"`
		Total int64 `json:"total_count"`
		Left  int64 `json:"qrcodejump_pub_quota"`
	}
	err = c.wire.do(ctx, request{path: "/cgi-bin/wxopen/qrcodejumpget", out: &out,
		in: map[string]any{"appid": appid, "get_type": 2, "page_num": page, "page_size": size}})
	for _, r := range out.Rules {
		rules = append(rules, JumpRule{Code: r.Prefix, AppID: appid, Path: r.Path, Published: r.State == 2})
	}
	return rules, out.Total, out.Left, err
}
