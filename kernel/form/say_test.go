package form

import "testing"

func TestWords(t *testing.T) {
	t.Parallel()
	named := func(code string) string { return places[code].Name }
	options := []Option{{Value: "a", Label: "低保户"}, {Value: "b", Label: "残疾人"}}
	for label, row := range map[string]struct {
		field Field
		value any
		want  string
	}{
		"text in one line":   {Field{Kind: Text, Lines: true}, "路灯\n坏了", "路灯 坏了"},
		"a number with unit": {Field{Kind: Number, Unit: "平方米"}, 61.5, "61.5 平方米"},
		"one without":        {Field{Kind: Number}, 3.0, "3"},
		"money":              {Field{Kind: Money}, -1205.0, "-12.05 元"},
		"masked money":       {Field{Kind: Money}, "***", "***"},
		"a day":              {Field{Kind: Date}, "2026-11-20", "2026-11-20"},
		"a period":           {Field{Kind: Date, Period: true}, map[string]any{"from": "2026-01-01", "to": "2026-02-01"}, "2026-01-01 至 2026-02-01"},
		"a choice":           {Field{Kind: Choice, Options: options}, "b", "残疾人"},
		"one's own words":    {Field{Kind: Choice, Other: true}, "=邻居", "其他：邻居"},
		"several":            {Field{Kind: Choice, Multiple: true, Options: options}, []any{"b", "a"}, "低保户、残疾人"},
		"a place":            {Field{Kind: Place}, "990101001001", "望云里社区"},
		"an unknown place":   {Field{Kind: Place}, "110000000000", "110000000000"},
		"files":              {Field{Kind: File}, []any{"x", "y"}, "2 个文件"},
		"a signature":        {Field{Kind: Signature}, "x", "已签名"},
		"rows": {Field{Kind: Group, Fields: []Field{{Name: "n", Kind: Text, Label: "姓名"}, {Name: "a", Kind: Number, Label: "年龄", Unit: "岁"}}},
			[]any{map[string]any{"n": "甲", "a": 3.0}, map[string]any{"n": "乙"}}, "姓名 甲，年龄 3 岁；姓名 乙"},
		"nothing": {Field{Kind: Choice, Options: options}, nil, ""},
	} {
		if got := row.field.Words(row.value, named); got != row.want {
			t.Errorf("%s: %q, want %q", label, got, row.want)
		}
	}
}
