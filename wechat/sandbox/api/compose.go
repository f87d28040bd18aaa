package api

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// customIn is a customer message of any type.
type customIn struct {
	ToUser  string `json:"touser"`
	MsgType string `json:"msgtype"`
	Text    struct {
		Content string `json:"content"`
	} `json:"text"`
	Image mediaIn `json:"image"`
	Voice mediaIn `json:"voice"`
	Video mediaIn `json:"video"`
	Music struct {
		Title        string `json:"title"`
		Description  string `json:"description"`
		URL          string `json:"musicurl"`
		HQURL        string `json:"hqmusicurl"`
		ThumbMediaID string `json:"thumb_media_id"`
	} `json:"music"`
	News struct {
		Articles []struct {
			Title       string `json:"title"`
			Description string `json:"description"`
			URL         string `json:"url"`
			PicURL      string `json:"picurl"`
		} `json:"articles"`
	} `json:"news"`
	MsgMenu struct {
		Head string     `json:"head_content"`
		List []menuItem `json:"list"`
		Tail string     `json:"tail_content"`
	} `json:"msgmenu"`
	MiniProgram struct {
		Title        string `json:"title"`
		AppID        string `json:"appid"`
		PagePath     string `json:"pagepath"`
		ThumbMediaID string `json:"thumb_media_id"`
	} `json:"miniprogrampage"`
	Article struct {
		ID string `json:"article_id"`
	} `json:"mpnewsarticle"`
	Service struct {
		Account string `json:"kf_account"`
	} `json:"customservice"`
}

type mediaIn struct {
	MediaID      string `json:"media_id"`
	ThumbMediaID string `json:"thumb_media_id"`
	Title        string `json:"title"`
	Description  string `json:"description"`
}

// menuItem is a line of a msgmenu; programs write its id as text or as a number.
type menuItem struct {
	ID      menuID `json:"id"`
	Content string `json:"content"`
}

type menuID string

// UnmarshalJSON takes "101" and 101.
func (m *menuID) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		*m = menuID(text)
		return nil
	}
	var n int64
	err := json.Unmarshal(b, &n)
	*m = menuID(bytes.TrimSpace(b))
	return err
}

// compose checks a message and makes the bubble of it.
func (s *Server) compose(ctx context.Context, a *state.Account, in customIn) (string, map[string]any, error) {
	switch in.MsgType {
	case "text":
		if in.Text.Content == "" {
			return "", nil, errNoText
		}
		if len(in.Text.Content) > textBytes {
			return "", nil, errTooLong
		}
		return s.bubble(ctx, a, wechat.Text{Content: in.Text.Content})
	case "image":
		return s.bubble(ctx, a, wechat.Image{MediaID: in.Image.MediaID})
	case "voice":
		return s.bubble(ctx, a, wechat.Voice{MediaID: in.Voice.MediaID})
	case "video":
		return s.composeVideo(ctx, a, in.Video)
	case "music":
		m := in.Music
		return s.bubble(ctx, a, wechat.Music{Title: m.Title, Description: m.Description, URL: m.URL, HQURL: m.HQURL,
			ThumbMediaID: m.ThumbMediaID})
	case "news":
		return s.composeNews(ctx, a, in)
	case "msgmenu":
		return composeMenu(in)
	case "miniprogrampage":
		return s.composeMini(ctx, a, in)
	case "mpnews":
		return "", nil, errMediaID // given up for mpnewsarticle; whether some ids still work is unverified
	case "mpnewsarticle":
		return s.composeArticle(ctx, a, in.Article.ID)
	case "wxcard":
		return "", nil, fail(40072, "invalid card id") // cards are withdrawn; the code is unverified
	}
	return "", nil, fail(40008, "invalid message type")
}

func (s *Server) bubble(ctx context.Context, a *state.Account, r wechat.Reply) (string, map[string]any, error) {
	typ, body, err := s.Store.Bubble(ctx, s.Store.Reader(), a.N, r)
	if errs.Is(err, errs.NotFound) {
		err = errMediaID
	}
	return typ, body, err
}

func (s *Server) composeVideo(ctx context.Context, a *state.Account, v mediaIn) (string, map[string]any, error) {
	typ, body, err := s.bubble(ctx, a, wechat.Video{MediaID: v.MediaID, Title: v.Title, Description: v.Description})
	if err != nil || v.ThumbMediaID == "" {
		return typ, body, err
	}
	if err := s.checkThumb(ctx, a, v.ThumbMediaID); err != nil {
		return "", nil, err
	}
	body["thumb_url"] = state.MediaURL(v.ThumbMediaID)
	return typ, body, nil
}

// checkThumb wants a thumb or an image of the account.
func (s *Server) checkThumb(ctx context.Context, a *state.Account, id string) error {
	m, err := s.Store.FindMedia(ctx, s.Store.Reader(), id)
	if errs.Is(err, errs.NotFound) || err == nil && (m.Account != a.N || !slices.Contains([]string{"thumb", "image"}, m.Type)) {
		return errMediaID
	}
	return err
}

func (s *Server) composeNews(ctx context.Context, a *state.Account, in customIn) (string, map[string]any, error) {
	switch n := len(in.News.Articles); {
	case n == 0:
		return "", nil, fail(44003, "empty news data")
	case n > 1:
		return "", nil, fail(45008, "article size out of limit")
	}
	art := in.News.Articles[0]
	return s.bubble(ctx, a, wechat.News{Articles: []wechat.Article{
		{Title: art.Title, Description: art.Description, URL: art.URL, PicURL: art.PicURL},
	}})
}

func composeMenu(in customIn) (string, map[string]any, error) {
	if len(in.MsgMenu.List) == 0 {
		return "", nil, errNoText
	}
	size := len(in.MsgMenu.Head) + len(in.MsgMenu.Tail)
	for _, item := range in.MsgMenu.List {
		if item.ID == "" || item.Content == "" {
			return "", nil, errNoText
		}
		size += len(item.Content)
	}
	if size > textBytes {
		return "", nil, errTooLong
	}
	return "msgmenu", map[string]any{"head": in.MsgMenu.Head, "list": in.MsgMenu.List, "tail": in.MsgMenu.Tail}, nil
}

func (s *Server) composeMini(ctx context.Context, a *state.Account, in customIn) (string, map[string]any, error) {
	m := in.MiniProgram
	if !slices.Contains(a.MiniPrograms, m.AppID) {
		return "", nil, fail(40166, "invalid weapp appid")
	}
	if m.PagePath == "" {
		return "", nil, fail(40165, "invalid weapp pagepath")
	}
	if err := s.checkThumb(ctx, a, m.ThumbMediaID); err != nil {
		return "", nil, err
	}
	return "miniprogram", map[string]any{"title": m.Title, "appid": m.AppID, "pagepath": m.PagePath,
		"thumb_url": state.MediaURL(m.ThumbMediaID)}, nil
}
