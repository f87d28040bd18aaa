package matter

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"weizheng/kernel/form"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// wrong lists the faults of a refusal, "values.days shape.min", in order.
func wrong(err error) string {
	if err == nil {
		return ""
	}
	var all []string
	for _, f := range errs.As(err).Fields() {
		all = append(all, f.Field+" "+f.Key)
	}
	if all == nil {
		return errs.As(err).Key()
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// person is a whole first step of somebody who applies for themself.
func personal(more map[string]any) map[string]any {
	values := map[string]any{"who": "person", "name": "张小三", "phone": "13812345678", "days": 3.0, "place": "书院街，找 13900001111"}
	maps.Copy(values, more)
	return values
}

// What is given is judged by the form: types, limits, conditions over what is held, the fields of the step; every fault at
// once, and nothing changes.
func TestFieldsAreJudged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		type values = map[string]any
		for _, row := range []struct {
			label string
			in    OpenIn
			want  string
		}{
			{"every fault at once, the title's too", OpenIn{Title: " ", Values: values{"who": "moon", "days": 99, "phone": "12", "photo": []any{"none"}, "sky": 1}},
				"title matter.required, values.days shape.max, values.phone form.mobile, values.photo form.file_gone, values.sky form.unknown_field, values.who form.choose"},
			{"another step's field", OpenIn{Values: values{"fee": 100.0}}, "values.fee flow.field_closed"},
			{"no more than given, unless it must be complete", OpenIn{Values: values{"days": 3}}, ""},
			{"complete", OpenIn{Complete: true, Values: values{"who": "person"}}, "values.days shape.required, values.name shape.required"},
			{"complete, as conditions have it", OpenIn{Complete: true, Values: values{"who": "firm", "days": 1}}, "values.note shape.required"},
			{"rows, by their paths", OpenIn{Values: values{"crew": []any{values{"cname": "甲"}, values{"cage": "alt"}}}},
				"values.crew.1.cage form.number, values.crew.1.cname shape.required"},
		} {
			in := row.in
			in.Flow, in.Unit = "permit", 2
			if in.Title == "" {
				in.Title = "占道"
			}
			if _, err := h.Open(h.as(deskA), in); wrong(err) != row.want {
				t.Errorf("%s: %s", row.label, wrong(err))
			}
		}
		n, err := db.One(t.Context(), h.DB, db.Value[int], `select count(*) from matter`)
		if err != nil || n != 1 {
			t.Errorf("%d matters after one opening that passed, %v", n, err)
		}

		o := h.permitOf(values{"who": "person"})
		for _, row := range []struct {
			label  string
			action string
			values values
			want   string
		}{
			{"what the step must have, and what the form requires of it", "pass", nil, "values.days shape.required, values.name shape.required"},
			{"wrong and missing together", "pass", values{"days": 0.5, "fee": 1.0}, "values.days shape.integer, values.days shape.min, values.fee flow.field_closed, values.name shape.required"},
			{"a condition on what is held", "note", values{"firm": "91330100799655058B"}, ""},
			{"required ones are not emptied", "note", values{"who": nil}, "values.who form.choose"},
			{"nobody's question", "note", values{"moon": "x"}, "values.moon form.unknown_field"},
			{"refused without the step's work", "refuse", nil, "reason flow.missing"},
		} {
			before := h.get(o.Matter).Version
			_, err := h.Act(h.as(deskA), o.Matter, row.action, In{Values: row.values})
			if wrong(err) != row.want {
				t.Errorf("%s: %s", row.label, wrong(err))
			}
			if err != nil && h.get(o.Matter).Version != before {
				t.Errorf("%s: something changed", row.label)
			}
		}
		if _, err := h.Act(h.as(stranger), o.Matter, "pass", In{Values: values{"days": 99}}); !errs.Is(err, errs.Denied) || len(errs.As(err).Fields()) > 0 {
			t.Errorf("who may not act is told nothing of the form: %v", err)
		}
		h.do(deskA, o.Matter, "pass", In{Values: values{"name": "张小三", "days": 2}})
		h.do(deskB, o.Matter, "assign", In{Staff: handA})
		h.do(handA, o.Matter, "note", In{Values: values{"who": "firm"}}) // hides the name, though it is not this step's
		seen, err := h.View(h.as(handA), o.Matter)
		if _, held := seen.Sheet.Values["name"]; err != nil || held || seen.Sheet.Values["who"] != "firm" || slices.Contains(seen.Run.Filled, "name") {
			t.Errorf("a hidden answer stays: %v %v, %v", seen.Sheet.Values, seen.Run.Filled, err)
		}
		if _, err := h.Act(h.as(handA), o.Matter, "submit", In{Values: values{"fee": 1200.0}}); wrong(err) != "values.note shape.required" {
			t.Errorf("needed since then: %v", wrong(err))
		}
		h.do(handA, o.Matter, "submit", In{Values: values{"fee": 1200.0, "note": "已核对"}})
		h.do(deskB, o.Matter, "grant", In{})
		h.sound()
	})
}

