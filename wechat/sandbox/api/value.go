package api

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"weizheng/wechat/sandbox/state"
)

// What a value of each kind of keyword may be. WeChat docs: 订阅消息参数值内容限制说明; in characters.
const (
	longestThing  = 20
	longestText   = 32 // number, letter, character_string
	longestSymbol = 5
	longestPhone  = 17
	longestPlate  = 8
	longestHan    = 10 // name in 汉字
	longestLatin  = 20 // name in letters
	longestPhrase = 5
)

var (
	numberForm = regexp.MustCompile(`^-?\d+(\.\d+)?$`)
	letterForm = regexp.MustCompile(`^[A-Za-z]+$`)
	asciiForm  = regexp.MustCompile(`^[\x21-\x7e]+$`)
	phoneForm  = regexp.MustCompile(`^[0-9()+\- ]+$`)
	amountForm = regexp.MustCompile(`^[¥￥$€£]?\d{1,10}(\.\d{1,2})?元?$`)
	dayForm    = `\d{4}(年|-|/|\.)\d{1,2}(月|-|/|\.)\d{1,2}日?`
	hourForm   = `\d{1,2}:\d{2}(:\d{2})?`
	dateForm   = regexp.MustCompile(`^` + dayForm + `( ?` + hourForm + `)?$`)
	timeForm   = regexp.MustCompile(`^(` + dayForm + `( ?` + hourForm + `)?|` + hourForm + `)$`)
)

// fits reports whether a value may stand in a field.
func fits(f state.Field, v string) bool {
	n := utf8.RuneCountInString(v)
	switch f.Rule {
	case "thing":
		return n <= longestThing
	case "number":
		return n <= longestText && numberForm.MatchString(v)
	case "letter":
		return n <= longestText && letterForm.MatchString(v)
	case "character_string":
		return n <= longestText && asciiForm.MatchString(v)
	case "symbol":
		return n <= longestSymbol && !strings.ContainsFunc(v, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	case "time":
		return spans(v, timeForm)
	case "date":
		return spans(v, dateForm)
	case "amount":
		return amountForm.MatchString(v)
	case "phone_number":
		return n <= longestPhone && phoneForm.MatchString(v)
	case "car_number":
		return n <= longestPlate
	case "name":
		return n <= longestLatin && (n <= longestHan || !strings.ContainsFunc(v, isHan))
	case "phrase":
		return n <= longestPhrase && !strings.ContainsFunc(v, func(r rune) bool { return !isHan(r) })
	case "enum":
		return slices.Contains(f.Values, v)
	}
	return false
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// spans takes one instant or two with a ~ between.
func spans(v string, form *regexp.Regexp) bool {
	from, to, two := strings.Cut(v, "~")
	return form.MatchString(strings.TrimSpace(from)) && (!two || form.MatchString(strings.TrimSpace(to)))
}

// datum is a value of a field; programs write numbers as they are.
type datum struct {
	Value looseText `json:"value"`
}

// UnmarshalJSON takes {"value":"x"}; the color of older days is read over.
func (d *datum) UnmarshalJSON(b []byte) error {
	var in struct {
		Value looseText `json:"value"`
	}
	err := json.Unmarshal(b, &in)
	d.Value = in.Value
	return err
}

// line is a field with what it says.
type line struct {
	Name  string `json:"name"`
	Key   string `json:"key"`
	Value string `json:"value"`
}

// fill puts the data into a template: 47003 names the first field that lacks its value or has a wrong one. Data for fields
// that the template does not have is read over.
func fill(t state.Template, data map[string]datum) ([]line, error) {
	lines := make([]line, len(t.Fields))
	for i, f := range t.Fields {
		v := strings.TrimSpace(string(data[f.Key].Value))
		if v == "" {
			return nil, fail(47003, "argument invalid! data."+f.Key+".value is empty")
		}
		if !fits(f, v) {
			return nil, fail(47003, "argument invalid! data."+f.Key+".value invalid")
		}
		lines[i] = line{Name: f.Name, Key: f.Key, Value: v}
	}
	return lines, nil
}
