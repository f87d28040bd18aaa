package play

import (
	"net/http"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// contentRoutes are those of articles, what becomes of them, and comments.
func (s *Server) contentRoutes() {
	for pattern, h := range map[string]func(*http.Request) (any, error){
		"GET /articles":                s.articles,
		"GET /articles/{id}":           s.article,
		"POST /articles/{id}/acts":     s.onArticle,
		"POST /articles/{id}/ban":      s.banArticle,
		"GET /articles/{id}/comments":  s.comments,
		"POST /articles/{id}/comments": s.comment,
		"GET /outcomes":                s.planned,
		"POST /outcomes":               s.addOutcome,
		"DELETE /outcomes":             s.clearOutcomes,
		"GET /accounts/{id}/autoreply": s.autoreply,
		"PUT /accounts/{id}/autoreply": s.setAutoreply,
		"GET /mass":                    s.mass,
		"POST /mass/guard":             s.answerGuard,
	} {
		s.json(pattern, h)
	}
}

type articleView struct {
	ID         string    `json:"id"`
	N          int64     `json:"n"`
	Account    string    `json:"account"`
	ArticleID  string    `json:"article_id"`
	Index      int       `json:"index"`
	How        string    `json:"how"`
	History    bool      `json:"history"`
	Type       string    `json:"type"`
	Title      string    `json:"title"`
	Author     string    `json:"author"`
	Digest     string    `json:"digest"`
	Cover      string    `json:"cover"`
	URL        string    `json:"url"`
	At         int64     `json:"at"`
	State      string    `json:"state"`
	Reads      int64     `json:"reads"`
	Shares     int64     `json:"shares"`
	Likes      int64     `json:"likes"`
	Favourites int64     `json:"favourites"`
	Comments   int64     `json:"comments"`
	MsgDataID  int64     `json:"msg_data_id"`
	Mine       *mineView `json:"mine,omitempty"`
}

type mineView struct {
	Like      bool `json:"like"`
	Favourite bool `json:"favourite"`
}

// wholeArticle is an article with its text.
type wholeArticle struct {
	articleView
	Content      string   `json:"content"`
	SourceURL    string   `json:"source_url"`
	Pictures     []string `json:"pictures"`
	CommentsOpen bool     `json:"comments_open"`
	FansOnly     bool     `json:"comments_fans_only"`
}

func (s *Server) viewArticle(a state.Published) articleView {
	v := articleView{ID: a.ID, N: a.ArticleN, ArticleID: a.ArticleID, Index: a.Place, How: a.How, History: a.History, Type: a.Type,
		Title: a.Title, Author: a.Author, Digest: a.Digest, Cover: state.PictureURL(a.Cover()), URL: s.Acts.Base + state.ArticlePath(a.ID),
		At: a.MadeAt, State: a.State, Reads: a.Reads, Shares: a.Shares, Likes: a.Likes, Favourites: a.Favourites, Comments: a.Comments,
		MsgDataID: a.MsgDataID}
	if v.State == state.Readable {
		v.State = "readable"
	}
	if account := s.Store.AccountN(a.Account); account != nil {
		v.Account = account.ID
	}
	return v
}

func (s *Server) articles(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.URL.Query().Get("account"))
	if err != nil {
		return nil, err
	}
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	before, err := number(r, "before", 0, 1, 1<<62)
	if err != nil {
		return nil, err
	}
	list, err := s.Store.PublishedList(r.Context(), a.N, r.URL.Query().Get("all") == "true", before, n+1)
	more := len(list) > n
	if more {
		list = list[:n]
	}
	views := make([]articleView, len(list))
	for i, a := range list {
		views[i] = s.viewArticle(a)
	}
	return map[string]any{"articles": views, "more": more}, err
}

func (s *Server) article(r *http.Request) (any, error) {
	return s.showArticle(r, r.URL.Query().Get("citizen"))
}

// showArticle shows an article as a citizen sees it; what is gone has no text.
func (s *Server) showArticle(r *http.Request, citizen string) (any, error) {
	a, err := s.Store.Published(r.Context(), s.Store.Reader(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	v := wholeArticle{articleView: s.viewArticle(a), Content: a.Content, SourceURL: a.SourceURL, Pictures: []string{}, FansOnly: a.FansOnly,
		CommentsOpen: a.Talk && !s.Store.AccountN(a.Account).CommentsOff}
	if a.ImageInfo != nil {
		for _, picture := range a.ImageInfo.List {
			v.Pictures = append(v.Pictures, state.PictureURL(picture.MediaID))
		}
	}
	if a.State != state.Readable {
		v.Content, v.SourceURL, v.Pictures = "", "", []string{}
	}
	if citizen == "" {
		return map[string]any{"article": v}, nil
	}
	c, err := s.Store.Citizen(r.Context(), citizen)
	if err != nil {
		return nil, err
	}
	v.Mine = &mineView{}
	if v.Mine.Like, err = s.Store.Did(r.Context(), s.Store.Reader(), a, c.N, state.ActLike); err != nil {
		return nil, err
	}
	v.Mine.Favourite, err = s.Store.Did(r.Context(), s.Store.Reader(), a, c.N, state.ActFavourite)
	return map[string]any{"article": v}, err
}

func (s *Server) onArticle(r *http.Request) (any, error) {
	var in struct {
		Citizen string `json:"citizen"`
		Kind    string `json:"kind"`
		Scene   string `json:"scene"`
		Undo    bool   `json:"undo"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if err := s.Acts.OnArticle(r.Context(), r.PathValue("id"), in.Citizen, in.Kind, in.Scene, in.Undo); err != nil {
		return nil, err
	}
	return s.showArticle(r, in.Citizen)
}

func (s *Server) banArticle(r *http.Request) (any, error) {
	if err := s.Acts.Ban(r.Context(), r.PathValue("id")); err != nil {
		return nil, err
	}
	return s.showArticle(r, "")
}

// isMissing reports whether an error is about something that is not there.
func isMissing(err error) bool { return errs.Is(err, errs.NotFound) }
