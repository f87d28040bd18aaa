package act

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// shown puts what a button stands for into the chat: WeChat answers by itself, the account hears nothing. A material that
// was deleted in between shows nothing.
func (x *Acts) shown(ctx context.Context, s scene, mediaID string) (Tapped, error) {
	return Tapped{Kind: "event"}, x.follower(ctx, s, func(tx *db.Tx, _ state.Contact) error {
		m, err := x.Store.Material(ctx, tx, s.account.N, mediaID)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		var r wechat.Reply = wechat.Image{MediaID: m.ID}
		switch m.Type {
		case "voice":
			r = wechat.Voice{MediaID: m.ID}
		case "video":
			r = wechat.Video{MediaID: m.ID, Title: m.Title, Description: m.Introduction}
		case "thumb":
			return nil // no message can be made of it
		}
		typ, body, err := x.Store.Bubble(ctx, tx, s.account.N, r)
		if err != nil {
			return err
		}
		_, err = x.Store.AddItem(ctx, tx, state.Item{Account: s.account.N, Citizen: s.citizen.N, From: state.FromAccount,
			Origin: "menu", Type: typ, Body: body})
		return err
	})
}

// shownArticle puts the card of a publication into the chat.
func (x *Acts) shownArticle(ctx context.Context, s scene, articleID string) (Tapped, error) {
	return Tapped{Kind: "event"}, x.follower(ctx, s, func(tx *db.Tx, _ state.Contact) error {
		list, err := x.publication(ctx, tx, s, articleID)
		if err != nil || len(list) == 0 {
			return err
		}
		typ, body := state.ArticleCard(x.Base, list)
		_, err = x.Store.AddItem(ctx, tx, state.Item{Account: s.account.N, Citizen: s.citizen.N, From: state.FromAccount,
			Origin: "menu", Type: typ, Body: body})
		return err
	})
}

// openedArticle opens the first article of a publication.
func (x *Acts) openedArticle(ctx context.Context, s scene, articleID string) (Tapped, error) {
	out := Tapped{Kind: "page"}
	err := x.follower(ctx, s, func(tx *db.Tx, _ state.Contact) error {
		list, err := x.publication(ctx, tx, s, articleID)
		if err == nil && len(list) == 0 {
			err = state.ErrNoArticle
		}
		if err == nil {
			out.URL = x.Base + state.ArticlePath(list[0].ID)
		}
		return err
	})
	return out, err
}

// publication lists the articles of what the account published; none when it was forgotten.
func (x *Acts) publication(ctx context.Context, tx *db.Tx, s scene, articleID string) ([]state.Published, error) {
	p, err := x.Store.PublicationOf(ctx, tx, s.account.N, articleID)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return x.Store.PublishedIn(ctx, tx, p.N)
}
