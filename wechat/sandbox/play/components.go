package play

import (
	"net/http"

	"weizheng/wechat/sandbox/state"
)

// componentRoutes are those of third-party platforms.
func (s *Server) componentRoutes() {
	s.json("GET /components", s.components)
	s.json("PUT /components/{id}", s.putComponent)
	s.json("POST /components/{id}/ticket", s.pushTicket)
	s.json("POST /components/{id}/authorise", s.authorise)
	s.json("POST /components/{id}/unauthorise", s.unauthorise)
}

// componentView is a component without its secrets.
type componentView struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	AppID       string   `json:"appid"`
	TicketURL   string   `json:"ticket_url"`
	IPWhitelist []string `json:"ip_whitelist"`
	Pushing     bool     `json:"pushing"`
}

func (s *Server) components(r *http.Request) (any, error) {
	list, err := s.Store.Components(r.Context())
	views := make([]componentView, len(list))
	for i, c := range list {
		views[i] = componentView{c.ID, c.Name, c.AppID, c.TicketURL, c.IPWhitelist, c.Pushing}
	}
	return map[string]any{"components": views}, err
}

// putComponent makes a component or changes what is named of it; its secrets are answered to who does.
func (s *Server) putComponent(r *http.Request) (any, error) {
	id := r.PathValue("id")
	in := state.Component{ID: id, Pushing: true}
	if old, err := s.Store.Component(r.Context(), id); err == nil && old.ID == id {
		in = *old
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	in.ID = id
	c, err := s.Store.PutComponent(r.Context(), in)
	return map[string]any{"component": c}, err
}

func (s *Server) pushTicket(r *http.Request) (any, error) {
	c, err := s.Store.Component(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	out := map[string]any{"ok": true}
	if err := s.Push.PushTicket(r.Context(), c); err != nil {
		out = map[string]any{"ok": false, "error": err.Error()}
	}
	return out, nil
}

// given reads which account an authorisation is about.
func (s *Server) given(r *http.Request) (*state.Component, *state.Account, []int, error) {
	var in struct {
		Account string `json:"account"`
		Sets    []int  `json:"sets"`
	}
	if err := decode(r, &in); err != nil {
		return nil, nil, nil, err
	}
	a, err := s.Store.Account(in.Account)
	if err != nil {
		return nil, nil, nil, err
	}
	c, err := s.Store.Component(r.Context(), r.PathValue("id"))
	return c, a, in.Sets, err
}

func (s *Server) authorise(r *http.Request) (any, error) {
	c, a, sets, err := s.given(r)
	if err != nil {
		return nil, err
	}
	code, err := s.Acts.Authorise(r.Context(), c, a, sets, "")
	return map[string]any{"auth_code": code}, err
}

func (s *Server) unauthorise(r *http.Request) (any, error) {
	c, a, _, err := s.given(r)
	if err != nil {
		return nil, err
	}
	return struct{}{}, s.Acts.Unauthorise(r.Context(), c, a)
}
