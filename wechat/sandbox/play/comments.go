package play

import (
	"net/http"

	"weizheng/wechat/sandbox/state"
)

type commentView struct {
	ID      int64  `json:"id"`
	Citizen string `json:"citizen"`
	Name    string `json:"name"`
	Avatar  string `json:"avatar"`
	Content string `json:"content"`
	At      int64  `json:"at"`
	Elected bool   `json:"elected"`
	Reply   string `json:"reply,omitempty"`
	ReplyAt int64  `json:"reply_at,omitempty"`
}

func (s *Server) viewComment(r *http.Request, c state.Comment) (commentView, error) {
	who, err := s.Store.CitizenN(r.Context(), c.Citizen)
	writer := viewPerson(who)
	return commentView{ID: c.N, Citizen: writer.ID, Name: writer.Name, Avatar: writer.Avatar, Content: c.Content, At: c.At,
		Elected: c.Elected, Reply: c.Reply, ReplyAt: c.ReplyAt}, err
}

func (s *Server) comments(r *http.Request) (any, error) {
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	before, err := number(r, "before", 0, 1, 1<<62)
	if err != nil {
		return nil, err
	}
	a, err := s.Store.Published(r.Context(), s.Store.Reader(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	q := r.URL.Query()
	var reader state.Citizen
	if q.Get("citizen") != "" {
		if reader, err = s.Store.Citizen(r.Context(), q.Get("citizen")); err != nil {
			return nil, err
		}
	}
	list, err := s.Store.CommentsSeen(r.Context(), a.ArticleN, reader.N, q.Get("all") == "true", before, n+1)
	if err != nil {
		return nil, err
	}
	more := len(list) > n
	views := make([]commentView, min(n, len(list)))
	for i := range views {
		if views[i], err = s.viewComment(r, list[i]); err != nil {
			return nil, err
		}
	}
	return map[string]any{"comments": views, "more": more}, nil
}

func (s *Server) comment(r *http.Request) (any, error) {
	var in struct {
		Citizen string `json:"citizen"`
		Content string `json:"content"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	c, err := s.Acts.Comment(r.Context(), r.PathValue("id"), in.Citizen, in.Content)
	if err != nil {
		return nil, err
	}
	v, err := s.viewComment(r, c)
	return created{map[string]any{"comment": v}}, err
}
