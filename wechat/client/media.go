package client

import (
	"cmp"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// MediaKind is a kind of temporary material.
type MediaKind string

// The kinds. Everything lives for 3 days.
const (
	MediaImage MediaKind = "image" // PNG, JPG, GIF up to 10 MB
	MediaVoice MediaKind = "voice" // AMR, MP3 up to 2 MB and 60 s
	MediaVideo MediaKind = "video" // MP4 up to 10 MB
	MediaThumb MediaKind = "thumb" // JPG up to 64 KB
)

// mediaLimits are the sizes in bytes. WeChat docs: api_uploadtempmedia.
var mediaLimits = map[MediaKind]int64{MediaImage: 10 << 20, MediaVoice: 2 << 20, MediaVideo: 10 << 20, MediaThumb: 64 << 10}

// downloadLimit bounds a file that is read from WeChat: twice the largest that can be uploaded.
const downloadLimit = 20 << 20

var errTooLong = errors.New("wechat: file longer than 20 MiB")

// Media is uploaded material.
type Media struct {
	Type      string
	ID        string
	CreatedAt int64 // unix seconds
}

// UploadMedia stores a file for 3 days. It is streamed: Body is read once, or from its start again if it is an io.Seeker
// and the token had to be renewed. WeChat docs: api_uploadtempmedia.
func (c *Client) UploadMedia(ctx context.Context, kind MediaKind, f File) (Media, error) {
	var v checks
	limit, ok := mediaLimits[kind]
	v.unless(ok, "kind", "wechat.media_kind", nil)
	v.unless(f.Name != "", "name", "required", nil)
	if ok {
		v.between("size", f.Size, 1, limit)
	}
	if err := v.err(); err != nil {
		return Media{}, err
	}
	up, err := newUpload("media", f)
	if err != nil {
		return Media{}, err
	}
	var out struct {
		Type  string `json:"type"`
		ID    string `json:"media_id"`
		Thumb string `json:"thumb_media_id"` // stands in for media_id of thumbs
		At    int64  `json:"created_at"`
	}
	ctx, cancel := c.wire.patient(ctx, mediaPatience)
	defer cancel()
	_, err = c.wire.call(ctx, request{path: "/cgi-bin/media/upload", query: url.Values{"type": {string(kind)}}, upload: up, out: &out})
	if err != nil {
		return Media{}, err
	}
	if out.ID == "" {
		out.ID = out.Thumb
	}
	return Media{Type: out.Type, ID: out.ID, CreatedAt: out.At}, nil
}

// Download is a file from WeChat, or the address of a video.
type Download struct {
	Body        io.ReadCloser // nil if VideoURL is set; to be closed; longer than 20 MiB is a read error
	ContentType string        // as WeChat says, without parameters; find out yourself what it is
	Name        string        // base name, may be empty
	Size        int64         // bytes, -1 if WeChat does not say
	VideoURL    string        // videos are fetched there, without a token, over plain HTTP
	About       About         // of a permanent video
}

// Media reads temporary material. WeChat docs: api_gettempmedia.
func (c *Client) Media(ctx context.Context, mediaID string) (Download, error) {
	return c.download(ctx, request{path: "/cgi-bin/media/get", query: url.Values{"media_id": {mediaID}}})
}

func (c *Client) download(ctx context.Context, r request) (Download, error) {
	var out struct {
		VideoURL    string `json:"video_url"`
		DownURL     string `json:"down_url"` // of a permanent one
		Title       string `json:"title"`
		Description string `json:"description"`
	}
	r.binary, r.out = true, &out
	ctx, cancel := c.wire.patient(ctx, mediaPatience)
	a, err := c.wire.call(ctx, r)
	if err != nil {
		cancel()
		return Download{}, err
	}
	if a.file == nil {
		cancel()
		address := cmp.Or(out.VideoURL, out.DownURL)
		if address == "" {
			return Download{}, c.wire.emptyFile(r.path)
		}
		return Download{VideoURL: address, About: About{out.Title, out.Description}}, nil
	}
	return Download{
		Body:        &cappedBody{body: a.file.Body, left: downloadLimit, done: cancel},
		ContentType: mediaType(a.file.Header), Name: fileName(a.file.Header), Size: a.file.ContentLength,
	}, nil
}

// isFile tells a file from JSON and from error pages: WeChat answers 200 to everything.
func isFile(resp *http.Response) bool {
	if resp.StatusCode != http.StatusOK {
		return false
	}
	if resp.Header.Get("Content-Disposition") != "" {
		return true
	}
	kind := mediaType(resp.Header)
	return kind != "" && kind != "application/json" && !strings.HasPrefix(kind, "text/")
}

func mediaType(h http.Header) string {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}

func fileName(h http.Header) string {
	_, params, err := mime.ParseMediaType(h.Get("Content-Disposition"))
	if err != nil || params["filename"] == "" {
		return ""
	}
	name := path.Base(strings.ReplaceAll(params["filename"], `\`, "/"))
	if name == "." || name == "/" || name == ".." {
		return ""
	}
	return name
}

// cappedBody reads at most left bytes and ends the call's context when it is closed.
type cappedBody struct {
	body io.ReadCloser
	left int64
	done context.CancelFunc
}

func (b *cappedBody) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n + int(b.left), errTooLong
	}
	return n, err
}

// Close ends the transfer.
func (b *cappedBody) Close() error {
	defer b.done()
	return b.body.Close()
}
