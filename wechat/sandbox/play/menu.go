package play

import (
	"net/http"

	"weizheng/wechat/sandbox/state"
)

func (s *Server) menuRoutes() {
	s.json("GET /options", s.options)
	s.json("PUT /options", s.setOptions)
	s.json("PUT /accounts/{id}/menu", s.websiteMenu)
	s.json("DELETE /accounts/{id}/menu", s.deleteWebsiteMenu)
}

func (s *Server) options(*http.Request) (any, error) {
	return map[string]any{"menu_minutes": s.Store.MenuMinutes()}, nil
}

// setOptions says how long phones keep a menu.
func (s *Server) setOptions(r *http.Request) (any, error) {
	var in struct {
		Minutes int64 `json:"menu_minutes"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	const day = 24 * 60
	if in.Minutes < 0 || in.Minutes > day {
		return nil, invalid("menu_minutes", "range")
	}
	if err := s.Store.SetMenuMinutes(r.Context(), in.Minutes); err != nil {
		return nil, err
	}
	return s.options(r)
}

// websiteMenu makes the menu by hand, as on the account's console; every account may.
func (s *Server) websiteMenu(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	var in struct {
		Buttons []buttonView `json:"buttons"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	buttons, err := websiteButtons(in.Buttons, true)
	if err != nil {
		return nil, err
	}
	return struct{}{}, s.Store.SetMenu(r.Context(), a, state.MenuWebsite, buttons)
}

func (s *Server) deleteWebsiteMenu(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return struct{}{}, s.Store.DeleteMenu(r.Context(), a)
}

// websiteButtons checks what the website's form takes: text, page and mini program.
func websiteButtons(in []buttonView, top bool) ([]state.Button, error) {
	if most := map[bool]int{true: 3, false: 5}[top]; len(in) == 0 || len(in) > most {
		return nil, invalid("buttons", "count")
	}
	list := make([]state.Button, len(in))
	for i, b := range in {
		list[i] = state.Button{Name: b.Name, Type: b.Type, Sub: []state.Button{}}
		switch {
		case b.Name == "":
			return nil, invalid("name", "required")
		case top && len(b.Sub) > 0:
			sub, err := websiteButtons(b.Sub, false)
			if err != nil {
				return nil, err
			}
			list[i].Type, list[i].Sub = "", sub
		case b.Type == "text" && b.Value != "":
			list[i].Value = b.Value
		case b.Type == "view" && b.URL != "":
			list[i].URL = b.URL
		case b.Type == "miniprogram" && b.AppID != "" && b.PagePath != "":
			list[i].AppID, list[i].PagePath, list[i].URL = b.AppID, b.PagePath, b.URL
		default:
			return nil, invalid("type", "type")
		}
	}
	return list, nil
}
