package api

import (
	"context"
	"errors"

	"weizheng/platform/db"
	"weizheng/wechat/sandbox/state"
)

// massPreview shows a message to one follower; a draft stays in the box. WeChat docs: message_mass_preview.
func (s *Server) massPreview(ctx context.Context, c *call) (any, error) {
	c.body = literalEscapes(c.body)
	var in struct {
		To     string `json:"touser"`
		ToName string `json:"towxname"`
		massIn
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	to, err := s.previewer(ctx, c, in.To, in.ToName)
	if err != nil {
		return nil, err
	}
	b := state.Broadcast{Account: c.account.N, Type: in.MsgType}
	if err := s.composeMass(ctx, c.account, in.massIn, &b); err != nil {
		return nil, err
	}
	var msgID int64
	err = s.Store.Write(ctx, func(tx *db.Tx) (err error) {
		if msgID, err = s.Store.NextPreview(ctx, tx); err != nil {
			return err
		}
		if d, err := s.massDraft(ctx, tx, c, b); err != nil {
			return err
		} else if d != nil {
			p := state.Publication{Account: c.account.N, How: state.ByPreview}
			if p.MsgDataID, err = s.Store.NextMsgDataID(ctx, tx); err != nil {
				return err
			}
			_, list, err := s.Store.AddPublication(ctx, tx, p, d.Articles, state.Readable)
			if err != nil {
				return err
			}
			b.ItemType, b.Body = state.ArticleCard(s.Base, list)
		}
		_, err = s.Store.AddItem(ctx, tx, state.Item{Account: c.account.N, Citizen: to.Citizen, From: state.FromAccount, Origin: "preview",
			Type: b.ItemType, Body: b.Body})
		return err
	})
	return massBody{okBody: okBody{ErrMsg: "preview success"}, MsgID: msgID}, err
}

// previewer finds the follower, by openid or by the name in WeChat, which here is the citizen's id.
func (s *Server) previewer(ctx context.Context, c *call, openid, name string) (state.Contact, error) {
	if name != "" {
		citizen, err := s.Store.Citizen(ctx, name)
		if err != nil {
			return state.Contact{}, instead(err, fail(40132, "invalid username"))
		}
		openid = s.Store.OpenID(c.account.ID, citizen.ID)
	}
	to, err := s.contact(ctx, c, openid)
	if err == nil && !to.Subscribed || errors.Is(err, errOpenID) && name != "" {
		return to, fail(43004, "require subscribe")
	}
	return to, err
}
