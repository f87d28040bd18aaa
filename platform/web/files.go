package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"

	"weizheng/platform/errs"
)

// Files serves an embedded front end under prefix ("/console/"): a file whose name carries a digest is kept by browsers
// for ever, any other is asked for again with its ETag; name.gz is sent instead of name to who takes it; folders are not
// listed. They need no session and are counted by no limit: a console's first page is seventy files, and an office's clerks
// come from one address. fallback names the page for addresses that are no file ("index.html" of a single-page application); "" answers
// them 404.
func Files(face Face, prefix string, files fs.FS, fallback string) (Route, error) {
	h := &fileHandler{files: files, fallback: fallback, known: map[string]fileInfo{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		h.known[name] = fileInfo{etag: hex.EncodeToString(sum[:8]), hashed: isHashed(name)}
		return nil
	})
	if err != nil {
		return Route{}, fmt.Errorf("web: files of %s: %w", prefix, err)
	}
	if _, ok := h.known[fallback]; fallback != "" && !ok {
		return Route{}, fmt.Errorf("web: files of %s: %s is missing", prefix, fallback)
	}
	rt := Raw(face, "GET", prefix+"{path...}", Anyone, nil, h.serve)
	rt.static = true
	return rt, nil
}

type fileHandler struct {
	files    fs.FS
	fallback string
	known    map[string]fileInfo
}

type fileInfo struct {
	etag   string
	hashed bool
}

// digest finds the content digest that build tools put before the ending: index-BxYz12Ab.js, citizen.3f9a2c1d.css.
var digest = regexp.MustCompile(`[.-]([A-Za-z0-9_-]{8,16})\.[a-z0-9]+(\.gz)?$`)

// isHashed asks for a digit or capital in the digest: a plain word such as "citizen-elements.css" is none. The other
// error, one digest in 1,500 that has neither, only costs a request.
func isHashed(name string) bool {
	m := digest.FindStringSubmatch(path.Base(name))
	return m != nil && strings.ContainsAny(m[1], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

func (h *fileHandler) serve(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("path")
	info, ok := h.known[name]
	if !ok && h.fallback != "" && path.Ext(name) == "" {
		name = h.fallback
		info, ok = h.known[name]
	}
	if !ok {
		Fail(w, r, errs.New(errs.NotFound, "not_found"))
		return
	}
	header := w.Header()
	header.Set("Content-Type", contentType(name))
	header.Set("Cache-Control", "no-cache")
	if info.hashed {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	etag := info.etag
	if _, packed := h.known[name+".gz"]; packed {
		header.Set("Vary", "Accept-Encoding")
		if takesGzip(r) {
			name += ".gz"
			etag += "-gz"
			header.Set("Content-Encoding", "gzip")
		}
	}
	header.Set("ETag", `"`+etag+`"`)
	h.send(w, r, name)
}

func (h *fileHandler) send(w http.ResponseWriter, r *http.Request, name string) {
	f, err := h.files.Open(name)
	if err != nil {
		Fail(w, r, err)
		return
	}
	defer f.Close() //nolint:errcheck // opened for reading
	seeker, ok := f.(io.ReadSeeker)
	if !ok {
		Fail(w, r, fmt.Errorf("web: %s cannot seek", name))
		return
	}
	http.ServeContent(w, r, "", time.Time{}, seeker) // answers If-None-Match from the ETag above
}

func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if coding == "gzip" && strings.ReplaceAll(params, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

// types are named here because the machine's own table may say something else or nothing.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".mjs": "text/javascript; charset=utf-8", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png",
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".wasm": "application/wasm", ".mp3": "audio/mpeg",
	".webmanifest": "application/manifest+json", ".map": "application/json",
}

func contentType(name string) string {
	if t, ok := types[path.Ext(name)]; ok {
		return t
	}
	return "application/octet-stream"
}
