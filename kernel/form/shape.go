package form

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
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
