package client

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The types of a notice's template (订阅通知).
const (
	NoticeOnce = 2 // each consent is one notice
	NoticeLong = 3 // one consent is for ever; for public bodies, medicine, transport, …
)

const (
	maxNoticeTitles = 30 // of one PublicNotices
	leastKids       = 2
	mostKids        = 5
	maxSceneWords   = 15 // characters
)

// NoticeCategory is a category (类目) of the account.
type NoticeCategory struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

// NoticeCategories lists the account's. WeChat docs: api_getcategory of 订阅通知.
func (c *Client) NoticeCategories(ctx context.Context) ([]NoticeCategory, error) {
	var out struct {
		List []NoticeCategory `json:"data"`
	}
	err := c.wire.do(ctx, request{path: "/wxaapi/newtmpl/getcategory", out: &out})
	return out.List, err
}

// PublicNotice is a template of the library.
type PublicNotice struct {
	TID      int    `json:"tid"`
	Title    string `json:"title"`
	Type     int    `json:"type"`
	Category string `json:"categoryId"`
}

// PublicNotices lists up to limit (1–30) templates of the library under some categories, from the start-th, and how many
// there are. WeChat docs: api_getpubtemplatetitles.
func (c *Client) PublicNotices(ctx context.Context, categories []int, start, limit int) (list []PublicNotice, count int, err error) {
	var v checks
	v.unless(len(categories) > 0, "categories", "required", nil)
	v.between("limit", int64(limit), 1, maxNoticeTitles)
	v.unless(start >= 0, "start", "required", nil)
	if err := v.err(); err != nil {
		return nil, 0, err
	}
	ids := make([]string, len(categories))
	for i, id := range categories {
		ids[i] = strconv.Itoa(id)
	}
	var out struct {
		Count int            `json:"count"`
		List  []PublicNotice `json:"data"`
	}
	query := url.Values{"ids": {strings.Join(ids, ",")}, "start": {strconv.Itoa(start)}, "limit": {strconv.Itoa(limit)}}
	err = c.wire.do(ctx, request{path: "/wxaapi/newtmpl/getpubtemplatetitles", query: query, out: &out})
	return out.List, out.Count, err
}

// NoticeKeyword is a line that a template of the library may have.
type NoticeKeyword struct {
	KID     int    `json:"kid"`
	Name    string `json:"name"`
	Example string `json:"example"`
	Rule    string `json:"rule"` // thing, time, …
}

// NoticeKeywords lists the lines of one template. WeChat docs: api_getpubtemplatekeywords.
func (c *Client) NoticeKeywords(ctx context.Context, tid int) ([]NoticeKeyword, error) {
	var out struct {
		List []NoticeKeyword `json:"data"`
	}
	query := url.Values{"tid": {strconv.Itoa(tid)}}
	err := c.wire.do(ctx, request{path: "/wxaapi/newtmpl/getpubtemplatekeywords", query: query, out: &out})
	return out.List, err
}

// NoticeTemplate is one that the account has taken.
type NoticeTemplate struct {
	ID      string       `json:"priTmplId"`
	Title   string       `json:"title"`
	Content string       `json:"content"`
	Example string       `json:"example"`
	Type    int          `json:"type"` // NoticeOnce, NoticeLong
	Enums   []NoticeEnum `json:"keywordEnumValueList"`
}

// NoticeEnum is what an enum line may say.
type NoticeEnum struct {
	Key    string   `json:"keywordCode"` // enum5.DATA
	Values []string `json:"enumValueList"`
}

// Keys are the keys of a template's content, in their order.
func (t NoticeTemplate) Keys() []string { return keysOf(t.Content) }

// NoticeTemplates lists the account's. WeChat docs: api_gettemplate of 订阅通知.
func (c *Client) NoticeTemplates(ctx context.Context) ([]NoticeTemplate, error) {
	var out struct {
		List []NoticeTemplate `json:"data"`
	}
	err := c.wire.do(ctx, request{path: "/wxaapi/newtmpl/gettemplate", out: &out})
	return out.List, err
}

// AddNoticeTemplate takes a template of the library with 2–5 of its lines in this order; scene says in up to 15 characters
// what it is for. It returns the template's id. WeChat docs: api_addtemplate of 订阅通知.
func (c *Client) AddNoticeTemplate(ctx context.Context, tid int, kids []int, scene string) (id string, err error) {
	var v checks
	v.between("kids", int64(len(kids)), leastKids, mostKids)
	v.between("scene", int64(utf8.RuneCountInString(scene)), 0, maxSceneWords)
	if err := v.err(); err != nil {
		return "", err
	}
	in := map[string]any{"tid": strconv.Itoa(tid), "kidList": kids, "sceneDesc": scene}
	var out struct {
		ID string `json:"priTmplId"`
	}
	err = c.wire.do(ctx, request{path: "/wxaapi/newtmpl/addtemplate", in: in, out: &out})
	return out.ID, err
}

// DeleteNoticeTemplate removes one, with everybody's consents. WeChat docs: api_deltemplate of 订阅通知.
func (c *Client) DeleteNoticeTemplate(ctx context.Context, id string) error {
	return c.wire.do(ctx, request{path: "/wxaapi/newtmpl/deltemplate", in: map[string]string{"priTmplId": id}})
}

// Notice is a 订阅通知 to somebody who consented; they need not follow.
type Notice struct {
	To       string // openid
	Template string
	Page     string // web address that it opens
	Mini     *Mini
	Data     map[string]string // by key of the template; see FitValue
}

// SendNotice accepts a notice and uses up one consent of a one-time template; what came of it is told by
// subscribe_msg_sent_event. Without consent it is code 43101; a value that does not fit is 47003, and Msg names its key.
// WeChat docs: api_sendnewsubscribemsg.
func (c *Client) SendNotice(ctx context.Context, n Notice) error {
	in := struct {
		To       string         `json:"touser"`
		Template string         `json:"template_id"`
		Page     string         `json:"page,omitempty"`
		Mini     *Mini          `json:"miniprogram,omitempty"`
		Data     map[string]any `json:"data"`
	}{n.To, n.Template, n.Page, n.Mini, values(n.Data)}
	return c.wire.do(ctx, request{path: "/cgi-bin/message/subscribe/bizsend", in: in})
}
