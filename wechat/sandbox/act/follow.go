package act

import (
	"context"
	"slices"

	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// ways are the values of subscribe_scene. WeChat docs: userInfo.
var ways = []string{
	"ADD_SCENE_SEARCH", "ADD_SCENE_ACCOUNT_MIGRATION", "ADD_SCENE_PROFILE_CARD", "ADD_SCENE_QR_CODE",
	"ADD_SCENE_PROFILE_LINK", "ADD_SCENE_PROFILE_ITEM", "ADD_SCENE_PAID", "ADD_SCENE_WECHAT_ADVERTISEMENT",
	"ADD_SCENE_REPRINT", "ADD_SCENE_LIVESTREAM", "ADD_SCENE_CHANNELS", "ADD_SCENE_WXA", "ADD_SCENE_OTHERS",
}

const wayQR = "ADD_SCENE_QR_CODE"

// Follow makes a citizen a follower; ticket is the code that led there, or "". already is true, and nothing happens, for
// who follows.
func (x *Acts) Follow(ctx context.Context, account, citizen, how, ticket string) (openid string, already bool, err error) {
	s, err := x.scene(ctx, account, citizen)
	if err != nil {
		return "", false, err
	}
	if how == "" {
		how = "ADD_SCENE_SEARCH"
	}
	if !slices.Contains(ways, how) {
		return "", false, invalid("how", "how")
	}
	var qr state.QR
	if ticket != "" {
		if qr, err = x.code(ctx, ticket); err != nil {
			return "", false, err
		}
		if qr.Account != s.account.N {
			return "", false, invalid("ticket", "other_account")
		}
		how = wayQR
	}
	return x.follow(ctx, s, how, qr)
}

// follow subscribes and tells the account; an empty code is none.
func (x *Acts) follow(ctx context.Context, s scene, how string, qr state.QR) (openid string, already bool, err error) {
	err = x.Store.Write(ctx, func(tx *db.Tx) error {
		c, err := x.Store.Meet(ctx, tx, s.account, s.citizen)
		if err != nil {
			return err
		}
		openid, already = c.OpenID, c.Subscribed
		if already {
			return nil
		}
		c.How, c.QRScene, c.QRSceneStr = how, qr.SceneID, qr.SceneStr
		if err := x.Store.Subscribe(ctx, tx, c); err != nil {
			return err
		}
		if err := x.open(ctx, tx, c.N, byFollow); err != nil {
			return err
		}
		m := &wechat.Message{Event: "subscribe"}
		if scene := qr.Scene(); scene != "" {
			m.EventKey, m.Ticket = "qrscene_"+scene, qr.Ticket
		}
		return x.event(ctx, tx, s, c, m)
	})
	if err == nil && !already {
		x.Store.Hint(state.Hint{Topic: "citizen", Account: s.account.ID, Citizen: s.citizen.ID})
	}
	return openid, already, err
}

// Unfollow ends it; for who does not follow it is state.ErrNotFollowing.
func (x *Acts) Unfollow(ctx context.Context, account, citizen string) (openid string, err error) {
	s, err := x.scene(ctx, account, citizen)
	if err != nil {
		return "", err
	}
	err = x.follower(ctx, s, func(tx *db.Tx, c state.Contact) error {
		openid = c.OpenID
		if err := x.Store.Unsubscribe(ctx, tx, c); err != nil {
			return err
		}
		if err := x.Store.SetMuted(ctx, tx, c.N, false); err != nil { // following again begins anew
			return err
		}
		if err := x.Store.CloseSession(ctx, tx, c.N); err != nil {
			return err
		}
		return x.event(ctx, tx, s, c, &wechat.Message{Event: "unsubscribe"})
	})
	if err == nil {
		x.Store.Hint(state.Hint{Topic: "citizen", Account: account, Citizen: citizen})
	}
	return openid, err
}
