package form

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"weizheng/platform/crypt"
	"weizheng/platform/errs"
)

// Area is one node of the tree of places.
type Area struct {
	Code   string `json:"code"` // 12 digits, GB/T 2260 and its extension
	Parent string `json:"parent"`
	Name   string `json:"name"`
	Level  int    `json:"level"` // 1 province … 5 community
}

// Kept is a file that was uploaded for a field.
type Kept struct {
	Code  string
	Field string // the field it was uploaded for
	Name  string
	Type  string // media type, found by looking at it
	Size  int64
}

// Env is what Check needs to know beyond the values. A missing function knows nothing, so that nothing passes.
type Env struct {
	Today string // civil day, "2026-11-20"
	Area  func(code string) (Area, bool)
	File  func(code string) (Kept, bool)
}

// Check judges values: the clean ones hold what is shown and well formed, the faults everything that is wrong, in the
// order of the form. Only values without faults may be used.
func (f Form) Check(in map[string]any, env Env) (Values, []errs.Field) {
	shaped := f.Shape(in)
	j := &judge{env: env, seen: f.Visible(shaped)}
	clean := j.level("", f.Fields, shaped)
	return clean, j.faults
}

type judge struct {
	env    Env
	seen   map[string]bool
	faults []errs.Field
}

func (j *judge) fault(path, key string, params map[string]any) {
	j.faults = append(j.faults, errs.Field{Field: path, Key: key, Params: params})
}

func (j *judge) level(prefix string, fields []Field, values Values) Values {
	clean := Values{}
	for _, field := range fields {
		path := prefix + field.Name
		required, shown := j.seen[path]
		if !shown || !field.Asks() {
			continue
		}
		value := values[field.Name]
		if value == nil {
			if required {
				j.fault(path, missing(field), nil)
			}
			continue
		}
		if field.Kind == Group {
			value = j.rows(path, field, value)
		} else {
			j.value(path, field, value)
		}
		clean[field.Name] = value
	}
	return clean
}

// missing says what to do with a field that must be answered.
func missing(f Field) string {
	switch f.Kind {
	case Choice, Place:
		return "form.choose"
	case File:
		return "form.upload"
	case Signature:
		return "form.sign"
	case Group:
		return "form.add_row"
	}
	return "shape.required"
}

func (j *judge) rows(path string, f Field, value any) any {
	rows, _ := value.([]Values)
	j.count(path, f, len(rows), "form.rows_few", "form.rows_many")
	clean := make([]Values, 0, len(rows))
	for i, row := range rows {
		at := path + "." + strconv.Itoa(i)
		if len(row) == 0 {
			j.fault(at, "form.row_empty", map[string]any{"row": i + 1})
			clean = append(clean, Values{})
			continue
		}
		clean = append(clean, j.level(at+".", f.Fields, row))
	}
	return clean
}

func (j *judge) count(path string, f Field, n int, few, many string) {
	least, most := f.Counts()
	if n < least {
		j.fault(path, few, map[string]any{"min": least})
	}
	if n > most {
		j.fault(path, many, map[string]any{"max": most})
	}
}

func (j *judge) value(path string, f Field, value any) {
	switch f.Kind {
	case Number, Money:
		j.number(path, f, value)
	case Date:
		j.date(path, f, value)
	case Choice:
		j.choice(path, f, value)
	case File:
		j.files(path, f, value)
	case Place:
		j.place(path, f, value)
	default:
		text, _ := value.(string)
		j.text(path, f, text)
	}
}

func (j *judge) text(path string, f Field, s string) {
	switch f.Kind {
	case Text:
		j.words(path, f, s)
	case Identity:
		if key := identityFault(s, j.env.Today); key != "" {
			j.fault(path, key, map[string]any{"length": utf8.RuneCountInString(s)})
		}
	case Credit:
		if !isCredit(s) {
			j.fault(path, "form.credit", nil)
		}
	case Phone:
		if !isPhone(s, f.Mobile) {
			key := "form.phone"
			if f.Mobile {
				key = "form.mobile"
			}
			j.fault(path, key, nil)
		}
	case Plate:
		if !crypt.IsPlate(s) {
			j.fault(path, "form.plate", nil)
		}
	case Signature:
		j.file(path, f, s)
	}
}

