package client

import (
	"context"
	"maps"
)

// CommentPage is how many comments one page has at most (fewer than 50).
const CommentPage = 49

// Thread is what stands under one article.
type Thread struct {
	MsgDataID int64 // of the publication or mass message
	Index     int   // of the article, from 0
}

func (t Thread) in(more map[string]any) map[string]any {
	in := map[string]any{"msg_data_id": t.MsgDataID, "index": t.Index}
	maps.Copy(in, more)
	return in
}

// Comment is what a reader wrote.
type Comment struct {
	ID      int64  `json:"user_comment_id"`
	OpenID  string `json:"openid"`
	At      int64  `json:"create_time"` // unix seconds
	Content string `json:"content"`
	Type    int    `json:"comment_type"` // 1: elected, so that everybody sees it
	Reply   struct {
		Content string `json:"content"` // "" without one
		At      int64  `json:"create_time"`
	} `json:"reply"`
}

// CommentKind says which comments are meant.
type CommentKind int

// The kinds.
const (
	AllComments     CommentKind = 0
	PlainComments   CommentKind = 1
	ElectedComments CommentKind = 2
)

// OpenComments lets readers comment on an article. Accounts without the privilege get 88000, here and below; an article
// that is not there is 88001, a comment 88008. WeChat docs: api_comment_open.
func (c *Client) OpenComments(ctx context.Context, t Thread) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/comment/open", in: t.in(nil)})
}

// CloseComments ends it. WeChat docs: api_comment_close.
func (c *Client) CloseComments(ctx context.Context, t Thread) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/comment/close", in: t.in(nil)})
}

// Comments lists up to CommentPage comments from begin on, and how many there are of the kind.
// WeChat docs: api_comment_list.
func (c *Client) Comments(ctx context.Context, t Thread, kind CommentKind, begin, count int) (list []Comment, total int64, err error) {
	var v checks
	v.between("count", int64(count), 1, CommentPage)
	if err := v.err(); err != nil {
		return nil, 0, err
	}
	var out struct {
		Total int64     `json:"total"`
		List  []Comment `json:"comment"`
	}
	err = c.wire.do(ctx, request{path: "/cgi-bin/comment/list", in: t.in(map[string]any{"begin": begin, "count": count, "type": kind}), out: &out})
	return out.List, out.Total, err
}

// ElectComment shows a comment to everybody. WeChat docs: api_comment_markelect.
func (c *Client) ElectComment(ctx context.Context, t Thread, id int64) error {
	return c.onComment(ctx, "/cgi-bin/comment/markelect", t, id, nil)
}

// UnelectComment shows it to its writer only. WeChat docs: api_comment_unmarkelect.
func (c *Client) UnelectComment(ctx context.Context, t Thread, id int64) error {
	return c.onComment(ctx, "/cgi-bin/comment/unmarkelect", t, id, nil)
}

// DeleteComment removes it for ever. WeChat docs: api_comment_delete.
func (c *Client) DeleteComment(ctx context.Context, t Thread, id int64) error {
	return c.onComment(ctx, "/cgi-bin/comment/delete", t, id, nil)
}

// ReplyComment answers a comment, once (88005). WeChat docs: api_comment_reply_add.
func (c *Client) ReplyComment(ctx context.Context, t Thread, id int64, content string) error {
	return c.onComment(ctx, "/cgi-bin/comment/reply/add", t, id, map[string]any{"content": content})
}

// DeleteReply removes the answer; 87009 when there is none. WeChat docs: api_comment_reply_delete.
func (c *Client) DeleteReply(ctx context.Context, t Thread, id int64) error {
	return c.onComment(ctx, "/cgi-bin/comment/reply/delete", t, id, nil)
}

func (c *Client) onComment(ctx context.Context, path string, t Thread, id int64, more map[string]any) error {
	in := t.in(more)
	in["user_comment_id"] = id
	return c.wire.do(ctx, request{path: path, in: in})
}
