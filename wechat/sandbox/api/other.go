package api

import "maps"

// otherHandlers are those beside what is said to people: allowances and diagnosis, keys and rules of codes, recognition,
// third-party platforms.
func (s *Server) otherHandlers() map[string]handler {
	all := map[string]handler{}
	for _, group := range []map[string]handler{
		s.quotaHandlers(), s.codeHandlers(), s.recogniseHandlers(), s.componentHandlers(), s.componentWebHandlers(),
	} {
		maps.Copy(all, group)
	}
	return all
}
