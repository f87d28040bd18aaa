package api

import (
	"context"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// menuMatch tells which menu somebody gets, by openid or by WeChat id (here: the citizen's id).
func (s *Server) menuMatch(ctx context.Context, c *call) (any, error) {
	var in struct {
		User string `json:"user_id"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	citizen, err := s.somebody(ctx, c, in.User)
	if err != nil {
		return nil, err
	}
	m, ok, err := s.Store.MatchMenu(ctx, s.Store.Reader(), c.account.N, citizen)
	if err != nil || !ok {
		return nil, orElse(err, errNoMenu)
	}
	return map[string]any{"button": m.Buttons}, nil
}

// somebody finds a person by openid or WeChat id; 65302 when the account knows nobody of it.
func (s *Server) somebody(ctx context.Context, c *call, user string) (state.Citizen, error) {
	unknown := fail(65302, "no such user")
	if contact, err := s.Store.ContactByOpenID(ctx, s.Store.Reader(), user); err == nil {
		if contact.Account != c.account.N {
			return state.Citizen{}, unknown
		}
		return s.Store.CitizenN(ctx, contact.Citizen)
	} else if !errs.Is(err, errs.NotFound) {
		return state.Citizen{}, err
	}
	citizen, err := s.Store.Citizen(ctx, user)
	if errs.Is(err, errs.NotFound) {
		return citizen, unknown
	}
	return citizen, err
}

// shownButton is a button in the shape of get_current_selfmenu_info.
type shownButton struct {
	state.Button
	Sub *shownList `json:"sub_button,omitempty"`
}

type shownList struct {
	List []shownButton `json:"list"`
}

func shown(buttons []state.Button) []shownButton {
	list := make([]shownButton, len(buttons))
	for i, b := range buttons {
		list[i].Button = b
		if len(b.Sub) > 0 {
			list[i].Sub = &shownList{shown(b.Sub)}
		}
	}
	return list
}

// menuCurrent answers the default menu, wherever it was made. WeChat docs: getCurrentSelfmenuInfo.
func (s *Server) menuCurrent(ctx context.Context, c *call) (any, error) {
	m, ok, err := s.Store.Menu(ctx, s.Store.Reader(), c.account.N)
	if err != nil {
		return nil, err
	}
	out := struct {
		Open int `json:"is_menu_open"`
		Info any `json:"selfmenu_info,omitempty"`
	}{}
	if ok {
		out.Open, out.Info = 1, map[string]any{"button": shown(m.Buttons)}
	}
	return out, nil
}
