package api

import "maps"

// contentHandlers are those of what an account says to all: materials, drafts, publications, mass messages, comments.
func (s *Server) contentHandlers() map[string]handler {
	all := map[string]handler{}
	for _, group := range []map[string]handler{
		s.materialHandlers(), s.draftHandlers(), s.publishHandlers(), s.massHandlers(),
		s.commentHandlers(), s.autoreplyHandlers(),
	} {
		maps.Copy(all, group)
	}
	return all
}
