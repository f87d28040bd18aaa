package wechat

import "errors"

// ParseMessage reads the clear XML of a push. Unknown elements, message types and events are no errors: Raw keeps them.
// ErrFormat is for what WeChat would never send: broken XML, several roots, data after the root, a known element twice,
// letters in a number, neither MsgType nor InfoType. m.Raw is plain itself, not a copy.
func ParseMessage(plain []byte) (*Message, error) {
	if len(plain) > MaxBody {
		return nil, ErrFormat.Because(errors.New("message over 1 MiB"))
	}
	doc, err := parseXML(plain)
	if err != nil {
		return nil, err
	}
	m := &Message{Raw: plain}
	r := &reader{document: doc}
	r.each(0, func(name string, c int) bool {
		return r.common(m, name, c) || r.said(m, name, c) || r.event(m, name, c) || r.job(m, name, c) || r.notice(m, name, c)
	})
	if r.err != nil {
		return nil, r.err
	}
	if m.MsgType == "" && m.InfoType == "" {
		return nil, ErrFormat.Because(errors.New("XML: no MsgType"))
	}
	return m, nil
}

func (r *reader) common(m *Message, name string, c int) bool {
	switch name {
	case "ToUserName":
		m.ToUserName = r.word(c)
	case "FromUserName":
		m.FromUserName = r.word(c)
	case "CreateTime":
		m.CreateTime = r.num(c)
	case "MsgType":
		m.MsgType = r.word(c)
	case "MsgId":
		m.MsgID = r.num(c)
	case "MsgDataId":
		m.MsgDataID = r.word(c)
	case "Idx":
		m.Idx = r.word(c)
	default:
		return false
	}
	return true
}

// said are the fields of messages that citizens write.
func (r *reader) said(m *Message, name string, c int) bool {
	switch name {
	case "Content":
		m.Content = r.str(c)
	case "bizmsgmenuid":
		m.BizMsgMenuID = r.word(c)
	case "PicUrl":
		m.PicURL = r.word(c)
	case "MediaId":
		m.MediaID = r.word(c)
	case "MediaId16K":
		m.MediaID16K = r.word(c)
	case "Format":
		m.Format = r.word(c)
	case "Recognition":
		m.Recognition = r.str(c)
	case "ThumbMediaId":
		m.ThumbMediaID = r.word(c)
	case "Location_X":
		m.LocationX = r.real(c)
	case "Location_Y":
		m.LocationY = r.real(c)
	case "Scale":
		m.Scale = r.word(c)
	case "Label":
		m.Label = r.str(c)
	case "Title":
		m.Title = r.str(c)
	case "Description":
		m.Description = r.str(c)
	case "Url":
		m.URL = r.word(c)
	default:
		return false
	}
	return true
}

// event are the fields of what citizens do.
func (r *reader) event(m *Message, name string, c int) bool {
	switch name {
	case "Event":
		m.Event = r.word(c)
	case "EventKey":
		m.EventKey = r.str(c)
	case "Ticket":
		m.Ticket = r.word(c)
	case "MenuId":
		m.MenuID = r.word(c)
	case "Latitude":
		m.Latitude = r.real(c)
	case "Longitude":
		m.Longitude = r.real(c)
	case "Precision":
		m.Precision = r.real(c)
	case "ScanCodeInfo":
		m.ScanCodeInfo = r.scanCode(c)
	case "SendPicsInfo":
		m.SendPicsInfo = r.sendPics(c)
	case "SendLocationInfo":
		m.SendLocationInfo = r.sendLocation(c)
	case "SubscribeMsgPopupEvent":
		m.SubscribeMsgPopupEvent = r.choices(c)
	case "SubscribeMsgChangeEvent":
		m.SubscribeMsgChangeEvent = r.choices(c)
	case "SubscribeMsgSentEvent":
		m.SubscribeMsgSentEvent = r.sentNotices(c)
	case "OpenID":
		m.OpenID = r.word(c)
	case "UnionID":
		m.UnionID = r.word(c)
	case "RevokeInfo":
		m.RevokeInfo = r.word(c)
	case "KfAccount":
		m.KfAccount = r.word(c)
	case "CloseType":
		m.CloseType = r.word(c)
	case "FromKfAccount":
		m.FromKfAccount = r.word(c)
	case "ToKfAccount":
		m.ToKfAccount = r.word(c)
	default:
		return false
	}
	return true
}

// job are the fields of reports about what the account sent.
func (r *reader) job(m *Message, name string, c int) bool {
	switch name {
	case "MsgID":
		m.JobID = r.num(c)
	case "Status":
		m.Status = r.word(c)
	case "TotalCount":
		m.TotalCount = r.count(c)
	case "FilterCount":
		m.FilterCount = r.count(c)
	case "SentCount":
		m.SentCount = r.count(c)
	case "ErrorCount":
		m.ErrorCount = r.count(c)
	case "CopyrightCheckResult":
		m.CopyrightCheckResult = r.copyright(c)
	case "ArticleUrlResult":
		m.ArticleURLResult = r.articleURLs(c)
	case "PublishEventInfo":
		m.PublishEventInfo = r.publish(c)
	default:
		return false
	}
	return true
}

// notice are the fields of what the platform tells about the account.
func (r *reader) notice(m *Message, name string, c int) bool {
	switch name {
	case "ExpiredTime":
		m.ExpiredTime = r.num(c)
	case "FailTime":
		m.FailTime = r.num(c)
	case "FailReason":
		m.FailReason = r.str(c)
	case "AppID", "AppId":
		if m.AppID != "" {
			r.fail("twice", name) // in two spellings
		}
		m.AppID = r.word(c)
	case "InfoType":
		m.InfoType = r.word(c)
	case "ComponentVerifyTicket":
		m.ComponentVerifyTicket = r.word(c)
	case "AuthorizerAppid":
		m.AuthorizerAppID = r.word(c)
	case "AuthorizationCode":
		m.AuthorizationCode = r.word(c)
	case "AuthorizationCodeExpiredTime":
		m.AuthorizationCodeExpiredTime = r.num(c)
	case "PreAuthCode":
		m.PreAuthCode = r.word(c)
	default:
		return false
	}
	return true
}
