package state

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// MediaURL is where a phone finds a file.
func MediaURL(id string) string {
	if id == "" {
		return ""
	}
	return "/sandbox/api/media/" + id
}

// Bubble is what a chat shows of an answer of the account: the item's type and body. typ is "" for an answer that shows
// nothing. ErrNoMedia when a media id is not the account's, is of another type or has expired.
func (s *Store) Bubble(ctx context.Context, q db.Queryer, account int64, r wechat.Reply) (typ string, body map[string]any, err error) {
	switch r := r.(type) {
	case wechat.Text:
		return "text", map[string]any{"content": r.Content}, nil
	case wechat.Image:
		return s.mediaBubble(ctx, q, account, "image", r.MediaID)
	case wechat.Voice:
		return s.mediaBubble(ctx, q, account, "voice", r.MediaID)
	case wechat.Video:
		typ, body, err := s.mediaBubble(ctx, q, account, "video", r.MediaID)
		if err == nil {
			body["title"], body["description"], body["thumb_url"] = r.Title, r.Description, ""
		}
		return typ, body, err
	case wechat.Music:
		if _, err := s.AccountMedia(ctx, q, account, "thumb", r.ThumbMediaID); err != nil {
			return "", nil, err
		}
		return "music", map[string]any{"title": r.Title, "description": r.Description, "url": r.URL, "hq_url": r.HQURL,
			"thumb_url": MediaURL(r.ThumbMediaID)}, nil
	case wechat.News:
		return "news", map[string]any{"articles": r.Articles}, nil
	case nil, wechat.TransferToService:
		return "", nil, nil
	}
	return "", nil, errs.New(errs.Internal, "sandbox.bubble").With("type", r.Type())
}

func (s *Store) mediaBubble(ctx context.Context, q db.Queryer, account int64, typ, id string) (string, map[string]any, error) {
	m, err := s.AccountMedia(ctx, q, account, typ, id)
	if err != nil {
		return "", nil, err
	}
	body := map[string]any{"media_id": id, "url": MediaURL(id)}
	if typ == "voice" {
		body["format"] = voiceFormat(m.MIME)
	}
	return typ, body, nil
}

// AccountMedia finds a file that an account may use as a type.
func (s *Store) AccountMedia(ctx context.Context, q db.Queryer, account int64, typ, id string) (Media, error) {
	m, err := s.FindMedia(ctx, q, id)
	if err != nil {
		return m, err
	}
	if m.Account != account || m.Type != typ {
		return m, ErrNoMedia
	}
	return m, nil
}

func voiceFormat(mime string) string {
	if mime == "audio/mpeg" {
		return "mp3"
	}
	return "amr"
}
