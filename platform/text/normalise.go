// Package text analyses Chinese text: the one form in which words are compared. It knows letters, not meanings.
package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Normalise brings what was said and what rules list into one form: compatibility forms folded (１００ → 100, Ａ → A),
// lower case, and everything that is neither letter nor digit dropped, so that 「社保卡，怎么办？」 and 社保卡怎么办 are the
// same words.
func Normalise(s string) string {
	if plain(s) {
		return s
	}
	s = norm.NFKC.String(strings.ToValidUTF8(s, "")) // a broken byte would hide what follows it from folding
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
	return norm.NFKC.String(s) // what stands side by side only now may be one letter
}

// plain reports whether s is in the form already: the common case costs one pass.
func plain(s string) bool {
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9', 'a' <= r && r <= 'z', '一' <= r && r <= '鿿':
		default:
			return false
		}
	}
	return true
}
