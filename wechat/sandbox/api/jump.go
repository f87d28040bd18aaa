package api

import (
	"context"
	"slices"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: qrcodeJumpGet, qrcodeJumpAdd, qrcodeJumpPublish, qrcodeJumpDelete. What is no rule is refused as a wrong link; that is inferred.
const (
	jumpList     = 10_000 // the newest, when no way of asking is named
	jumpPage     = 200
	jumpReleases = 100 // a month ("本月发布次数达到上线(100次)", 886000)
	jumpRelease  = "qrcodejumppublish"
)

// ownRule finds the rule of one of the account's codes; a code of nobody or of another is refused.
func (s *Server) ownRule(ctx context.Context, q db.Queryer, c *call, prefix string) (j state.Jump, there bool, err error) {
	code, ok, err := s.Store.FindQR(ctx, prefix)
	if err != nil {
		return j, false, err
	}
	if !ok || code.URL != prefix || code.Account != c.account.N {
		return j, false, fail(85066, "invalid url: prefix")
	}
	j, err = s.Store.FindJump(ctx, q, prefix)
	if errs.Is(err, errs.NotFound) {
		return j, false, nil
	}
	return j, err == nil, err
}

// addJump adds the rule that a code opens a mini program, or changes one that was not published.
func (s *Server) addJump(ctx context.Context, c *call) (any, error) {
	var in struct {
		Prefix string `json:"prefix"`
		AppID  string `json:"appid"`
		Path   string `json:"path"`
		Edit   int    `json:"is_edit"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case in.Edit != 0 && in.Edit != 1 || in.Path == "":
		return nil, fail(40097, "invalid args")
	case !slices.Contains(c.account.MiniPrograms, in.AppID):
		return nil, fail(40013, "invalid appid")
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		j, there, err := s.ownRule(ctx, tx, c, in.Prefix)
		switch {
		case err != nil:
			return err
		case there && in.Edit == 0:
			return fail(85071, "url has been added")
		case !there && in.Edit == 1:
			return fail(85066, "invalid url: no such rule")
		case j.Published:
			return fail(40097, "invalid args: a published rule cannot be changed")
		}
		return s.Store.PutJump(ctx, tx, state.Jump{Account: c.account.N, Prefix: in.Prefix, AppID: in.AppID, Path: in.Path})
	})
}

type prefixIn struct {
	Prefix string `json:"prefix"`
	AppID  string `json:"appid"`
}

// publishJump makes a rule hold for everybody who scans.
func (s *Server) publishJump(ctx context.Context, c *call) (any, error) {
	var in prefixIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	j, there, err := s.ownRule(ctx, s.Store.Reader(), c, in.Prefix)
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, fail(85066, "invalid url: no such rule")
	}
	if j.Published {
		return nil, nil
	}
	ok, err := s.Store.UseMonth(ctx, c.account.N, jumpRelease, jumpReleases)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fail(886000, "publish quota of the month is used")
	}
	j.Published = true
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error { return s.Store.PutJump(ctx, tx, j) })
}

// deleteJump removes a rule; the code is an ordinary one again. One that has no rule stays so.
func (s *Server) deleteJump(ctx context.Context, c *call) (any, error) {
	var in prefixIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		if _, _, err := s.ownRule(ctx, tx, c, in.Prefix); err != nil {
			return err
		}
		return s.Store.DropJump(ctx, tx, in.Prefix)
	})
}

type ruleBody struct {
	Prefix string `json:"prefix"`
	Path   string `json:"path"`
	State  int    `json:"state"` // 1: not published, 2: published
}

// jumps lists the rules for a mini program.
func (s *Server) jumps(ctx context.Context, c *call) (any, error) {
	var in struct {
		AppID    string   `json:"appid"`
		Type     int      `json:"get_type"`
		Prefixes []string `json:"prefix_list"`
		Page     int      `json:"page_num"`
		Size     int      `json:"page_size"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if !slices.Contains(c.account.MiniPrograms, in.AppID) {
		return nil, fail(40013, "invalid appid")
	}
	if in.Type == 1 && (len(in.Prefixes) < 1 || len(in.Prefixes) > jumpPage) || in.Type == 2 && (in.Page < 1 || in.Size < 1 || in.Size > jumpPage) ||
		in.Type < 0 || in.Type > 2 {
		return nil, fail(40097, "invalid args")
	}
	all, err := s.Store.Jumps(ctx, c.account.N, in.AppID)
	if err != nil {
		return nil, err
	}
	list := all[max(0, len(all)-jumpList):]
	switch in.Type {
	case 1:
		list = slices.DeleteFunc(slices.Clone(all), func(j state.Jump) bool { return !slices.Contains(in.Prefixes, j.Prefix) })
	case 2:
		from := min((in.Page-1)*in.Size, len(all))
		list = all[from:min(from+in.Size, len(all))]
	}
	used, err := s.Store.UsedMonth(ctx, c.account.N, jumpRelease)
	rules := make([]ruleBody, len(list))
	for i, j := range list {
		rules[i] = ruleBody{j.Prefix, j.Path, 1}
		if j.Published {
			rules[i].State = 2
		}
	}
	return map[string]any{"errcode": 0, "errmsg": "ok", "rule_list": rules, "qrcodejump_open": 1, "list_size": len(rules),
		"qrcodejump_pub_quota": jumpReleases - used, "total_count": len(all)}, err
}