// Sending back what was not touched makes nobody an author, who could not decide afterwards.
func TestUnchangedIsNoChange(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.permitOf(personal(nil))
		h.do(deskB, o.Matter, "pass", In{Values: map[string]any{"days": "3", "who": "person", "phone": "138 1234 5678"}})
		h.do(handA, o.Matter, "submit", In{Values: map[string]any{"fee": "12.00"}})
		h.do(deskB, o.Matter, "grant", In{})
		h.sound()
	})
}

// A later version of the form changes nothing of what runs under an earlier one.
func TestFormIsSnapshotted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.permitOf(personal(nil))
		next := permit()
		next.Fields[5].Max = new(1.0)
		next.Fields = append(next.Fields, form.Field{Name: "extra", Kind: form.Text, Label: "另外", Required: true})
		sheet := h.publish("permit", next)
		h.do(deskA, o.Matter, "pass", In{Values: map[string]any{"days": 20}})
		seen, err := h.View(h.as(deskA), o.Matter)
		if err != nil || seen.Sheet.Form.Version != 1 || len(seen.Sheet.Form.Fields) != len(permit().Fields) {
			t.Errorf("the form of a running matter: %+v, %v", seen.Sheet.Form, err)
		}
		if _, err := h.Open(h.as(deskA), OpenIn{Flow: "permit", Unit: 2, Title: "新的", Values: map[string]any{"days": 20}}); wrong(err) != "values.days shape.max" {
			t.Errorf("the form of a new one: %v", wrong(err))
		}
		if open, any, err := h.FormUse(t.Context(), sheet.ID); err != nil || open != 1 || !any {
			t.Errorf("uses: %d, %v, %v", open, any, err)
		}
		if _, err := h.forms.Retire(h.as(deskA), sheet.ID, sheet.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Open(h.as(deskA), OpenIn{Flow: "permit", Unit: 2, Title: "没有表"}); errs.As(err).Key() != "matter.no_form" {
			t.Errorf("without a form in use: %v", err)
		}
		h.do(handA, o.Matter, "submit", In{Values: map[string]any{"fee": 0.0}})
		h.sound()
	})
}

