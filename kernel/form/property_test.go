package form

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wide is a form with every kind, that anything may be thrown at.
func wide(t testing.TB) Form {
	t.Helper()
	raw, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []golden
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	f := list[0].Form
	f.Fields = append(f.Fields,
		Field{Name: "span", Kind: Date, Period: true}, Field{Name: "place", Kind: Place, Depth: 5, Root: "990100000000"},
		Field{Name: "id", Kind: Identity}, Field{Name: "credit", Kind: Credit}, Field{Name: "phone", Kind: Phone},
		Field{Name: "plate", Kind: Plate}, Field{Name: "photo", Kind: File}, Field{Name: "sign", Kind: Signature},
		Field{Name: "words", Kind: Text, Lines: true, Class: Personal})
	return f
}

// settled checks what holds for any input: Shape is its own fixed point, what passes passes unchanged, also over the wire,
// and nothing that is hidden is kept.
func settled(t testing.TB, f Form, in map[string]any) (passed bool) {
	t.Helper()
	shaped := f.Shape(in)
	if d := cmp.Diff(shaped, f.Shape(shaped)); d != "" {
		t.Errorf("Shape of its own result differs: %s", d)
	}
	if d := cmp.Diff(shaped, f.Shape(again(t, shaped))); d != "" {
		t.Errorf("Shape after the wire differs: %s", d)
	}
	clean, faults := f.Check(in, env)
	seen := f.Visible(shaped)
	for name := range clean {
		if _, shown := seen[name]; !shown {
			t.Errorf("%s is hidden and kept", name)
		}
	}
	if len(faults) > 0 {
		return false
	}
	for label, once := range map[string]map[string]any{"once more": clean, "over the wire": again(t, clean)} {
		twice, faults := f.Check(once, env)
		if d := cmp.Diff(clean, twice); d != "" || len(faults) > 0 {
			t.Errorf("%s: %v %s", label, faults, d)
		}
	}
	f.Masked(clean)
	f.Codes(clean)
	return true
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"who":"self"}`, `{"who":["kin"],"kin_name":"张三"}`, `{"who":"=\u0000 x","area":1e308}`, `{"area":"1e5","rent":-0.0}`,
		`{"who":"self","people":[{"pname":"甲"},[],null,1],"needs":["b"]}`, `{"id":"11010519491231002X","plate":"浙A12345"}`,
		`{"span":{"from":"20260101","to":{}},"place":990101001001,"photo":["photo1","photo1"],"sign":["sign1"]}`,
		`{"who":{"who":"self"},"moved":"２０２６-1-1","phone":"+8613812345678","words":"\r\n\t\ufffd\u2028"}`, `{"credit":"ＡＢＣ","id":"十八位十八位十八位"}`,
	} {
		f.Add([]byte(seed))
	}
	form := wide(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var in map[string]any
		if json.Unmarshal(raw, &in) != nil {
			return
		}
		settled(t, form, in)
	})
}

// TestWhatPassesPassesAgain throws fitting and unfitting answers together at random: many of them must pass.
func TestWhatPassesPassesAgain(t *testing.T) {
	t.Parallel()
	f := wide(t)
	answers := map[string][]any{
		"who": {"self", "kin", "= 邻居", nil}, "kin_name": {"张三", "3"}, "why": {" 朋友 ", nil}, "area": {"60", 61.5, nil, "大"},
		"rent": {"999.9", 100.0, nil}, "contract": {nil, []any{"photo1"}}, "moved": {"2020年3月1日", nil, "2019-1-1"},
		"needs": {[]any{"b", "a"}, "a", nil}, "span": {map[string]any{"from": "20260101", "to": "2026-01-02"}, nil},
		"people": {nil, []any{map[string]any{"pname": "甲", "minor": "y", "rentpart": "1"}}}, "place": {"990101001001", nil},
		"id": {"11010519491231002x", nil}, "credit": {"91330100799655058B", nil}, "phone": {"0571-88886666", nil}, "plate": {"浙A·12345", nil},
		"photo": {nil, "photo1"}, "sign": {"sign1", nil}, "words": {"一\r\n二", nil}, "stranger": {"x"},
	}
	random := rand.New(rand.NewPCG(1, 2))
	passed := 0
	for range 3000 {
		in := map[string]any{}
		for name, choices := range answers {
			in[name] = choices[random.IntN(len(choices))]
		}
		if settled(t, f, in) {
			passed++
		}
	}
	if passed < 100 {
		t.Errorf("only %d of 3000 passed: the test proves nothing", passed)
	}
}
