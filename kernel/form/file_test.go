package form

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"

	"weizheng/platform/crypt"
	"weizheng/platform/errs"
)

// photo is a JPEG of 40×20, left half red, right half blue, with an EXIF block that says how it was held and where.
func photo(t *testing.T, turn byte) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for y := range 20 {
		for x := range 40 {
			c := color.RGBA{R: 255, A: 255}
			if x >= 20 {
				c = color.RGBA{B: 255, A: 255}
			}
			picture.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), turn, 0, 0, 0, 0, 0, 0)
	exif = append(exif, "GPS 30.2741,120.1551 Handy 9"...)
	segment := append([]byte{0xFF, 0xE1, byte((len(exif) + 2) >> 8), byte(len(exif) + 2)}, exif...)
	return append(append([]byte{0xFF, 0xD8}, segment...), out.Bytes()[2:]...)
}

func TestPicturesAreUprightAndSayNothing(t *testing.T) {
	t.Parallel()
	reds := map[byte][2]int{1: {5, 10}, 3: {35, 10}, 6: {10, 5}, 8: {10, 35}} // where the red half comes to lie
	for turn, red := range reds {
		media, clean, err := cleaned(photo(t, turn))
		if err != nil || media != "image/jpeg" {
			t.Fatal(media, err)
		}
		if bytes.Contains(clean, []byte("GPS")) || bytes.Contains(clean, []byte("Exif")) {
			t.Errorf("orientation %d: what the camera noted is still there", turn)
		}
		picture, err := jpeg.Decode(bytes.NewReader(clean))
		if err != nil {
			t.Fatal(err)
		}
		if r, _, b, _ := picture.At(red[0], red[1]).RGBA(); r < 0xC000 || b > 0x4000 {
			t.Errorf("orientation %d: %v is not red at %v", turn, picture.Bounds(), red)
		}
	}
	for label, raw := range map[string][]byte{"nothing": nil, "a page": []byte("<html>"), "half a picture": photo(t, 1)[:200], "a named lie": []byte("GIF89a...")} {
		if _, _, err := cleaned(raw); err == nil {
			t.Errorf("%s passes", label)
		}
	}
	large := image.NewGray(image.Rect(0, 0, 6000, 30))
	if b := upright(large, 1).Bounds(); b.Dx() != 2000 || b.Dy() != 10 {
		t.Errorf("a picture of 6000 becomes %v", b)
	}
}

func TestUploadsAreBounded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		sheet := h.live("aid", aid())
		card, _ := h.edition(sheet).Field("card")
		card.Size = 4000
		for label, row := range map[string]struct {
			raw  string
			want string
		}{
			"a page":     {"<html><script>", "card form.file_type"},
			"a paper":    {"%PDF-1.7 ...", "card form.file_type"},
			"too large":  {strings.Repeat("x", 4001), "card form.file_large"},
			"an SVG":     {`<?xml version="1.0"?><svg/>`, "card form.file_type"},
			"no picture": {"\xFF\xD8\xFF\xE0 nothing", "card form.file_type"},
		} {
			if _, err := h.Upload(t.Context(), Owner{Citizen: 1}, sheet, card, "x", strings.NewReader(row.raw)); keys(errs.As(err).Fields()) != row.want {
				t.Errorf("%s: %v", label, err)
			}
		}
		for range mostOpen {
			h.write(`insert into form_file (code, form_id, field, citizen_id, state, purpose, trust, type, size, created_at) values ($1,$2,'card',1,'here','','','',1,1)`, crypt.RandomToken(), sheet.ID)
		}
		if _, err := h.Upload(t.Context(), Owner{Citizen: 1}, sheet, card, "x", bytes.NewReader(photo(t, 1))); errs.As(err).Key() != "form.too_many_files" {
			t.Errorf("the sixty-first: %v", err)
		}
	})
}
