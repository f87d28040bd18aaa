package matterweb

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"weizheng/kernel/audit"
	"weizheng/kernel/flow"
	"weizheng/kernel/form"
	"weizheng/kernel/matter"
	"weizheng/kernel/setting"
	"weizheng/platform/access"
	"weizheng/platform/blob"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
)

// formNeeds stands for kernel/citizen and kernel/setting: only staff fill in here.
type formNeeds struct{}

func (formNeeds) DataKey(context.Context, db.Queryer, int64) (k crypt.DataKey, err error) { return }
func (formNeeds) Same(context.Context, db.Queryer, int64) ([]int64, error)                { return nil, nil }
func (formNeeds) Int(context.Context, string, setting.At) int64                           { return 30 }

func formsOf(t *testing.T, d *db.DB, ring *crypt.Ring, civil clock.Clock) *form.Service {
	t.Helper()
	folder, err := blob.OpenFolder(t.TempDir(), clock.Wall{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	log := slog.New(slog.DiscardHandler)
	return form.New(form.Deps{DB: d, Blobs: folder, Ring: ring, Wall: clock.Wall{}, Civil: civil, Log: log, Citizens: formNeeds{}, Settings: formNeeds{},
		Audit: audit.New(audit.Deps{DB: d, Wall: clock.Wall{}, Log: log, Ring: ring})})
}

// permit publishes the form of testdata/permit.yaml.
func (h *house) permit() {
	h.t.Helper()
	person := &form.Condition{Terms: []form.Term{{Field: "who", Op: form.Is, Value: "person"}}}
	f := form.Form{Title: "占道申请", Fields: []form.Field{
		{Name: "who", Kind: form.Choice, Label: "申请人是", Required: true, Options: []form.Option{{Value: "firm", Label: "单位"}, {Value: "person", Label: "个人"}}},
		{Name: "name", Kind: form.Text, Label: "姓名", Rule: "name", Class: form.Personal, Required: true, Show: person},
		{Name: "phone", Kind: form.Phone, Label: "手机", Mobile: true},
		{Name: "firm", Kind: form.Text, Label: "单位名称"},
		{Name: "days", Kind: form.Number, Label: "占几天", Unit: "天", Required: true, Prefill: ""},
		{Name: "place", Kind: form.Place, Label: "在哪里", Depth: 2},
		{Name: "photo", Kind: form.File, Label: "现场照片", Purpose: "核对", Trust: "D", Accept: []string{"image"}, Class: form.Sensitive},
		{Name: "crew", Kind: form.Text, Label: "人员"},
		{Name: "fee", Kind: form.Money, Label: "收费", Required: true},
		{Name: "note", Kind: form.Text, Label: "说明"},
	}}
	ctx := access.With(h.t.Context(), actorOf(deskA))
	_, err := h.forms.ImportAreas(ctx, []form.AreaIn{{Code: "99", Name: "青云省"}, {Code: "9901", Name: "青云市"}})
	h.must(err)
	sheet, err := h.forms.Create(ctx, form.CreateIn{Key: "permit", UnitID: 1, Draft: f})
	h.must(err)
	_, err = h.forms.Publish(ctx, sheet.ID, sheet.Version)
	h.must(err)
}

// give uploads a picture and returns its code.
func (d *desk) give(want int, path string) string {
	d.h.t.Helper()
	var b bytes.Buffer
	d.h.must(png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))))
	r, err := http.NewRequestWithContext(d.h.t.Context(), "POST", d.h.url+"/console/api/"+path, &b)
	d.h.must(err)
	got, err := d.client.Do(r)
	d.h.must(err)
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	d.h.must(err)
	if got.StatusCode != want {
		d.h.t.Fatalf("POST %s: %d, want %d: %s", path, got.StatusCode, want, raw)
	}
	var v fileView
	if want == 200 {
		d.h.must(json.Unmarshal(raw, &v))
	}
	return v.Code
}

func faultsOf(raw string) string {
	var problem struct {
		Errors []struct{ Field, Key string }
	}
	if json.Unmarshal([]byte(raw), &problem) != nil {
		return raw
	}
	var all []string
	for _, f := range problem.Errors {
		all = append(all, f.Field+" "+f.Key)
	}
	return strings.Join(all, ", ")
}

