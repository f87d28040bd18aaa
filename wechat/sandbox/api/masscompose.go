package api

import (
	"context"

	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// composeMass makes the item that recipients will see, but for articles, which have no address before they are published.
func (s *Server) composeMass(ctx context.Context, a *state.Account, in massIn, b *state.Broadcast) (err error) {
	switch in.MsgType {
	case "text":
		if in.Text.Content == "" {
			return errNoText
		}
		if len(in.Text.Content) > textBytes {
			return errTooLong
		}
		b.ItemType, b.Body, err = s.bubble(ctx, a, wechat.Text{Content: in.Text.Content})
	case "voice":
		b.MediaID = in.Voice.MediaID
		b.ItemType, b.Body, err = s.bubble(ctx, a, wechat.Voice{MediaID: in.Voice.MediaID})
	case "image":
		err = s.composeImages(ctx, a, in, b)
	case "mpvideo":
		b.MediaID = in.MPVideo.MediaID
		err = s.composeMassVideo(ctx, a, in.MPVideo, b)
	case "mpnews":
		b.MediaID = in.MPNews.MediaID
		_, err = s.Store.Draft(ctx, s.Store.Reader(), a.N, in.MPNews.MediaID)
		err = instead(err, errMediaID)
	case "wxcard":
		return fail(45113, "wxcard is offline")
	default:
		return fail(40008, "invalid message type")
	}
	return err
}

// massImages is how many pictures one message has at most (unverified).
const massImages = 20

func (s *Server) composeImages(ctx context.Context, a *state.Account, in massIn, b *state.Broadcast) error {
	ids := in.Images.MediaIDs
	if len(ids) == 0 && in.Image.MediaID != "" {
		ids = []string{in.Image.MediaID}
	}
	switch {
	case len(ids) == 0:
		return errMediaID
	case len(ids) > massImages:
		return fail(45008, "article size out of limit") // the code is unverified
	}
	pictures := make([]map[string]any, len(ids))
	for i, id := range ids {
		typ, body, err := s.bubble(ctx, a, wechat.Image{MediaID: id})
		if err != nil {
			return err
		}
		pictures[i], b.ItemType, b.Body = body, typ, body
	}
	if len(ids) > 1 || in.Images.Recommend != "" {
		b.ItemType, b.Body = "images", map[string]any{"pictures": pictures, "recommend": in.Images.Recommend}
	}
	return nil
}

func (s *Server) composeMassVideo(ctx context.Context, a *state.Account, in mediaIn, b *state.Broadcast) error {
	m, err := s.Store.AccountMedia(ctx, s.Store.Reader(), a.N, state.MassVideo, in.MediaID)
	if err != nil {
		return instead(err, errMediaID)
	}
	title, description := m.Name, m.Note
	if in.Title != "" {
		title, description = in.Title, in.Description
	}
	b.ItemType, b.Body = "video", map[string]any{"media_id": m.ID, "url": state.MediaURL(m.ID), "title": title, "description": description, "thumb_url": ""}
	return nil
}
