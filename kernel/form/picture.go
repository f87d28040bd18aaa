package form

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"net/http"
)

const (
	// mostPixels is what may be decoded: a picture that unpacks to more than 50 million pixels is an attack or a scan
	// that should be a PDF.
	mostPixels = 50_000_000
	// mostEdge is the longest side that is kept: paper of A4 is readable at it.
	mostEdge = 2600
	// quality is JPEG's.
	quality = 85
)

var errPicture = errors.New("form: not a picture or paper that is taken")

// cleaned looks at bytes for what they are, whatever they are called, and returns what is kept: pictures encoded anew,
// PDF as it is.
func cleaned(raw []byte) (media string, clean []byte, err error) {
	media = http.DetectContentType(raw)
	switch media {
	case "application/pdf":
		return media, raw, nil
	case "image/jpeg", "image/png":
	default:
		return "", nil, errPicture
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || config.Width < 1 || config.Height < 1 || config.Width*config.Height > mostPixels {
		return "", nil, errPicture
	}
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return "", nil, errPicture
	}
	var out bytes.Buffer
	if media == "image/png" {
		err = png.Encode(&out, upright(picture, 1))
	} else {
		err = jpeg.Encode(&out, upright(picture, orientation(raw)), &jpeg.Options{Quality: quality})
	}
	return media, out.Bytes(), err
}

// upright turns a picture as its camera was held (EXIF orientation 1–8) and makes it no larger than is read: each pixel is
// the mean of those it replaces.
func upright(picture image.Image, turn int) *image.RGBA {
	b := picture.Bounds()
	source := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(source, source.Bounds(), picture, b.Min, draw.Src)
	step := max(1, (max(b.Dx(), b.Dy())+mostEdge-1)/mostEdge)
	w, h := b.Dx()/step, b.Dy()/step
	if step > 1 {
		source = shrunk(source, max(w, 1), max(h, 1), step)
	}
	if turn <= 1 || turn > 8 {
		return source
	}
	return turned(source, turn)
}

func shrunk(source *image.RGBA, w, h, step int) *image.RGBA {
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			var sum [4]int
			for dy := range step {
				at := source.PixOffset(x*step, min(y*step+dy, source.Rect.Max.Y-1))
				for dx := 0; dx < 4*step && at+dx+3 < len(source.Pix); dx += 4 {
					for c := range sum {
						sum[c] += int(source.Pix[at+dx+c])
					}
				}
			}
			at := small.PixOffset(x, y)
			for c := range sum {
				small.Pix[at+c] = uint8(sum[c] / (step * step))
			}
		}
	}
	return small
}

// turned maps each pixel to its place by the table of EXIF 2.3, tag 0x0112.
func turned(source *image.RGBA, turn int) *image.RGBA {
	w, h := source.Rect.Dx(), source.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if turn >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	place := map[int]func(x, y int) (int, int){
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return h - 1 - y, x },
		7: func(x, y int) (int, int) { return h - 1 - y, w - 1 - x },
		8: func(x, y int) (int, int) { return y, w - 1 - x },
	}[turn]
	for y := range h {
		for x := range w {
			tx, ty := place(x, y)
			copy(out.Pix[out.PixOffset(tx, ty):][:4], source.Pix[source.PixOffset(x, y):][:4])
		}
	}
	return out
}

// orientation reads the one thing of EXIF that is needed before the rest is thrown away; 1 when there is none.
func orientation(jpg []byte) int {
	for at := 2; at+4 <= len(jpg) && jpg[at] == 0xFF; {
		size := int(binary.BigEndian.Uint16(jpg[at+2:]))
		if size < 2 || at+2+size > len(jpg) || jpg[at+1] == 0xDA {
			return 1
		}
		segment := jpg[at+4 : at+2+size]
		if jpg[at+1] == 0xE1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return tagged(segment[6:])
		}
		at += 2 + size
	}
	return 1
}

// tagged finds tag 0x0112 in the first directory of a TIFF block.
func tagged(tiff []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(tiff, []byte("MM")) {
		order = binary.BigEndian
	}
	if len(tiff) < 8 {
		return 1
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return 1
	}
	for n, entry := int(order.Uint16(tiff[at:])), at+2; n > 0 && entry+12 <= len(tiff); n, entry = n-1, entry+12 {
		if order.Uint16(tiff[entry:]) == 0x0112 {
			return int(order.Uint16(tiff[entry+8:]))
		}
	}
	return 1
}
