package api

import (
	"context"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// checkContent wants what the buttons of a menu show to be there: permanent materials and publications of the account.
func (s *Server) checkContent(ctx context.Context, a *state.Account, buttons []state.Button) error {
	for _, b := range buttons {
		if err := s.checkContent(ctx, a, b.Sub); err != nil {
			return err
		}
		if len(b.Sub) > 0 {
			continue
		}
		var err error
		switch kind := buttonKinds[b.Type]; {
		case kind.media:
			_, err = s.Store.Material(ctx, s.Store.Reader(), a.N, b.MediaID)
			err = instead(err, errMediaID)
		case kind.article:
			_, err = s.Store.PublicationOf(ctx, s.Store.Reader(), a.N, b.ArticleID)
			err = instead(err, errArticleID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// instead is what WeChat says about something that is not there.
func instead(err error, missing *failure) error {
	if errs.Is(err, errs.NotFound) {
		return missing
	}
	return err
}

// composeArticle shows what the account published.
func (s *Server) composeArticle(ctx context.Context, a *state.Account, articleID string) (string, map[string]any, error) {
	p, err := s.Store.PublicationOf(ctx, s.Store.Reader(), a.N, articleID)
	if err != nil {
		return "", nil, instead(err, errArticleID)
	}
	list, err := s.Store.PublishedIn(ctx, s.Store.Reader(), p.N)
	typ, body := state.ArticleCard(s.Base, list)
	return typ, body, err
}
