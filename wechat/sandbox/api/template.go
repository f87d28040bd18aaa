package api

import (
	"context"
	"slices"
	"strings"

	"weizheng/platform/db"
	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: sendTemplateMessage, addTemplate, 类目模板.
const (
	maxTemplates  = 25
	templateAgain = 10 * 60 * 1000 // ms in which a client_msg_id counts (unverified)
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

// templateAdd takes a template of the library (类目模板).
func (s *Server) templateAdd(ctx context.Context, c *call) (any, error) {
	var in struct {
		Short    looseText `json:"template_id_short"`
		Keywords []string  `json:"keyword_name_list"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if strings.HasPrefix(string(in.Short), "TM") || strings.HasPrefix(string(in.Short), "OPENTM") {
		return nil, fail(40247, "template of industry can not be added any more")
	}
	p, ok := public(c.account, string(in.Short))
	if !ok {
		return nil, errTemplate
	}
	t := state.Template{Account: c.account.N, Kind: state.MessageTemplate, TID: p.TID, Title: p.Title}
	for _, name := range in.Keywords {
		i := slices.IndexFunc(p.Keywords, func(k state.Keyword) bool { return k.Name == name })
		if i < 0 || slices.ContainsFunc(t.Fields, func(f state.Field) bool { return f.Name == name }) {
			return nil, errKeywords
		}
		t.Fields = append(t.Fields, p.Keywords[i].Field())
	}
	if len(t.Fields) == 0 {
		return nil, errKeywords
	}
	t, err := s.takeTemplate(ctx, t, fail(45026, "template num exceeds limit"))
	if err != nil {
		return nil, err
	}
	return map[string]any{"errcode": 0, "errmsg": "ok", "template_id": t.ID}, nil
}

var errKeywords = fail(40246, "invalid keyword_name_list")

// takeTemplate stores a template while there are fewer than the most.
func (s *Server) takeTemplate(ctx context.Context, t state.Template, full error) (state.Template, error) {
	return t, s.Store.Write(ctx, func(tx *db.Tx) error {
		list, err := s.Store.Templates(ctx, tx, t.Account, t.Kind)
		if err != nil {
			return err
		}
		if len(list) >= maxTemplates {
			return full
		}
		t, err = s.Store.AddTemplate(ctx, tx, t)
		return err
	})
}

func (s *Server) templateList(ctx context.Context, c *call) (any, error) {
	list, err := s.Store.Templates(ctx, s.Store.Reader(), c.account.N, state.MessageTemplate)
	if err != nil {
		return nil, err
	}
	type shown struct {
		ID        string `json:"template_id"`
		Title     string `json:"title"`
		Primary   string `json:"primary_industry"`
		Secondary string `json:"deputy_industry"`
		Content   string `json:"content"`
		Example   string `json:"example"`
	}
	out := make([]shown, len(list))
	for i, t := range list {
		out[i] = shown{ID: t.ID, Title: t.Title, Content: t.Content(), Example: t.Example()}
	}
	return map[string]any{"template_list": out}, nil
}

func (s *Server) templateDelete(ctx context.Context, c *call) (any, error) {
	var in struct {
		ID string `json:"template_id"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return nil, s.dropTemplate(ctx, c.account.N, state.MessageTemplate, in.ID, errTemplate)
}

func (s *Server) dropTemplate(ctx context.Context, account int64, kind, id string, unknown error) error {
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		t, ok, err := s.Store.FindTemplate(ctx, tx, account, kind, id)
		if err != nil || !ok {
			return orElse(err, unknown)
		}
		return s.Store.DeleteTemplate(ctx, tx, t)
	})
}

// stopped lists the template messages that the platform stopped. WeChat docs: queryBlockTmplMsg.
func (s *Server) stopped(ctx context.Context, c *call) (any, error) {
	var in struct {
		Template string `json:"tmpl_msg_id"`
		Largest  int64  `json:"largest_id"`
		Limit    int    `json:"limit"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Limit < 1 || in.Limit > blockedPage {
		return nil, fail(40097, "invalid args") // the code is unverified
	}
	list, err := s.Store.StoppedAfter(ctx, c.account.N, in.Template, in.Largest, in.Limit)
	if err != nil {
		return nil, err
	}
	type shown struct {
		ID       int64  `json:"id"`
		Template string `json:"tmpl_msg_id"`
		Title    string `json:"title"`
		Content  string `json:"content"`
		At       int64  `json:"send_timestamp"`
		OpenID   string `json:"openid"`
	}
	out := make([]shown, len(list))
	for i, m := range list {
		out[i] = shown{m.N, m.Template, m.Title, m.Content, m.At / 1000, m.OpenID}
	}
	return map[string]any{"errcode": 0, "errmsg": "ok", "msginfo": out}, nil
}
