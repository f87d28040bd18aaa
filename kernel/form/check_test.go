package form

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/errs"
)

var update = flag.Bool("update", false, "rewrite testdata/golden.json; read the difference")

// places is a small tree: 青云市 with one street and one community.
var places = map[string]Area{
	"990100000000": {"990100000000", "", "青云市", 2},
	"990101001000": {"990101001000", "990100000000", "望云街道", 4},
	"990101001001": {"990101001001", "990101001000", "望云里社区", 5},
	"980000000000": {"980000000000", "", "别的省", 1},
}

// files are what was uploaded.
var files = map[string]Kept{
	"photo1": {"photo1", "photo", "a.jpg", "image/jpeg", 1000},
	"photo2": {"photo2", "photo", "b.jpg", "image/jpeg", 3 << 20},
	"paper1": {"paper1", "photo", "c.pdf", "application/pdf", 1000},
	"sign1":  {"sign1", "sign", "s.png", "image/png", 1000},
}

var env = Env{
	Today: "2026-11-20",
	Area:  func(code string) (Area, bool) { a, ok := places[code]; return a, ok },
	File:  func(code string) (Kept, bool) { k, ok := files[code]; return k, ok },
}

// one is a form of a single field.
func one(f Field) Form { f.Name = "x"; return Form{Fields: []Field{f}} }

func keys(faults []errs.Field) string {
	var out []string
	for _, f := range faults {
		out = append(out, f.Field+" "+f.Key)
	}
	return strings.Join(out, ", ")
}

