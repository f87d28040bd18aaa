package play

import (
	"encoding/json"
	"net/http"
)

// autoreply shows the rules of an account's website.
func (s *Server) autoreply(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	rules, err := s.Store.AutoReply(r.Context(), a.N)
	return map[string]json.RawMessage{"rules": rules}, err
}

// setAutoreply plays the account's owner at the website.
func (s *Server) setAutoreply(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	var rules json.RawMessage
	if err := decode(r, &rules); err != nil {
		return nil, err
	}
	if err := s.Store.SetAutoReply(r.Context(), a.N, rules); err != nil {
		return nil, err
	}
	return s.autoreply(r)
}
