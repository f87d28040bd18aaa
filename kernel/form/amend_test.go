package form

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// stay is a form that two people fill in one after the other: what the second is asked hangs on what the first said.
func stay() Form {
	return Form{Fields: []Field{
		{Name: "who", Kind: Choice, Required: true, Options: []Option{{Value: "self"}, {Value: "kin"}}},
		{Name: "kin_name", Kind: Text, Required: true, Show: &Condition{Terms: []Term{{"who", Is, "kin"}}}},
		{Name: "rent", Kind: Money},
		{Name: "why", Kind: Text, Lines: true, Need: &Condition{Terms: []Term{{"rent", AtLeast, "1000"}}}},
		{Name: "photo", Kind: File},
		{Name: "people", Kind: Group, Fields: []Field{{Name: "pname", Kind: Text, Required: true}}},
		{Name: "head", Kind: Heading},
	}}
}

func TestAmend(t *testing.T) {
	t.Parallel()
	type values = map[string]any
	rows := []struct {
		label   string
		a       Amendment
		set     Values
		emptied []string
		hidden  []string
		faults  string
	}{
		{"a first answer", Amendment{Given: values{"who": "self", "rent": "12"}}, Values{"who": "self", "rent": int64(1200)}, nil, []string{"kin_name"}, ""},
		{"what is not asked now may wait", Amendment{Given: values{"rent": 100.0}}, Values{"rent": int64(100)}, nil, []string{"kin_name"}, ""},
		{"what is asked now may not", Amendment{Asked: []string{"who", "rent", "kin_name"}}, Values{}, nil, []string{"kin_name"}, "who form.choose"},
		{"what the step must have, required or not", Amendment{Must: []string{"rent"}, Given: values{"who": "self"}}, Values{"who": "self"}, nil, []string{"kin_name"},
			"rent shape.required"},
		{"nobody must answer what is hidden", Amendment{Held: values{"who": "self"}, Must: []string{"kin_name"}, Asked: []string{"kin_name"}}, Values{}, nil,
			[]string{"kin_name"}, ""},
		{"a condition on what is held already", Amendment{Held: values{"who": "kin"}, Asked: []string{"kin_name"}}, Values{}, nil, nil, "kin_name shape.required"},
		{"what is given opens a question", Amendment{Held: values{"who": "self"}, Given: values{"who": "kin", "kin_name": " 张三 "}},
			Values{"who": "kin", "kin_name": "张三"}, nil, nil, ""},
		{"and closes one: its answer goes", Amendment{Held: values{"who": "kin", "kin_name": "张三"}, Given: values{"who": "self"}}, Values{"who": "self"},
			[]string{"kin_name"}, []string{"kin_name"}, ""},
		{"a hidden answer that is given is dropped", Amendment{Held: values{"who": "self"}, Given: values{"kin_name": "张三"}}, Values{}, nil, []string{"kin_name"}, ""},
		{"the same once more is no change", Amendment{Held: values{"rent": 1200.0, "who": "self"}, Given: values{"rent": "12.00"}}, Values{}, nil, []string{"kin_name"}, ""},
		{"emptied", Amendment{Held: values{"rent": 1200.0}, Given: values{"rent": nil}}, Values{}, []string{"rent"}, []string{"kin_name"}, ""},
		{"a required one is not emptied", Amendment{Held: values{"who": "self"}, Given: values{"who": ""}}, Values{}, []string{"who"}, []string{"kin_name"}, "who form.choose"},
		{"needed because of what is held", Amendment{Held: values{"rent": 200000.0}, Given: values{"why": ""}}, Values{}, nil, []string{"kin_name"}, "why shape.required"},
		{"held values are not judged again", Amendment{Held: values{"who": "stranger", "photo": []any{"gone"}}, Given: values{"rent": 1.0}}, Values{"rent": int64(1)}, nil,
			[]string{"kin_name"}, ""},
		{"every fault at once", Amendment{Given: values{"rent": "viel", "photo": []any{"gone"}, "people": []any{values{}, values{"pname": "甲"}}, "moon": 1.0, "head": "x"}},
			Values{"rent": "viel", "photo": []string{"gone"}, "people": []Values{{}, {"pname": "甲"}}}, nil, []string{"kin_name"},
			"head form.unknown_field, moon form.unknown_field, rent form.money, photo form.file_gone, people.0 form.row_empty"},
	}
	for _, row := range rows {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			got, faults := stay().Amend(row.a, env)
			if k := keys(faults); k != row.faults {
				t.Errorf("faults %q, want %q", k, row.faults)
			}
			if d := cmp.Diff(row.set, got.Set); d != "" {
				t.Errorf("set: %s", d)
			}
			if !slices.Equal(got.Emptied, row.emptied) || !slices.Equal(got.Hidden, row.hidden) {
				t.Errorf("emptied %v, hidden %v", got.Emptied, got.Hidden)
			}
		})
	}
}

