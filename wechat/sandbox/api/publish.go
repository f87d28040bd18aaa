package api

import (
	"context"
	"encoding/json"
	"strconv"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// publishHandlers are those of publishing without telling anybody.
func (s *Server) publishHandlers() map[string]handler {
	return map[string]handler{
		"/cgi-bin/freepublish/submit":     s.publishSubmit,
		"/cgi-bin/freepublish/get":        s.publishGet,
		"/cgi-bin/freepublish/delete":     s.publishDelete,
		"/cgi-bin/freepublish/getarticle": s.publishArticle,
		"/cgi-bin/freepublish/batchget":   s.publishList,
	}
}

var errArticleID = fail(53600, "invalid article_id")

// gateWords are what a draft that is not taken hears. WeChat docs: freepublish_submit.
var gateWords = map[int]string{53503: "the draft has not passed the publishing check", 53504: "the draft needs to be used on the official website",
	53505: "the draft needs to be saved manually on the official website first"}

// publishSubmit takes the draft; whether it is published is told later. WeChat docs: freepublish_submit.
func (s *Server) publishSubmit(ctx context.Context, c *call) (any, error) {
	var j state.PublishJob
	gate := 0
	err := s.Store.Write(ctx, func(tx *db.Tx) error {
		d, err := s.oneDraft(ctx, c, tx)
		if err != nil {
			return err
		}
		if gate, err = s.Store.TakeGate(ctx, tx, c.account.N); err != nil || gate != 0 {
			return err
		}
		j, err = s.Store.StartPublish(ctx, tx, d)
		return err
	})
	if err == nil && gate != 0 {
		return nil, fail(gate, gateWords[gate])
	}
	return struct {
		okBody
		ID        int64 `json:"publish_id"` // WeChat's example shows a text, but SDKs at work with it read a number
		MsgDataID int64 `json:"msg_data_id"`
	}{okBody{ErrMsg: "ok"}, j.ID(), j.MsgDataID}, err
}

// looseNumber is a number that programs also write as text.
type looseNumber int64

// UnmarshalJSON takes 101 and "101".
func (n *looseNumber) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) != nil {
		text = string(b)
	}
	v, err := strconv.ParseInt(text, 10, 64)
	*n = looseNumber(v)
	return err
}

type publishBody struct {
	ID        int64          `json:"publish_id"`
	Status    int            `json:"publish_status"`
	ArticleID string         `json:"article_id,omitempty"`
	Detail    *publishDetail `json:"article_detail,omitempty"`
	FailIdx   []int          `json:"fail_idx"`
}

type publishDetail struct {
	Count int              `json:"count"`
	Items []publishedPlace `json:"item"`
}

type publishedPlace struct {
	Idx int    `json:"idx"`
	URL string `json:"article_url"`
}

func (s *Server) publishGet(ctx context.Context, c *call) (any, error) {
	var in struct {
		ID looseNumber `json:"publish_id"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	j, err := s.Store.PublishJob(ctx, s.Store.Reader(), c.account.N, int64(in.ID))
	if errs.Is(err, errs.NotFound) {
		return nil, fail(40035, "invalid publish_id") // the code is unverified
	}
	if err != nil {
		return nil, err
	}
	out := publishBody{ID: j.ID(), Status: j.Status, ArticleID: j.ArticleID, FailIdx: j.FailIdx}
	if j.Status != state.PublishDone {
		return out, nil
	}
	p, err := s.publication(ctx, s.Store.Reader(), c, j.ArticleID)
	if err != nil {
		return nil, err
	}
	list, err := s.Store.PublishedIn(ctx, s.Store.Reader(), p.N)
	out.Detail = &publishDetail{Count: len(list)}
	for _, a := range list {
		out.Detail.Items = append(out.Detail.Items, publishedPlace{Idx: a.Place + 1, URL: s.Base + state.ArticlePath(a.ID)})
	}
	return out, err
}

// publication finds what the account published under an article_id.
func (s *Server) publication(ctx context.Context, q db.Queryer, c *call, articleID string) (state.Publication, error) {
	p, err := s.Store.PublicationOf(ctx, q, c.account.N, articleID)
	if errs.Is(err, errs.NotFound) {
		return p, errArticleID
	}
	return p, err
}

// publishDelete deletes one article, counted from 1, or all: without an index, too. WeChat docs: freepublish_delete.
func (s *Server) publishDelete(ctx context.Context, c *call) (any, error) {
	var in struct {
		ArticleID string `json:"article_id"`
		Index     int    `json:"index"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		p, err := s.publication(ctx, tx, c, in.ArticleID)
		if err != nil {
			return err
		}
		list, err := s.Store.PublishedIn(ctx, tx, p.N)
		if err != nil {
			return err
		}
		if in.Index < 0 || in.Index > len(list) {
			return errIndex
		}
		if err := s.Store.SetArticleState(ctx, tx, p, in.Index-1, state.Deleted); err != nil {
			return err
		}
		return s.Store.SettlePublish(ctx, tx, p, state.Deleted)
	})
}

// publishedNews shows what was published.
func (s *Server) publishedNews(ctx context.Context, p state.Publication, bare bool) (newsBody, error) {
	out := newsBody{Items: []newsItem{}, Made: p.MadeAt / 1000, Updated: p.UpdatedAt / 1000}
	list, err := s.Store.PublishedIn(ctx, s.Store.Reader(), p.N)
	for _, a := range list {
		item := s.newsItem(a.Article, state.ArticlePath(a.ID), bare)
		gone := a.State == state.Deleted
		item.Deleted = &gone
		item.OpenComment = 0
		if a.Talk {
			item.OpenComment = 1
		}
		out.Items = append(out.Items, item)
	}
	return out, err
}

func (s *Server) publishArticle(ctx context.Context, c *call) (any, error) {
	var in struct {
		ArticleID string `json:"article_id"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	p, err := s.publication(ctx, s.Store.Reader(), c, in.ArticleID)
	if err != nil {
		return nil, err
	}
	return s.publishedNews(ctx, p, false)
}

type publicationItem struct {
	ID      string   `json:"article_id"`
	Content newsBody `json:"content"`
	Updated int64    `json:"update_time"`
}

// publishList lists what was published this way; what was sent to many is not among it (unverified).
func (s *Server) publishList(ctx context.Context, c *call) (any, error) {
	var in pageIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := checkPage(in.Offset, in.Count, draftPage); err != nil {
		return nil, err
	}
	total, err := s.Store.CountPublications(ctx, c.account.N, state.ByPublish)
	if err != nil {
		return nil, err
	}
	list, err := s.Store.Publications(ctx, c.account.N, state.ByPublish, in.Offset, in.Count)
	if err != nil {
		return nil, err
	}
	out := listBody[publicationItem]{Total: total, Count: len(list), Items: []publicationItem{}}
	for _, p := range list {
		news, err := s.publishedNews(ctx, p, bool(in.Bare))
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, publicationItem{ID: p.ArticleID, Content: news, Updated: p.UpdatedAt / 1000})
	}
	return out, nil
}
