package play

import (
	"net/http"

	"weizheng/wechat/sandbox/merchant"
	"weizheng/wechat/sandbox/state"
)

// merchantView is a merchant with everything that its owner holds, so that scripts need nothing else; platform private
// keys stay inside.
type merchantView struct {
	AppID       string   `json:"appid"`
	MchID       string   `json:"mchid"`
	APIv3Key    string   `json:"api_v3_key"`
	Serial      string   `json:"serial"`
	PrivateKey  string   `json:"private_key"`
	Certificate string   `json:"certificate"`
	VerifyBy    string   `json:"verify_by"`
	PublicKeyID string   `json:"public_key_id"`
	PublicKey   string   `json:"public_key"`
	Platform    []string `json:"platform_serials"` // the newest last
	RefundMS    int64    `json:"refund_ms"`
}

func (s *Server) merchantRoutes() {
	s.json("POST /accounts/{id}/merchant", s.openMerchant)
	s.json("GET /accounts/{id}/merchant", s.merchant)
	s.json("PATCH /accounts/{id}/merchant", s.patchMerchant)
	s.json("POST /accounts/{id}/merchant/rotate", s.rotate)
	s.json("GET /accounts/{id}/orders", s.orders)
}

func merchantAnswer(a *state.Account, m *state.Merchant, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	v := merchantView{AppID: a.AppID, MchID: m.MchID, APIv3Key: m.APIv3Key, Serial: m.Serial, PrivateKey: m.PrivateKey,
		Certificate: m.Certificate, VerifyBy: m.VerifyBy, PublicKeyID: m.PublicKeyID, PublicKey: m.PublicKey, Platform: []string{}, RefundMS: m.RefundMS}
	for _, p := range m.Platform {
		v.Platform = append(v.Platform, p.Serial)
	}
	return map[string]any{"merchant": v}, nil
}

// openMerchant makes the account's merchant, or answers the one it has.
func (s *Server) openMerchant(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	m, err := s.Pay.Open(r.Context(), a)
	out, err := merchantAnswer(a, m, err)
	return created{out}, err
}

func (s *Server) merchant(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	m, err := s.Store.MerchantOf(r.Context(), a.N)
	return merchantAnswer(a, m, err)
}

func (s *Server) patchMerchant(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	var in merchant.Change
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	m, err := s.Pay.Change(r.Context(), a, in)
	return merchantAnswer(a, m, err)
}

func (s *Server) rotate(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	m, err := s.Pay.Rotate(r.Context(), a)
	return merchantAnswer(a, m, err)
}

// orders lists what the account's merchant wanted to be paid for, the newest first.
func (s *Server) orders(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	list, err := s.Store.Orders(r.Context(), a.N, n)
	if list == nil {
		list = []state.Order{}
	}
	for i := range list {
		list[i].State = list[i].StateAt(s.Store.Civil())
	}
	return map[string]any{"orders": list}, err
}
