package form

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	ask := Field{Name: "a", Kind: Text, Label: "甲"}
	when := func(field string, op Op, value string) *Condition {
		return &Condition{Terms: []Term{{field, op, value}}}
	}
	rows := []struct {
		label string
		form  Form
		want  string
	}{
		{"good", Form{Title: "表", Fields: []Field{ask}}, ""},
		{"empty", Form{}, "title shape.required, fields form.nothing_asked"},
		{"only words", Form{Title: "表", Fields: []Field{{Name: "a", Kind: Heading, Label: "甲"}}}, "fields form.nothing_asked"},
		{"one name twice, also in a group", Form{Title: "表", Fields: []Field{ask, {Name: "g", Kind: Group, Label: "组", Fields: []Field{ask}}}}, "fields.1.fields.0.name form.name_taken"},
		{"a group in a group", Form{Title: "表", Fields: []Field{{Name: "g", Kind: Group, Label: "组", Fields: []Field{{Name: "h", Kind: Group, Label: "组", Fields: []Field{ask}}}}}},
			"fields.0.fields.0.kind form.not_in_group"},
		{"unknown kind", Form{Title: "表", Fields: []Field{ask, {Name: "b", Kind: "video", Label: "乙"}}}, "fields.1.kind form.choose"},
		{"one option", Form{Title: "表", Fields: []Field{{Name: "a", Kind: Choice, Label: "甲", Options: []Option{{Value: "x", Label: "一"}}}}}, "fields.0.options form.options_few"},
		{"an option twice", Form{Title: "表", Fields: []Field{{Name: "a", Kind: Choice, Label: "甲", Options: []Option{{Value: "x", Label: "一"}, {Value: "x", Label: "一"}}}}},
			"fields.0.options.1.value form.name_taken, fields.0.options.1.label form.option_twice"},
		{"bounds", Form{Title: "表", Fields: []Field{{Name: "a", Kind: Text, Label: "甲", Min: new(5.0), Max: new(2.5)}}}, "fields.0.max form.bound, fields.0.max form.bounds_order"},
		{"a source that is not there", Form{Title: "表", Fields: []Field{{Name: "a", Kind: Text, Label: "甲", Prefill: "moon"}}}, "fields.0.prefill form.choose"},
		{"a material without purpose and trust", Form{Title: "表", Fields: []Field{ask, {Name: "f", Kind: File, Label: "户口簿"}}}, "fields.1.purpose shape.required, fields.1.trust form.choose"},
		{"a shared material needs neither", Form{Title: "表", Fields: []Field{ask, {Name: "f", Kind: File, Label: "户口簿", Shared: true}}}, ""},
		{"a catch-all", Form{Title: "表", Fields: []Field{{Name: "f", Kind: File, Label: "身份证等相关材料", Purpose: "核对", Trust: "C"}}}, "fields.0.label form.catch_all"},
		{"a condition on itself", Form{Title: "表", Fields: []Field{{Name: "a", Kind: Text, Label: "甲", Show: when("a", Filled, "")}}}, "fields.0.show.terms.0.field form.term_later"},
		{"on a later one", Form{Title: "表", Fields: []Field{{Name: "b", Kind: Text, Label: "乙", Need: when("a", Filled, "")}, ask}}, "fields.0.need.terms.0.field form.term_later"},
		{"on an earlier one", Form{Title: "表", Fields: []Field{ask, {Name: "b", Kind: Text, Label: "乙", Show: when("a", Is, "x")}}}, ""},
		{"an op that does not fit", Form{Title: "表", Fields: []Field{ask, {Name: "b", Kind: Text, Label: "乙", Show: when("a", AtLeast, "3")}}}, "fields.1.show.terms.0.op form.choose"},
		{"an option that is none", Form{Title: "表", Fields: []Field{{Name: "a", Kind: Choice, Label: "甲", Other: true, Options: []Option{{Value: "x", Label: "一"}}},
			{Name: "b", Kind: Text, Label: "乙", Show: when("a", Is, "y"), Need: when("a", Is, "=")}}}, "fields.1.show.terms.0.value form.choose"},
		{"no terms", Form{Title: "表", Fields: []Field{ask, {Name: "b", Kind: Text, Label: "乙", Show: &Condition{}}}}, "fields.1.show form.terms"},
		{"a group's field may ask outside and its own row", Form{Title: "表", Fields: []Field{ask, {Name: "g", Kind: Group, Label: "组", Fields: []Field{
			{Name: "b", Kind: Text, Label: "乙", Show: when("a", Filled, "")}, {Name: "c", Kind: Text, Label: "丙", Show: when("b", Filled, "")}}}}}, ""},
		{"nobody asks into a group", Form{Title: "表", Fields: []Field{{Name: "g", Kind: Group, Label: "组", Fields: []Field{ask}}, {Name: "b", Kind: Text, Label: "乙", Show: when("a", Filled, "")}}},
			"fields.1.show.terms.0.field form.term_later"},
		{"a date limit nobody understands", Form{Title: "表", Fields: []Field{{Name: "a", Kind: Date, Label: "甲", After: "yesterday", Before: "today+3m"}}}, "fields.0.not_before form.bound"},
	}
	for _, row := range rows {
		if got := keys(row.form.Validate([]string{"today"})); got != row.want {
			t.Errorf("%s: %q, want %q", row.label, got, row.want)
		}
	}
}

