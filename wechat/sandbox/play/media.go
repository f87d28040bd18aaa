package play

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"

	"weizheng/wechat/sandbox/state"
)

// upload stores a file on the phone, or makes a voice of its words.
func (s *Server) upload(r *http.Request) (any, error) {
	typ := r.URL.Query().Get("type")
	name, note, content, err := form(r)
	if err != nil {
		return nil, err
	}
	var m state.Media
	if typ == "voice" && len(content) == 0 && note != "" {
		m, err = s.Acts.Voice(r.Context(), note)
	} else {
		m, err = s.Acts.Keep(r.Context(), typ, name, note, content)
	}
	if err != nil {
		return nil, err
	}
	return created{map[string]any{"media_id": m.ID, "url": state.MediaURL(m.ID), "type": m.Type}}, nil
}

// form reads the parts of a multipart body: the file "media" and the field "recognition".
func form(r *http.Request) (name, note string, content []byte, err error) {
	typ, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || typ != "multipart/form-data" {
		return "", "", nil, invalid("media", "required")
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return "", "", nil, invalid("media", "required")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return name, note, content, nil
		}
		if err != nil {
			return "", "", nil, invalid("media", "format")
		}
		body, err := io.ReadAll(part)
		if err != nil {
			return "", "", nil, invalid("media", "size")
		}
		switch part.FormName() {
		case "media":
			name, content = part.FileName(), body
		case "recognition":
			note = string(body)
		}
	}
}

// file shows a file; a chat shows it even when the account can no longer fetch it.
func (s *Server) file(w http.ResponseWriter, r *http.Request) error {
	m, err := s.Store.ShownMedia(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	content, err := s.Store.Content(m)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", m.MIME)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "max-age=86400")
	_, err = w.Write(content)
	return err
}
