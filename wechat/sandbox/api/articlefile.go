package api

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/media"
	"weizheng/wechat/sandbox/state"
)

// articleImage keeps a picture for the text of an article; it has an address but no id.
func (s *Server) articleImage(ctx context.Context, c *call) (any, error) {
	name, content, err := c.upload("media")
	if err != nil {
		return nil, err
	}
	kind, err := checkFile(media.ArticleImage, content)
	if err != nil {
		return nil, err
	}
	m, err := s.Store.AddMedia(ctx, state.Media{Account: c.account.N, Type: state.ArticlePicture, Name: name, MIME: kind}, content)
	return map[string]string{"url": s.pictureURL(m)}, err
}

// massVideo makes of an uploaded video one that can be sent to many. WeChat docs: uploadMassVideo (unverified).
func (s *Server) massVideo(ctx context.Context, c *call) (any, error) {
	var in struct {
		MediaID     string `json:"media_id"`
		Title       string `json:"title"`
		Description string `json:"description"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	var made state.Media
	err := s.Store.Write(ctx, func(tx *db.Tx) error {
		m, err := s.Store.AccountMedia(ctx, tx, c.account.N, "video", in.MediaID)
		if errs.Is(err, errs.NotFound) {
			return errMediaID
		}
		if err != nil {
			return err
		}
		m.Type, m.Name, m.Note = state.MassVideo, in.Title, in.Description
		made, err = s.Store.ShareMedia(ctx, tx, m, c.account.N, s.Store.Civil()+temporaryLife)
		return err
	})
	return mediaBody{Type: "video", ID: made.ID, MadeAt: made.MadeAt / 1000}, err
}

// voiceGet gives a voice in high quality: here the file as it is, for nothing is recoded. WeChat docs: getHDVoice.
func (s *Server) voiceGet(ctx context.Context, c *call) (any, error) {
	id := c.query.Get("media_id")
	if id == "" {
		return nil, fail(41006, "media_id missing")
	}
	m, err := s.Store.AccountMedia(ctx, s.Store.Reader(), c.account.N, "voice", id)
	if errs.Is(err, errs.NotFound) {
		return nil, errMediaID
	}
	if err != nil {
		return nil, err
	}
	content, err := s.Store.Content(m)
	return &file{mime: m.MIME, name: m.ID + media.Extension(m.MIME), content: content}, err
}