func TestEachKindIsJudged(t *testing.T) {
	t.Parallel()
	pick := []Option{{Value: "a", Label: "甲"}, {Value: "b", Label: "乙"}}
	rows := []struct {
		label string
		field Field
		in    any
		want  any    // nil: nothing is kept
		fault string // "" is none
	}{
		{"text is trimmed", Field{Kind: Text}, "  路灯\r\n坏了 ", "路灯  坏了", ""},
		{"several lines stay", Field{Kind: Text, Lines: true}, " 一\r\n二\x00 ", "一\n二", ""},
		{"a number for a text", Field{Kind: Text}, 12.5, "12.5", ""},
		{"an object for a text", Field{Kind: Text, Required: true}, map[string]any{"a": 1}, nil, "x shape.required"},
		{"blank is missing", Field{Kind: Text, Required: true}, " \u3000 ", nil, "x shape.required"},
		{"too short", Field{Kind: Text, Min: new(5.0)}, "四个字啊", "四个字啊", "x shape.min_length"},
		{"too long", Field{Kind: Text, Max: new(3.0)}, "四个字啊", "四个字啊", "x form.text_long"},
		{"a name", Field{Kind: Text, Rule: "name"}, "阿卜杜·热合曼", "阿卜杜·热合曼", ""},
		{"no name", Field{Kind: Text, Rule: "name"}, "张3", "张3", "x form.rule.name"},
		{"full-width number", Field{Kind: Number, Decimals: 1}, "１,２３４．５", 1234.5, ""},
		{"letters for a number", Field{Kind: Number}, "十二", "十二", "x form.number"},
		{"a fraction of people", Field{Kind: Number}, 1.5, 1.5, "x shape.integer"},
		{"too many decimals", Field{Kind: Number, Decimals: 2}, "1.234", 1.234, "x form.decimals"},
		{"below and above", Field{Kind: Number, Min: new(1.0), Max: new(9.0)}, 10.0, 10.0, "x shape.max"},
		{"yuan as typed", Field{Kind: Money}, "￥1,234.5元", int64(123450), ""},
		{"yuan plainly typed", Field{Kind: Money}, "¥1,234.5 元", int64(123450), ""},
		{"fen", Field{Kind: Money}, 99.0, int64(99), ""},
		{"half a fen", Field{Kind: Money}, 99.5, "99.5", "x form.money"},
		{"owing", Field{Kind: Money}, "-1", int64(-100), "x shape.min"},
		{"a date in words", Field{Kind: Date}, "2026年1月5日", "2026-01-05", ""},
		{"eight digits", Field{Kind: Date}, "20260105", "2026-01-05", ""},
		{"no such day", Field{Kind: Date}, "2026-02-30", "2026-02-30", "x form.date"},
		{"tomorrow is too late", Field{Kind: Date, Before: "today"}, "2026-11-21", "2026-11-21", "x form.date_late"},
		{"not yet 18", Field{Kind: Date, Before: "today-18y"}, "2008-11-21", "2008-11-21", "x form.date_late"},
		{"18 today", Field{Kind: Date, Before: "today-18y"}, "2008-11-20", "2008-11-20", ""},
		{"a span", Field{Kind: Date, Period: true}, map[string]any{"from": "2026/1/5", "to": "2026/1/9"}, Span{"2026-01-05", "2026-01-09"}, ""},
		{"backwards", Field{Kind: Date, Period: true}, map[string]any{"from": "2026/1/9", "to": "2026/1/5"}, Span{"2026-01-09", "2026-01-05"}, "x form.span_order"},
		{"half a span", Field{Kind: Date, Period: true}, map[string]any{"from": "2026/1/9"}, Span{"2026-01-09", ""}, "x form.date"},
		{"a choice", Field{Kind: Choice, Options: pick}, "b", "b", ""},
		{"as a page sends it", Field{Kind: Choice, Options: pick}, []any{"b"}, "b", ""},
		{"not offered", Field{Kind: Choice, Options: pick}, "c", "c", "x form.choose"},
		{"own words not asked for", Field{Kind: Choice, Options: pick}, "=丙", "=丙", "x form.choose"},
		{"own words", Field{Kind: Choice, Options: pick, Other: true}, "= 丙 ", "=丙", ""},
		{"own words without words", Field{Kind: Choice, Options: pick, Other: true}, "=", "=", "x form.own_words"},
		{"several, in order", Field{Kind: Choice, Multiple: true, Options: pick, Other: true}, []any{"=丙", "b", "a", "b"}, []string{"a", "b", "=丙"}, ""},
		{"too many", Field{Kind: Choice, Multiple: true, Options: pick, Max: new(1.0)}, []any{"a", "b"}, []string{"a", "b"}, "x form.choices_many"},
		{"a community", Field{Kind: Place, Depth: 5, Root: "990100000000"}, "990101001001", "990101001001", ""},
		{"a street where a community is asked", Field{Kind: Place, Depth: 5}, "990101001000", "990101001000", "x form.place_deeper"},
		{"elsewhere", Field{Kind: Place, Depth: 1, Root: "990100000000"}, "980000000000", "980000000000", "x form.place_unknown"},
		{"nowhere", Field{Kind: Place, Depth: 1}, "12", "12", "x form.place_unknown"},
		{"the standard's sample", Field{Kind: Identity}, "１１０１０５１９４９１２３１００２x", "11010519491231002X", ""},
		{"a digit off", Field{Kind: Identity}, "110105194912310021", "110105194912310021", "x form.identity_check"},
		{"no such birthday", Field{Kind: Identity}, "110105194902310021", "110105194902310021", "x form.identity_birthday"},
		{"born tomorrow", Field{Kind: Identity}, "110105202611210022", "110105202611210022", "x form.identity_birthday"},
		{"15 digits", Field{Kind: Identity}, "110105491231002", "110105491231002", "x form.identity_length"},
		{"a company", Field{Kind: Credit}, "9144030071526726xg", "9144030071526726XG", ""},
		{"another", Field{Kind: Credit}, "9133 0100 7996 5505 8B", "91330100799655058B", ""},
		{"a wrong check character", Field{Kind: Credit}, "91330100799655058A", "91330100799655058A", "x form.credit"},
		{"a mobile", Field{Kind: Phone}, "+86 138-1234-5678", "13812345678", ""},
		{"a land line", Field{Kind: Phone}, "0571－88886666-12", "0571-88886666-12", ""},
		{"a land line where a mobile is asked", Field{Kind: Phone, Mobile: true}, "0571-88886666", "0571-88886666", "x form.mobile"},
		{"no phone", Field{Kind: Phone}, "12800000000", "12800000000", "x form.phone"},
		{"a plate", Field{Kind: Plate}, "浙a·12345", "浙A12345", ""},
		{"a new energy plate", Field{Kind: Plate}, "浙AD12345", "浙AD12345", ""},
		{"a plate with an I", Field{Kind: Plate}, "浙AI2345", "浙AI2345", "x form.plate"},
		{"nothing shared is asked", Field{Kind: File, Required: true, Shared: true}, []any{"photo1"}, nil, ""},
		{"rows that are none", Field{Kind: Group, Required: true, Fields: []Field{{Name: "y", Kind: Text}}}, []any{1.0, "x"}, nil, "x form.add_row"},
		{"an empty row", Field{Kind: Group, Fields: []Field{{Name: "y", Kind: Text, Required: true}}}, []any{map[string]any{}},
			[]Values{{}}, "x.0 form.row_empty"},
		{"too few rows", Field{Kind: Group, Min: new(2.0), Fields: []Field{{Name: "y", Kind: Text}}}, []any{map[string]any{"y": "一"}},
			[]Values{{"y": "一"}}, "x form.rows_few"},
		{"a heading has no value", Field{Kind: Heading}, "x", nil, ""},
	}
	for _, row := range rows {
		clean, faults := one(row.field).Check(map[string]any{"x": row.in}, env)
		if got := keys(faults); got != row.fault {
			t.Errorf("%s: faults %q, want %q", row.label, got, row.fault)
		}
		if d := cmp.Diff(row.want, clean["x"]); d != "" {
			t.Errorf("%s: %s", row.label, d)
		}
	}
}

