package play

import (
	"net/http"

	"weizheng/wechat/sandbox/state"
)

func (s *Server) planned(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.URL.Query().Get("account"))
	if err != nil {
		return nil, err
	}
	list, err := s.Store.Outcomes(r.Context(), a.N)
	return map[string]any{"outcomes": list}, err
}

func (s *Server) addOutcome(r *http.Request) (any, error) {
	var in state.Outcome
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	o, err := s.Store.AddOutcome(r.Context(), in)
	return created{map[string]any{"outcome": o}}, err
}

func (s *Server) clearOutcomes(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.URL.Query().Get("account"))
	if err != nil {
		return nil, err
	}
	if err := s.Store.ForgetOutcomes(r.Context(), a.N); err != nil {
		return nil, err
	}
	return s.planned(r)
}
