package api

import (
	"context"
	"slices"

	"weizheng/platform/db"
	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: sendTemplateMessage, addTemplate, 类目模板.
const (
	maxTemplates  = 25
	templateAgain = 10 * 60 * 1000 // ms in which a client_msg_id counts ("10分钟有效"). WeChat docs: api_sendtemplatemessage
	blockedPage   = 100
)

func (s *Server) templateHandlers() map[string]handler {
	return map[string]handler{
		"/cgi-bin/message/template/send":             s.templateSend,
		"/cgi-bin/template/api_add_template":         s.templateAdd,
		"/cgi-bin/template/get_all_private_template": s.templateList,
		"/cgi-bin/template/del_private_template":     s.templateDelete,
		"/cgi-bin/template/get_industry":             s.industry,
		"/cgi-bin/template/api_set_industry":         s.setIndustry,
		"/wxa/sec/queryblocktmplmsg":                 s.stopped,
		"/cgi-bin/message/template/subscribe":        s.onceSend,
	}
}

var errTemplate = fail(40037, "invalid template_id")

type miniIn struct {
	AppID    string `json:"appid"`
	PagePath string `json:"pagepath"`
}

// checkMini wants a linked mini program, if any is named.
func checkMini(a *state.Account, m miniIn) error {
	if m.AppID != "" && !slices.Contains(a.MiniPrograms, m.AppID) {
		return fail(40013, "invalid appid")
	}
	return nil
}

// templateSend accepts a message; what came of it is told by TEMPLATESENDJOBFINISH.
func (s *Server) templateSend(ctx context.Context, c *call) (any, error) {
	var in struct {
		ToUser   string           `json:"touser"`
		Template string           `json:"template_id"`
		URL      string           `json:"url"`
		Mini     miniIn           `json:"miniprogram"`
		Key      string           `json:"client_msg_id"`
		Data     map[string]datum `json:"data"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	to, err := s.contact(ctx, c, in.ToUser)
	if err != nil {
		return nil, err
	}
	if !to.Subscribed {
		return nil, fail(43004, "require subscribe")
	}
	if to.Blocked != 0 {
		return nil, takes(to)
	}
	t, ok, err := s.Store.FindTemplate(ctx, s.Store.Reader(), c.account.N, state.MessageTemplate, in.Template)
	if err != nil || !ok {
		return nil, orElse(err, errTemplate)
	}
	lines, err := fill(t, in.Data)
	if err != nil {
		return nil, err
	}
	if err := checkMini(c.account, in.Mini); err != nil {
		return nil, err
	}
	body := noticeBody(t, lines, in.URL, in.Mini)
	msgID, err := s.acceptTemplate(ctx, to, t, in.Key, body)
	if err != nil {
		return nil, err
	}
	return map[string]any{"errcode": 0, "errmsg": "ok", "msgid": msgID}, nil
}

// noticeBody is what a phone shows of a template with its data.
func noticeBody(t state.Template, lines []line, url string, mini miniIn) map[string]any {
	body := map[string]any{"template_id": t.ID, "title": t.Title, "fields": lines, "url": url}
	if mini.AppID != "" {
		body["miniprogram"] = map[string]any{"appid": mini.AppID, "pagepath": mini.PagePath}
	}
	return body
}

// acceptTemplate puts a message on its way, unless one with the same client_msg_id is.
func (s *Server) acceptTemplate(ctx context.Context, to state.Contact, t state.Template, key string, body map[string]any) (msgID int64, err error) {
	return msgID, s.Store.Write(ctx, func(tx *db.Tx) error {
		said, err := s.Store.Consent(ctx, tx, to.N, t.N)
		if err != nil {
			return err
		}
		if said.Refused {
			return fail(43101, "user refuse to accept the msg")
		}
		if key != "" {
			if msgID, err = s.Store.SentBefore(ctx, tx, to.N, key, s.Store.Civil()-templateAgain); err != nil || msgID != 0 {
				return err
			}
		}
		msgID = s.Store.NextMsgID()
		if key != "" {
			if err := s.Store.KeepSent(ctx, tx, to.N, key, msgID); err != nil {
				return err
			}
		}
		return s.Store.AddLater(ctx, tx, s.Store.Civil(), act.DueTemplate, act.Card{Contact: to.OpenID, Template: t.ID,
			MsgID: msgID, Body: body})
	})
}
