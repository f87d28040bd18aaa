package menu

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"weizheng/platform/errs"
)

// Type is what a button does.
type Type string

// The button types of the menu interface. WeChat docs: Custom_Menus/Creating_Custom-Defined_Menu.
const (
	Click              Type = "click"
	View               Type = "view"
	MiniProgram        Type = "miniprogram"
	ScanPush           Type = "scancode_push"
	ScanWait           Type = "scancode_waitmsg"
	SystemPhoto        Type = "pic_sysphoto"
	PhotoOrAlbum       Type = "pic_photo_or_album"
	WeChatAlbum        Type = "pic_weixin"
	LocationSelect     Type = "location_select"
	Media              Type = "media_id"
	Article            Type = "article_id"
	ArticleViewLimited Type = "article_view_limited"
)

// Types lists all button types in the order staff see.
var Types = []Type{
	Click, View, MiniProgram, ScanPush, ScanWait, SystemPhoto, PhotoOrAlbum, WeChatAlbum, LocationSelect, Media, Article,
	ArticleViewLimited,
}

// Limits of WeChat's menu, in buttons and bytes of UTF-8.
const (
	MaxTop       = 3
	MaxSub       = 5
	MaxTopName   = 16
	MaxSubName   = 60
	MaxKey       = 128
	MaxURL       = 1024
	MaxMediaID   = 256
	MaxPageBytes = 1024
)

// Button is one button of the menu; a top button with Sub has no type.
type Button struct {
	Name      string   `json:"name"`
	Type      Type     `json:"type,omitempty"`
	Key       string   `json:"key,omitempty"`
	URL       string   `json:"url,omitempty"` // of a view: absolute, or a page of this installation that begins with "/"
	AppID     string   `json:"appid,omitempty"`
	PagePath  string   `json:"pagepath,omitempty"`
	MediaID   string   `json:"media_id,omitempty"`
	ArticleID string   `json:"article_id,omitempty"`
	Sub       []Button `json:"sub,omitempty"`
}

// Validate checks a menu against WeChat's limits and returns every fault; fields are "buttons.0.sub.2.name".
func Validate(buttons []Button) error {
	c := &checker{}
	if len(buttons) == 0 {
		c.fault("buttons", "shape.required", nil)
	}
	if len(buttons) > MaxTop {
		c.fault("buttons", "shape.max_items", map[string]any{"max": MaxTop})
	}
	for i, b := range buttons {
		c.button(fmt.Sprintf("buttons.%d", i), b, true)
	}
	return errs.InvalidFields(c.faults)
}

type checker struct{ faults []errs.Field }

func (c *checker) fault(field, key string, params map[string]any) {
	c.faults = append(c.faults, errs.Field{Field: field, Key: key, Params: params})
}

func (c *checker) button(at string, b Button, top bool) {
	limit := MaxSubName
	if top {
		limit = MaxTopName
	}
	c.text(at+".name", b.Name, limit)
	if len(b.Sub) > 0 {
		if !top {
			c.fault(at+".sub", "menu.too_deep", nil)
			return
		}
		if len(b.Sub) > MaxSub {
			c.fault(at+".sub", "shape.max_items", map[string]any{"max": MaxSub})
		}
		for i, s := range b.Sub {
			c.button(fmt.Sprintf("%s.sub.%d", at, i), s, false)
		}
		return
	}
	c.action(at, b)
}

func (c *checker) action(at string, b Button) {
	switch b.Type {
	case Click, ScanPush, ScanWait, SystemPhoto, PhotoOrAlbum, WeChatAlbum, LocationSelect:
		c.text(at+".key", b.Key, MaxKey)
	case View:
		c.link(at+".url", b.URL, true)
	case MiniProgram:
		c.link(at+".url", b.URL, true)
		c.text(at+".appid", b.AppID, 32)
		c.text(at+".pagepath", b.PagePath, MaxPageBytes)
	case Media:
		c.text(at+".media_id", b.MediaID, MaxMediaID)
	case Article, ArticleViewLimited:
		c.text(at+".article_id", b.ArticleID, MaxMediaID)
	default:
		c.fault(at+".type", "shape.required", nil)
	}
}

func (c *checker) text(field, value string, limit int) {
	switch {
	case strings.TrimSpace(value) == "":
		c.fault(field, "shape.required", nil)
	case len(value) > limit:
		c.fault(field, "menu.too_long_bytes", map[string]any{"max": limit, "now": len(value)})
	}
}

func (c *checker) link(field, address string, pages bool) {
	c.text(field, address, MaxURL)
	if address == "" || pages && strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") {
		return
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || !slices.Contains([]string{"http", "https"}, u.Scheme) {
		c.fault(field, "menu.not_a_link", nil)
	}
}

// walk calls f for every button that does something.
func walk(buttons []Button, f func(b *Button)) {
	for i := range buttons {
		if len(buttons[i].Sub) > 0 {
			walk(buttons[i].Sub, f)
			continue
		}
		f(&buttons[i])
	}
}

// absolute returns the menu with pages of this installation as full addresses.
func absolute(buttons []Button, publicURL string) []Button {
	out := clone(buttons)
	walk(out, func(b *Button) {
		if strings.HasPrefix(b.URL, "/") {
			b.URL = strings.TrimSuffix(publicURL, "/") + b.URL
		}
	})
	return out
}

func clone(buttons []Button) []Button {
	out := slices.Clone(buttons)
	for i := range out {
		out[i].Sub = slices.Clone(out[i].Sub)
	}
	return out
}
