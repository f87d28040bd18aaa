package media

import (
	"encoding/binary"
	"testing"
	"time"
)

// wav is a mono recording of 8 kHz and 16 bits, with a chunk in between that nobody needs.
func wav(seconds int) []byte {
	chunk := func(name string, body []byte) []byte {
		return append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body))), body...)
	}
	format := make([]byte, 16)
	binary.LittleEndian.PutUint32(format[8:], 16_000)
	out := append([]byte("RIFF\x00\x00\x00\x00WAVE"), chunk("fmt ", format)...)
	out = append(append(out, chunk("LIST", []byte("abc"))...), 0) // of odd length: padded
	return append(out, chunk("data", make([]byte, 16_000*seconds))...)
}

func TestWAV(t *testing.T) {
	t.Parallel()
	for _, seconds := range []int{1, 61} {
		content := wav(seconds)
		if kind := Sniff(content); kind != "audio/wav" {
			t.Fatalf("%d s: %s", seconds, kind)
		}
		if got := Duration("audio/wav", content); got != time.Duration(seconds)*time.Second {
			t.Errorf("%d s play %v", seconds, got)
		}
	}
	for label, broken := range map[string][]byte{
		"cut": wav(1)[:40], "no data": []byte("RIFF0000WAVEfmt "), "a chunk larger than the file": []byte("RIFF0000WAVEabcd\xff\xff\xff\x7f"),
		"a chunk that wraps": []byte("RIFF0000WAVEabcd\xf8\xff\xff\xff"),
	} {
		if got := Duration("audio/wav", broken); got < 0 {
			t.Errorf("%s: %v", label, got)
		}
	}
}
