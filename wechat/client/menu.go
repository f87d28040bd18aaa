package client

import "context"

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
	Platform string `json:"client_platform_type,omitempty"` // 1 iOS, 2 Android, 3 others (unverified)
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
