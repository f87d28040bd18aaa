package api

import (
	"context"
	"net/url"
	"strconv"

	"weizheng/wechat/sandbox/state"
)

// jumpDomains is to how many domains the conditional menus of an account may lead together. WeChat docs:
// createConditionalMenu.
const jumpDomains = 3

func (s *Server) conditionalHandlers() map[string]handler {
	return map[string]handler{
		"/cgi-bin/menu/addconditional":       s.conditionalAdd,
		"/cgi-bin/menu/delconditional":       s.conditionalDelete,
		"/cgi-bin/menu/trymatch":             s.menuMatch,
		"/cgi-bin/get_current_selfmenu_info": s.menuCurrent,
	}
}

// looseText takes "101" and 101: programs write ids either way.
type looseText string

// UnmarshalJSON reads either form.
func (t *looseText) UnmarshalJSON(b []byte) error {
	var id menuID
	err := id.UnmarshalJSON(b)
	*t = looseText(id)
	return err
}

type ruleIn struct {
	TagID    looseText `json:"tag_id"`
	Platform looseText `json:"client_platform_type"`
	Sex      looseText `json:"sex"`
	Country  string    `json:"country"`
	Province string    `json:"province"`
	City     string    `json:"city"`
	Language string    `json:"language"`
}

// conditionalAdd adds a menu for some followers.
func (s *Server) conditionalAdd(ctx context.Context, c *call) (any, error) {
	if hasEscape(c.body) {
		return nil, fail(40033, `invalid charset. please check your request, if include \uxxxx will create fail!`)
	}
	var in struct {
		Buttons []state.Button `json:"button"`
		Rule    *ruleIn        `json:"matchrule"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if _, ok, err := s.Store.Menu(ctx, s.Store.Reader(), c.account.N); err != nil || !ok {
		return nil, orElse(err, fail(65303, "there is no selfmenu, please create selfmenu first"))
	}
	rule, err := s.rule(ctx, c.account, in.Rule)
	if err != nil {
		return nil, err
	}
	if len(in.Buttons) == 0 {
		return nil, fail(65307, "empty conditional menu")
	}
	if err := checkMenu(c.account, in.Buttons); err != nil {
		return nil, err
	}
	if err := s.checkContent(ctx, c.account, in.Buttons); err != nil {
		return nil, err
	}
	if err := s.checkDomains(ctx, c.account, in.Buttons); err != nil {
		return nil, err
	}
	id, err := s.Store.AddConditional(ctx, c.account, rule, tidy(in.Buttons))
	if err != nil {
		return nil, err
	}
	return map[string]any{"menuid": strconv.FormatInt(id, 10)}, nil
}

// rule checks for whom a menu is to be.
func (s *Server) rule(ctx context.Context, a *state.Account, in *ruleIn) (state.Rule, error) {
	switch {
	case in == nil:
		return state.Rule{}, fail(65304, "match rule empty")
	case in.Sex != "" && in.Sex != "0" || in.Country != "" || in.Province != "" || in.City != "" || in.Language != "":
		return state.Rule{}, fail(65320, "invalid matchrule: privacy field not support")
	case in.TagID == "" && in.Platform == "":
		return state.Rule{}, fail(65304, "match rule empty")
	}
	if in.Platform != "" {
		if n, err := strconv.Atoi(string(in.Platform)); err != nil || n < 1 || n > len(state.Platforms) {
			return state.Rule{}, fail(40035, "invalid args: client_platform_type") // the code is unverified
		}
	}
	if in.TagID != "" {
		id, err := strconv.ParseInt(string(in.TagID), 10, 64)
		if err != nil {
			return state.Rule{}, errTag
		}
		if _, ok, err := s.Store.FindTag(ctx, s.Store.Reader(), a.N, id); err != nil || !ok && id != starTag {
			return state.Rule{}, orElse(err, errTag) // the code is unverified
		}
	}
	return state.Rule{TagID: string(in.TagID), Platform: string(in.Platform)}, nil
}

// checkDomains counts where all conditional menus lead, with the new one.
func (s *Server) checkDomains(ctx context.Context, a *state.Account, buttons []state.Button) error {
	list, err := s.Store.Conditionals(ctx, s.Store.Reader(), a.N)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, m := range append(list, state.Menu{Buttons: buttons}) {
		domainsOf(m.Buttons, seen)
	}
	if len(seen) > jumpDomains {
		return fail(65316, "too many link domains in conditional menu")
	}
	return nil
}

func domainsOf(buttons []state.Button, seen map[string]bool) {
	for _, b := range buttons {
		if u, err := url.Parse(b.URL); err == nil && u.Host != "" && b.Type == "view" {
			seen[u.Hostname()] = true
		}
		domainsOf(b.Sub, seen)
	}
}

func (s *Server) conditionalDelete(ctx context.Context, c *call) (any, error) {
	var in struct {
		ID looseText `json:"menuid"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := strconv.ParseInt(string(in.ID), 10, 64)
	if err != nil {
		return nil, errNoConditional
	}
	ok, err := s.Store.DeleteConditional(ctx, c.account, id)
	if err == nil && !ok {
		err = errNoConditional
	}
	return nil, err
}

var errNoConditional = fail(65301, "not exist this menuid")
