package wechat

import (
	"errors"
	"math"
)

// EncodeMessage writes a message as WeChat does: strings in CDATA, numbers bare, absent fields left out (but an EventKey
// always stands in events that may have one). ParseMessage reads back what was given, but for Raw.
func EncodeMessage(m *Message) ([]byte, error) {
	if m.MsgType == "" && m.InfoType == "" {
		return nil, ErrFormat.Because(errors.New("message without MsgType"))
	}
	w := &writer{b: make([]byte, 0, 1024)}
	w.b = append(w.b, "<xml>"...)
	w.head(m)
	w.said(m)
	w.event(m)
	w.job(m)
	w.notice(m)
	w.b = append(w.b, "</xml>"...)
	if w.bad {
		return nil, ErrFormat.Because(errors.New("a coordinate is not a number"))
	}
	return w.b, nil
}

// writer appends elements; the methods without "always" leave out zero values.
type writer struct {
	b   []byte
	bad bool
}

func (w *writer) always(name, value string) { w.b = appendText(w.b, name, value) }

func (w *writer) str(name, value string) {
	if value != "" {
		w.always(name, value)
	}
}

func (w *writer) num(name string, value int64) {
	if value != 0 {
		w.b = appendInt(w.b, name, value)
	}
}

func (w *writer) real(name string, value float64) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		w.bad = true
		return
	}
	w.b = appendReal(w.b, name, value)
}

func (w *writer) in(name string, inside func()) {
	w.b = appendOpen(w.b, name)
	inside()
	w.b = appendClose(w.b, name)
}

func (w *writer) head(m *Message) {
	w.str("ToUserName", m.ToUserName)
	w.str("FromUserName", m.FromUserName)
	if m.InfoType != "" {
		w.str("AppId", m.AppID)
	}
	w.b = appendInt(w.b, "CreateTime", m.CreateTime)
	w.str("MsgType", m.MsgType)
	w.str("InfoType", m.InfoType)
}

func (w *writer) said(m *Message) {
	if m.MsgType == "text" {
		w.always("Content", m.Content)
	} else {
		w.str("Content", m.Content)
	}
	w.str("PicUrl", m.PicURL)
	w.str("MediaId", m.MediaID)
	w.str("Format", m.Format)
	w.str("Recognition", m.Recognition)
	w.str("ThumbMediaId", m.ThumbMediaID)
	if m.MsgType == "location" || m.LocationX != 0 || m.LocationY != 0 {
		w.real("Location_X", m.LocationX)
		w.real("Location_Y", m.LocationY)
	}
	w.str("Scale", m.Scale)
	w.str("Label", m.Label)
	w.str("Title", m.Title)
	w.str("Description", m.Description)
	w.str("Url", m.URL)
	w.num("MsgId", m.MsgID)
	w.str("MediaId16K", m.MediaID16K)
	w.str("bizmsgmenuid", m.BizMsgMenuID)
	w.str("MsgDataId", m.MsgDataID)
	w.str("Idx", m.Idx)
}

func (w *writer) event(m *Message) {
	w.str("Event", m.Event)
	if m.Event == "subscribe" || m.Event == "unsubscribe" {
		w.always("EventKey", m.EventKey)
	} else {
		w.str("EventKey", m.EventKey)
	}
	w.str("Ticket", m.Ticket)
	w.str("MenuId", m.MenuID)
	if m.Event == "LOCATION" || m.Latitude != 0 || m.Longitude != 0 || m.Precision != 0 {
		w.real("Latitude", m.Latitude)
		w.real("Longitude", m.Longitude)
		w.real("Precision", m.Precision)
	}
	if v := m.ScanCodeInfo; v != nil {
		w.in("ScanCodeInfo", func() { w.always("ScanType", v.ScanType); w.always("ScanResult", v.ScanResult) })
	}
	if v := m.SendPicsInfo; v != nil {
		w.sendPics(v)
	}
	if v := m.SendLocationInfo; v != nil {
		w.sendLocation(v)
	}
	w.choices("SubscribeMsgPopupEvent", m.SubscribeMsgPopupEvent)
	w.choices("SubscribeMsgChangeEvent", m.SubscribeMsgChangeEvent)
	w.sentNotices(m.SubscribeMsgSentEvent)
	w.str("OpenID", m.OpenID)
	w.str("UnionID", m.UnionID)
	if m.InfoType == "" {
		w.str("AppID", m.AppID)
	}
	w.str("RevokeInfo", m.RevokeInfo)
	w.str("KfAccount", m.KfAccount)
	w.str("CloseType", m.CloseType)
	w.str("FromKfAccount", m.FromKfAccount)
	w.str("ToKfAccount", m.ToKfAccount)
}

func (w *writer) job(m *Message) {
	w.num("MsgID", m.JobID)
	w.str("Status", m.Status)
	if m.Event == "MASSSENDJOBFINISH" {
		w.b = appendInt(w.b, "TotalCount", int64(m.TotalCount))
		w.b = appendInt(w.b, "FilterCount", int64(m.FilterCount))
		w.b = appendInt(w.b, "SentCount", int64(m.SentCount))
		w.b = appendInt(w.b, "ErrorCount", int64(m.ErrorCount))
	} else {
		w.num("TotalCount", int64(m.TotalCount))
		w.num("FilterCount", int64(m.FilterCount))
		w.num("SentCount", int64(m.SentCount))
		w.num("ErrorCount", int64(m.ErrorCount))
	}
	if v := m.CopyrightCheckResult; v != nil {
		w.copyright(v)
	}
	if v := m.ArticleURLResult; v != nil {
		w.in("ArticleUrlResult", func() {
			w.b = appendInt(w.b, "Count", int64(v.Count))
			w.in("ResultList", func() { w.articles(v.Items, "ArticleIdx", "ArticleUrl") })
		})
	}
	if v := m.PublishEventInfo; v != nil {
		w.publish(v)
	}
}

func (w *writer) notice(m *Message) {
	w.num("ExpiredTime", m.ExpiredTime)
	w.num("FailTime", m.FailTime)
	w.str("FailReason", m.FailReason)
	w.str("ComponentVerifyTicket", m.ComponentVerifyTicket)
	w.str("AuthorizerAppid", m.AuthorizerAppID)
	w.str("AuthorizationCode", m.AuthorizationCode)
	w.num("AuthorizationCodeExpiredTime", m.AuthorizationCodeExpiredTime)
	w.str("PreAuthCode", m.PreAuthCode)
}
