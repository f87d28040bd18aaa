package form

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Values are answers by field name.
type Values map[string]any

// Span is the value of a date field with Period.
type Span struct {
	From string `json:"from"`
	To   string `json:"to"`
}

const (
	// textCut and listCut bound what a draft keeps of any input; both lie above what Validate lets a form ask for.
	textCut = 20_000
	listCut = 200
	// ownWords begins a choice's value that is no option but the person's own words.
	ownWords = "="
)

// Shape reads any JSON as this form's values: unknown names are dropped, texts trimmed, full-width digits folded, numbers
// and dates brought into their form. What cannot be read as the field's kind stays as typed, for Check to name and the
// draft to keep. Shape of its own result is the same again.
func (f Form) Shape(in map[string]any) Values { return shapeLevel(f.Fields, in) }

func shapeLevel(fields []Field, in map[string]any) Values {
	out := Values{}
	for _, field := range fields {
		if !field.Asks() {
			continue
		}
		if v := field.shape(in[field.Name]); v != nil {
			out[field.Name] = v
		}
	}
	return out
}

// shape returns nil for no answer.
func (f Field) shape(raw any) any {
	switch f.Kind {
	case Group:
		return f.shapeRows(raw)
	case File:
		return orNone(shapeList(raw, line))
	case Choice:
		if f.Multiple {
			return orNone(f.inOrder(shapeList(raw, shapeChoice)))
		}
		return said(shapeChoice(first(raw)))
	case Date:
		if f.Period {
			return shapeSpan(raw)
		}
		return said(shapeDate(written(raw)))
	case Number:
		return shapeNumber(raw)
	case Money:
		return shapeMoney(raw)
	case Text:
		if f.Lines {
			return said(paragraphs(written(raw)))
		}
		return said(line(written(raw)))
	case Phone:
		return said(shapePhone(written(raw)))
	case Identity, Credit:
		return said(strings.ToUpper(compact(written(raw), "")))
	case Plate:
		return said(strings.ToUpper(compact(written(raw), "·.•-")))
	case Place:
		return said(compact(written(raw), ""))
	case Signature:
		return said(line(first(raw)))
	}
	return nil
}

func said(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func orNone(list []string) any {
	if len(list) == 0 {
		return nil
	}
	return list
}

// written reads a scalar as text: a number sent where a text is asked for is one.
func written(raw any) string {
	switch v := raw.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case int64:
		return strconv.FormatInt(v, 10)
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

// inOrder puts choices into the order of the options, what is none of them to the end.
func (f Field) inOrder(chosen []string) []string {
	place := func(v string) int {
		if i := slices.IndexFunc(f.Options, func(o Option) bool { return o.Value == v }); i >= 0 {
			return i
		}
		return len(f.Options)
	}
	slices.SortStableFunc(chosen, func(a, b string) int { return place(a) - place(b) })
	return chosen
}

func shapeChoice(s string) string {
	s = line(s)
	if own, ok := strings.CutPrefix(s, ownWords); ok {
		return ownWords + strings.TrimSpace(own)
	}
	return s
}

func (f Field) shapeRows(raw any) any {
	var rows []Values
	switch list := raw.(type) {
	case []Values:
		for _, row := range list[:min(len(list), listCut)] {
			rows = append(rows, shapeLevel(f.Fields, row))
		}
	case []any:
		for _, row := range list[:min(len(list), listCut)] {
			switch object := row.(type) {
			case map[string]any:
				rows = append(rows, shapeLevel(f.Fields, object))
			case Values:
				rows = append(rows, shapeLevel(f.Fields, object))
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return rows
}

func shapeSpan(raw any) any {
	var s Span
	switch v := raw.(type) {
	case Span:
		s = v
	case map[string]any:
		s = Span{written(v["from"]), written(v["to"])}
	}
	s = Span{shapeDate(s.From), shapeDate(s.To)}
	if s == (Span{}) {
		return nil
	}
	return s
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

var (
	decimal = regexp.MustCompile(`^[+-]?\d{1,15}(\.\d{1,10})?$`)
	yuan    = regexp.MustCompile(`^[+-]?\d{1,12}(\.\d{1,2})?$`)
)

func shapeNumber(raw any) any {
	s := compact(written(raw), ",")
	if !decimal.MatchString(s) {
		return said(s)
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return said(s)
	}
	return n + 0 // -0 is 0
}

// shapeMoney reads typed yuan, or a number of fen.
func shapeMoney(raw any) any {
	s, typed := raw.(string)
	if !typed {
		n, err := strconv.ParseFloat(written(raw), 64)
		if err == nil && n == math.Trunc(n) && math.Abs(n) < 1e15 {
			return int64(n)
		}
		return said(written(raw))
	}
	s = compact(s, ",¥￥元")
	if !yuan.MatchString(s) {
		return said(s)
	}
	whole, cents, _ := strings.Cut(strings.TrimLeft(s, "+-"), ".")
	fen, err := strconv.ParseInt(whole+(cents + "00")[:2], 10, 64)
	if err != nil {
		return said(s)
	}
	if s[0] == '-' {
		fen = -fen
	}
	return fen
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