func TestFilesAreThoseOfTheField(t *testing.T) {
	t.Parallel()
	f := Form{Fields: []Field{
		{Name: "photo", Kind: File, Accept: []string{"image"}, Size: 2 << 20, Max: new(2.0)}, {Name: "sign", Kind: Signature},
	}}
	for _, row := range []struct {
		label string
		in    map[string]any
		want  string
	}{
		{"right", map[string]any{"photo": []any{"photo1"}, "sign": "sign1"}, ""},
		{"another field's", map[string]any{"photo": []any{"sign1"}}, "photo form.file_gone"},
		{"somebody else's", map[string]any{"photo": "nobody"}, "photo form.file_gone"},
		{"a paper where a picture is asked", map[string]any{"photo": "paper1"}, "photo form.file_type"},
		{"too large, too many", map[string]any{"photo": []any{"photo1", "photo2", "paper1"}}, "photo form.files_many, photo form.file_large, photo form.file_type"},
	} {
		if _, faults := f.Check(row.in, env); keys(faults) != row.want {
			t.Errorf("%s: %q, want %q", row.label, keys(faults), row.want)
		}
	}
}

// golden is read by Vue's tests, too: both must show the same fields.
type golden struct {
	Form  Form `json:"form"`
	Cases []struct {
		Label   string          `json:"label"`
		Values  map[string]any  `json:"values"`
		Shaped  map[string]any  `json:"shaped"` // as both sides hold them
		Visible map[string]bool `json:"visible"`
		Faults  []string        `json:"faults"`
	} `json:"cases"`
}

func TestGolden(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []golden
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	for _, g := range list {
		if faults := g.Form.Validate([]string{"today"}); len(faults) > 0 {
			t.Errorf("%s: %v", g.Form.Title, faults)
		}
		for i, c := range g.Cases {
			_, faults := g.Form.Check(c.Values, env)
			said := []string{}
			for _, f := range faults {
				said = append(said, f.Field+" "+f.Key)
			}
			shaped := g.Form.Shape(c.Values)
			visible := g.Form.Visible(shaped)
			if *update {
				g.Cases[i].Shaped, g.Cases[i].Visible, g.Cases[i].Faults = shaped, visible, said
				continue
			}
			if d := cmp.Diff(c.Visible, visible) + cmp.Diff(c.Faults, said) + cmp.Diff(c.Shaped, again(t, shaped)); d != "" {
				t.Errorf("%s, %s: %s", g.Form.Title, c.Label, d)
			}
		}
	}
	if *update {
		out, err := json.MarshalIndent(list, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("testdata/golden.json", append(out, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// again sends values over the wire.
func again(t testing.TB, v map[string]any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
