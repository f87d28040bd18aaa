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
