package play

import (
	"net/http"

	"weizheng/wechat/sandbox/act"
)

// payRoutes are what the phone's pay sheet asks.
func (s *Server) payRoutes() {
	s.json("POST /pay/bill", s.bill)
	s.json("POST /pay", s.pay)
	s.merchantRoutes()
}

func (s *Server) bill(r *http.Request) (any, error) {
	var in act.Asked
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	b, err := s.Acts.Bill(r.Context(), in)
	return map[string]any{"bill": b}, err
}

// pay pays with one of the means that the phone offers: "balance", or "empty_card", which never suffices.
func (s *Server) pay(r *http.Request) (any, error) {
	var in struct {
		Citizen  string `json:"citizen"`
		PrepayID string `json:"prepay_id"`
		Means    string `json:"means"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if in.Means != "balance" && in.Means != "empty_card" {
		return nil, invalid("means", "type")
	}
	return struct{}{}, s.Acts.Pay(r.Context(), in.Citizen, in.PrepayID, in.Means == "balance")
}
