package play

import (
	"net/http"
	"strconv"

	"weizheng/wechat/sandbox/crowd"
	"weizheng/wechat/sandbox/state"
)

func (s *Server) crowdRoutes() {
	s.json("GET /crowds", s.crowds)
	s.json("POST /crowds", s.beginCrowd)
	s.json("GET /crowds/{id}", s.crowd)
	s.json("DELETE /crowds/{id}", s.endCrowd)
	s.json("POST /accounts/{id}/followers", s.manyFollowers)
	s.json("POST /articles/{id}/readers", s.manyReaders)
}

func (s *Server) crowds(r *http.Request) (any, error) {
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	list, err := s.Crowds.List(r.Context(), n)
	return map[string]any{"crowds": list}, err
}

func (s *Server) beginCrowd(r *http.Request) (any, error) {
	var in crowd.Order
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	v, err := s.Crowds.Begin(r.Context(), in)
	return created{map[string]any{"crowd": v}}, err
}

func (s *Server) crowd(r *http.Request) (any, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, state.ErrNoCrowd
	}
	v, err := s.Crowds.Get(r.Context(), id)
	return map[string]any{"crowd": v}, err
}

func (s *Server) endCrowd(r *http.Request) (any, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, state.ErrNoCrowd
	}
	v, err := s.Crowds.End(r.Context(), id)
	return map[string]any{"crowd": v}, err
}
