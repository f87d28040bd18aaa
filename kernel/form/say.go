package form

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Words says a value as people read it, in one line: options by their labels, money in yuan, places by their names, rows one
// after the other. place names a code with those above it; nil leaves codes as they are. Nothing is said of no value.
func (f Field) Words(value any, place func(code string) string) string {
	switch v := f.shape(value).(type) {
	case string:
		return f.sayText(v, place)
	case float64:
		return strings.TrimSpace(strconv.FormatFloat(v, 'f', -1, 64) + " " + f.Unit)
	case int64:
		return yuanText(v) + " 元"
	case Span:
		return v.From + " 至 " + v.To
	case []string:
		if f.Kind == File {
			return strconv.Itoa(len(v)) + " 个文件"
		}
		said := make([]string, len(v))
		for i, one := range v {
			said[i] = f.sayText(one, place)
		}
		return strings.Join(said, "、")
	case []Values:
		rows := make([]string, len(v))
		for i, row := range v {
			rows[i] = f.sayRow(row, place)
		}
		return strings.Join(rows, "；")
	}
	return ""
}

// yuanText writes fen as yuan.
func yuanText(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%d.%02d", sign, fen/100, fen%100)
}

func (f Field) sayText(s string, place func(code string) string) string {
	switch f.Kind {
	case Choice:
		if own, ok := strings.CutPrefix(s, ownWords); ok {
			return "其他：" + own
		}
		if i := slices.IndexFunc(f.Options, func(o Option) bool { return o.Value == s }); i >= 0 {
			return f.Options[i].Label
		}
	case Place:
		if place != nil && place(s) != "" {
			return place(s)
		}
	case Signature:
		return "已签名"
	case Text:
		return strings.Join(strings.Fields(s), " ")
	}
	return s
}

func (f Field) sayRow(row Values, place func(code string) string) string {
	var said []string
	for _, child := range f.Fields {
		if words := child.Words(row[child.Name], place); words != "" {
			said = append(said, child.Label+" "+words)
		}
	}
	return strings.Join(said, "，")
}
