package media

import "time"

// amrHead begins an AMR narrow-band file (RFC 4867, section 5).
const amrHead = "#!AMR\n"

// amrFrame is how long one frame plays.
const amrFrame = 20 * time.Millisecond

// amrSizes are the bytes of a frame after its first byte, by its mode; 0 stands for frames without speech.
var amrSizes = [16]int{12, 13, 15, 17, 19, 20, 26, 31, 5}

func amrDuration(content []byte) time.Duration {
	var played time.Duration
	for i := len(amrHead); i < len(content); {
		mode := content[i] >> 3 & 15
		i += 1 + amrSizes[mode]
		played += amrFrame
	}
	return played
}

// Silence is an AMR file that plays silence as long as it takes to say the text: a quarter of a second a character, at
// least one second, at most a minute.
func Silence(text string) []byte {
	long := max(time.Second, min(time.Duration(len([]rune(text)))*250*time.Millisecond, time.Minute))
	out := []byte(amrHead)
	for range long / amrFrame {
		out = append(out, 0x04) // mode 0, good quality, and 12 bytes of nothing
		out = append(out, make([]byte, amrSizes[0])...)
	}
	return out
}

// mp3Rates are kbit/s by index for MPEG 1 and for MPEG 2, layer III; mp3Hertz the sampling rates of MPEG 1.
var (
	mp3Rates = [2][16]int{
		{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0},
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},
	}
	mp3Hertz = [4]int{44100, 48000, 32000, 0}
)

func isMP3Frame(b []byte) bool {
	size, _ := mp3Frame(b)
	return size > 0
}

// mp3Frame reads a layer III frame's head: its size in bytes and how long it plays; 0 when it is none.
func mp3Frame(b []byte) (size int, plays time.Duration) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 || b[1]>>1&3 != 1 {
		return 0, 0
	}
	version, table, samples, divide := b[1]>>3&3, 0, 1152, 1
	switch version {
	case 1: // reserved
		return 0, 0
	case 2: // MPEG 2
		table, samples, divide = 1, 576, 2
	case 0: // MPEG 2.5
		table, samples, divide = 1, 576, 4
	}
	rate, hertz := mp3Rates[table][b[2]>>4]*1000, mp3Hertz[b[2]>>2&3]/divide
	if rate == 0 || hertz == 0 {
		return 0, 0
	}
	size = samples/8*rate/hertz + int(b[2]>>1&1)
	return size, time.Duration(samples) * time.Second / time.Duration(hertz)
}

func mp3Duration(content []byte) time.Duration {
	i := 0
	if len(content) >= 10 && string(content[:3]) == "ID3" {
		i = 10 + int(content[6]&0x7f)<<21 | int(content[7]&0x7f)<<14 | int(content[8]&0x7f)<<7 | int(content[9]&0x7f)
	}
	var played time.Duration
	for i >= 0 && i < len(content) {
		size, plays := mp3Frame(content[i:])
		if size == 0 {
			i++ // not at a frame: look on
			continue
		}
		played += plays
		i += size
	}
	return played
}
