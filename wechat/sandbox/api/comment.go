package api

import (
	"context"
	"unicode/utf8"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: comment_list, comment_markelect, comment_reply_add.
const (
	commentPage = 50  // fewer must be asked for
	mostElected = 100 // comments of one article (unverified)
	replyChars  = 600 // of a reply (unverified)
	anyComment  = 0   // the types of comment_list
	electedKind = 2
)

var (
	errNoComment = fail(88008, "comment is not exists")
	errNoTalk    = fail(88000, "without comment privilege")
)

// commentHandlers are those of comments under articles.
func (s *Server) commentHandlers() map[string]handler {
	return map[string]handler{
		"/cgi-bin/comment/open":         s.commentTalk(true),
		"/cgi-bin/comment/close":        s.commentTalk(false),
		"/cgi-bin/comment/list":         s.commentList,
		"/cgi-bin/comment/markelect":    s.commentElect(true),
		"/cgi-bin/comment/unmarkelect":  s.commentElect(false),
		"/cgi-bin/comment/delete":       s.onComment(s.commentDelete),
		"/cgi-bin/comment/reply/add":    s.onComment(s.replyAdd),
		"/cgi-bin/comment/reply/delete": s.onComment(s.replyDelete),
	}
}

// threadIn says under which article, counted from 0, and which comment.
type threadIn struct {
	MsgDataID looseNumber `json:"msg_data_id"`
	Index     int         `json:"index"`
	CommentID looseNumber `json:"user_comment_id"`
	Content   string      `json:"content"`
	Begin     int         `json:"begin"`
	Count     int         `json:"count"`
	Type      int         `json:"type"`
}

// thread finds the article that a call is about.
func (s *Server) thread(ctx context.Context, c *call, q db.Queryer) (in threadIn, a state.Published, err error) {
	if err := c.decode(&in); err != nil {
		return in, a, err
	}
	if c.account.CommentsOff {
		return in, a, errNoTalk
	}
	a, err = s.Store.PublishedByData(ctx, q, c.account.N, int64(in.MsgDataID), in.Index)
	if errs.Is(err, errs.NotFound) || err == nil && (a.State != state.Readable || a.How == state.ByPreview) {
		err = fail(88001, "msg_data is not exists")
	}
	return in, a, err
}

func (s *Server) commentTalk(open bool) handler {
	return func(ctx context.Context, c *call) (any, error) {
		return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
			_, a, err := s.thread(ctx, c, tx)
			if err != nil {
				return err
			}
			return s.Store.SetTalk(ctx, tx, a, open)
		})
	}
}

type commentItem struct {
	ID      int64      `json:"user_comment_id"`
	OpenID  string     `json:"openid"`
	At      int64      `json:"create_time"`
	Content string     `json:"content"`
	Elected int        `json:"comment_type"` // 1: elected
	Reply   *replyItem `json:"reply,omitempty"`
}

type replyItem struct {
	Content string `json:"content"`
	At      int64  `json:"create_time"`
}

type commentBody struct {
	okBody
	Total int64         `json:"total"`
	List  []commentItem `json:"comment"`
}

func (s *Server) commentList(ctx context.Context, c *call) (any, error) {
	in, a, err := s.thread(ctx, c, s.Store.Reader())
	switch {
	case err != nil:
		return nil, err
	case in.Count <= 0 || in.Count >= commentPage:
		return nil, fail(88010, "count range error. cout <= 0 or count > 50")
	case in.Begin < 0 || in.Type < anyComment || in.Type > electedKind:
		return nil, fail(40035, "invalid parameter: begin or type")
	}
	total, err := s.Store.CountComments(ctx, s.Store.Reader(), a.ArticleN, in.Type)
	if err != nil {
		return nil, err
	}
	list, err := s.Store.CommentsOf(ctx, a.ArticleN, in.Type, in.Begin, in.Count)
	out := commentBody{okBody: okBody{ErrMsg: "ok"}, Total: total, List: []commentItem{}}
	for _, one := range list {
		item := commentItem{ID: one.N, OpenID: one.OpenID, At: one.At / 1000, Content: one.Content}
		if one.Elected {
			item.Elected = 1
		}
		if one.Reply != "" {
			item.Reply = &replyItem{one.Reply, one.ReplyAt / 1000}
		}
		out.List = append(out.List, item)
	}
	return out, err
}

// onComment changes one comment.
func (s *Server) onComment(change func(ctx context.Context, tx *db.Tx, in threadIn, one state.Comment) error) handler {
	return func(ctx context.Context, c *call) (any, error) {
		return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
			in, a, err := s.thread(ctx, c, tx)
			if err != nil {
				return err
			}
			one, err := s.Store.Comment(ctx, tx, a.ArticleN, int64(in.CommentID))
			if err != nil {
				return instead(err, errNoComment)
			}
			return change(ctx, tx, in, one)
		})
	}
}

func (s *Server) commentElect(elected bool) handler {
	return s.onComment(func(ctx context.Context, tx *db.Tx, _ threadIn, one state.Comment) error {
		if elected && !one.Elected {
			n, err := s.Store.CountComments(ctx, tx, one.Article, electedKind)
			if err != nil {
				return err
			}
			if n >= mostElected {
				return fail(88003, "elected comment upper limit")
			}
		}
		one.Elected = elected
		return s.Store.SaveComment(ctx, tx, one)
	})
}

func (s *Server) commentDelete(ctx context.Context, tx *db.Tx, _ threadIn, one state.Comment) error {
	return s.Store.DeleteComment(ctx, tx, one)
}

func (s *Server) replyAdd(ctx context.Context, tx *db.Tx, in threadIn, one state.Comment) error {
	switch {
	case one.Reply != "":
		return fail(88005, "already reply")
	case in.Content == "" || utf8.RuneCountInString(in.Content) > replyChars:
		return fail(88007, "reply content beyond max len or content len is zero")
	}
	one.Reply, one.ReplyAt = in.Content, s.Store.Civil()
	return s.Store.SaveComment(ctx, tx, one)
}

func (s *Server) replyDelete(ctx context.Context, tx *db.Tx, _ threadIn, one state.Comment) error {
	if one.Reply == "" {
		return fail(87009, "reply is not exists")
	}
	one.Reply, one.ReplyAt = "", 0
	return s.Store.SaveComment(ctx, tx, one)
}
