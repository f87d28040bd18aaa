package matterweb

import (
	"context"
	"maps"

	"weizheng/kernel/form"
	"weizheng/kernel/matter"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// titleName is where a draft keeps what the matter is to be called: no question can have this name.
const titleName = "_title"

// slot is what a draft of a beginning is for.
func slot(flow string) string { return "begin:" + flow }

type flowIn struct {
	Flow string `path:"flow" maxLength:"60"`
}

type beginFormOut struct {
	Form    *form.Form     `json:"form" doc:"第一步的表单；没有就是空"`
	Asked   []string       `json:"asked" doc:"这一步填的栏目"`
	Must    []string       `json:"must" doc:"其中这一步非填不可的"`
	Title   string         `json:"title" doc:"上次写到一半的"`
	Values  map[string]any `json:"values" doc:"上次填到一半的，没有就是能自动填的"`
	SavedAt int64          `json:"saved_at" doc:"什么时候存的；0 没有存过"`
	Files   []fileView     `json:"files" doc:"上次传好的文件"`
}

// beginForm returns what a beginning asks, with what was half filled in before or is known already.
func (c console) beginForm(ctx context.Context, in *flowIn) (*beginFormOut, error) {
	b, err := c.Matters.Beginning(ctx, in.Flow)
	out := &beginFormOut{Asked: []string{}, Must: []string{}, Values: map[string]any{}, Files: []fileView{}}
	if err != nil || b.Form == nil {
		return out, err
	}
	out.Form, out.Asked, out.Must = b.Form, append(out.Asked, b.Asked...), append(out.Must, b.Must...)
	me := form.Me(ctx)
	draft, err := c.Forms.Draft(ctx, me, b.Sheet.ID, slot(in.Flow))
	if err != nil {
		return nil, err
	}
	var values form.Values
	if draft.ID != 0 {
		out.Title, _ = draft.Values[titleName].(string)
		out.SavedAt = clock.Millis(draft.SavedAt)
		values = b.Form.Shape(draft.Values)
	} else if values, err = c.Forms.Prefill(ctx, me, asked(b), nil); err != nil {
		return nil, err
	}
	maps.Copy(out.Values, values)
	for _, code := range b.Form.Codes(values) {
		f, err := c.Forms.Own(ctx, me, code)
		if err != nil {
			continue // checking says that it is gone
		}
		out.Files = append(out.Files, fileView{Code: f.Code, Field: f.Field, Name: f.Name, Type: f.Type, Size: f.Size, Purpose: f.Purpose, Trust: f.Trust,
			CreatedAt: clock.Millis(f.CreatedAt), Open: true})
	}
	return out, nil
}

// asked is the form with the questions of the first step only: no more is filled in by itself.
func asked(b matter.Beginning) form.Form {
	f := *b.Form
	f.Fields = nil
	for _, field := range b.Form.Fields {
		for _, name := range b.Asked {
			if field.Name == name {
				f.Fields = append(f.Fields, field)
			}
		}
	}
	return f
}

type draftIn struct {
	Flow string `path:"flow" maxLength:"60"`
	Body struct {
		Title  string         `json:"title"`
		Values map[string]any `json:"values"`
	}
}

type draftOut struct {
	SavedAt int64 `json:"saved_at"`
}

// saveBeginning keeps what is half filled in, unjudged, for whoever began it.
func (c console) saveBeginning(ctx context.Context, in *draftIn) (*draftOut, error) {
	b, err := c.Matters.Beginning(ctx, in.Flow)
	if err != nil || b.Form == nil {
		return &draftOut{}, err
	}
	f := *b.Form
	f.Fields = append([]form.Field{{Name: titleName, Kind: form.Text}}, f.Fields...)
	values := map[string]any{}
	maps.Copy(values, in.Body.Values)
	values[titleName] = in.Body.Title
	at, err := c.Forms.SaveDraft(ctx, form.Me(ctx), b.Sheet, f, slot(in.Flow), values)
	return &draftOut{clock.Millis(at)}, err
}

// dropBeginning forgets it.
func (c console) dropBeginning(ctx context.Context, in *flowIn) (*web.None, error) {
	b, err := c.Matters.Beginning(ctx, in.Flow)
	if err != nil || b.Form == nil {
		return &web.None{}, err
	}
	return &web.None{}, c.Forms.ForgetDraft(ctx, form.Me(ctx), b.Sheet.ID, slot(in.Flow))
}

type openIn struct {
	Body struct {
		Flow   string         `json:"flow" maxLength:"60" doc:"流程的标识"`
		Title  string         `json:"title" doc:"这是一件什么事"`
		Values map[string]any `json:"values,omitempty" doc:"第一步的表单"`
		Key    string         `json:"key" doc:"同一个键只登记一次"`
	}
}

// open registers a matter in the unit of whoever does it. What was half filled in is forgotten then.
func (c console) open(ctx context.Context, in *openIn) (*matter.Opened, error) {
	me := access.From(ctx)
	if !me.Can(act, access.Object{Unit: me.Unit}) {
		return nil, errs.New(errs.Denied, "denied")
	}
	err := c.begins(ctx, in.Body.Flow)
	if errs.Is(err, errs.NotFound) {
		err = errs.InvalidFields([]errs.Field{{Field: "flow", Key: "matter.no_beginning"}})
	}
	if err != nil {
		return nil, err
	}
	b, err := c.Matters.Beginning(ctx, in.Body.Flow)
	if err != nil {
		return nil, err
	}
	opened, err := c.Matters.Open(ctx, matter.OpenIn{Flow: in.Body.Flow, Unit: access.UnitID(me.Unit), Title: in.Body.Title,
		Values: in.Body.Values, Complete: true, Key: in.Body.Key})
	if err == nil && b.Form != nil {
		err = c.Forms.ForgetDraft(ctx, form.Me(ctx), b.Sheet.ID, slot(in.Body.Flow))
	}
	return &opened, err
}
