package form

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"weizheng/platform/crypt"
)

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
