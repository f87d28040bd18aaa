package client

import (
	"context"
	"strings"
)

// Mini is a page of a linked mini program that a message opens.
type Mini struct {
	AppID    string `json:"appid"`
	PagePath string `json:"pagepath,omitempty"`
}

// values are the data of a template as WeChat wants them.
func values(data map[string]string) map[string]any {
	out := make(map[string]any, len(data))
	for key, v := range data {
		out[key] = map[string]string{"value": v}
	}
	return out
}

// TemplateMessage is a message by template (模板消息) to a follower. Mini goes before URL where the phone can open it.
type TemplateMessage struct {
	To       string // openid
	Template string
	URL      string
	Mini     *Mini
	Key      string            // client_msg_id: within 10 minutes a repetition is not sent again
	Data     map[string]string // by key of the template, such as thing1; see FitValue
}

// SendTemplate accepts a message; what came of it is told by TEMPLATESENDJOBFINISH with the id. A value that does not fit
// is code 47003, and Msg names its key. WeChat docs: api_sendtemplatemessage.
func (c *Client) SendTemplate(ctx context.Context, m TemplateMessage) (msgID int64, err error) {
	in := struct {
		To       string         `json:"touser"`
		Template string         `json:"template_id"`
		URL      string         `json:"url,omitempty"`
		Mini     *Mini          `json:"miniprogram,omitempty"`
		Key      string         `json:"client_msg_id,omitempty"`
		Data     map[string]any `json:"data"`
	}{m.To, m.Template, m.URL, m.Mini, m.Key, values(m.Data)}
	var out struct {
		ID int64 `json:"msgid"`
	}
	err = c.wire.do(ctx, request{path: "/cgi-bin/message/template/send", in: in, out: &out})
	return out.ID, err
}

// Template is one that the account has taken from the library.
type Template struct {
	ID      string `json:"template_id"`
	Title   string `json:"title"`
	Content string `json:"content"` // lines of name and {{thing1.DATA}}
	Example string `json:"example"`
}

// Keys are the keys of a template's content, in their order.
func (t Template) Keys() []string { return keysOf(t.Content) }

// keysOf finds the {{key.DATA}} of a content.
func keysOf(content string) []string {
	var keys []string
	for {
		_, rest, ok := strings.Cut(content, "{{")
		if !ok {
			return keys
		}
		key, after, ok := strings.Cut(rest, ".DATA}}")
		if !ok {
			return keys
		}
		keys, content = append(keys, key), after
	}
}

// AddTemplate takes a template of the library (类目模板) with some of its keywords, by their names and in this order, and
// returns its id. Ids that begin with TM are refused (40247), more than 25 templates too (45026).
// WeChat docs: api_addtemplate.
func (c *Client) AddTemplate(ctx context.Context, shortID string, keywords []string) (id string, err error) {
	in := map[string]any{"template_id_short": shortID, "keyword_name_list": keywords}
	var out struct {
		ID string `json:"template_id"`
	}
	err = c.wire.do(ctx, request{path: "/cgi-bin/template/api_add_template", in: in, out: &out})
	return out.ID, err
}

// Templates lists the account's templates. WeChat docs: api_getalltemplates.
func (c *Client) Templates(ctx context.Context) ([]Template, error) {
	var out struct {
		List []Template `json:"template_list"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/template/get_all_private_template", out: &out})
	return out.List, err
}

// DeleteTemplate removes one. WeChat docs: api_deletetemplate.
func (c *Client) DeleteTemplate(ctx context.Context, id string) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/template/del_private_template", in: map[string]string{"template_id": id}})
}

// Industry is what an account said of itself in the days of the old templates.
type Industry struct {
	First  string `json:"first_class"`
	Second string `json:"second_class"`
}

// Industries returns the account's two; empty when it never set them. WeChat docs: api_getindustry.
func (c *Client) Industries(ctx context.Context) (primary, secondary Industry, err error) {
	var out struct {
		Primary   Industry `json:"primary_industry"`
		Secondary Industry `json:"secondary_industry"`
	}
	err = c.wire.do(ctx, request{path: "/cgi-bin/template/get_industry", out: &out})
	return out.Primary, out.Secondary, err
}

// SetIndustries changes them by WeChat's ids (1–41), once a month; every template of the account is deleted.
// WeChat docs: api_setindustry.
func (c *Client) SetIndustries(ctx context.Context, primary, secondary int) error {
	in := map[string]int{"industry_id1": primary, "industry_id2": secondary}
	return c.wire.do(ctx, request{path: "/cgi-bin/template/api_set_industry", in: in})
}

const maxStopped = 100 // of one StoppedTemplates

// StoppedTemplate is a message that the platform stopped.
type StoppedTemplate struct {
	ID       int64  `json:"id"`
	Template string `json:"tmpl_msg_id"`
	Title    string `json:"title"`
	Content  string `json:"content"`
	SentAt   int64  `json:"send_timestamp"` // unix seconds
	OpenID   string `json:"openid"`
}

// StoppedTemplates lists up to limit (1–100) messages of a template that the platform stopped, after the id last.
// WeChat docs: queryblocktmplmsg.
func (c *Client) StoppedTemplates(ctx context.Context, template string, last int64, limit int) ([]StoppedTemplate, error) {
	var v checks
	v.between("limit", int64(limit), 1, maxStopped)
	if err := v.err(); err != nil {
		return nil, err
	}
	in := map[string]any{"tmpl_msg_id": template, "largest_id": last, "limit": limit}
	var out struct {
		List []StoppedTemplate `json:"msginfo"`
	}
	err := c.wire.do(ctx, request{path: "/wxa/sec/queryblocktmplmsg", in: in, out: &out})
	return out.List, err
}
