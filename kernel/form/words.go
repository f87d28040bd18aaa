package form

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// written reads a scalar as text: a number sent where a text is asked for is one.
func written(raw any) string {
	switch v := raw.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case int64:
		return strconv.FormatInt(v, 10)
	case int: // from Go, not from JSON
		return strconv.Itoa(v)
	case json.Number:
		return v.String()
	}
	return ""
}

// first reads a scalar that a page may send as a list of one.
func first(raw any) string {
	if list := items(raw); len(list) > 0 {
		return written(list[0])
	}
	return written(raw)
}

func items(raw any) []any {
	switch v := raw.(type) {
	case []any:
		return v
	case []string:
		list := make([]any, len(v))
		for i, s := range v {
			list[i] = s
		}
		return list
	}
	return nil
}

// shapeList reads a list of texts, or one text, without empty and repeated entries.
func shapeList(raw any, clean func(string) string) []string {
	list := items(raw)
	if list == nil {
		list = []any{raw}
	}
	var out []string
	for _, item := range list[:min(len(list), listCut)] {
		if s := clean(written(item)); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

var dateForms = regexp.MustCompile(`^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))$`)

// shapeDate writes 2026/1/5, 2026年1月5日 and 20260105 as 2026-01-05.
func shapeDate(s string) string {
	s = compact(s, "")
	m := dateForms.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	pad := func(d string) string { return strings.Repeat("0", 2-len(d)) + d }
	return m[1] + "-" + pad(m[2]+m[4]) + "-" + pad(m[3]+m[5])
}

var mobile = regexp.MustCompile(`^1[3-9]\d{9}$`)

// shapePhone keeps the dashes of a land line and drops those of a mobile number, with +86.
func shapePhone(s string) string {
	s = compact(s, "")
	bare := strings.ReplaceAll(s, "-", "")
	for _, prefix := range []string{"+86", "0086", "86"} {
		if rest, ok := strings.CutPrefix(bare, prefix); ok && mobile.MatchString(rest) {
			return rest
		}
	}
	if mobile.MatchString(bare) {
		return bare
	}
	return s
}

// compact folds full-width characters, drops spaces and the characters named.
func compact(s, drop string) string {
	return clip(strings.Map(func(r rune) rune {
		r = fold(r)
		if unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(drop, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
}

// fold maps full-width letters, digits and marks to ASCII.
func fold(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

// line is a text of one line: control characters go, breaks become spaces.
func line(s string) string {
	return clip(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || r == utf8.RuneError:
			return -1
		}
		return r
	}, s))
}

// paragraphs is a text of several lines.
func paragraphs(s string) string {
	return clip(strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || r == utf8.RuneError) {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n")))
}

// clip trims and bounds a text.
func clip(s string) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > textCut {
		s = strings.TrimSpace(string([]rune(s)[:textCut]))
	}
	return s
}