// Personal fields are kept beside the event, encrypted, and shown masked; who says why sees them; erasing ends it.
func TestPersonalFields(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.permitOf(personal(map[string]any{"crew": []any{map[string]any{"cname": "李四光", "cage": 41.0}}}))
		h.do(deskA, o.Matter, "note", In{Values: map[string]any{"phone": "13900002222"}})
		stored, err := db.All(t.Context(), h.DB, db.Value[string], `select payload from matter_event`)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"张小三", "13812345678", "13900002222", "13900001111", "李四光"} {
			if strings.Contains(strings.Join(stored, " "), secret) {
				t.Errorf("%s stands readable in %s", secret, stored)
			}
		}
		look := func() (Seen, []Deed) {
			seen, err := h.View(h.as(deskA), o.Matter)
			if err != nil {
				t.Fatal(err)
			}
			deeds, err := h.History(h.as(deskA), o.Matter)
			if err != nil {
				t.Fatal(err)
			}
			return seen, deeds
		}
		said := func(d Deed) (all []string) {
			for _, f := range d.Filled {
				was, is := f.Field.Words(f.Was, nil), f.Field.Words(f.Is, nil)
				if f.WasGone {
					was = "gone"
				}
				if f.IsGone {
					is = "gone"
				}
				all = append(all, f.Field.Label+" "+was+"→"+is)
			}
			return all
		}
		seen, deeds := look()
		if v := seen.Sheet.Values; v["name"] != "张*三" || v["phone"] != "139****2222" || v["days"] != 3.0 || v["place"] != "书院街，找 ⟦电话1⟧" {
			t.Errorf("shown: %v", v)
		}
		if want := []string{"name", "phone", "place", "crew"}; !slices.Equal(seen.Sheet.Masked, want) {
			t.Errorf("masked: %v", seen.Sheet.Masked)
		}
		if got := strings.Join(said(deeds[0]), "；"); got != "申请人是 →个人；姓名 →张*三；手机 →138****5678；占几天 →3 天；地点 →书院街，找 ⟦电话1⟧；施工人员 →姓名 李***，年龄 41" {
			t.Errorf("the opening: %s", got)
		}
		if got := strings.Join(said(deeds[1]), ""); got != "手机 138****5678→139****2222" {
			t.Errorf("the change: %s", got)
		}
		if mine, err := h.View(h.citizen(wang), o.Matter); err != nil || mine.Sheet.Values["name"] != "张小三" {
			t.Errorf("whose matter it is sees their own: %v, %v", mine.Sheet.Values, err)
		}
		r, err := h.Reveal(h.as(deskA), o.Matter, "回电核实")
		if err != nil || r.Values["name"] != "张小三" || r.Values["phone"] != "13900002222" || r.Values["place"] != "书院街，找 13900001111" || len(r.Hidden) != 1 {
			t.Errorf("revealed: %v %+v, %v", r.Values, r.Hidden, err)
		}
		if _, err := h.Act(h.as(deskA), o.Matter, "pass", In{}); err != nil {
			t.Errorf("what is kept beside counts as filled in: %v", err)
		}
		if err := h.DB.Write(t.Context(), func(tx *db.Tx) error { return h.EraseCitizen(t.Context(), tx, wang) }); err != nil {
			t.Fatal(err)
		}
		seen, deeds = look()
		if _, held := seen.Sheet.Values["name"]; held || !slices.Equal(seen.Sheet.Erased, []string{"name", "phone", "crew"}) {
			t.Errorf("after erasing: %v, %v", seen.Sheet.Values, seen.Sheet.Erased)
		}
		if got := strings.Join(said(deeds[1]), ""); got != "手机 gone→gone" {
			t.Errorf("history after erasing: %s", got)
		}
		if r, err := h.Reveal(h.as(deskA), o.Matter, "回电核实"); err != nil || len(r.Values) > 0 || len(r.Hidden) > 0 {
			t.Errorf("revealed after erasing: %v %v, %v", r.Values, r.Hidden, err)
		}
		h.sound()
	})
}

// A sealed matter is encrypted whole, and its parties still see what is personal masked.
func TestPersonalFieldsOfSealed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o, err := h.Open(h.as(deskA), OpenIn{Flow: "permit", Unit: 2, Title: "密", Sealed: true, Parties: []int64{deskA}, Values: personal(nil)})
		if err != nil {
			t.Fatal(err)
		}
		h.do(deskA, o.Matter, "note", In{Values: map[string]any{"days": 4}})
		seen, err := h.View(h.as(deskA), o.Matter)
		if err != nil || seen.Sheet.Values["name"] != "张*三" || seen.Sheet.Values["place"] != "书院街，找 13900001111" {
			t.Errorf("shown: %v, %v", seen.Sheet.Values, err)
		}
		if r, err := h.Reveal(h.as(deskA), o.Matter, "核实"); err != nil || r.Values["name"] != "张小三" {
			t.Errorf("revealed: %v, %v", r.Values, err)
		}
		h.sound()
	})
}

