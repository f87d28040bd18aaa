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
	return nil, s.Store.SetMenu(ctx, c.account, tidy(buttons))
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

func (s *Server) menuGet(ctx context.Context, c *call) (any, error) {
	m, ok, err := s.Store.Menu(ctx, c.account.N)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fail(46003, "menu no exist")
	}
	return map[string]any{"menu": map[string]any{"button": m.Buttons}}, nil
}

func (s *Server) menuDelete(ctx context.Context, c *call) (any, error) {
	return nil, s.Store.DeleteMenu(ctx, c.account)
}
