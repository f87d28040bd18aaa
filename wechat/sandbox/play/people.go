package play

import "net/http"

// peopleRoutes are what citizens and accounts do about each other besides following, one function a subject.
func (s *Server) peopleRoutes() {
	s.menuRoutes()
	s.json("PUT /ocr", s.setRecognition)
	s.componentRoutes()
	s.noticeRoutes()
	s.serviceRoutes()
	s.json("GET /authorisations", s.authorisations)
	s.json("POST /receive", s.receive)
	s.json("POST /accounts/{id}/migrate", s.migrate)
}

// receive turns the switch 接收消息.
func (s *Server) receive(r *http.Request) (any, error) {
	var in struct {
		who
		On bool `json:"on"`
	}
	if err := s.heard(r, &in, &in.who); err != nil {
		return nil, err
	}
	return struct{}{}, s.Acts.Receive(r.Context(), in.Account, in.Citizen, in.On)
}

// migrate moves an account's followers to another account.
func (s *Server) migrate(r *http.Request) (any, error) {
	var in struct {
		To string `json:"to"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if err := s.Acts.Migrate(r.Context(), r.PathValue("id"), in.To); err != nil {
		return nil, err
	}
	a, err := s.Store.Account(in.To)
	if err != nil {
		return nil, err
	}
	return map[string]any{"account": s.view(a)}, nil
}

// authorisations lists the accounts that know the citizen's name and picture.
func (s *Server) authorisations(r *http.Request) (any, error) {
	c, err := s.Store.Citizen(r.Context(), r.URL.Query().Get("citizen"))
	if err != nil {
		return nil, err
	}
	list, err := s.Store.Authorised(r.Context(), s.Store.Reader(), c.N, 0)
	if err != nil {
		return nil, err
	}
	accounts := []string{}
	for _, n := range list {
		if a := s.Store.AccountN(n); a != nil {
			accounts = append(accounts, a.ID)
		}
	}
	return map[string]any{"accounts": accounts}, nil
}
