package api

import (
	"context"

	"weizheng/wechat/sandbox/state"
)

// menuCreate replaces the account's menu. WeChat docs: createCustomMenu.
func (s *Server) menuCreate(ctx context.Context, c *call) (any, error) {
	if hasEscape(c.body) {
		return nil, fail(40033, `invalid charset. please check your request, if include \uxxxx will create fail!`)
	}
	var in struct {
		Buttons *[]state.Button `json:"button"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Buttons == nil {
		return nil, fail(40016, "invalid button size")
	}
	buttons := *in.Buttons
	if err := checkMenu(c.account, buttons); err != nil {
		return nil, err
	}
	if err := s.checkContent(ctx, c.account, buttons); err != nil {
		return nil, err
	}
	return nil, s.Store.SetMenu(ctx, c.account, state.MenuAPI, tidy(buttons))
}

// hasEscape reports whether JSON text spells a character as \uXXXX.
func hasEscape(body []byte) bool {
	for i := 0; i+1 < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		if body[i+1] == 'u' {
			return true
		}
		i++ // the next character is escaped, whatever it is
	}
	return false
}

// tidy keeps of each button what its kind uses, and gives every button its list.
func tidy(buttons []state.Button) []state.Button {
	out := make([]state.Button, len(buttons))
	for i, b := range buttons {
		if len(b.Sub) > 0 {
			out[i] = state.Button{Name: b.Name, Sub: tidy(b.Sub)}
			continue
		}
		out[i] = buttonKinds[b.Type].keep(b)
		out[i].Type, out[i].Name, out[i].Sub = b.Type, b.Name, []state.Button{}
	}
	return out
}

// madeMenu is a menu in the answer of menu/get.
type madeMenu struct {
	Buttons []state.Button `json:"button"`
	Rule    *state.Rule    `json:"matchrule,omitempty"`
	ID      int64          `json:"menuid,omitempty"`
}

// menuGet answers what was made by API; a menu of the website is not told. WeChat docs: getMenu.
func (s *Server) menuGet(ctx context.Context, c *call) (any, error) {
	m, ok, err := s.Store.Menu(ctx, s.Store.Reader(), c.account.N)
	if err != nil {
		return nil, err
	}
	if !ok || m.Source != state.MenuAPI {
		return nil, errNoMenu
	}
	special, err := s.Store.Conditionals(ctx, s.Store.Reader(), c.account.N)
	if err != nil {
		return nil, err
	}
	out := struct {
		Menu        madeMenu   `json:"menu"`
		Conditional []madeMenu `json:"conditionalmenu,omitempty"`
	}{Menu: madeMenu{Buttons: m.Buttons}}
	for _, m := range special {
		out.Conditional = append(out.Conditional, madeMenu{Buttons: m.Buttons, Rule: &m.Rule, ID: m.ID})
	}
	if len(special) > 0 {
		out.Menu.ID = m.ID
	}
	return out, nil
}

var errNoMenu = fail(46003, "menu no exist")

// menuDelete removes the default menu and all conditional ones. WeChat docs: deleteMenu.
func (s *Server) menuDelete(ctx context.Context, c *call) (any, error) {
	return nil, s.Store.DeleteMenu(ctx, c.account)
}
