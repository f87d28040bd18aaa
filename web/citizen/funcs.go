package citizen

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
)

// zone is Asia/Shanghai, which has had no daylight saving since 1991.
var zone = time.FixedZone("CST", 8*3600)

var weekdays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

// Day writes the day of t as people say it: "11月20日 周五", with the year unless it is that of now.
func Day(t, now time.Time) string {
	t, now = t.In(zone), now.In(zone)
	text := fmt.Sprintf("%d月%d日 %s", t.Month(), t.Day(), weekdays[t.Weekday()])
	if t.Year() != now.Year() {
		text = strconv.Itoa(t.Year()) + "年" + text
	}
	return text
}

// Moment writes the minute of t: "11月20日 周五 09:30".
func Moment(t, now time.Time) string { return Day(t, now) + t.In(zone).Format(" 15:04") }

// Money writes fen as yuan: "12.50 元".
func Money(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%d.%02d 元", sign, fen/100, fen%100)
}

// Funcs are what layouts and pages may call besides html/template's own:
//
//	day, moment  milliseconds → "2026年11月20日 周五", with " 09:30"
//	money        fen → "12.50 元"
//	tel          a phone number → the address that dials it
//	stepText     a Step's state in a word
//	inputAttrs   the attributes of an input of a Field's kind
func Funcs() template.FuncMap {
	return template.FuncMap{
		"day":        func(ms int64) string { return Day(time.UnixMilli(ms), time.Time{}) },
		"moment":     func(ms int64) string { return Moment(time.UnixMilli(ms), time.Time{}) },
		"money":      Money,
		"tel":        tel,
		"stepText":   stepText,
		"inputAttrs": inputAttrs,
	}
}

// tel keeps what can be dialled, so that the scheme may be trusted.
func tel(number string) template.URL {
	digits := strings.Map(func(r rune) rune {
		if (r >= '0' && r <= '9') || r == '+' || r == ',' {
			return r
		}
		return -1
	}, number)
	return template.URL("tel:" + digits) //nolint:gosec // digits, plus and comma only
}

func stepText(state string) string {
	switch state {
	case StepDone:
		return "已完成"
	case StepNow:
		return "正在办"
	case StepBad:
		return "有问题"
	}
	return "还没到"
}

// inputs are fixed attributes by kind: the right keyboard comes up.
var inputs = map[string]template.HTMLAttr{
	KindPhone:  `type="text" inputmode="tel"`,
	KindNumber: `type="text" inputmode="decimal"`,
	KindDate:   `type="date"`,
	KindID:     `type="text" autocapitalize="characters" spellcheck="false"`,
	KindCode:   `type="text" inputmode="numeric"`,
}

func inputAttrs(kind string) template.HTMLAttr {
	if a, ok := inputs[kind]; ok {
		return a
	}
	return `type="text"`
}
