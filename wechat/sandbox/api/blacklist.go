package api

import (
	"context"
	"slices"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: getBlacklist, batchBlacklist, batchUnblacklist.
const (
	blacklistPage  = 1000
	blacklistBatch = 20
)

func (s *Server) blacklistHandlers() map[string]handler {
	return map[string]handler{
		"/cgi-bin/tags/members/getblacklist":     s.blacklist,
		"/cgi-bin/tags/members/batchblacklist":   s.block,
		"/cgi-bin/tags/members/batchunblacklist": s.unblock,
		"/cgi-bin/changeopenid":                  s.changeOpenID,
	}
}

// takes refuses to write to somebody whom the account has blocked or who has switched its messages off.
func takes(c state.Contact) error {
	switch {
	case c.Blocked != 0:
		return fail(43019, "need remove user from blacklist")
	case c.Muted:
		return fail(48002, "user refuse to accept the msg")
	}
	return nil
}

func (s *Server) blacklist(ctx context.Context, c *call) (any, error) {
	var in struct {
		Begin string `json:"begin_openid"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	list, total, err := s.Store.Blacklist(ctx, c.account.N, in.Begin, blacklistPage)
	if errs.Is(err, errs.NotFound) {
		return nil, errOpenID
	}
	if err != nil {
		return nil, err
	}
	out := page(list)
	out.Total = &total
	return out, nil
}

func (s *Server) block(ctx context.Context, c *call) (any, error) {
	return nil, s.changeBlacklist(ctx, c, s.Store.Block)
}

func (s *Server) unblock(ctx context.Context, c *call) (any, error) {
	return nil, s.changeBlacklist(ctx, c, s.Store.Unblock)
}

// changeBlacklist changes all or none. Somebody who left may still be named (unverified).
func (s *Server) changeBlacklist(ctx context.Context, c *call, change func(context.Context, *db.Tx, []int64) error) error {
	var in struct {
		OpenIDs []string `json:"openid_list"`
	}
	if err := c.decode(&in); err != nil {
		return err
	}
	if len(in.OpenIDs) == 0 || len(in.OpenIDs) > blacklistBatch {
		return fail(40032, "invalid openid list size")
	}
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		found, err := s.Store.ContactsByOpenID(ctx, tx, in.OpenIDs)
		if err != nil {
			return err
		}
		contacts := make([]int64, 0, len(in.OpenIDs))
		for _, openid := range in.OpenIDs {
			contact, ok := found[openid]
			if !ok {
				return errOpenID
			}
			if contact.Account != c.account.N {
				return fail(49003, "not match openid with appid")
			}
			contacts = append(contacts, contact.N)
		}
		return change(ctx, tx, contacts)
	})
}

// migrationBatch is how many openids one call turns. WeChat docs: api_changeopenid.
const migrationBatch = 100

type turned struct {
	Old    string `json:"ori_openid"`
	New    string `json:"new_openid,omitempty"`
	ErrMsg string `json:"err_msg"`
}

// changeOpenID tells by which openids the account knows those whom it took over from another account.
func (s *Server) changeOpenID(ctx context.Context, c *call) (any, error) {
	var in struct {
		From    string   `json:"from_appid"`
		OpenIDs []string `json:"openid_list"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if len(in.OpenIDs) == 0 || len(in.OpenIDs) > migrationBatch {
		return nil, fail(40032, "invalid openid list size")
	}
	m := c.account.Migration
	from := s.Store.AccountByAppID(in.From)
	if m == nil || from == nil || m.From != from.ID || m.Until <= s.Store.Civil() {
		return nil, fail(63178, "no account migration from this appid") // as developers report it; the page has no list of codes
	}
	found, err := s.Store.ContactsByOpenID(ctx, s.Store.Reader(), slices.Clone(in.OpenIDs))
	if err != nil {
		return nil, err
	}
	list := make([]turned, len(in.OpenIDs))
	for i, openid := range in.OpenIDs {
		list[i] = turned{Old: openid, ErrMsg: "ori_openid error"}
		old, ok := found[openid]
		if !ok || old.Account != from.N {
			continue
		}
		citizen, err := s.Store.CitizenN(ctx, old.Citizen)
		if err != nil {
			return nil, err
		}
		list[i].New, list[i].ErrMsg = s.Store.OpenID(c.account.ID, citizen.ID), "ok"
	}
	return map[string]any{"errcode": 0, "errmsg": "ok", "result_list": list}, nil
}
