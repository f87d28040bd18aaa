package media

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestSniffAndDuration(t *testing.T) {
	t.Parallel()
	// MPEG 1 layer III, 128 kbit/s, 44.1 kHz: frames of 417 bytes that play 26.122 ms.
	frame := append([]byte{0xff, 0xfb, 0x90, 0x00}, make([]byte, 413)...)
	tagged := append([]byte("ID3\x03\x00\x00\x00\x00\x00\x05aaaaa"), bytes.Repeat(frame, 100)...)
	for _, c := range []struct {
		label   string
		content []byte
		kind    string
		plays   time.Duration // rounded to 100 ms
	}{
		{"nothing", nil, "", 0},
		{"text", []byte("hello"), "", 0},
		{"silence of a second at least", Silence("好"), "audio/amr", time.Second},
		{"silence of a sentence", Silence(strings.Repeat("字", 20)), "audio/amr", 5 * time.Second},
		{"silence of a minute at most", Silence(strings.Repeat("字", 900)), "audio/amr", time.Minute},
		{"mp3", bytes.Repeat(frame, 383), "audio/mpeg", 10 * time.Second},
		{"mp3 with a tag", tagged, "audio/mpeg", 2600 * time.Millisecond},
		{"mp3 that lies about its tag", []byte("ID3\x03\x00\x00\x7f\x7f\x7f\x7fx"), "audio/mpeg", 0},
		{"cut AMR", []byte("#!AMR\n\x04"), "audio/amr", 0},
		{"png", []byte("\x89PNG\r\n\x1a\nx"), "image/png", 0},
		{"mp4", []byte("\x00\x00\x00\x18ftypisom"), "video/mp4", 0},
	} {
		kind := Sniff(c.content)
		if kind != c.kind {
			t.Errorf("%s: kind %q, want %q", c.label, kind, c.kind)
		}
		if got := Duration(kind, c.content).Round(100 * time.Millisecond); got != c.plays {
			t.Errorf("%s: plays %v, want %v", c.label, got, c.plays)
		}
		if kind != "" && Extension(kind) == "" {
			t.Errorf("%s: no extension", c.label)
		}
	}
}

func FuzzDuration(f *testing.F) {
	f.Add(Silence("好"))
	f.Add([]byte{0xff, 0xfb, 0x90, 0x00})
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, kind := range []string{"audio/amr", "audio/mpeg", Sniff(content)} {
			if Duration(kind, content) < 0 {
				t.Error("plays backward")
			}
		}
	})
}
