package play

import (
	"net/http"
	"strconv"
)

// Picture shows a picture as WeChat's host for such does: to everybody, without a token.
func (s *Server) Picture(w http.ResponseWriter, r *http.Request) {
	if err := s.picture(w, r); err != nil {
		s.fail(w, r, err)
	}
}

func (s *Server) picture(w http.ResponseWriter, r *http.Request) error {
	m, err := s.Store.Picture(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	content, err := s.Store.Content(m)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", m.MIME)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "max-age=86400")
	_, err = w.Write(content)
	return err
}
