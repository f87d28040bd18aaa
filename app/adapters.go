package app

import (
	"context"

	"weizheng/gateway"
	"weizheng/kernel/account"
	"weizheng/kernel/notify"
	"weizheng/module/conversation/conversationweb"
	"weizheng/module/menu"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// The adapters let neighbours meet that name each other's methods differently; none of them decides anything.

// accountObjects tells what an account belongs to.
type accountObjects struct{ accounts *account.Service }

func (a accountObjects) Object(ctx context.Context, id int64) (access.Object, error) {
	found, err := a.accounts.Known(ctx, id)
	return found.Object(), err
}

func (a accountObjects) UnitOf(ctx context.Context, id int64) (string, error) {
	found, err := a.accounts.Known(ctx, id)
	return found.Unit, err
}

func (a accountObjects) Name(ctx context.Context, id int64) (string, error) {
	found, err := a.accounts.Known(ctx, id)
	return found.Profile.Name, err
}

func (a accountObjects) part(ctx context.Context, id int64) (part.Account, error) {
	found, err := a.accounts.Known(ctx, id)
	return partAccount(found), err
}

func partAccount(a account.Account) part.Account {
	return part.Account{ID: a.ID, Slug: a.Slug, Unit: a.Unit}
}

// doors lets the gateway find an account's codec.
type doors struct{ accounts *account.Service }

func (d doors) Door(ctx context.Context, slug string) (gateway.Door, error) {
	a, codec, err := d.accounts.Codec(ctx, slug)
	return gateway.Door{Account: partAccount(a), Codec: codec}, err
}

// menuPublisher puts a menu into WeChat.
type menuPublisher struct{ accounts *account.Service }

func (p menuPublisher) CreateMenu(ctx context.Context, id int64, buttons []menu.Button) error {
	c, err := p.accounts.Client(ctx, id)
	if err != nil {
		return err
	}
	return c.CreateMenu(ctx, client.Menu{Buttons: clientButtons(buttons)})
}

func clientButtons(buttons []menu.Button) []client.Button {
	out := make([]client.Button, 0, len(buttons))
	for _, b := range buttons {
		out = append(out, client.Button{
			Name: b.Name, Type: string(b.Type), Key: b.Key, URL: b.URL, AppID: b.AppID, PagePath: b.PagePath,
			MediaID: b.MediaID, ArticleID: b.ArticleID, Sub: clientButtons(b.Sub),
		})
	}
	return out
}

// replyOutbox sends what the gateway could not say in the passive reply.
type replyOutbox struct{ notify *notify.Service }

func (o replyOutbox) Queue(ctx context.Context, tx *db.Tx, a part.Account, openid, dedupe string, reply wechat.Reply) error {
	return o.notify.QueueReply(ctx, tx, a.ID, openid, dedupe, reply)
}

// windows sums a follower's open windows up for the inbox.
type windows struct{ notify *notify.Service }

func (w windows) Window(ctx context.Context, follower int64) (conversationweb.Window, error) {
	open, err := w.notify.Windows(ctx, follower)
	var sum conversationweb.Window
	for _, one := range open {
		sum.Left += one.Left
		if one.Until.After(sum.Until) {
			sum.Until = one.Until
		}
	}
	return sum, err
}
