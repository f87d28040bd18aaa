package act

import (
	"context"
	"fmt"
	"net/url"

	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// longestText bounds what a citizen writes at once, in bytes; the phone's own limit (unverified).
const longestText = 16 << 10

// Said is a message of a citizen.
type Said struct {
	Type        string  `json:"type"`
	Content     string  `json:"content"`
	MenuID      string  `json:"menu_id"`
	MediaID     string  `json:"media_id"` // of the phone's file
	Recognition string  `json:"recognition"`
	Lat         float64 `json:"lat"`
	Lng         float64 `json:"lng"`
	Scale       int     `json:"scale"`
	Label       string  `json:"label"`
	Title       string  `json:"title"`
	Description string  `json:"description"`
	URL         string  `json:"url"`
}

// draft is a message before it is sent: the callback and the chat's item of it.
type draft struct {
	message *wechat.Message
	body    map[string]any
	// attach makes the account's media ids, inside the transaction.
	attach func(ctx context.Context, tx *db.Tx, a *state.Account, d *draft) error
}

// Say sends a message of a follower to the account and returns its MsgId and its place in the chat.
func (x *Acts) Say(ctx context.Context, account, citizen string, said Said) (msgID, item int64, err error) {
	s, err := x.scene(ctx, account, citizen)
	if err != nil {
		return 0, 0, err
	}
	d, err := x.draft(ctx, s.account, said)
	if err != nil {
		return 0, 0, err
	}
	err = x.follower(ctx, s, func(tx *db.Tx, c state.Contact) error {
		msgID, item, err = x.say(ctx, tx, s, c, d)
		return err
	})
	return msgID, item, err
}

// say stores and sends a draft.
func (x *Acts) say(ctx context.Context, tx *db.Tx, s scene, c state.Contact, d *draft) (msgID, item int64, err error) {
	if d.attach != nil {
		if err := d.attach(ctx, tx, s.account, d); err != nil {
			return 0, 0, err
		}
	}
	if err := x.open(ctx, tx, c.N, byMessage); err != nil {
		return 0, 0, err
	}
	d.message.MsgID = x.Store.NextMsgID()
	delivery := state.DeliveryNone
	worker, served, err := x.attended(ctx, tx, s.account, c)
	if err != nil {
		return 0, 0, err
	}
	switch {
	case served: // the account's server hears nothing of it
		delivery = state.DeliveryOK
		if err := x.forward(ctx, tx, c, worker, d); err != nil {
			return 0, 0, err
		}
	case x.reaches(s, c, d.message):
		delivery = state.DeliveryPending
	}
	item, err = x.Store.AddItem(ctx, tx, state.Item{Account: s.account.N, Citizen: s.citizen.N, From: state.FromCitizen,
		Type: d.message.MsgType, Body: d.body, State: delivery, MsgID: d.message.MsgID})
	if err != nil || served {
		return d.message.MsgID, item, err
	}
	return d.message.MsgID, item, x.send(ctx, tx, s, c, d.message, item)
}

// draft checks what was said.
func (x *Acts) draft(ctx context.Context, a *state.Account, said Said) (*draft, error) {
	m := &wechat.Message{MsgType: said.Type}
	switch said.Type {
	case "text":
		if said.Content == "" || len(said.Content) > longestText {
			return nil, invalid("content", "length")
		}
		m.Content, m.BizMsgMenuID = said.Content, said.MenuID
		body := map[string]any{"content": said.Content}
		if said.MenuID != "" {
			body["menu_id"] = said.MenuID
		}
		return &draft{message: m, body: body}, nil
	case "location":
		return locationDraft(m, said)
	case "link":
		if u, err := url.Parse(said.URL); err != nil || u.Host == "" || said.Title == "" {
			return nil, invalid("url", "url")
		}
		m.Title, m.Description, m.URL = said.Title, said.Description, said.URL
		return &draft{message: m, body: map[string]any{"title": m.Title, "description": m.Description, "url": m.URL}}, nil
	case "image", "voice", "video", "shortvideo":
		return x.mediaDraft(ctx, a, m, said)
	}
	return nil, invalid("type", "type")
}

func locationDraft(m *wechat.Message, said Said) (*draft, error) {
	if !(said.Lat >= -90 && said.Lat <= 90) || !(said.Lng >= -180 && said.Lng <= 180) {
		return nil, invalid("lat", "range")
	}
	if said.Scale == 0 {
		said.Scale = 16 // a neighbourhood
	}
	m.LocationX, m.LocationY, m.Scale, m.Label = said.Lat, said.Lng, fmt.Sprint(said.Scale), said.Label
	return &draft{message: m, body: map[string]any{"lat": said.Lat, "lng": said.Lng, "scale": said.Scale, "label": said.Label}}, nil
}