func TestCatchAll(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]bool{
		"其他材料": true, "其它有关证明材料": true, "相关资料": true, "身份证等材料": true, "需要的其他证件": true,
		"身份证": false, "租赁合同": false, "相关性分析报告": false, "有关部门的批复": false, "家庭关系证明": false,
	} {
		if got := CatchAll(label); got != want {
			t.Errorf("%s: %v", label, got)
		}
	}
}

func TestBound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"today": "2024-02-29", "today-1y": "2023-02-28", "today+1m": "2024-03-29", "today+11m": "2025-01-29", "today-1d": "2024-02-28",
		"2020-01-01": "2020-01-01", "2020-02-30": "", "tomorrow": "", "": "", "today+1": "",
	} {
		day, ok := Bound(text, "2024-02-29")
		if ok != (want != "") || ok && day != want {
			t.Errorf("%s: %s %v", text, day, ok)
		}
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	field := func(name, label string) Field { return Field{Name: name, Kind: Text, Label: label} }
	before := Form{Title: "表", Version: 1, Fields: []Field{field("a", "甲"), field("b", "乙"), field("c", "丙"),
		{Name: "g", Kind: Group, Label: "组", Fields: []Field{field("d", "丁")}}}}
	must := field("c", "丙丙")
	must.Required = true
	after := Form{Title: "新表", Version: 2, Fields: []Field{field("b", "乙"), must, field("a", "甲"), field("e", "戊"),
		{Name: "g", Kind: Group, Label: "组"}}}
	want := []Change{
		{Op: "form", Label: "新表", What: []string{"title"}},
		{Op: "changed", Name: "c", Label: "丙丙", Was: "丙", What: []string{"label", "required"}},
		{Op: "moved", Name: "a", Label: "甲"},
		{Op: "added", Name: "e", Label: "戊"},
		{Op: "removed", Name: "d", Label: "丁"},
	}
	if d := cmp.Diff(want, Diff(before, after)); d != "" {
		t.Error(d)
	}
	if same := Diff(before, before); len(same) != 0 {
		t.Errorf("no change: %v", same)
	}
}

func TestMaskedAndSplit(t *testing.T) {
	t.Parallel()
	f := Form{Fields: []Field{
		{Name: "name", Kind: Text, Rule: "name", Class: Personal}, {Name: "id", Kind: Identity, Class: Sensitive},
		{Name: "open", Kind: Text, Class: Public}, {Name: "pay", Kind: Money, Class: Personal}, {Name: "home", Kind: Text, Rule: "address", Class: Personal},
		{Name: "kin", Kind: Group, Fields: []Field{{Name: "tel", Kind: Phone, Class: Personal}, {Name: "tie", Kind: Text}}},
	}}
	values := Values{"name": "王小明", "id": "11010519491231002X", "open": "路灯", "pay": int64(5), "home": "书院街12号3室",
		"kin": []Values{{"tel": "13812345678", "tie": "父"}}}
	want := Values{"name": "王*明", "id": "1101**********002X", "open": "路灯", "pay": "***", "home": "书院街****",
		"kin": []Values{{"tel": "138****5678", "tie": "父"}}}
	if d := cmp.Diff(want, f.Masked(values)); d != "" {
		t.Error(d)
	}
	open, sealed := f.Split(values)
	if len(open) != 1 || open["open"] != "路灯" || len(sealed) != 5 {
		t.Errorf("open %v, sealed %v", open, sealed)
	}
}
