package web

import "net/http"

func (s *Server) errorPage(w http.ResponseWriter, r *http.Request, p Problem) {
	s.config.ErrorPage(w, r, p)
}
