package crypt

import (
	"fmt"
	"slices"
	"strings"
)

// The kinds of numbers that Redact finds.
const (
	KindID     = "id"
	KindPhone  = "phone"
	KindCard   = "card"
	KindPlate  = "plate"
	KindCredit = "credit"
)

// kindWords are the kinds as the references name them.
var kindWords = map[string]string{
	KindID: "身份证", KindPhone: "电话", KindCard: "银行卡", KindPlate: "车牌", KindCredit: "信用代码",
}

// Found is one number that Redact took out: its kind, its value in half-width characters without separators, and the
// reference that stands for it in the clean text.
type Found struct {
	Kind  string
	Value string
	Ref   string
}

// Redact replaces the numbers that identify people by references such as ⟦身份证1⟧, counted for each kind; the same
// number gets the same reference. Identity numbers, cards and credit codes must satisfy their check digit; full-width
// digits and numbers written in groups (138 1234 5678) are seen too. A reference typed by the writer is defused to
// plain brackets, so that every ⟦…⟧ of the result is ours.
func Redact(text string) (clean string, found []Found) {
	src := []rune(text)
	norm := make([]rune, len(src))
	for i, r := range src {
		norm[i] = fold(r)
	}
	var b strings.Builder
	for i := 0; i < len(src); {
		kind, value, n := match(norm, i)
		if n > 0 {
			b.WriteString(reference(&found, kind, value))
			i += n
			continue
		}
		// What is no number is copied whole, so that the tail of a longer one cannot pass for a number.
		for end := i + max(1, wordLength(norm, i)); i < end; i++ {
			b.WriteRune(defuse(src[i]))
		}
	}
	return b.String(), found
}

// Restore puts the found values back; what was written in groups comes back without separators.
func Restore(clean string, found []Found) string {
	pairs := make([]string, 0, 2*len(found))
	for _, f := range found {
		pairs = append(pairs, f.Ref, f.Value)
	}
	return strings.NewReplacer(pairs...).Replace(clean)
}

func reference(found *[]Found, kind, value string) string {
	n := 1
	for _, f := range *found {
		if f.Kind != kind {
			continue
		}
		if f.Value == value {
			return f.Ref
		}
		n++
	}
	ref := fmt.Sprintf("⟦%s%d⟧", kindWords[kind], n)
	*found = append(*found, Found{kind, value, ref})
	return ref
}

func defuse(r rune) rune {
	switch r {
	case '⟦':
		return '['
	case '⟧':
		return ']'
	}
	return r
}

// fold maps full-width letters and digits to ASCII and lower case to upper.
func fold(r rune) rune {
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	if r >= 'a' && r <= 'z' {
		r -= 'a' - 'A'
	}
	return r
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
func isAlnum(r rune) bool { return isDigit(r) || r >= 'A' && r <= 'Z' }

// match finds the number that begins at i and returns its kind, its value and how many runes it takes; n is 0 if none
// does.
func match(norm []rune, i int) (kind, value string, n int) {
	if strings.ContainsRune(provinces, norm[i]) {
		return matchPlate(norm, i)
	}
	if !isAlnum(norm[i]) || (i > 0 && isAlnum(norm[i-1]) && isDigit(norm[i-1]) == isDigit(norm[i])) {
		return "", "", 0
	}
	if word := string(norm[i : i+wordLength(norm, i)]); len(word) == 18 {
		switch { // a number of 18 digits may satisfy both checks; people write identity numbers oftener
		case IsIDNumber(word):
			return KindID, word, len(word)
		case IsCreditCode(word):
			return KindCredit, word, len(word)
		}
	}
	if isDigit(norm[i]) {
		return matchDigits(norm, i)
	}
	return "", "", 0
}

// wordLength returns how many letters and digits follow each other from i on: all of one word, but digits after
// letters begin a new one (电话 typed as TEL13812345678) unless a check of 18 characters needs them.
func wordLength(norm []rune, i int) int {
	if !isAlnum(norm[i]) {
		return 0
	}
	end := i
	for end < len(norm) && isAlnum(norm[end]) {
		end++
	}
	if end-i == 18 {
		return 18
	}
	same := i
	for same < end && isDigit(norm[same]) == isDigit(norm[i]) {
		same++
	}
	return same - i
}

func matchPlate(norm []rune, i int) (kind, value string, n int) {
	if i+1 >= len(norm) || norm[i+1] < 'A' || norm[i+1] > 'Z' {
		return "", "", 0
	}
	tail := i + 2
	if tail < len(norm) && slices.Contains([]rune{'·', '•', '.', ' ', '-'}, norm[tail]) {
		tail++
	}
	for _, size := range []int{6, 5} { // the longer form first: its beginning may look like the shorter
		end := tail + size
		if end > len(norm) || (end < len(norm) && isAlnum(norm[end])) {
			continue
		}
		plate := string(norm[i:i+2]) + string(norm[tail:end])
		if IsPlate(plate) {
			return KindPlate, plate, end - i
		}
	}
	return "", "", 0
}
