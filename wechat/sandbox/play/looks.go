package play

import (
	"net/http"

	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/state"
)

// lookRoutes are those of 在看 and 看一看.
func (s *Server) lookRoutes() {
	s.json("GET /looks", s.looks)
	s.json("GET /looks/{article}", s.look)
	s.json("PUT /looks/{article}", s.setLook)
}

// looks lists what citizens say they are reading.
func (s *Server) looks(r *http.Request) (any, error) {
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	list, err := s.Store.Looks(r.Context(), n)
	if err != nil {
		return nil, err
	}
	views := []map[string]any{}
	for _, l := range list {
		a, err := s.Store.Published(r.Context(), s.Store.Reader(), l.Article)
		if err != nil {
			return nil, err
		}
		readers := make([]person, len(l.Readers))
		for i, c := range l.Readers {
			if readers[i], err = s.personN(r.Context(), c); err != nil {
				return nil, err
			}
		}
		views = append(views, map[string]any{"at": l.At, "article": s.viewArticle(a), "readers": readers})
	}
	return map[string]any{"looks": views}, nil
}

// look tells whether a citizen said so of an article.
func (s *Server) look(r *http.Request) (any, error) {
	a, err := s.Store.Published(r.Context(), s.Store.Reader(), r.PathValue("article"))
	if err != nil {
		return nil, err
	}
	c, err := s.Store.Citizen(r.Context(), r.URL.Query().Get("citizen"))
	if err != nil {
		return nil, err
	}
	on, err := s.Store.Looking(r.Context(), a.ID, c.N)
	return map[string]any{"on": on}, err
}

func (s *Server) setLook(r *http.Request) (any, error) {
	var in struct {
		Citizen string `json:"citizen"`
		On      bool   `json:"on"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	a, err := s.Store.Published(r.Context(), s.Store.Reader(), r.PathValue("article"))
	if err != nil {
		return nil, err
	}
	if in.On && a.State != state.Readable {
		return nil, act.ErrNotReadable
	}
	c, err := s.Store.Citizen(r.Context(), in.Citizen)
	if err != nil {
		return nil, err
	}
	return map[string]any{"on": in.On}, s.Store.LookAt(r.Context(), a.ID, c.N, in.On)
}
