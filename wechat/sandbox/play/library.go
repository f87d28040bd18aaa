package play

import (
	"net/http"
	"slices"

	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/merchant"
	"weizheng/wechat/sandbox/state"
)

// library is what templates there are to take.
func (s *Server) library(*http.Request) (any, error) {
	return map[string]any{"categories": state.Categories, "templates": state.Library}, nil
}

func (s *Server) categories(r *http.Request) (any, error) {
	var in struct {
		Categories []int `json:"categories"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if err := s.Acts.Categorise(r.Context(), r.PathValue("id"), in.Categories); err != nil {
		return nil, err
	}
	return s.account(r)
}

// cardOutcomes says what comes of the next sends, one after the other.
func (s *Server) cardOutcomes(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	var in struct {
		Kind   string   `json:"kind"`
		Values []string `json:"values"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	known := []string{act.CardSent, act.CardBlocked, act.CardFailed, act.CardStopped}
	switch in.Kind {
	case act.DueTemplate, act.DueOnce, act.DueNotice:
	case state.OutcomeRefund:
		known = merchant.RefundOutcomes
	default:
		return nil, invalid("kind", "kind")
	}
	for _, v := range in.Values {
		if !slices.Contains(known, v) {
			return nil, invalid("values", "kind")
		}
	}
	return struct{}{}, s.Store.AddOutcomes(r.Context(), a.N, in.Kind, in.Values)
}
