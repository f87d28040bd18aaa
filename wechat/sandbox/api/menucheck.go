package api

import (
	"net/url"
	"slices"

	"weizheng/wechat/sandbox/state"
)

// The limits of a menu, in buttons and bytes. WeChat docs: createCustomMenu.
const (
	maxButtons     = 3
	maxSubButtons  = 5
	topNameBytes   = 16
	subNameBytes   = 60
	buttonKeyBytes = 128
	buttonURLBytes = 1024
)

// buttonKind is what a type of button needs.
type buttonKind struct {
	key, url, media, article, mini bool
}

var (
	clicks      = buttonKind{key: true}
	buttonKinds = map[string]buttonKind{
		"click": clicks, "scancode_push": clicks, "scancode_waitmsg": clicks, "pic_sysphoto": clicks,
		"pic_photo_or_album": clicks, "pic_weixin": clicks, "location_select": clicks,
		"view":                 {url: true},
		"miniprogram":          {url: true, mini: true},
		"media_id":             {media: true},
		"view_limited":         {media: true},
		"article_id":           {article: true},
		"article_view_limited": {article: true},
	}
)

func (k buttonKind) keep(b state.Button) state.Button {
	var out state.Button
	if k.key {
		out.Key = b.Key
	}
	if k.url {
		out.URL = b.URL
	}
	if k.media {
		out.MediaID = b.MediaID
	}
	if k.article {
		out.ArticleID = b.ArticleID
	}
	if k.mini {
		out.AppID, out.PagePath = b.AppID, b.PagePath
	}
	return out
}

// level is the set of error codes for top or sub buttons.
type level struct {
	nameBytes                          int
	size, kind, name, key, url, domain *failure
}

var (
	topLevel = level{
		topNameBytes, fail(40016, "invalid button size"), fail(40017, "invalid button type"),
		fail(40018, "invalid button name size"), fail(40019, "invalid button key size"),
		fail(40020, "invalid button url size"), fail(40055, "invalid button url domain"),
	}
	subLevel = level{
		subNameBytes, fail(40023, "invalid sub button size"), fail(40024, "invalid sub button type"),
		fail(40025, "invalid sub button name size"), fail(40026, "invalid sub button key size"),
		fail(40027, "invalid sub button url size"), fail(40054, "invalid sub button url domain"),
	}
)

// checkMenu refuses the first thing that WeChat would.
func checkMenu(a *state.Account, buttons []state.Button) error {
	if len(buttons) < 1 || len(buttons) > maxButtons {
		return topLevel.size
	}
	for _, b := range buttons {
		if len(b.Sub) == 0 {
			if err := checkButton(a, b, topLevel); err != nil {
				return err
			}
			continue
		}
		if b.Name == "" || len(b.Name) > topNameBytes {
			return topLevel.name
		}
		if len(b.Sub) > maxSubButtons {
			return subLevel.size
		}
		for _, sub := range b.Sub {
			if len(sub.Sub) > 0 {
				return fail(40022, "invalid sub button level")
			}
			if err := checkButton(a, sub, subLevel); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkButton(a *state.Account, b state.Button, l level) error {
	kind, known := buttonKinds[b.Type]
	switch {
	case b.Name == "" || len(b.Name) > l.nameBytes:
		return l.name
	case b.Type == "" && l.kind == subLevel.kind:
		return fail(65308, "invalid sub button: no response type")
	case !known:
		return l.kind
	case kind.key && (b.Key == "" || len(b.Key) > buttonKeyBytes):
		return l.key
	case kind.url && (b.URL == "" || len(b.URL) > buttonURLBytes):
		return l.url
	case kind.url && !isPage(b.URL):
		return l.domain
	case kind.mini && (!slices.Contains(a.MiniPrograms, b.AppID)):
		return fail(45064, "no permission to use weapp in menu")
	case kind.mini && b.PagePath == "":
		return fail(40165, "invalid weapp pagepath")
	}
	return nil
}

func isPage(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
