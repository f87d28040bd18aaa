package play

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"weizheng/wechat/sandbox/state"
)

type momentView struct {
	ID      int64       `json:"id"`
	At      int64       `json:"at"`
	Citizen person      `json:"citizen"`
	Words   string      `json:"words"`
	Card    *state.Card `json:"card"`
	Likes   []person    `json:"likes"`
}

func (s *Server) viewMoment(ctx context.Context, m state.Moment) (momentView, error) {
	v := momentView{ID: m.N, At: m.At, Words: m.Words, Card: m.Card, Likes: []person{}}
	var err error
	if v.Citizen, err = s.personN(ctx, m.Citizen); err != nil {
		return v, err
	}
	for _, n := range m.Likes {
		p, err := s.personN(ctx, n)
		if err != nil {
			return v, err
		}
		v.Likes = append(v.Likes, p)
	}
	return v, nil
}

// moments lists what all citizens show, the newest first.
func (s *Server) moments(r *http.Request) (any, error) {
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	before, err := number(r, "before", 0, 1, 1<<62)
	if err != nil {
		return nil, err
	}
	list, more, err := s.Store.Moments(r.Context(), before, n)
	if err != nil {
		return nil, err
	}
	views := make([]momentView, len(list))
	for i := range list {
		if views[i], err = s.viewMoment(r.Context(), list[i]); err != nil {
			return nil, err
		}
	}
	return map[string]any{"moments": views, "more": more}, nil
}

func (s *Server) showMoment(r *http.Request) (any, error) {
	var in struct {
		Citizen string      `json:"citizen"`
		Words   string      `json:"words"`
		Card    *state.Card `json:"card"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	m, err := s.Acts.Show(r.Context(), in.Citizen, strings.TrimSpace(in.Words), in.Card)
	if err != nil {
		return nil, err
	}
	v, err := s.viewMoment(r.Context(), m)
	return created{map[string]any{"moment": v}}, err
}

func momentID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, state.ErrNoMoment
	}
	return id, nil
}

func (s *Server) likeMoment(r *http.Request) (any, error) {
	var in struct {
		Citizen string `json:"citizen"`
		On      bool   `json:"on"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	id, err := momentID(r)
	if err != nil {
		return nil, err
	}
	c, err := s.Store.Citizen(r.Context(), in.Citizen)
	if err != nil {
		return nil, err
	}
	return struct{}{}, s.Store.LikeMoment(r.Context(), id, c.N, in.On)
}

func (s *Server) dropMoment(r *http.Request) (any, error) {
	id, err := momentID(r)
	if err != nil {
		return nil, err
	}
	c, err := s.Store.Citizen(r.Context(), r.URL.Query().Get("citizen"))
	if err != nil {
		return nil, err
	}
	return struct{}{}, s.Store.DropMoment(r.Context(), id, c.N)
}
