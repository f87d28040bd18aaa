package act

import (
	"context"
	"strings"

	"weizheng/platform/db"
	"weizheng/wechat"
)

// Event is an event by its name, with the fields that its kind has.
type Event struct {
	Event       string  `json:"event"`
	Key         string  `json:"key"`
	URL         string  `json:"url"`
	Page        string  `json:"page"`
	MenuID      string  `json:"menu_id"`
	Scene       string  `json:"scene"`
	Ticket      string  `json:"ticket"`
	Precision   float64 `json:"precision"`
	RevokeInfo  string  `json:"revoke_info"`
	ExpiredTime int64   `json:"expired_time"`
	FailTime    int64   `json:"fail_time"`
	FailReason  string  `json:"fail_reason"`
	Result
}

// Happen makes an event happen.
func (x *Acts) Happen(ctx context.Context, account, citizen string, e Event) error {
	switch {
	case strings.HasPrefix(e.Event, "scancode_"), strings.HasPrefix(e.Event, "pic_"), e.Event == "location_select":
		_, err := x.Bring(ctx, account, citizen, e.Event, e.Key, e.Result)
		return err
	case strings.HasPrefix(e.Event, "user_"):
		return x.aboutUser(ctx, account, citizen, e)
	}
	if m := notice(e); m != nil {
		return x.aboutAccount(ctx, account, m)
	}
	m, opens, err := touched(e)
	if err != nil {
		return err
	}
	s, err := x.scene(ctx, account, citizen)
	if err != nil {
		return err
	}
	_, err = x.tapped(ctx, s, Tapped{}, opens, m)
	return err
}

// touched is an event of a follower in the chat, and the window that it opens.
func touched(e Event) (m *wechat.Message, opens string, err error) {
	m = &wechat.Message{Event: e.Event}
	switch e.Event {
	case "CLICK":
		m.EventKey, opens = e.Key, byClick
	case "VIEW":
		m.EventKey, m.MenuID = e.URL, e.MenuID
	case "view_miniprogram":
		m.EventKey, m.MenuID = e.Page, e.MenuID
	case "SCAN":
		m.EventKey, m.Ticket, opens = e.Scene, e.Ticket, byScan
	case "LOCATION":
		if !(e.Lat >= -90 && e.Lat <= 90) || !(e.Lng >= -180 && e.Lng <= 180) {
			return nil, "", invalid("lat", "range")
		}
		m.Latitude, m.Longitude, m.Precision = e.Lat, e.Lng, e.Precision
		return m, "", nil
	default:
		return nil, "", invalid("event", "event")
	}
	if m.EventKey == "" {
		return nil, "", invalid("key", "required")
	}
	return m, opens, nil
}

// notice is an event about the account itself; nil when it is none.
func notice(e Event) *wechat.Message {
	m := &wechat.Message{MsgType: "event", Event: e.Event}
	switch e.Event {
	case "qualification_verify_success", "naming_verify_success", "annual_renew", "verify_expired":
		m.ExpiredTime = e.ExpiredTime
	case "qualification_verify_fail", "naming_verify_fail":
		m.FailTime, m.FailReason = e.FailTime, e.FailReason
	default:
		return nil
	}
	return m
}

// aboutUser is one of the events by which a citizen takes back what they gave.
func (x *Acts) aboutUser(ctx context.Context, account, citizen string, e Event) error {
	switch e.Event {
	case "user_info_modified", "user_authorization_revoke", "user_authorization_cancellation":
	default:
		return invalid("event", "event")
	}
	s, err := x.scene(ctx, account, citizen)
	if err != nil {
		return err
	}
	return x.Store.Write(ctx, func(tx *db.Tx) error {
		c, err := x.Store.Contact(ctx, tx, s.account.N, s.citizen.N)
		if err != nil {
			return err
		}
		if e.Event != "user_info_modified" {
			if err := x.Store.EndAuthorised(ctx, tx, s.account.N, s.citizen.N); err != nil {
				return err
			}
		}
		return x.tellUser(ctx, tx, s, c, e.Event, e.RevokeInfo)
	})
}

// Enter opens a chat: it is read, and, where the account has switched it on and the phone says where it is, the LOCATION
// event is made.
func (x *Acts) Enter(ctx context.Context, account, citizen string, here *Result) error {
	if err := x.Read(ctx, account, citizen); err != nil {
		return err
	}
	a, err := x.Store.Account(account)
	if err != nil || !a.LocationReport || here == nil {
		return err
	}
	return x.Happen(ctx, account, citizen, Event{Event: "LOCATION", Precision: 30, Result: *here})
}
