package api

import (
	"context"
	"strconv"
	"unicode/utf8"

	"weizheng/platform/db"
	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/state"
)

// Limits of a one-time subscription message, in characters. WeChat docs: api_templatesubscribe.
const (
	onceTitle   = 15
	onceContent = 200
	lastScene   = 10_000
)

var errRefused = fail(43101, "user refuse to accept the msg")

// noticeSend accepts a notice for somebody who consented; what came of it is told by subscribe_msg_sent_event.
// WeChat docs: sendNewSubscribeMsg.
func (s *Server) noticeSend(ctx context.Context, c *call) (any, error) {
	var in struct {
		ToUser   string           `json:"touser"`
		Template string           `json:"template_id"`
		Page     string           `json:"page"`
		Mini     miniIn           `json:"miniprogram"`
		Data     map[string]datum `json:"data"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	to, err := s.contact(ctx, c, in.ToUser)
	if err != nil {
		return nil, err
	}
	t, ok, err := s.Store.FindTemplate(ctx, s.Store.Reader(), c.account.N, state.NoticeTemplate, in.Template)
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
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		may, err := s.Store.SpendConsent(ctx, tx, to.N, t.N)
		if err != nil || !may {
			return orElse(err, errRefused)
		}
		return s.Store.AddLater(ctx, tx, s.Store.Civil(), act.DueNotice, act.Card{Contact: to.OpenID, Template: t.ID,
			MsgID: s.Store.NextMsgID(), Body: noticeBody(t, lines, in.Page, in.Mini)})
	})
}

// onceSend writes once to somebody who allowed it on the page of one-time subscription, whether they follow or not.
func (s *Server) onceSend(ctx context.Context, c *call) (any, error) {
	var in struct {
		ToUser   string    `json:"touser"`
		Template string    `json:"template_id"`
		URL      string    `json:"url"`
		Mini     miniIn    `json:"miniprogram"`
		Scene    looseText `json:"scene"`
		Title    string    `json:"title"`
		Data     struct {
			Content datum `json:"content"`
		} `json:"data"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	to, err := s.contact(ctx, c, in.ToUser)
	if err != nil {
		return nil, err
	}
	content := string(in.Data.Content.Value)
	scene, badScene := strconv.Atoi(string(in.Scene))
	switch {
	case in.Template != s.Store.OnceTemplate(c.account):
		return nil, errTemplate
	case badScene != nil || scene < 0 || scene > lastScene:
		return nil, fail(40035, "invalid args: scene") // the code is unverified
	case in.Title == "" || utf8.RuneCountInString(in.Title) > onceTitle:
		return nil, fail(45003, "title size out of limit")
	case content == "":
		return nil, errNoText
	case utf8.RuneCountInString(content) > onceContent:
		return nil, errTooLong
	}
	if err := checkMini(c.account, in.Mini); err != nil {
		return nil, err
	}
	t := state.Template{ID: in.Template, Title: in.Title}
	body := noticeBody(t, []line{{Name: "", Key: "content", Value: content}}, in.URL, in.Mini)
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		may, err := s.Store.SpendOnce(ctx, tx, to.N, scene)
		if err != nil || !may {
			return orElse(err, errRefused)
		}
		return s.Store.AddLater(ctx, tx, s.Store.Civil(), act.DueOnce, act.Card{Contact: to.OpenID, Template: in.Template, Body: body})
	})
}
