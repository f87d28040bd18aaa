package citizenweb

import (
	"context"

	"weizheng/kernel/citizen"
	"weizheng/part"
	"weizheng/platform/db"
)

// receive hands a batch of the inbound log to the followers.
func (d Deps) receive(ctx context.Context, tx *db.Tx, batch []part.Inbound) error {
	list := make([]citizen.Inbound, 0, len(batch))
	for _, in := range batch {
		m := in.Message
		event := m.Event
		if m.MsgType != "event" {
			event = ""
		}
		if m.InfoType != "" {
			continue // a notice about the account, from nobody
		}
		list = append(list, citizen.Inbound{
			Account: in.Account.ID, OpenID: m.FromUserName, At: in.CivilAt, Received: in.ReceivedAt, Event: event, EventKey: m.EventKey, About: m.OpenID,
		})
	}
	return d.Citizens.HandleInbound(ctx, tx, list)
}
