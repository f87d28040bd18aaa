package act

import (
	"context"
	"net/url"
	"unicode/utf8"

	"weizheng/wechat/sandbox/state"
)

// What a citizen may say or share at once, in characters.
const (
	longestMoment = 2000
	longestTitle  = 200
	longestURL    = 4096 // bytes
)

// ToFriend is a message to another citizen: words, or a page that is passed on.
type ToFriend struct {
	Type    string `json:"type"` // text, link
	Content string `json:"content"`
	state.Card
}

// TellFriend sends a message from one citizen to another. All citizens of a sandbox are friends.
func (x *Acts) TellFriend(ctx context.Context, from, to string, m ToFriend) (int64, error) {
	a, b, err := x.friends(ctx, from, to)
	if err != nil {
		return 0, err
	}
	switch m.Type {
	case "text":
		if m.Content == "" || len(m.Content) > longestText {
			return 0, invalid("content", "length")
		}
		return x.Store.TellFriend(ctx, a, b, m.Type, map[string]any{"content": m.Content})
	case "link":
		if err := checkCard(m.Card); err != nil {
			return 0, err
		}
		return x.Store.TellFriend(ctx, a, b, m.Type, map[string]any{"title": m.Title, "description": m.Description,
			"url": m.URL, "thumb_url": m.ThumbURL})
	}
	return 0, invalid("type", "type")
}

func (x *Acts) friends(ctx context.Context, from, to string) (a, b state.Citizen, err error) {
	if a, err = x.Store.Citizen(ctx, from); err != nil {
		return a, b, err
	}
	if from == to {
		return a, b, invalid("to", "self")
	}
	b, err = x.Store.Citizen(ctx, to)
	return a, b, err
}

// Show puts words, a page, or both into a citizen's Moments.
func (x *Acts) Show(ctx context.Context, citizen, words string, card *state.Card) (state.Moment, error) {
	c, err := x.Store.Citizen(ctx, citizen)
	if err != nil {
		return state.Moment{}, err
	}
	if n := utf8.RuneCountInString(words); n > longestMoment || n == 0 && card == nil {
		return state.Moment{}, invalid("words", "length")
	}
	if card != nil {
		if err := checkCard(*card); err != nil {
			return state.Moment{}, err
		}
	}
	return x.Store.AddMoment(ctx, c, words, card)
}

func checkCard(c state.Card) error {
	if n := utf8.RuneCountInString(c.Title); n == 0 || n > longestTitle {
		return invalid("title", "length")
	}
	if utf8.RuneCountInString(c.Description) > longestMoment {
		return invalid("description", "length")
	}
	if !isPage(c.URL) {
		return invalid("url", "url")
	}
	if c.ThumbURL != "" && !isPage(c.ThumbURL) {
		return invalid("thumb_url", "url")
	}
	return nil
}

// isPage reports whether an address is one that a phone may open or show: http or https, or a path of this server's.
func isPage(address string) bool {
	if len(address) > longestURL {
		return false
	}
	u, err := url.Parse(address)
	return err == nil && ((u.Scheme == "http" || u.Scheme == "https") && u.Host != "" ||
		u.Scheme == "" && u.Host == "" && len(u.Path) > 1 && u.Path[0] == '/')
}