func TestBegunWithItsForm(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.permit()
		a, b := h.desk(handA), h.desk(handB)
		for _, path := range []string{"matter-flows/permit/form", "matter-flows/none/form"} {
			h.desk(handC).ask(404, "GET", path, nil, nil) // another unit's flow is none
		}
		h.desk(nobody).ask(403, "GET", "matter-flows/permit/form", nil, nil)
		var f beginFormOut
		a.ask(200, "GET", "matter-flows/errand/form", nil, &f)
		if f.Form != nil || len(f.Asked) > 0 {
			t.Errorf("a flow without a form asks %+v", f)
		}
		a.ask(200, "GET", "matter-flows/permit/form", nil, &f)
		if f.Form == nil || !slices.Equal(f.Must, []string{"who", "days"}) || slices.Contains(f.Asked, "fee") || !slices.Contains(f.Asked, "photo") || f.SavedAt != 0 {
			t.Errorf("asked: %+v", f)
		}
		a.give(404, "matter-flows/permit/files?field=who&name=a.png")
		code := a.give(200, "matter-flows/permit/files?field=photo&name=a.png")
		half := body{"who": "person", "phone": "1381", "photo": []string{code}}
		a.ask(200, "PUT", "matter-flows/permit/draft", body{"title": "书院街占道", "values": half}, nil)
		a.ask(200, "GET", "matter-flows/permit/form", nil, &f)
		if f.Title != "书院街占道" || f.Values["phone"] != "1381" || f.SavedAt == 0 || len(f.Files) != 1 || f.Files[0].Name != "a.png" {
			t.Errorf("half filled: %+v", f)
		}
		var other beginFormOut
		b.ask(200, "GET", "matter-flows/permit/form", nil, &other)
		if other.SavedAt != 0 || len(other.Values) > 0 {
			t.Errorf("a colleague sees it: %+v", other)
		}
		raw := a.ask(422, "POST", "matters", body{"flow": "permit", "title": "书院街占道", "key": "1", "values": half}, nil)
		if got := faultsOf(raw); got != "values.name shape.required, values.phone form.mobile, values.days shape.required" {
			t.Errorf("faults: %s", got)
		}
		maps.Copy(half, body{"phone": "13812345678", "name": "张小三", "days": 2, "place": "990100000000"})
		var o matter.Opened
		a.ask(200, "POST", "matters", body{"flow": "permit", "title": "书院街占道", "key": "2", "values": half}, &o)
		var fresh beginFormOut
		a.ask(200, "GET", "matter-flows/permit/form", nil, &fresh)
		if fresh.SavedAt != 0 || len(fresh.Values) > 0 {
			t.Errorf("what was registered is still half filled: %+v", fresh)
		}
		a.ask(200, "PUT", "matter-flows/permit/draft", body{"title": "x", "values": body{}}, nil)
		a.ask(204, "DELETE", "matter-flows/permit/draft", nil, nil)
		h.seenBy(o.Matter, code)
		h.filesOf(o.Matter, code)
	})
}

