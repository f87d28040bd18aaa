package crowd

import (
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strings"
)

// form is a form of a page as somebody without scripts fills it in.
type form struct {
	action    string
	post      bool
	multipart bool
	values    url.Values
	filled    int // inputs that a person would have written or chosen
}

var (
	formTag   = regexp.MustCompile(`(?is)<form\b([^>]*)>(.*?)</form>`)
	fieldTag  = regexp.MustCompile(`(?is)<(input|button)\b([^>]*)>|<(textarea)\b([^>]*)>|<(select)\b([^>]*)>(.*?)</select>`)
	optionTag = regexp.MustCompile(`(?is)<option\b([^>]*)>([^<]*)`)
	attribute = regexp.MustCompile(`(?s)([a-zA-Z][a-zA-Z0-9_:-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?`)
	titleTag  = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
)

func attributes(text string) map[string]string {
	list := map[string]string{}
	for _, m := range attribute.FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(m[1])
		if _, twice := list[name]; !twice {
			list[name] = html.UnescapeString(m[2] + m[3] + m[4])
		}
	}
	return list
}

// readForm finds a page's first form that is sent by POST, or else its first, and fills it in; given values come first.
// ok is false on a page without a form.
func readForm(page string, given map[string]string, rng *rand.Rand, name string) (f form, ok bool) {
	for _, m := range formTag.FindAllStringSubmatch(page, -1) {
		a := attributes(m[1])
		post := strings.EqualFold(a["method"], "post")
		if ok && !post {
			continue
		}
		f = form{action: a["action"], post: post, multipart: strings.EqualFold(a["enctype"], "multipart/form-data"), values: url.Values{}}
		f.fill(m[2], given, rng, name)
		if ok = true; post {
			return f, true
		}
	}
	return f, ok
}

func (f *form) fill(content string, given map[string]string, rng *rand.Rand, name string) {
	pressed, radios := false, map[string][]string{}
	for _, m := range fieldTag.FindAllStringSubmatch(content, -1) {
		tag := strings.ToLower(m[1] + m[3] + m[5])
		a := attributes(m[2] + m[4] + m[6])
		field := a["name"]
		if _, off := a["disabled"]; off || field == "" {
			continue
		}
		kind := strings.ToLower(a["type"])
		if want, told := given[field]; told {
			f.set(field, want)
			continue
		}
		switch {
		case tag == "select":
			if v := choose(m[7], rng); v != "" {
				f.set(field, v)
			}
		case tag == "button" || kind == "submit":
			if kind != "button" && !pressed {
				f.values.Set(field, a["value"])
				pressed = true
			}
		case kind == "hidden":
			f.values.Add(field, a["value"])
		case kind == "radio":
			radios[field] = append(radios[field], a["value"])
			f.values.Set(field, radios[field][rng.IntN(len(radios[field]))])
			f.filled++
		case kind == "checkbox":
			if a["value"] == "" {
				a["value"] = "on"
			}
			f.set(field, a["value"])
		case kind == "file" || kind == "reset" || kind == "image":
		default:
			f.set(field, madeUp(field, kind, rng, name))
		}
	}
}

func (f *form) set(field, value string) {
	f.values.Set(field, value)
	f.filled++
}

// choose takes one of a select's options that says something.
func choose(options string, rng *rand.Rand) string {
	var values []string
	for _, m := range optionTag.FindAllStringSubmatch(options, -1) {
		a := attributes(m[1])
		value, there := a["value"]
		if !there {
			value = html.UnescapeString(strings.TrimSpace(m[2]))
		}
		if value != "" {
			values = append(values, value)
		}
	}
	if len(values) == 0 {
		return ""
	}
	return values[rng.IntN(len(values))]
}

// madeUp is what a person writes into an input of such a name.
func madeUp(field, kind string, rng *rand.Rand, name string) string {
	field = strings.ToLower(field)
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(field, p) {
				return true
			}
		}
		return false
	}
	switch {
	case kind == "tel" || has("phone", "mobile", "tel"):
		return fmt.Sprintf("138%08d", rng.IntN(1e8))
	case kind == "number":
		return fmt.Sprint(1 + rng.IntN(5))
	case kind == "date" || has("date", "day"):
		return fmt.Sprintf("2026-%02d-%02d", 1+rng.IntN(12), 1+rng.IntN(28))
	case kind == "email" || has("email"):
		return "nobody@example.com"
	case has("idcard", "identity", "id_number", "idno"):
		return identity(rng)
	case has("name"):
		return name
	case has("address", "place", "where"):
		return streets[rng.IntN(len(streets))]
	}
	return questions[rng.IntN(len(questions))]
}

// identity is a number with a right check digit and a district (999999) that does not exist. GB 11643-1999.
func identity(rng *rand.Rand) string {
	digits := fmt.Sprintf("999999%04d%02d%02d%03d", 1950+rng.IntN(55), 1+rng.IntN(12), 1+rng.IntN(28), rng.IntN(1000))
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(digits[i]-'0') * w
	}
	return digits + string("10X98765432"[sum%11])
}
