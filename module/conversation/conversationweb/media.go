package conversationweb

import (
	"fmt"
	"io"
	"net/http"
	"strconv"

	"weizheng/module/conversation"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type mediaView struct {
	State       conversation.MediaState `json:"state"`
	Problem     string                  `json:"problem" doc:"why it is not (yet) here, in words"`
	URL         string                  `json:"url" doc:"where it can be had once it is kept"`
	ContentType string                  `json:"content_type"`
	Shown       bool                    `json:"shown" doc:"the browser may show or play it; else it is a file to save"`
	Size        int64                   `json:"size" doc:"bytes"`
}

func (c console) media(id int64, m conversation.Media) *mediaView {
	v := &mediaView{State: m.State, Problem: c.Words(m.Problem), ContentType: m.ContentType, Size: m.Size}
	if m.State == conversation.MediaKept {
		v.URL = fmt.Sprintf("/console/api/conversations/%d/messages/%d/media", id, m.Line)
		v.Shown = endings[m.ContentType].shown
	}
	return v
}

// endings are the kinds of content that keep their type on the way out; only raster images and sound are shown in place.
// All else goes out as bytes to be saved, whatever it is: a page or a drawing could run scripts as ours.
var endings = map[string]struct {
	ending string
	shown  bool
}{
	"image/png": {".png", true}, "image/jpeg": {".jpg", true}, "image/gif": {".gif", true}, "image/webp": {".webp", true},
	"image/bmp": {".bmp", true}, "audio/mpeg": {".mp3", true}, "audio/amr": {".amr", true}, "audio/wave": {".wav", true},
	"application/ogg": {".ogg", true}, "video/mp4": {".mp4", false}, "video/webm": {".webm", false},
}

// serveMedia sends the file of a line. The conversation of the path is what the permission was checked for.
func (c console) serveMedia(w http.ResponseWriter, r *http.Request) {
	id, err1 := strconv.ParseInt(r.PathValue("id"), 10, 64)
	line, err2 := strconv.ParseInt(r.PathValue("line"), 10, 64)
	if err1 != nil || err2 != nil {
		web.Fail(w, r, errs.New(errs.NotFound, "conversation.no_media"))
		return
	}
	m, file, err := c.Conversations.OpenMedia(r.Context(), id, line)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	defer func() { _ = file.Close() }()
	kind, known := endings[m.ContentType]
	contentType, place := m.ContentType, "attachment"
	if !known {
		contentType, kind.ending = "application/octet-stream", ".bin"
	}
	if kind.shown {
		place = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.FormatInt(m.Size, 10))
	h.Set("Content-Disposition", fmt.Sprintf(`%s; filename="%s-%d%s"`, place, m.Kind, line, kind.ending))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if _, err := io.Copy(w, file); err != nil && r.Context().Err() == nil {
		c.Log.ErrorContext(r.Context(), "a file broke off", "line", line, "error", err)
	}
}
