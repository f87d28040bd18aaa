package crypt

import (
	"slices"
	"strings"
)

// group is a run of digits (the last may end in X) within a number written with separators.
type group struct {
	text string
	end  int // index after the group
}

// maxGroups is how many groups one number may have: a card of 19 digits in fours has five.
const maxGroups = 5

// matchDigits reads groups of digits from i on, joined by single separators, and takes the longest number that they
// spell.
func matchDigits(norm []rune, i int) (kind, value string, n int) {
	groups := readGroups(norm, i)
	for count := len(groups); count > 0; count-- {
		var joined strings.Builder
		shape := make([]int, count)
		for g := range count {
			joined.WriteString(groups[g].text)
			shape[g] = len(groups[g].text)
		}
		if kind, value = classify(joined.String(), shape); kind != "" {
			return kind, value, groups[count-1].end - i
		}
	}
	return "", "", 0
}

func readGroups(norm []rune, i int) []group {
	var out []group
	for len(out) < maxGroups {
		end := i
		for end < len(norm) && isDigit(norm[end]) {
			end++
		}
		if end == i {
			return out
		}
		// The X of an identity number, but not the first letter of a word.
		if end < len(norm) && norm[end] == 'X' && (end+1 == len(norm) || !isAlnum(norm[end+1])) {
			return append(out, group{string(norm[i : end+1]), end + 1})
		}
		out = append(out, group{string(norm[i:end]), end})
		if end+1 >= len(norm) || !slices.Contains([]rune{' ', '-', '－', '　', '\u00a0', '—', ')', '）'}, norm[end]) {
			return out
		}
		i = end + 1
	}
	return out
}

// classify names what the digits are. shape holds the lengths of the groups: numbers without a check digit are
// recognised only in the groups people write them in, so that a date beside a count is no phone.
func classify(s string, shape []int) (kind, value string) {
	switch {
	case len(s) == 18 && IsIDNumber(s):
		return KindID, s
	case isCardShape(shape) && IsBankCard(s):
		return KindCard, s
	case IsMobile(s) && slices.ContainsFunc(mobileShapes, func(m []int) bool { return slices.Equal(m, shape) }):
		return KindPhone, s
	case len(s) == 13 && s[:2] == "86" && IsMobile(s[2:]):
		return KindPhone, s[2:]
	case s[0] == '0':
		return classifyLand(s, shape)
	}
	return "", ""
}

var mobileShapes = [][]int{{11}, {3, 4, 4}, {3, 8}, {7, 4}, {4, 4, 3}, {3, 3, 5}, {4, 3, 4}}

// isCardShape accepts one run, or groups of four with a shorter or longer last one.
func isCardShape(shape []int) bool {
	for i, n := range shape {
		if len(shape) > 1 && i < len(shape)-1 && n != 4 {
			return false
		}
	}
	return true
}

// classifyLand accepts 057188886666, 0571-88886666, 0571-8888 6666 and an extension after a dash.
func classifyLand(s string, shape []int) (kind, value string) {
	if len(shape) > 1 && shape[0] != 3 && shape[0] != 4 {
		return "", ""
	}
	if IsLandline(s) && len(shape) <= 3 {
		return KindPhone, s
	}
	last := shape[len(shape)-1]
	if len(shape) >= 3 && last <= 6 && IsLandline(s[:len(s)-last]) {
		return KindPhone, s[:len(s)-last] + "-" + s[len(s)-last:]
	}
	return "", ""
}