// seenBy: labels without any right to forms, masked where personal, only what the step lets see, readable history.
func (h *house) seenBy(id int64, code string) {
	t := h.t
	t.Helper()
	var d detailOut
	h.desk(handB).ask(200, "GET", one(id, ""), nil, &d)
	name, _ := d.Fields.Form.Field("name")
	if name.Label != "姓名" || d.Values["name"] != "张*三" || d.Values["phone"] != "138****5678" || !slices.Equal(d.Fields.Masked, []string{"name", "phone"}) {
		t.Errorf("shown: %v %v", d.Values, d.Fields.Masked)
	}
	if len(d.Fields.Places) != 2 || d.Fields.Places[1].Name != "青云市" || !d.Fields.Shown["name"] || len(d.Fields.Files) != 1 {
		t.Errorf("around the values: %+v", d.Fields)
	}
	if f := d.Fields.Files[0]; f.Open || f.Name != "" || f.Code != code {
		t.Errorf("personal material to somebody without the right: %+v", f)
	}
	h.desk(handC).ask(404, "GET", one(id, ""), nil, nil)
	var story historyOut
	h.desk(handB).ask(200, "GET", one(id, "/history"), nil, &story)
	var said []string
	for _, c := range story.Items[0].Changes {
		said = append(said, c.Label+c.Was+"→"+c.Is)
	}
	if got := strings.Join(said, " "); got != "申请人是→个人 姓名→张*三 手机→138****5678 占几天→2 天 在哪里→青云省青云市 现场照片→1 个文件" {
		t.Errorf("history: %s", got)
	}
	h.desk(handB).ask(403, "POST", one(id, "/reveal"), body{"reason": "核实"}, nil)
	var open revealOut
	h.desk(deskA).ask(200, "POST", one(id, "/reveal"), body{"reason": "核实"}, &open)
	if len(open.Fields) != 2 || open.Fields[0] != (fieldView{"name", "姓名", "张小三"}) || open.Fields[1].Text != "13812345678" {
		t.Errorf("revealed: %+v", open)
	}
	h.desk(deskA).ask(200, "POST", one(id, "/actions/pass"), body{"version": 0, "key": ""}, nil)
	d = detailOut{} // the step lets see who, days, name, fee and photo, and what it may change: note
	h.desk(handB).ask(200, "GET", one(id, ""), nil, &d)
	if _, phone := d.Values["phone"]; phone || d.Values["name"] == nil || slices.ContainsFunc(d.Fields.Form.Fields, func(f form.Field) bool { return f.Name == "phone" }) {
		t.Errorf("more than the step shows: %v", d.Values)
	}
	story = historyOut{}
	h.desk(handB).ask(200, "GET", one(id, "/history"), nil, &story)
	if strings.Contains(fmt.Sprint(story.Items[0].Changes), "手机") {
		t.Errorf("history tells more: %v", story.Items[0].Changes)
	}
}

func (h *house) filesOf(id int64, photo string) {
	t := h.t
	t.Helper()
	h.desk(deskA).ask(200, "POST", one(id, "/assign"), body{"staff_id": handA}, nil)
	a := h.desk(handA)
	raw := a.ask(422, "POST", one(id, "/files?trust=Z&name=b.png"), nil, nil)
	if faultsOf(raw) != "trust form.choose" {
		t.Errorf("no such trust: %s", raw)
	}
	a.give(404, one(id, "/files?field=note&name=b.png"))
	h.desk(handC).give(404, one(id, "/files?trust=A&name=b.png"))
	paper := a.give(200, one(id, "/files?trust=A&name=委托书.png"))
	pause := body{"version": 0, "key": "", "reason": "等鉴定", "files": []string{paper}}
	a.ask(200, "POST", one(id, "/actions/pause"), pause, nil)
	if raw := a.ask(409, "POST", one(id, "/actions/pause"), pause, nil); !strings.Contains(raw, "flow.") {
		t.Errorf("twice: %s", raw)
	}
	var story historyOut
	h.desk(handB).ask(200, "GET", one(id, "/history"), nil, &story)
	last := story.Items[len(story.Items)-1]
	if len(last.Files) != 1 || last.Files[0].Name != "委托书.png" || last.Files[0].Trust != "A" || last.Files[0].Purpose != "办理的依据" || len(last.Evidence) > 0 {
		t.Errorf("evidence: %+v", last)
	}
	seen, err := h.m.View(access.With(t.Context(), actorOf(handA)), id)
	h.must(err)
	was := []flow.Pause{{Evidence: []string{"file:" + paper, "file:" + strings.Repeat("x", 30), "file:1", "鉴字 12 号"}}}
	if got := (console{words: ownWords()}).proved(seen, was)[0].Evidence; !slices.Equal(got, []string{"委托书.png", "（文件已清除）", "file:1", "鉴字 12 号"}) || was[0].Evidence[0] != "file:"+paper {
		t.Errorf("what proves a pause: %v", got)
	}
	for _, row := range []struct {
		label string
		who   int64
		code  string
		want  int
	}{
		{"evidence", handB, paper, 200}, {"personal, without the right", handB, photo, 403}, {"with it", deskA, photo, 200},
		{"another bureau", handC, paper, 404}, {"no such file", handB, "nothing", 404},
	} {
		status, raw := h.desk(row.who).try("GET", one(id, "/files/"+row.code), nil)
		if status != row.want || status == 200 && !bytes.HasPrefix(raw, []byte("\x89PNG")) {
			t.Errorf("%s: %d %.80s", row.label, status, raw)
		}
	}
}
