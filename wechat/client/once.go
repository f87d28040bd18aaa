package client

import (
	"context"
	"net/url"
	"strconv"
	"unicode/utf8"
)

// Limits of a one-time subscription, in characters. WeChat docs: api_templatesubscribe.
const (
	maxOnceScene   = 10_000
	maxOnceTitle   = 15
	maxOnceContent = 200
)

// OnceAddress is the page that asks for a one-time subscription under a scene (0–10000) and then goes to redirect with
// openid, template_id, action (confirm or cancel), scene and reserved.
func (c *Client) OnceAddress(scene int, template, redirect, reserved string) string {
	return c.wire.cfg.Endpoints.MP + "/mp/subscribemsg?action=get_confirm&appid=" + url.QueryEscape(c.AppID()) +
		"&scene=" + strconv.Itoa(scene) + "&template_id=" + url.QueryEscape(template) + "&redirect_url=" +
		url.QueryEscape(redirect) + "&reserved=" + url.QueryEscape(reserved) + "#wechat_redirect"
}

// OnceMessage is the one message that a citizen allowed on the page.
type OnceMessage struct {
	To       string // openid; they need not follow
	Template string
	Scene    int
	Title    string // 1–15 characters
	Content  string // 1–200 characters
	URL      string
	Mini     *Mini
}

// SendOnce sends it. A second one under the same scene is code 43101. WeChat docs: 一次性订阅消息.
func (c *Client) SendOnce(ctx context.Context, m OnceMessage) error {
	var v checks
	v.between("scene", int64(m.Scene), 0, maxOnceScene)
	v.between("title", int64(utf8.RuneCountInString(m.Title)), 1, maxOnceTitle)
	v.between("content", int64(utf8.RuneCountInString(m.Content)), 1, maxOnceContent)
	if err := v.err(); err != nil {
		return err
	}
	in := struct {
		To       string         `json:"touser"`
		Template string         `json:"template_id"`
		URL      string         `json:"url,omitempty"`
		Mini     *Mini          `json:"miniprogram,omitempty"`
		Scene    string         `json:"scene"`
		Title    string         `json:"title"`
		Data     map[string]any `json:"data"`
	}{m.To, m.Template, m.URL, m.Mini, strconv.Itoa(m.Scene), m.Title, values(map[string]string{"content": m.Content})}
	return c.wire.do(ctx, request{path: "/cgi-bin/message/template/subscribe", in: in})
}
