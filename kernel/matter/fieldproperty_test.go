package matter

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"weizheng/kernel/flow"
	"weizheng/kernel/form"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

// answers are fitting and unfitting ones of each kind.
var answers = map[form.Kind][]any{
	form.Text:     {"路灯坏了", " 两端空格 ", "找 13812345678", "⟦电话1⟧", nil, strings.Repeat("长", 200)},
	form.Number:   {3, "4", 2.5, "多", nil, -1},
	form.Money:    {"12.50", 1200, "很贵", nil},
	form.Date:     {"2026-03-01", "２０２６年3月2日", "昨天", nil},
	form.Choice:   {"a", "b", "=别的", "zz", nil},
	form.Identity: {"11010519491231002x", "110105194912310021", nil},
	form.Phone:    {"139 0000 1111", "13900002222", "12", nil},
	form.Plate:    {"浙A·12345", "浙", nil},
	form.Group:    {[]any{map[string]any{"g": "李四光"}}, []any{map[string]any{}}, []any{}, nil, "x"},
}

// wildForm asks some random questions, of which some hang on earlier ones.
func wildForm(r *rand.Rand) form.Form {
	kinds := slices.Sorted(maps.Keys(answers))
	f := form.Form{Title: "随机", Fields: []form.Field{{Name: "first", Kind: form.Choice, Label: "先选", Options: []form.Option{{Value: "a", Label: "甲"}, {Value: "b", Label: "乙"}}}}}
	for i := range 7 {
		x := form.Field{Name: "f" + strconv.Itoa(i), Kind: kinds[r.IntN(len(kinds))], Label: "问" + strconv.Itoa(i), Required: r.IntN(3) == 0,
			Class: form.Classes[r.IntN(len(form.Classes))]}
		switch x.Kind {
		case form.Identity, form.Phone:
			if x.Class == form.Public { // then it would stand readable
				x.Class = ""
			}
		case form.Choice:
			x.Options, x.Other = f.Fields[0].Options, r.IntN(2) == 0
		case form.Group:
			x.Class = ""
			x.Fields = []form.Field{{Name: "g" + strconv.Itoa(i), Kind: form.Text, Label: "名字", Required: true, Class: form.Personal}}
		}
		before := f.Fields[r.IntN(len(f.Fields))]
		switch r.IntN(4) {
		case 0:
			x.Show = &form.Condition{Terms: []form.Term{{Field: before.Name, Op: form.Filled}}}
		case 1:
			x.Need = &form.Condition{Terms: []form.Term{{Field: "first", Op: form.Is, Value: "a"}}}
		case 2:
			x.Show = &form.Condition{Terms: []form.Term{{Field: "first", Op: form.IsNot, Value: "b"}}}
		}
		f.Fields = append(f.Fields, x)
	}
	return f
}

// wildFlow goes round three steps, each of which opens and demands random fields, until somebody ends it.
func wildFlow(r *rand.Rand, key string, f form.Form) *flow.Definition {
	some := func(most int) (names []string) {
		for _, x := range f.Fields {
			if r.IntN(10) < most {
				names = append(names, x.Name)
			}
		}
		return names
	}
	d := &flow.Definition{Key: key, Kind: "wild", Title: "随机", Form: key, Roles: []flow.Role{{Name: "desk", Title: "窗口", Permission: "errand.desk"}}}
	steps := []string{"one", "two", "three"}
	for i, name := range steps {
		d.States = append(d.States, flow.State{Name: name, Title: name, Acts: []flow.Selector{"role:desk"}, Edits: some(6), Fills: some(2)})
		d.Actions = append(d.Actions, flow.Action{Name: "on_" + name, Title: "下一步", From: []string{name}, To: steps[(i+1)%3]},
			flow.Action{Name: "bare_" + name, Title: "不填也走", From: []string{name}, To: steps[(i+1)%3], Bare: true})
	}
	d.States = append(d.States, flow.State{Name: "done", Title: "完", End: true, Outcome: flow.Completed})
	d.Actions = append(d.Actions, flow.Action{Name: "note", Title: "批注", Does: flow.Note, From: []string{flow.AnyOpen}, By: []flow.Selector{"role:desk"}},
		flow.Action{Name: "end", Title: "结束", From: []string{"three"}, To: "done", Verdict: flow.Approve})
	return d
}

