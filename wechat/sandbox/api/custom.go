package api

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: sendCustomMessage, typing.
const (
	textBytes      = 2048   // of a text (unverified)
	interactionAge = 30_000 // ms within which typing may be shown
	typingLasts    = 15_000 // ms (unverified)
)

var (
	errClosed   = fail(45015, "response out of time limit or subscription is canceled")
	errUsedUp   = fail(45047, "out of response count limit")
	errNoText   = fail(44004, "empty content")
	errTooLong  = fail(45002, "content size out of limit")
	errTyping30 = fail(45080, "need interaction with the user in 30 seconds")
	errTyping   = fail(45081, "already in typing state")
)

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

// customSend shows a message in the chat, if a window is open.
func (s *Server) customSend(ctx context.Context, c *call) (any, error) {
	c.body = literalEscapes(c.body)
	var in customIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	to, err := s.contact(ctx, c, in.ToUser)
	if err != nil {
		return nil, err
	}
	if in.Service.Account != "" {
		return nil, fail(65400, "please enable new custom service")
	}
	typ, body, err := s.compose(ctx, c.account, in)
	if err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		if err := s.spend(ctx, tx, to.N); err != nil {
			return err
		}
		if to.TypingUntil > s.Store.Civil() {
			tx.AfterCommit(func() { s.hintTyping(c, false) })
		}
		_, err := s.Store.AddItem(ctx, tx, state.Item{Account: to.Account, Citizen: to.Citizen, From: state.FromAccount,
			Origin: "custom", Type: typ, Body: body})
		return err
	})
}

// spend takes one message from the contact's windows; who unfollowed has none.
func (s *Server) spend(ctx context.Context, tx *db.Tx, contact int64) error {
	spent, open, err := s.Store.Spend(ctx, tx, contact)
	switch {
	case err != nil:
		return err
	case !open:
		return errClosed
	case !spent:
		return errUsedUp
	}
	_, err = tx.Exec(ctx, "update contact set typing_until=0 where n=$1", contact)
	return err
}

// literalEscapes makes \uXXXX in JSON text stay as these six characters: WeChat shows them so, which is why programs
// must send raw UTF-8.
func literalEscapes(body []byte) []byte {
	if !hasEscape(body) {
		return body
	}
	out := make([]byte, 0, len(body)+16)
	for i := 0; i < len(body); i++ {
		if body[i] == '\\' && i+1 < len(body) {
			if body[i+1] == 'u' {
				out = append(out, '\\')
			}
			out = append(out, body[i], body[i+1])
			i++
			continue
		}
		out = append(out, body[i])
	}
	return out
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
		return "", nil, errMediaID // nothing permanent can exist: the endpoints of drafts are not there
	case "mpnewsarticle":
		return "", nil, fail(53600, "invalid article_id")
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

// customTyping shows or hides "the other side is typing".
func (s *Server) customTyping(ctx context.Context, c *call) (any, error) {
	var in struct {
		ToUser  string `json:"touser"`
		Command string `json:"command"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Command != "Typing" && in.Command != "CancelTyping" {
		return nil, fail(45072, "invalid command")
	}
	to, err := s.contact(ctx, c, in.ToUser)
	if err != nil {
		return nil, err
	}
	now, on := s.Store.Civil(), in.Command == "Typing"
	until := int64(0)
	if on {
		switch {
		case to.TouchedAt == 0 || now-to.TouchedAt > interactionAge:
			return nil, errTyping30
		case to.TypingUntil > now:
			return nil, errTyping
		}
		until = now + typingLasts
	}
	if err := s.Store.SetTyping(ctx, to.N, until); err != nil {
		return nil, err
	}
	s.hintTyping(c, on)
	return nil, nil
}

func (s *Server) hintTyping(c *call, on bool) {
	s.Store.Hint(state.Hint{Topic: "typing", Account: c.account.ID, Citizen: c.citizen, On: &on})
}
