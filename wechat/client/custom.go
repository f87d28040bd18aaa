package client

import (
	"context"

	"weizheng/platform/errs"
	"weizheng/wechat"
)

// CustomMessage is a message of customer service: one of the types below, or one of them through FromAgent.
type CustomMessage interface {
	msgType() string // its name is also the field that holds the body
	body() any
}

// Text is plain text with links.
type Text struct {
	Content string `json:"content"`
}

// Image is a picture by media id.
type Image struct {
	MediaID string `json:"media_id"`
}

// Voice is a voice by media id.
type Voice struct {
	MediaID string `json:"media_id"`
}

// Video is a video by media id.
type Video struct {
	MediaID      string `json:"media_id"`
	ThumbMediaID string `json:"thumb_media_id,omitempty"`
	Title        string `json:"title,omitempty"`
	Description  string `json:"description,omitempty"`
}

// Music is a piece of music.
type Music struct {
	Title        string `json:"title,omitempty"`
	Description  string `json:"description,omitempty"`
	URL          string `json:"musicurl"`
	HQURL        string `json:"hqmusicurl"`
	ThumbMediaID string `json:"thumb_media_id"`
}

// News is one card that opens a page; WeChat takes no more than one since 2018.
type News struct {
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	URL         string `json:"url"`
	PicURL      string `json:"picurl,omitempty"`
}

// PublishedArticle is an article of the account (mpnewsarticle).
type PublishedArticle struct {
	ArticleID string `json:"article_id"`
}

// ChoiceMenu is a question with answers to tap (msgmenu); a tap comes back as a text with BizMsgMenuID.
type ChoiceMenu struct {
	Head  string   `json:"head_content"`
	Items []Choice `json:"list"`
	Tail  string   `json:"tail_content,omitempty"`
}

// Choice is one answer of a ChoiceMenu.
type Choice struct {
	ID      string `json:"id"`
	Content string `json:"content"`
}

// MiniProgramPage is a card of a mini program.
type MiniProgramPage struct {
	Title        string `json:"title"`
	AppID        string `json:"appid"`
	PagePath     string `json:"pagepath"`
	ThumbMediaID string `json:"thumb_media_id"`
}

func (Text) msgType() string             { return "text" }
func (Image) msgType() string            { return "image" }
func (Voice) msgType() string            { return "voice" }
func (Video) msgType() string            { return "video" }
func (Music) msgType() string            { return "music" }
func (News) msgType() string             { return "news" }
func (PublishedArticle) msgType() string { return "mpnewsarticle" }
func (ChoiceMenu) msgType() string       { return "msgmenu" }
func (MiniProgramPage) msgType() string  { return "miniprogrampage" }

func (m Text) body() any             { return m }
func (m Image) body() any            { return m }
func (m Voice) body() any            { return m }
func (m Video) body() any            { return m }
func (m Music) body() any            { return m }
func (m News) body() any             { return map[string]any{"articles": []News{m}} }
func (m PublishedArticle) body() any { return m }
func (m ChoiceMenu) body() any       { return m }
func (m MiniProgramPage) body() any  { return m }

type agentMessage struct {
	CustomMessage
	account string
}

// FromAgent sends m under the name and picture of a customer service account (prefix@wechat-id).
func FromAgent(m CustomMessage, account string) CustomMessage { return agentMessage{m, account} }

// OfReply turns a passive reply that came too late into the same message of customer service. Several cards and a
// transfer have none: errs.Invalid. A nil reply too.
func OfReply(r wechat.Reply) (CustomMessage, error) {
	switch r := r.(type) {
	case wechat.Text:
		return Text(r), nil
	case wechat.Image:
		return Image(r), nil
	case wechat.Voice:
		return Voice(r), nil
	case wechat.Video:
		return Video{MediaID: r.MediaID, Title: r.Title, Description: r.Description}, nil
	case wechat.Music:
		return Music{Title: r.Title, Description: r.Description, URL: r.URL, HQURL: r.HQURL, ThumbMediaID: r.ThumbMediaID}, nil
	case wechat.News:
		if len(r.Articles) == 1 {
			a := r.Articles[0]
			return News{Title: a.Title, Description: a.Description, URL: a.URL, PicURL: a.PicURL}, nil
		}
	}
	return nil, errs.New(errs.Invalid, "wechat.no_custom_form")
}

// SendCustom sends a message of customer service. Outside of the window (45015) and beyond its allowance (45047) the
// error's action is ActOtherChannel. A call without an answer may have been delivered: it is never repeated here.
// WeChat docs: api_sendcustommessage.
func (c *Client) SendCustom(ctx context.Context, openid string, m CustomMessage) error {
	in := map[string]any{"touser": openid, "msgtype": m.msgType(), m.msgType(): m.body()}
	if a, ok := m.(agentMessage); ok {
		in["customservice"] = map[string]string{"kf_account": a.account}
	}
	return c.wire.do(ctx, request{path: "/cgi-bin/message/custom/send", in: in})
}

// Typing shows or hides 「对方正在输入」 for a citizen who did something within the last 30 seconds.
// WeChat docs: api_typing.
func (c *Client) Typing(ctx context.Context, openid string, on bool) error {
	command := "CancelTyping"
	if on {
		command = "Typing"
	}
	return c.wire.do(ctx, request{path: "/cgi-bin/message/custom/typing", in: map[string]string{"touser": openid, "command": command}})
}
