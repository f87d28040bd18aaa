package client

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
)

// Menu is an account's menu: 1–3 buttons, each with up to 5 below it.
type Menu struct {
	Buttons []Button `json:"button"`
}

// Button is one entry; which fields count depends on Type. One with Sub has a name only.
type Button struct {
	Type      string   `json:"type,omitempty"` // click, view, miniprogram, scancode_push, …
	Name      string   `json:"name"`
	Key       string   `json:"key,omitempty"`        // click, scancode_*, pic_*, location_select; ≤128 bytes
	URL       string   `json:"url,omitempty"`        // view, miniprogram; ≤1024 bytes
	AppID     string   `json:"appid,omitempty"`      // miniprogram
	PagePath  string   `json:"pagepath,omitempty"`   // miniprogram
	MediaID   string   `json:"media_id,omitempty"`   // media_id, view_limited
	ArticleID string   `json:"article_id,omitempty"` // article_id, article_view_limited
	Value     string   `json:"value,omitempty"`      // only read: of a menu made on WeChat's website
	Sub       []Button `json:"sub_button,omitempty"`
}

// CreateMenu replaces the default menu at once; phones show it within five minutes. Limits that are broken come back as
// codes 40015–40027, 40054, 40055 and 65316, 65317 with ActFixMenu. WeChat docs: api_createcustommenu.
func (c *Client) CreateMenu(ctx context.Context, m Menu) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/menu/create", in: m})
}

// Menus is what was created through the API; menus made on WeChat's website are not in it.
type Menus struct {
	Default     Menu
	Conditional []ConditionalMenu
}

// ConditionalMenu is a menu for some followers; the newest that matches is shown.
type ConditionalMenu struct {
	ID      int64     `json:"menuid"`
	Buttons []Button  `json:"button"`
	Rule    MatchRule `json:"matchrule"`
}

// MatchRule says for whom. The privacy conditions of older days are refused (65320).
type MatchRule struct {
	TagID    string `json:"tag_id,omitempty"`
	Platform string `json:"client_platform_type,omitempty"` // 1 iOS, 2 Android, 3 others
}

// Menu returns the menus made by API; without any the error is errs.NotFound (46003). WeChat docs: api_getmenu.
func (c *Client) Menu(ctx context.Context) (Menus, error) {
	var out struct {
		Menu        Menu              `json:"menu"`
		Conditional []ConditionalMenu `json:"conditionalmenu"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/menu/get", out: &out})
	return Menus{Default: out.Menu, Conditional: out.Conditional}, err
}

// DeleteMenu removes the default menu and every conditional one. WeChat docs: api_deletemenu.
func (c *Client) DeleteMenu(ctx context.Context) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/menu/delete"})
}

// AddConditionalMenu makes a menu for the followers that m.Rule names and returns its id; it cannot be changed, only
// deleted. A default menu must exist (65303); all conditional menus together lead to 3 domains at most (65316).
// WeChat docs: api_addconditionalmenu.
func (c *Client) AddConditionalMenu(ctx context.Context, m ConditionalMenu) (id int64, err error) {
	in := struct {
		Buttons []Button  `json:"button"`
		Rule    MatchRule `json:"matchrule"`
	}{m.Buttons, m.Rule}
	var out struct {
		ID json.RawMessage `json:"menuid"` // text here, a number elsewhere
	}
	if err := c.wire.do(ctx, request{path: "/cgi-bin/menu/addconditional", in: in, out: &out}); err != nil {
		return 0, err
	}
	return strconv.ParseInt(strings.Trim(string(out.ID), `"`), 10, 64)
}

// DeleteConditionalMenu removes one; an unknown id is code 65301. WeChat docs: api_deleteconditionalmenu.
func (c *Client) DeleteConditionalMenu(ctx context.Context, id int64) error {
	in := map[string]string{"menuid": strconv.FormatInt(id, 10)}
	return c.wire.do(ctx, request{path: "/cgi-bin/menu/delconditional", in: in})
}

// MatchMenu tells which menu somebody gets, by openid or WeChat id. WeChat docs: api_trymatchmenu.
func (c *Client) MatchMenu(ctx context.Context, user string) (Menu, error) {
	var out Menu
	err := c.wire.do(ctx, request{path: "/cgi-bin/menu/trymatch", in: map[string]string{"user_id": user}, out: &out})
	return out, err
}

// CurrentMenu is the default menu as phones have it, wherever it was made.
type CurrentMenu struct {
	Open    bool
	Buttons []Button // of a website's menu also of the types text, img, voice, video and news, whose content is Value
}

// CurrentMenu returns the menu in use, also one that was made on WeChat's website, and of unverified accounts.
// WeChat docs: api_getcurrentselfmenuinfo.
func (c *Client) CurrentMenu(ctx context.Context) (CurrentMenu, error) {
	var out struct {
		Open int `json:"is_menu_open"`
		Info struct {
			Buttons []listedButton `json:"button"`
		} `json:"selfmenu_info"`
	}
	if err := c.wire.do(ctx, request{path: "/cgi-bin/get_current_selfmenu_info", out: &out}); err != nil {
		return CurrentMenu{}, err
	}
	return CurrentMenu{Open: out.Open != 0, Buttons: buttonsOf(out.Info.Buttons)}, nil
}

// listedButton is a button whose lower ones stand one level deeper than elsewhere.
type listedButton struct {
	Button
	Sub struct {
		List []listedButton `json:"list"`
	} `json:"sub_button"`
}

func buttonsOf(list []listedButton) []Button {
	out := make([]Button, len(list))
	for i, b := range list {
		out[i] = b.Button
		if len(b.Sub.List) > 0 {
			out[i].Sub = buttonsOf(b.Sub.List)
		}
	}
	return out
}