// Random forms, random actions: what events hold is what the form passes; what is refused changes nothing; nobody has to
// answer what is hidden; nothing personal stands readable; events alone give the state.
func TestRandomForms(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 1))
		passed := 0
		for n := range 1 + moves()/50 {
			f, key := wildForm(r), "wild-"+strconv.Itoa(n)
			h.publish(key, f)
			d := wildFlow(r, key, f)
			h.Flows.(flows)[key] = d
			o, err := h.Open(h.as(deskA), OpenIn{Flow: key, Unit: 1, Title: key, Citizen: wang, Sealed: n%3 == 2, Parties: []int64{deskB}})
			if err != nil {
				t.Fatal(err)
			}
			for range 40 {
				m, st, _ := h.look(o.Matter)
				open, _ := d.Fields(st.Run, "note")
				given := map[string]any{}
				for range r.IntN(4) {
					if len(open) == 0 || r.IntN(12) == 0 {
						open = append(open, "f"+strconv.Itoa(r.IntN(9))) // now and then one that is not theirs, or none at all
					}
					name := open[r.IntN(len(open))]
					field, _ := f.Field(name)
					if list := answers[field.Kind]; len(list) > 0 {
						given[name] = list[r.IntN(len(list))]
					}
				}
				action := []string{"note", "note", "on_" + st.Run.State, "bare_" + st.Run.State}[r.IntN(4)]
				_, err := h.Act(h.as([]int64{deskA, deskB}[r.IntN(2)]), o.Matter, action, In{Values: given})
				switch {
				case err == nil:
					passed++
					h.keepsWhatPasses(m.ID, f)
				case !errs.Is(err, errs.Invalid):
					t.Fatalf("%s %v: %v", action, given, err)
				case h.get(o.Matter).Version != m.Version:
					t.Errorf("%s was refused and changed something", action)
				}
			}
		}
		h.sound()
		if passed < moves()/8 {
			t.Errorf("only %d actions passed: the test proves nothing", passed)
		}
	})
}

// keepsWhatPasses compares what a matter's events hold with what its form says of the same values.
func (h *house) keepsWhatPasses(id int64, f form.Form) {
	h.t.Helper()
	m, st, _ := h.look(id)
	b, err := h.box(&m)
	if err != nil {
		h.t.Fatal(err)
	}
	list, err := events(h.t.Context(), h.DB, &m, b)
	if err != nil {
		h.t.Fatal(err)
	}
	reals, err := h.reals(h.t.Context(), h.DB, &m, list)
	if err != nil {
		h.t.Fatal(err)
	}
	held := f.Shape(valuesOf(reals))
	clean, faults := f.Check(held, form.Env{Today: clock.Day(monday)})
	for _, fault := range faults {
		name, _, _ := strings.Cut(fault.Field, ".")
		if _, answered := held[name]; answered {
			h.t.Errorf("matter %d holds %s = %v, which does not pass: %s", id, name, held[name], fault.Key)
		}
	}
	if len(valuesOf(reals)) != len(held) || !reflect.DeepEqual(clean, held) {
		h.t.Errorf("matter %d holds %v, the form keeps %v", id, valuesOf(reals), clean)
	}
	if filled := slices.Sorted(slices.Values(st.Run.Filled)); !slices.Equal(filled, slices.Sorted(maps.Keys(held))) {
		h.t.Errorf("matter %d: flow thinks %v are filled, %v are", id, filled, slices.Sorted(maps.Keys(held)))
	}
	for i := range list {
		for _, secret := range []string{"李四光", "11010519491231002X", "1390000", "13812345678"} {
			if strings.Contains(list[i].payload, secret) {
				h.t.Errorf("matter %d: %s stands readable in event %d", id, secret, list[i].ID)
			}
		}
	}
}

// What is taken out of values and put back is the same, whatever JSON was given; nothing sealed stays readable.
func FuzzFields(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"who":"person","name":"张三"}`, `{"phone":"13812345678","place":"⟦电话1⟧ 13812345678"}`, `{"crew":[{"cname":"李四","cage":4}]}`,
		`{"note":"11010519491231002X 浙A12345","days":1e3,"fee":"1.5"}`, `{"who":["firm"],"firm":"91330100799655058B","note":{}}`,
	} {
		f.Add([]byte(seed))
	}
	asked := permit()
	sealed := guarded(&asked)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var in map[string]any
		if json.Unmarshal(raw, &in) != nil {
			return
		}
		out, faults := sealed.Amend(form.Amendment{Given: in}, form.Env{Today: "2026-03-02"})
		if len(faults) > 0 {
			return
		}
		h := hidden{}
		kept, err := h.takeFields(sealed, out.Set)
		if err != nil {
			t.Fatal(err)
		}
		payload, err := json.Marshal(kept)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range out.Set {
			if x, _ := sealed.Field(name); x.Sealed() && kept[name] != sealedRef {
				t.Errorf("%s = %v stands readable in %s", name, value, payload)
			}
		}
		var stored any
		if err := json.Unmarshal(payload, &stored); err != nil {
			t.Fatal(err)
		}
		back, err := h.restore("values", stored)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := back.(map[string]any)
		whole := sealed.Shape(again)
		for name, value := range out.Set {
			if x, _ := sealed.Field(name); x.Sealed() && !reflect.DeepEqual(whole[name], value) {
				t.Errorf("%s was %#v, is %#v", name, value, whole[name])
			}
		}
	})
}