// The most characters of a text whose field does not say: a line, or a page.
const (
	mostLine  = 100
	mostLines = 2000
)

// MostText is how many characters a text field takes.
func (f Field) MostText() int {
	switch {
	case f.Max != nil:
		return int(*f.Max)
	case f.Lines:
		return mostLines
	}
	return mostLine
}

func (j *judge) words(path string, f Field, s string) {
	n := utf8.RuneCountInString(s)
	if f.Min != nil && float64(n) < *f.Min {
		j.fault(path, "shape.min_length", map[string]any{"min": int(*f.Min)})
	}
	if most := f.MostText(); n > most {
		j.fault(path, "form.text_long", map[string]any{"max": most, "now": n})
	}
	if rule, ok := Rules[f.Rule]; ok && !rule.MatchString(s) {
		j.fault(path, "form.rule."+f.Rule, nil)
	}
}

func (j *judge) number(path string, f Field, value any) {
	var n float64
	switch v := value.(type) {
	case float64:
		n = v
		if _, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), "."); len(fraction) > f.Decimals {
			key := "form.decimals"
			if f.Decimals == 0 {
				key = "shape.integer"
			}
			j.fault(path, key, map[string]any{"max": f.Decimals})
		}
	case int64:
		n = float64(v)
	default:
		key := "form.number"
		if f.Kind == Money {
			key = "form.money"
		}
		j.fault(path, key, nil)
		return
	}
	if f.Kind == Money && f.Min == nil && n < 0 {
		j.fault(path, "shape.min", map[string]any{"min": 0})
	}
	if f.Min != nil && n < *f.Min {
		j.fault(path, "shape.min", map[string]any{"min": f.spoken(*f.Min)})
	}
	if f.Max != nil && n > *f.Max {
		j.fault(path, "shape.max", map[string]any{"max": f.spoken(*f.Max)})
	}
}

// spoken writes a bound as people type it: fen as yuan.
func (f Field) spoken(n float64) string {
	if f.Kind == Money {
		n /= 100
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

func (j *judge) choice(path string, f Field, value any) {
	list, several := value.([]string)
	if !several {
		one, _ := value.(string)
		list = []string{one}
	}
	if several && f.Multiple {
		j.count(path, f, len(list), "form.choices_few", "form.choices_many")
	}
	own := 0
	for _, v := range list {
		words, isOwn := strings.CutPrefix(v, ownWords)
		switch {
		case isOwn && !f.Other, !isOwn && !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == v }):
			j.fault(path, "form.choose", nil)
			return
		case isOwn && (words == "" || own > 0):
			j.fault(path, "form.own_words", nil)
			return
		case isOwn && utf8.RuneCountInString(words) > mostLine:
			j.fault(path, "form.text_long", map[string]any{"max": mostLine, "now": utf8.RuneCountInString(words)})
		}
		if isOwn {
			own++
		}
	}
}

func (j *judge) place(path string, f Field, value any) {
	code, _ := value.(string)
	var area Area
	ok := j.env.Area != nil
	if ok {
		area, ok = j.env.Area(code)
	}
	if !ok || !j.below(area, f.Root) {
		j.fault(path, "form.place_unknown", nil)
		return
	}
	if area.Level < f.Depth {
		j.fault(path, "form.place_deeper", nil)
	}
}

// below walks up at most the five levels there are.
func (j *judge) below(a Area, root string) bool {
	for range 6 {
		if root == "" || a.Code == root {
			return true
		}
		next, ok := j.env.Area(a.Parent)
		if a.Parent == "" || !ok {
			return false
		}
		a = next
	}
	return false
}

func (j *judge) files(path string, f Field, value any) {
	list, _ := value.([]string)
	j.count(path, f, len(list), "form.files_few", "form.files_many")
	for _, code := range list {
		j.file(path, f, code)
	}
}

func (j *judge) file(path string, f Field, code string) {
	var kept Kept
	ok := j.env.File != nil
	if ok {
		kept, ok = j.env.File(code)
	}
	switch {
	case !ok || kept.Field != f.Name:
		j.fault(path, "form.file_gone", nil)
	case !f.Takes(kept.Type):
		j.fault(path, "form.file_type", nil)
	case kept.Size > f.MaxBytes():
		j.fault(path, "form.file_large", map[string]any{"max": f.MaxBytes() >> 20})
	}
}