// Files hang on the matter: in a field and as evidence, for who may read it; personal ones need a right and are audited.
func TestFiles(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		photo, foreign := h.upload(h.as(deskA), "photo"), h.upload(h.as(handB), "photo")
		if _, err := h.Open(h.as(deskA), OpenIn{Flow: "permit", Unit: 2, Title: "x", Values: map[string]any{"photo": []any{foreign}}}); wrong(err) != "values.photo form.file_gone" {
			t.Errorf("a colleague's file: %v", wrong(err))
		}
		o := h.permitOf(personal(map[string]any{"photo": []any{photo}}))
		if _, err := h.Open(h.as(deskA), OpenIn{Flow: "permit", Unit: 2, Title: "x", Values: map[string]any{"photo": []any{photo}}}); wrong(err) != "values.photo form.file_gone" {
			t.Errorf("a file that hangs elsewhere: %v", wrong(err))
		}
		h.do(deskA, o.Matter, "pass", In{})
		h.do(deskB, o.Matter, "assign", In{Staff: handA})
		more := h.upload(h.as(handA), "photo")
		h.do(handA, o.Matter, "note", In{Values: map[string]any{"photo": []any{photo, more}}}) // the one that hangs here stays
		if _, err := h.Act(h.as(handA), o.Matter, "pause", In{Reason: "鉴定", Files: []string{"nobody's"}}); wrong(err) != "files form.file_gone" {
			t.Errorf("evidence that is not there: %v", wrong(err))
		}
		if _, err := h.Act(h.as(handA), o.Matter, "pause", In{Reason: "鉴定"}); wrong(err) != "evidence flow.missing" {
			t.Errorf("without evidence: %v", wrong(err))
		}
		paper := h.upload(h.as(handA), "")
		h.do(handA, o.Matter, "pause", In{Reason: "鉴定", Files: []string{paper}, Evidence: []string{"鉴字 12 号"}})
		deeds, err := h.History(h.as(handA), o.Matter)
		last := deeds[len(deeds)-1]
		if err != nil || !slices.Equal(last.Evidence, []string{"鉴字 12 号"}) || len(last.Files) != 1 || last.Files[0].Name != "照片.png" || last.Files[0].Trust != "A" {
			t.Errorf("evidence: %+v, %v", last, err)
		}
		for _, row := range []struct {
			label    string
			staff    int64
			code     string
			personal bool
			want     string
		}{
			{"evidence", handB, paper, false, ""}, {"a personal one without the right", handB, photo, false, "matter.file_personal"},
			{"with it", handB, photo, true, ""}, {"another's", handB, foreign, true, "form.file_none"},
		} {
			if f, err := h.File(h.as(row.staff), o.Matter, row.code, row.personal); wrong(err) != row.want {
				t.Errorf("%s: %v", row.label, err)
			} else if err == nil {
				if plain, err := h.forms.Read(t.Context(), f.Filed); err != nil || !strings.HasPrefix(string(plain), "\x89PNG") {
					t.Errorf("%s: unreadable, %v", row.label, err)
				}
			}
		}
		looks, err := db.One(t.Context(), h.DB, db.Value[int], `select count(*) from audit_entry where verb = 'look' and object = 'matter'`)
		if err != nil || looks != 1 {
			t.Errorf("%d looks audited, %v", looks, err)
		}
		if err := h.DB.Write(t.Context(), func(tx *db.Tx) error { return h.EraseCitizen(t.Context(), tx, wang) }); err != nil {
			t.Fatal(err)
		}
		if _, err := h.File(h.as(handB), o.Matter, photo, true); wrong(err) != "form.file_none" {
			t.Errorf("a personal file after erasing: %v", err)
		}
		if _, err := h.File(h.as(handB), o.Matter, paper, true); err != nil {
			t.Errorf("evidence stays: %v", err)
		}
		h.sound()
	})
}

// When the keeping of a matter is over its files are unreadable, too.
func TestPurgedFiles(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.years["permit"] = 1
		photo := h.upload(h.as(deskA), "photo")
		o := h.permitOf(personal(map[string]any{"photo": []any{photo}}))
		paper := h.upload(h.as(deskA), "")
		h.do(deskA, o.Matter, "refuse", In{Reason: "不在本市", Files: []string{paper}})
		h.civil.forward(2 * 366 * 24 * time.Hour)
		if n := h.purge(); n != 1 {
			t.Fatalf("%d matters purged", n)
		}
		readable, err := db.One(t.Context(), h.DB, db.Value[int], `select count(*) from form_file where key_wrapped is not null`)
		if err != nil || readable != 0 {
			t.Errorf("%d files can still be read, %v", readable, err)
		}
		left, err := db.One(t.Context(), h.DB, db.Value[int], `select count(*) from matter_file`)
		if err != nil || left != 0 {
			t.Errorf("%d files still hang, %v", left, err)
		}
	})
}
