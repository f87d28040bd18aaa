// Package media knows the files that WeChat takes: which kinds by their content, how large, how long they play. It also
// makes the silent voices that the phone says something with.
package media

import (
	"bytes"
	"slices"
	"time"
)

// Limit is what one type of media may be.
type Limit struct {
	Bytes   int
	Kinds   []string      // MIME types
	Longest time.Duration // of playing; 0: not limited
}

// Limits are those of temporary media. WeChat docs: uploadTempMedia (image: the same page also says 2 MB).
var Limits = map[string]Limit{
	"image": {Bytes: 10 << 20, Kinds: []string{"image/png", "image/jpeg", "image/gif"}},
	"voice": {Bytes: 2 << 20, Kinds: []string{"audio/amr", "audio/mpeg"}, Longest: 60 * time.Second},
	"video": {Bytes: 10 << 20, Kinds: []string{"video/mp4"}},
	"thumb": {Bytes: 64 << 10, Kinds: []string{"image/jpeg"}},
}

// Permanent are the limits of permanent materials. WeChat docs: addMaterial.
var Permanent = map[string]Limit{
	"image": {Bytes: 10 << 20, Kinds: []string{"image/bmp", "image/png", "image/jpeg", "image/gif"}},
	"voice": {Bytes: 2 << 20, Kinds: []string{"audio/mpeg", "audio/x-ms-wma", "audio/wav", "audio/amr"}, Longest: 60 * time.Second},
	"video": {Bytes: 10 << 20, Kinds: []string{"video/mp4"}},
	"thumb": {Bytes: 64 << 10, Kinds: []string{"image/jpeg"}},
}

// ArticleImage is the limit of a picture in an article's text, which must be smaller than 1 MB. WeChat docs: uploadImage.
var ArticleImage = Limit{Bytes: 1<<20 - 1, Kinds: []string{"image/png", "image/jpeg"}}

// Takes reports whether a kind of file is allowed.
func (l Limit) Takes(kind string) bool { return slices.Contains(l.Kinds, kind) }

// Sniff tells a file's kind by its first bytes; "" when it is none that WeChat takes.
func Sniff(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case bytes.HasPrefix(content, []byte("GIF87a")), bytes.HasPrefix(content, []byte("GIF89a")):
		return "image/gif"
	case bytes.HasPrefix(content, []byte(amrHead)):
		return "audio/amr"
	case bytes.HasPrefix(content, []byte("ID3")), isMP3Frame(content):
		return "audio/mpeg"
	case bytes.HasPrefix(content, []byte("BM")) && len(content) > 14:
		return "image/bmp"
	case bytes.HasPrefix(content, []byte("RIFF")) && len(content) >= 12 && string(content[8:12]) == "WAVE":
		return "audio/wav"
	case bytes.HasPrefix(content, []byte(wmaHead)):
		return "audio/x-ms-wma"
	case len(content) >= 12 && string(content[4:8]) == "ftyp":
		return "video/mp4"
	}
	return ""
}

// Extension is the usual ending of a kind's file name.
func Extension(kind string) string {
	return map[string]string{
		"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "audio/amr": ".amr", "audio/mpeg": ".mp3",
		"video/mp4": ".mp4", "image/bmp": ".bmp", "audio/wav": ".wav", "audio/x-ms-wma": ".wma",
	}[kind]
}

// Duration is how long a voice plays; 0 for what is no voice, and for WMA, whose container is not read here.
func Duration(kind string, content []byte) time.Duration {
	switch kind {
	case "audio/amr":
		return amrDuration(content)
	case "audio/mpeg":
		return mp3Duration(content)
	case "audio/wav":
		return wavDuration(content)
	}
	return 0
}
