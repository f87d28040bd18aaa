package api

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// massDelete deletes what a message sent: of articles the one at the place, counted from 1, or all; the cards stay in the
// chats. WeChat docs: message_mass_delete.
func (s *Server) massDelete(ctx context.Context, c *call) (any, error) {
	var in struct {
		MsgID looseNumber `json:"msg_id"`
		Idx   int         `json:"article_idx"`
		URL   string      `json:"url"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		b, err := s.Store.Mass(ctx, tx, c.account.N, int64(in.MsgID))
		if in.MsgID == 0 && in.URL != "" {
			b, in.Idx, err = s.massAt(ctx, tx, c, in.URL)
		}
		switch {
		case errs.Is(err, errs.NotFound):
			return errMassID
		case err != nil:
			return err
		case b.State != state.MassSent && b.State != state.MassDeleted:
			return errMassID
		case b.Type == "mpvideo":
			return s.Store.DeleteMass(ctx, tx, b)
		case b.Type != "mpnews":
			return fail(40008, "invalid message type") // the code is unverified
		}
		return s.massDeleteArticles(ctx, tx, b, in.Idx)
	})
}

func (s *Server) massDeleteArticles(ctx context.Context, tx *db.Tx, b state.Broadcast, idx int) error {
	if idx < 0 || idx > len(b.Job.Articles) {
		return fail(40060, "invalid article_idx")
	}
	first, err := s.Store.PublishedByData(ctx, tx, b.Account, b.MsgDataID, 0)
	if err != nil {
		return err
	}
	if err := s.Store.SetArticleState(ctx, tx, first.Publication, idx-1, state.Deleted); err != nil {
		return err
	}
	list, err := s.Store.PublishedIn(ctx, tx, first.N)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.State != state.Deleted {
			return nil
		}
	}
	return s.Store.DeleteMass(ctx, tx, b)
}

// massAt finds the message by the address of one of its articles.
func (s *Server) massAt(ctx context.Context, tx *db.Tx, c *call, address string) (b state.Broadcast, idx int, err error) {
	a, err := s.Store.Published(ctx, tx, state.ArticleID(address))
	if err != nil || a.Account != c.account.N || a.How != state.ByMass {
		return b, 0, orElse(err, state.ErrNoMass)
	}
	b, err = s.Store.MassByData(ctx, tx, c.account.N, a.MsgDataID)
	return b, a.Place + 1, err
}
