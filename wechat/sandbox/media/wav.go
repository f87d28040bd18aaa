package media

import (
	"encoding/binary"
	"time"
)

// wmaHead begins every ASF file, WMA among them: the identifier of its header object.
const wmaHead = "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"

// wavDuration is what the chunks "fmt " (its bytes a second) and "data" (its length) say.
func wavDuration(content []byte) time.Duration {
	var rate uint32
	for at := 12; at+8 <= len(content); {
		size := binary.LittleEndian.Uint32(content[at+4:])
		body := content[at+8:]
		switch string(content[at : at+4]) {
		case "fmt ":
			if len(body) >= 12 {
				rate = binary.LittleEndian.Uint32(body[8:])
			}
		case "data":
			if rate == 0 {
				return 0
			}
			return time.Duration(float64(size) / float64(rate) * float64(time.Second))
		}
		at += 8 + int(size) + int(size)&1
	}
	return 0
}
