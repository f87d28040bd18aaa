package matterweb

import (
	"context"
	"slices"
	"strings"

	"weizheng/kernel/flow"
	"weizheng/kernel/form"
	"weizheng/kernel/matter"
	"weizheng/platform/access"
	"weizheng/platform/clock"
)

// fileView is a file of a matter.
type fileView struct {
	Code      string `json:"code"`
	Field     string `json:"field" doc:"表单的哪一项；空的是办理依据"`
	Name      string `json:"name" doc:"个人材料的名字不给没有权限的人看"`
	Type      string `json:"type"`
	Size      int64  `json:"size" doc:"字节"`
	Purpose   string `json:"purpose"`
	Trust     string `json:"trust" enum:"A,B,C,D"`
	CreatedAt int64  `json:"created_at" doc:"签名的时间就是它"`
	Open      bool   `json:"open" doc:"看的人打得开"`
}

// fieldsView is the form of a matter as it was when the matter was opened, with what is filled in so far.
type fieldsView struct {
	FormID int64           `json:"form_id"`
	Form   form.Form       `json:"form" doc:"这一步能看、能填的栏目"`
	Masked []string        `json:"masked" doc:"打了码的栏目"`
	Erased []string        `json:"erased" doc:"内容已随当事人清除的栏目"`
	Shown  map[string]bool `json:"shown" doc:"现在要问的栏目，值是必填"`
	Files  []fileView      `json:"files"`
	Places []form.Area     `json:"places" doc:"值里地方的名称，从上到下"`
}

// sight is what of a matter's form somebody may see in its present state.
type sight struct {
	all  bool
	sees []string
}

func sightOf(seen matter.Seen) sight {
	sees, all, _ := flow.Sees(seen.Flow, seen.Run)
	return sight{all, sees}
}

func (s sight) field(name string) bool { return s.all || slices.Contains(s.sees, name) }

// fields draws the form for whoever may read the matter: they need no right to forms. A flow without one has no fields in it.
func (c console) fields(ctx context.Context, seen matter.Seen) (*fieldsView, error) {
	v := &fieldsView{FormID: seen.Sheet.ID, Form: form.Form{Fields: []form.Field{}}, Masked: []string{}, Erased: []string{}, Shown: map[string]bool{}, Files: []fileView{}, Places: []form.Area{}}
	can := sightOf(seen)
	for _, f := range seen.Sheet.Files {
		if f.Field == "" || can.field(f.Field) {
			v.Files = append(v.Files, c.file(ctx, seen.Matter, f))
		}
	}
	if seen.Sheet.Form == nil {
		return v, nil
	}
	v.Form = *seen.Sheet.Form
	v.Form.Fields = []form.Field{}
	for _, f := range seen.Sheet.Form.Fields {
		if !f.Asks() && can.all || can.field(f.Name) {
			v.Form.Fields = append(v.Form.Fields, f)
		}
	}
	for path, must := range seen.Sheet.Shown {
		if name, _, _ := strings.Cut(path, "."); can.field(name) {
			v.Shown[path] = must
		}
	}
	for _, name := range seen.Sheet.Masked {
		if can.field(name) {
			v.Masked = append(v.Masked, name)
		}
	}
	for _, name := range seen.Sheet.Erased {
		if can.field(name) {
			v.Erased = append(v.Erased, name)
		}
	}
	for _, f := range v.Form.Fields {
		if code, ok := seen.Sheet.Values[f.Name].(string); ok && f.Kind == form.Place {
			way, err := c.Forms.Way(ctx, code)
			if err != nil {
				return nil, err
			}
			v.Places = append(v.Places, way...)
		}
	}
	return v, nil
}

// file shows a file to whoever may read the matter. What people call personal material says whose it is.
func (c console) file(ctx context.Context, m matter.Matter, f matter.File) fileView {
	v := fileView{Code: f.Code, Field: f.Field, Name: f.Name, Type: f.Type, Size: f.Size, Purpose: f.Purpose, Trust: f.Trust,
		CreatedAt: clock.Millis(f.CreatedAt), Open: !f.Personal || c.mayReveal(ctx, m)}
	if !v.Open {
		v.Name = ""
	}
	return v
}

// proved names the files among what proves a pause.
func (c console) proved(seen matter.Seen, pauses []flow.Pause) []flow.Pause {
	out := slices.Clone(pauses)
	for i := range out {
		out[i].Evidence = slices.Clone(out[i].Evidence)
		for n, one := range out[i].Evidence {
			code := matter.EvidenceFile(one)
			if code == "" {
				continue
			}
			at := slices.IndexFunc(seen.Sheet.Files, func(f matter.File) bool { return f.Code == code })
			if at < 0 {
				out[i].Evidence[n] = c.words.say("matter.file_lost")
				continue
			}
			out[i].Evidence[n] = seen.Sheet.Files[at].Name
		}
	}
	return out
}

// mayReveal reports whether the actor may see what is personal in a matter.
func (c console) mayReveal(ctx context.Context, m matter.Matter) bool {
	o, err := c.Matters.Object(ctx, m.ID)
	return err == nil && access.From(ctx).Can(reveal, o)
}

// changeView is one field that a deed changed.
type changeView struct {
	Field string `json:"field"`
	Label string `json:"label"`
	Was   string `json:"was" doc:"原来的，空的是没有"`
	Is    string `json:"is" doc:"现在的，空的是清空了"`
}

// changes says what a deed did to the fields, as people read it.
func (c console) changes(ctx context.Context, can sight, list []matter.Filled) []changeView {
	out := []changeView{}
	for _, f := range list {
		if !can.field(f.Field.Name) {
			continue
		}
		v := changeView{Field: f.Field.Name, Label: f.Field.Label, Was: f.Field.Words(f.Was, c.place(ctx)), Is: f.Field.Words(f.Is, c.place(ctx))}
		if f.WasGone {
			v.Was = c.words.say("matter.erased")
		}
		if f.IsGone {
			v.Is = c.words.say("matter.erased")
		}
		out = append(out, v)
	}
	return out
}

// place says a code with those above it.
func (c console) place(ctx context.Context) func(code string) string {
	return func(code string) string {
		way, err := c.Forms.Way(ctx, code)
		if err != nil {
			return "" // the code stands for itself then
		}
		var names strings.Builder
		for _, a := range way {
			names.WriteString(a.Name)
		}
		return names.String()
	}
}
