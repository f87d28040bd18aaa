package api

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/media"
	"weizheng/wechat/sandbox/state"
)

// temporaryLife is how long temporary media live, in civil milliseconds. WeChat docs: uploadTempMedia.
const temporaryLife = 3 * 24 * 3600 * 1000

type mediaBody struct {
	Type    string `json:"type"`
	ID      string `json:"media_id,omitempty"`
	ThumbID string `json:"thumb_media_id,omitempty"`
	MadeAt  int64  `json:"created_at"`
}

// mediaUpload keeps a temporary file.
func (s *Server) mediaUpload(ctx context.Context, c *call) (any, error) {
	typ := c.query.Get("type")
	limit, ok := media.Limits[typ]
	if !ok {
		return nil, fail(40004, "invalid media type")
	}
	name, content, err := c.upload("media")
	if err != nil {
		return nil, err
	}
	kind, err := checkFile(limit, content)
	if err != nil {
		return nil, err
	}
	m, err := s.Store.AddMedia(ctx, state.Media{Account: c.account.N, Type: typ, Name: name, MIME: kind,
		ExpiresAt: s.Store.Civil() + temporaryLife}, content)
	if err != nil {
		return nil, err
	}
	out := mediaBody{Type: typ, ID: m.ID, MadeAt: m.MadeAt / 1000}
	if typ == "thumb" {
		out.ID, out.ThumbID = "", m.ID
	}
	return out, nil
}

// checkFile checks a file by its content, never by its name.
func checkFile(limit media.Limit, content []byte) (string, error) {
	if len(content) == 0 {
		return "", fail(44001, "empty media data")
	}
	if len(content) > limit.Bytes {
		return "", fail(45001, "media size out of limit")
	}
	kind := media.Sniff(content)
	if !limit.Takes(kind) {
		return "", fail(40005, "invalid file type")
	}
	if limit.Longest > 0 && media.Duration(kind, content) > limit.Longest {
		return "", fail(45007, "playtime out of limit")
	}
	return kind, nil
}

// upload reads the part of a multipart body that is a file.
func (c *call) upload(field string) (name string, content []byte, err error) {
	missing := fail(41005, "media data missing")
	typ, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || typ != "multipart/form-data" || params["boundary"] == "" {
		return "", nil, missing
	}
	r := multipart.NewReader(bytes.NewReader(c.body), params["boundary"])
	for {
		part, err := r.NextPart()
		if err != nil {
			return "", nil, missing
		}
		if part.FormName() != field {
			continue
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return "", nil, missing
		}
		return part.FileName(), content, nil
	}
}

type videoBody struct {
	URL string `json:"video_url"`
}

// mediaGet gives a temporary file back: binary, but for videos an address.
func (s *Server) mediaGet(ctx context.Context, c *call) (any, error) {
	id := c.query.Get("media_id")
	if id == "" {
		return nil, fail(41006, "media_id missing")
	}
	m, err := s.Store.FindMedia(ctx, s.Store.Reader(), id)
	if errs.Is(err, errs.NotFound) || err == nil && (m.Account != c.account.N || m.ExpiresAt == 0) {
		return nil, errMediaID // what is permanent is no temporary medium
	}
	if err != nil {
		return nil, err
	}
	if m.Type == "video" {
		return videoBody{URL: s.Base + state.MediaURL(m.ID)}, nil
	}
	content, err := s.Store.Content(m)
	if err != nil {
		return nil, err
	}
	return &file{mime: m.MIME, name: m.ID + media.Extension(m.MIME), content: content}, nil
}
