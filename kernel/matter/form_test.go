package matter

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"log/slog"
	"testing"

	"weizheng/kernel/audit"
	"weizheng/kernel/form"
	"weizheng/kernel/setting"
	"weizheng/platform/blob"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
)

// formNeeds stands for kernel/citizen and kernel/setting.
type formNeeds struct{ key crypt.DataKey }

func (n formNeeds) DataKey(context.Context, db.Queryer, int64) (crypt.DataKey, error) {
	return n.key, nil
}
func (formNeeds) Same(_ context.Context, _ db.Queryer, id int64) ([]int64, error) {
	return []int64{id}, nil
}
func (formNeeds) Int(context.Context, string, setting.At) int64 { return 30 }

// formsOf is kernel/form over the same database.
func formsOf(t testing.TB, d *db.DB, ring *crypt.Ring, civil clock.Clock, log *slog.Logger) *form.Service {
	t.Helper()
	folder, err := blob.OpenFolder(t.TempDir(), clock.Wall{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	_, key, err := ring.NewDataKey()
	if err != nil {
		t.Fatal(err)
	}
	needs := formNeeds{key}
	return form.New(form.Deps{DB: d, Blobs: folder, Ring: ring, Wall: clock.Wall{}, Civil: civil, Log: log,
		Audit: audit.New(audit.Deps{DB: d, Wall: clock.Wall{}, Log: log, Ring: ring}), Citizens: needs, Settings: needs})
}

// ticket is the form of the shipped ticket-basic: its fields, plainly.
func ticket() form.Form {
	f := form.Form{Title: "诉求"}
	for _, name := range []string{"subject", "content", "place", "contact", "class", "reply", "facts", "opinion"} {
		f.Fields = append(f.Fields, form.Field{Name: name, Kind: form.Text, Label: name, Lines: true})
	}
	return f
}

// permit is the form of testdata/permit.yaml.
func permit() form.Form {
	return form.Form{Title: "占道申请", Fields: []form.Field{
		{Name: "head", Kind: form.Heading, Label: "谁申请"},
		{Name: "who", Kind: form.Choice, Label: "申请人是", Required: true, Options: []form.Option{{Value: "firm", Label: "单位"}, {Value: "person", Label: "个人"}}},
		{Name: "name", Kind: form.Text, Label: "姓名", Rule: "name", Class: form.Personal, Required: true, Show: when("who", "person")},
		{Name: "phone", Kind: form.Phone, Label: "手机", Mobile: true},
		{Name: "firm", Kind: form.Credit, Label: "统一社会信用代码", Class: form.Public, Show: when("who", "firm")},
		{Name: "days", Kind: form.Number, Label: "占几天", Unit: "天", Min: new(1.0), Max: new(30.0), Required: true},
		{Name: "place", Kind: form.Text, Label: "地点"},
		{Name: "photo", Kind: form.File, Label: "现场照片", Purpose: "核对", Trust: "D", Accept: []string{"image"}, Class: form.Sensitive},
		{Name: "crew", Kind: form.Group, Label: "施工人员", Fields: []form.Field{
			{Name: "cname", Kind: form.Text, Label: "姓名", Required: true, Class: form.Personal}, {Name: "cage", Kind: form.Number, Label: "年龄"}}},
		{Name: "fee", Kind: form.Money, Label: "收费", Required: true},
		{Name: "note", Kind: form.Text, Label: "说明", Lines: true, Need: when("who", "firm")},
	}}
}

func when(field, value string) *form.Condition {
	return &form.Condition{Terms: []form.Term{{Field: field, Op: form.Is, Value: value}}}
}

// publish makes a version of a form live.
func (h *house) publish(key string, f form.Form) form.Sheet {
	h.t.Helper()
	ctx := h.as(deskA)
	sheet, err := h.forms.ByKey(ctx, key)
	if err != nil {
		sheet, err = h.forms.Create(ctx, form.CreateIn{Key: key, UnitID: 1, Draft: f})
	} else {
		sheet, err = h.forms.Save(ctx, sheet.ID, sheet.Version, 0, f)
	}
	if err == nil {
		sheet, err = h.forms.Publish(ctx, sheet.ID, sheet.Version)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return sheet
}

// upload is a picture that somebody gives for a field; "" is evidence.
func (h *house) upload(ctx context.Context, field string) string {
	h.t.Helper()
	var sheet form.Sheet
	f := form.Field{Kind: form.File, Purpose: "依据", Trust: "A"}
	if field != "" {
		var live form.Form
		var err error
		if sheet, live, err = h.forms.Live(ctx, h.DB, "permit"); err != nil {
			h.t.Fatal(err)
		}
		f, _ = live.Field(field)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		h.t.Fatal(err)
	}
	kept, err := h.forms.Upload(ctx, form.Me(ctx), sheet, f, "照片.png", &b)
	if err != nil {
		h.t.Fatal(err)
	}
	return kept.Code
}

// permitOf opens a permit of a person.
func (h *house) permitOf(values map[string]any) Opened {
	h.t.Helper()
	o, err := h.Open(h.as(deskA), OpenIn{Flow: "permit", Unit: 2, Title: "占道", Citizen: wang, Values: values})
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}
