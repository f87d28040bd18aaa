package api

import (
	"context"
)

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
