package client

import (
	"context"
	"net/url"
)

// materialLimits are the sizes of permanent materials in bytes. WeChat docs: api_addmaterial.
var materialLimits = map[MediaKind]int64{MediaImage: 10 << 20, MediaVoice: 2 << 20, MediaVideo: 10 << 20, MediaThumb: 64 << 10}

const (
	articleImageLimit = 1<<20 - 1 // bytes: it must be smaller than 1 MB
	// MaterialPage is how many materials, drafts or publications one page of a list has at most.
	MaterialPage = 20
)

// About is what a permanent video is called.
type About struct {
	Title        string `json:"title"`
	Introduction string `json:"introduction"`
}

// Material is a permanent material.
type Material struct {
	ID  string `json:"media_id"`
	URL string `json:"url"` // of pictures; it shows on Tencent's domains only
}

// AddMaterial keeps a file for ever: pictures BMP, PNG, JPG, GIF up to 10 MB, voices MP3, WMA, WAV, AMR up to 2 MB and
// 60 s, videos MP4 up to 10 MB, thumbs JPG up to 64 KB. An account keeps 100 000 pictures and 1000 of each other kind.
// about is for videos and empty for others. The file is streamed, see UploadMedia. WeChat docs: api_addmaterial.
func (c *Client) AddMaterial(ctx context.Context, kind MediaKind, f File, about About) (Material, error) {
	limit, ok := materialLimits[kind]
	var v checks
	v.unless(ok, "kind", "wechat.media_kind", nil)
	v.unless(f.Name != "", "name", "required", nil)
	v.unless(kind != MediaVideo || about.Title != "", "title", "required", nil)
	if ok {
		v.between("size", f.Size, 1, limit)
	}
	if err := v.err(); err != nil {
		return Material{}, err
	}
	up, err := newUpload("media", f)
	if err != nil {
		return Material{}, err
	}
	if kind == MediaVideo {
		text, err := encodeJSON(about)
		if err != nil {
			return Material{}, err
		}
		up.more = map[string]string{"description": string(text)}
	}
	var out Material
	ctx, cancel := c.wire.patient(ctx, mediaPatience)
	defer cancel()
	_, err = c.wire.call(ctx, request{path: "/cgi-bin/material/add_material", query: url.Values{"type": {string(kind)}}, upload: up, out: &out})
	return out, err
}

// UploadArticleImage keeps a JPG or PNG of less than 1 MB for the text of articles and returns its address. It counts
// towards no total. WeChat docs: api_uploadimage.
func (c *Client) UploadArticleImage(ctx context.Context, f File) (address string, err error) {
	var v checks
	v.unless(f.Name != "", "name", "required", nil)
	v.between("size", f.Size, 1, articleImageLimit)
	if err := v.err(); err != nil {
		return "", err
	}
	up, err := newUpload("media", f)
	if err != nil {
		return "", err
	}
	var out struct {
		URL string `json:"url"`
	}
	ctx, cancel := c.wire.patient(ctx, mediaPatience)
	defer cancel()
	_, err = c.wire.call(ctx, request{path: "/cgi-bin/media/uploadimg", upload: up, out: &out})
	return out.URL, err
}

// Material reads a permanent picture, voice or thumb; of a video it gives the address (VideoURL).
// WeChat docs: api_getmaterial.
func (c *Client) Material(ctx context.Context, id string) (Download, error) {
	return c.download(ctx, request{path: "/cgi-bin/material/get_material", in: map[string]string{"media_id": id}})
}

// DeleteMaterial removes a material for ever; what the menu or an automatic reply uses is refused (48005).
// WeChat docs: api_delmaterial.
func (c *Client) DeleteMaterial(ctx context.Context, id string) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/material/del_material", in: map[string]string{"media_id": id}})
}

// MaterialCounts are how many materials of each kind an account keeps.
type MaterialCounts struct {
	Images int64 `json:"image_count"`
	Voices int64 `json:"voice_count"`
	Videos int64 `json:"video_count"`
	News   int64 `json:"news_count"` // articles of the time before drafts
}

// CountMaterials counts. WeChat docs: api_getmaterialcount.
func (c *Client) CountMaterials(ctx context.Context) (MaterialCounts, error) {
	var out MaterialCounts
	err := c.wire.do(ctx, request{path: "/cgi-bin/material/get_materialcount", out: &out})
	return out, err
}

// StoredMaterial is one line of a list of materials.
type StoredMaterial struct {
	ID        string `json:"media_id"`
	Name      string `json:"name"`
	UpdatedAt int64  `json:"update_time"` // unix seconds
	URL       string `json:"url"`         // of pictures
}

// Materials lists up to MaterialPage permanent materials of a kind from offset on, the newest first, and how many there
// are. WeChat docs: api_batchgetmaterial.
func (c *Client) Materials(ctx context.Context, kind MediaKind, offset, count int) (list []StoredMaterial, total int64, err error) {
	var v checks
	v.between("count", int64(count), 1, MaterialPage)
	if err := v.err(); err != nil {
		return nil, 0, err
	}
	var out struct {
		Total int64            `json:"total_count"`
		Items []StoredMaterial `json:"item"`
	}
	err = c.wire.do(ctx, request{path: "/cgi-bin/material/batchget_material", out: &out,
		in: map[string]any{"type": kind, "offset": offset, "count": count}})
	return out.Items, out.Total, err
}

// MassVideo makes of a video material one that SendAll and SendTo take (MPVideo). It lives for 3 days.
// WeChat docs: api_uploadvideo (unverified).
func (c *Client) MassVideo(ctx context.Context, videoID string, about About) (Media, error) {
	var out struct {
		Type string `json:"type"`
		ID   string `json:"media_id"`
		At   int64  `json:"created_at"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/media/uploadvideo", out: &out,
		in: map[string]string{"media_id": videoID, "title": about.Title, "description": about.Introduction}})
	return Media{Type: out.Type, ID: out.ID, CreatedAt: out.At}, err
}

// Voice16K reads a voice that a page recorded with the JS-SDK, in Speex of 16 kHz. WeChat docs: api_gethdvoice.
func (c *Client) Voice16K(ctx context.Context, mediaID string) (Download, error) {
	return c.download(ctx, request{path: "/cgi-bin/media/get/jssdk", query: url.Values{"media_id": {mediaID}}})
}