// amended checks what holds for any amendment that passed: what was set stands in All over what was held, what is emptied or
// hidden does not, and giving the result once more changes nothing.
func amended(t testing.TB, f Form, held, given map[string]any) (Values, bool) {
	t.Helper()
	out, faults := f.Amend(Amendment{Held: held, Given: given}, env)
	if len(faults) > 0 {
		return nil, false
	}
	want := f.Shape(held)
	maps.Copy(want, out.Set)
	for _, name := range slices.Concat(out.Emptied, out.Hidden) {
		delete(want, name)
	}
	if d := cmp.Diff(want, out.All); d != "" {
		t.Errorf("what is held afterwards: %s", d)
	}
	for label, once := range map[string]map[string]any{"once more": out.Set, "over the wire": again(t, out.Set)} {
		twice, faults := f.Amend(Amendment{Held: out.All, Given: once}, env)
		if len(faults) > 0 || len(twice.Set) > 0 || len(twice.Emptied) > 0 {
			t.Errorf("%s: %v %v %v", label, keys(faults), twice.Set, twice.Emptied)
		}
	}
	return out.All, true
}

func FuzzAmend(f *testing.F) {
	for _, seed := range [][2]string{
		{`{}`, `{"who":"self"}`}, {`{"who":"kin","kin_name":"张三"}`, `{"who":null}`}, {`{"rent":1e308}`, `{"rent":-0.0,"moon":1}`},
		{`{"people":[{"pname":"甲"},[],null]}`, `{"people":[{}]}`}, {`{"photo":["photo1"]}`, `{"photo":"photo1"}`},
	} {
		f.Add([]byte(seed[0]), []byte(seed[1]))
	}
	form := wide(f)
	f.Fuzz(func(t *testing.T, held, given []byte) {
		var a, b map[string]any
		if json.Unmarshal(held, &a) == nil && json.Unmarshal(given, &b) == nil {
			amended(t, form, a, b)
		}
	})
}

// A form is filled in by many hands in any order: each amendment that passes leaves values that Check would pass as well,
// but for what is still missing.
func TestManyHands(t *testing.T) {
	t.Parallel()
	f := wide(t)
	f.Fields = slices.DeleteFunc(f.Fields, func(x Field) bool { return x.Kind == Group })
	answers := map[string][]any{
		"who": {"self", "kin", "= 邻居", nil}, "kin_name": {"张三", "3", ""}, "why": {" 朋友 ", nil}, "area": {"60", 61.5, nil, "大"},
		"rent": {"999.9", 100.0, nil}, "contract": {nil, []any{"photo1"}}, "moved": {"2020年3月1日", nil, "2019-1-1"}, "needs": {[]any{"b", "a"}, "a", nil},
		"span": {map[string]any{"from": "20260101", "to": "2026-01-02"}, nil}, "id": {"11010519491231002x", nil}, "photo": {nil, "photo1"}, "words": {"一\r\n二", nil},
	}
	names := slices.Sorted(maps.Keys(answers))
	random := rand.New(rand.NewPCG(3, 4))
	held, passed := Values{}, 0
	for range 4000 {
		given := map[string]any{}
		for range 1 + random.IntN(3) {
			name := names[random.IntN(len(names))]
			given[name] = answers[name][random.IntN(len(answers[name]))]
		}
		all, ok := amended(t, f, held, given)
		if !ok {
			continue
		}
		held = all
		passed++
		clean, faults := f.Check(held, env)
		for _, fault := range faults {
			if _, answered := held[fault.Field]; answered {
				t.Fatalf("held %v: %v", held, keys(faults))
			}
		}
		if d := cmp.Diff(held, clean); d != "" {
			t.Fatalf("Check keeps something else: %s", d)
		}
	}
	if passed < 500 {
		t.Errorf("only %d of 4000 passed: the test proves nothing", passed)
	}
}
