package citizen

import (
	"math"
	"regexp"
	"strconv"
)

var hexColour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// Contrast returns the ratio of a colour such as "#07727c" to white, from 1 to 21, as WCAG 2.2 computes it; 0 for what
// is no such colour. An account's accent needs 4.5.
func Contrast(colour string) float64 {
	if !hexColour.MatchString(colour) {
		return 0
	}
	var light float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 0
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		light += weight * c
	}
	return 1.05 / (light + 0.05)
}
