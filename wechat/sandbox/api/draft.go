package api

import (
	"context"
	"fmt"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// draftPage is how many drafts or publications a list gives at once. WeChat docs: draft_batchget.
const draftPage = 20

// draftHandlers are those of the draft box.
func (s *Server) draftHandlers() map[string]handler {
	return map[string]handler{
		"/cgi-bin/draft/add":      s.draftAdd,
		"/cgi-bin/draft/update":   s.draftUpdate,
		"/cgi-bin/draft/get":      s.draftGet,
		"/cgi-bin/draft/delete":   s.draftDelete,
		"/cgi-bin/draft/count":    s.draftCount,
		"/cgi-bin/draft/batchget": s.draftList,
		"/cgi-bin/draft/switch":   s.draftSwitch,
	}
}

var errIndex = fail(40114, "invalid index value")

func (s *Server) draftAdd(ctx context.Context, c *call) (any, error) {
	c.body = literalEscapes(c.body)
	var in struct {
		Articles []state.Article `json:"articles"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	switch n := len(in.Articles); {
	case n == 0:
		return nil, fail(44003, "empty news data")
	case n > mostArticles:
		return nil, fail(45008, "article size out of limit")
	}
	for i := range in.Articles {
		if err := s.checkArticle(ctx, c.account, &in.Articles[i], len(in.Articles) == 1); err != nil {
			return nil, err
		}
	}
	var made state.Draft
	err := s.Store.Write(ctx, func(tx *db.Tx) (err error) {
		made, err = s.Store.AddDraft(ctx, tx, state.Draft{Account: c.account.N, Articles: in.Articles})
		return err
	})
	return map[string]string{"media_id": made.MediaID}, err
}

func (s *Server) draftUpdate(ctx context.Context, c *call) (any, error) {
	c.body = literalEscapes(c.body)
	var in struct {
		MediaID string         `json:"media_id"`
		Index   int            `json:"index"`
		Article *state.Article `json:"articles"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Article == nil {
		return nil, fail(44003, "empty news data")
	}
	d, err := s.draft(ctx, s.Store.Reader(), c, in.MediaID)
	if err != nil {
		return nil, err
	}
	if in.Index < 0 || in.Index >= len(d.Articles) {
		return nil, errIndex
	}
	if err := s.checkArticle(ctx, c.account, in.Article, len(d.Articles) == 1); err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		d, err := s.draft(ctx, tx, c, in.MediaID) // again: somebody may have published it
		if err != nil {
			return err
		}
		d.Articles[in.Index] = *in.Article
		return s.Store.SaveDraft(ctx, tx, d)
	})
}

// draft finds the account's draft.
func (s *Server) draft(ctx context.Context, q db.Queryer, c *call, mediaID string) (state.Draft, error) {
	d, err := s.Store.Draft(ctx, q, c.account.N, mediaID)
	if errs.Is(err, errs.NotFound) {
		return d, errMediaID
	}
	return d, err
}

// newsItem is an article as the lists show it.
type newsItem struct {
	state.Article
	ThumbURL string `json:"thumb_url"`
	URL      string `json:"url"`
	Deleted  *bool  `json:"is_deleted,omitempty"` // of published ones
}

type newsBody struct {
	Items   []newsItem `json:"news_item"`
	Made    int64      `json:"create_time,omitempty"`
	Updated int64      `json:"update_time,omitempty"`
}

func (s *Server) draftNews(d state.Draft, bare bool) newsBody {
	out := newsBody{Items: []newsItem{}, Made: d.MadeAt / 1000, Updated: d.UpdatedAt / 1000}
	for i, a := range d.Articles {
		out.Items = append(out.Items, s.newsItem(a, state.DraftPath(d.MediaID, i), bare))
	}
	return out
}

// newsItem shows an article; bare leaves its text out.
func (s *Server) newsItem(a state.Article, path string, bare bool) newsItem {
	if bare {
		a.Content = ""
	}
	return newsItem{Article: a, ThumbURL: s.Base + state.PictureURL(a.Cover()), URL: s.Base + path}
}

func (s *Server) draftGet(ctx context.Context, c *call) (any, error) {
	d, err := s.oneDraft(ctx, c, s.Store.Reader())
	if err != nil {
		return nil, err
	}
	return s.draftNews(d, false), nil
}

// oneDraft finds the draft that a call is about.
func (s *Server) oneDraft(ctx context.Context, c *call, q db.Queryer) (state.Draft, error) {
	var in struct {
		MediaID string `json:"media_id"`
	}
	if err := c.decode(&in); err != nil {
		return state.Draft{}, err
	}
	return s.draft(ctx, q, c, in.MediaID)
}

func (s *Server) draftDelete(ctx context.Context, c *call) (any, error) {
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		d, err := s.oneDraft(ctx, c, tx)
		if err != nil {
			return err
		}
		return s.Store.RemoveDraft(ctx, tx, d)
	})
}

func (s *Server) draftCount(ctx context.Context, c *call) (any, error) {
	n, err := s.Store.CountDrafts(ctx, c.account.N)
	return map[string]int64{"total_count": n}, err
}

type draftItem struct {
	ID      string   `json:"media_id"`
	Content newsBody `json:"content"`
	Updated int64    `json:"update_time"`
}

// pageIn asks for a page of a list.
type pageIn struct {
	Offset int       `json:"offset"`
	Count  int       `json:"count"`
	Bare   looseFlag `json:"no_content"`
}

// looseFlag is a flag that WeChat documents as 1 and 0, and programs also write as true and false.
type looseFlag bool

// UnmarshalJSON takes 1, 0, true and false.
func (f *looseFlag) UnmarshalJSON(b []byte) error {
	switch text := string(b); text {
	case "1", "true":
		*f = true
	case "0", "false", "null":
		*f = false
	default:
		return fmt.Errorf("no flag: %.20s", text)
	}
	return nil
}

func (s *Server) draftList(ctx context.Context, c *call) (any, error) {
	var in pageIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := checkPage(in.Offset, in.Count, draftPage); err != nil {
		return nil, err
	}
	total, err := s.Store.CountDrafts(ctx, c.account.N)
	if err != nil {
		return nil, err
	}
	list, err := s.Store.Drafts(ctx, c.account.N, in.Offset, in.Count)
	out := listBody[draftItem]{Total: total, Items: []draftItem{}}
	for _, d := range list {
		out.Items = append(out.Items, draftItem{ID: d.MediaID, Content: s.draftNews(d, bool(in.Bare)), Updated: d.UpdatedAt / 1000})
	}
	out.Count = len(out.Items)
	return out, err
}

// draftSwitch once turned the draft box on, for ever; every account has it now.
func (s *Server) draftSwitch(context.Context, *call) (any, error) {
	return struct {
		okBody
		Open int `json:"is_open"`
	}{okBody{ErrMsg: "ok"}, 1}, nil
}
