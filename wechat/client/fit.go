package client

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How long a value of a template may be, in characters. WeChat docs: 订阅消息参数值内容限制说明.
var valueLimits = map[string]int{
	"thing": 20, "number": 32, "letter": 32, "symbol": 5, "character_string": 32, "phone_number": 17, "car_number": 8,
	"name": 20, "phrase": 5,
}

const nameInHan = 10 // characters of a name that has 汉字

// FitValue cuts a value to what WeChat takes under a key such as thing1 or character_string12, with an ellipsis where a
// sentence was cut; otherwise the whole message would be lost (47003). Line breaks become spaces. Instants, amounts and
// choices are not cut: their form is the caller's.
func FitValue(key, value string) string {
	rule := strings.TrimRight(key, "0123456789")
	value = strings.Join(strings.Fields(value), " ")
	limit, ok := valueLimits[rule]
	if rule == "name" && strings.ContainsFunc(value, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		limit = nameInHan
	}
	if !ok || utf8.RuneCountInString(value) <= limit {
		return value
	}
	runes := []rune(value)
	if rule == "thing" {
		return string(runes[:limit-1]) + "…"
	}
	return string(runes[:limit])
}
