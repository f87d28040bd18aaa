package formweb

import (
	"context"
	"net/http"

	"weizheng/kernel/form"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// SentRow is a submission as a list shows it.
type SentRow struct {
	ID     int64  `json:"id"`
	Code   string `json:"code"`
	Number int64  `json:"number" doc:"version that was answered"`
	At     int64  `json:"submitted_at"`
}

type sentIn struct {
	ID     int64 `path:"id"`
	Cursor int64 `query:"cursor" minimum:"0"`
	Limit  int   `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type sentOut struct {
	Items []SentRow `json:"items"`
	Next  string    `json:"next"`
}

func (c console) submissions(ctx context.Context, in *sentIn) (*sentOut, error) {
	list, err := c.Forms.Submissions(ctx, in.ID, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &sentOut{Items: []SentRow{}}
	list, out.Next = web.More(list, in.Limit, func(s form.Submission) int64 { return s.ID })
	for _, x := range list {
		out.Items = append(out.Items, SentRow{x.ID, x.Code, x.Number, clock.Millis(x.At)})
	}
	return out, nil
}

type fileView struct {
	Code      string `json:"code"`
	Field     string `json:"field"`
	Name      string `json:"name"`
	Type      string `json:"type"`
	Size      int64  `json:"size"`
	Purpose   string `json:"purpose"`
	Trust     string `json:"trust"`
	CreatedAt int64  `json:"created_at" doc:"of a signature: when it was given"`
}

type submissionView struct {
	SentRow
	Form   form.Form      `json:"form" doc:"the version that was answered"`
	Values map[string]any `json:"values"`
	Masked bool           `json:"masked"`
	Places []form.Area    `json:"places" doc:"names of the places in the values, whole ways"`
	Files  []fileView     `json:"files"`
}

// answered finds a submission and the version it answered.
func (c console) answered(ctx context.Context, id int64) (form.Submission, form.Form, error) {
	x, err := c.Forms.Submission(ctx, id)
	if err != nil {
		return x, form.Form{}, err
	}
	sheet, err := c.Forms.Get(ctx, x.Form)
	if err != nil {
		return x, form.Form{}, err
	}
	e, err := c.Forms.Edition(ctx, sheet, x.Number)
	return x, e.Form, err
}

func (c console) submission(ctx context.Context, in *idIn) (*submissionView, error) {
	x, f, err := c.answered(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	values, err := c.Forms.Values(ctx, x, f)
	if err != nil {
		return nil, err
	}
	return c.opened(ctx, x, f, values, f.Masked(values), true)
}

func (c console) opened(ctx context.Context, x form.Submission, f form.Form, values, shown form.Values, masked bool) (*submissionView, error) {
	v := &submissionView{SentRow: SentRow{x.ID, x.Code, x.Number, clock.Millis(x.At)}, Form: f, Values: shown, Masked: masked, Files: []fileView{}}
	files, err := c.Forms.Files(ctx, x.ID)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		name := file.Name
		if field, ok := f.Field(file.Field); masked && ok && field.Sealed() {
			name = "" // people name files by whom they show
		}
		v.Files = append(v.Files, fileView{file.Code, file.Field, name, file.Type, file.Size, file.Purpose, file.Trust, clock.Millis(file.CreatedAt)})
	}
	for _, code := range places(f.Fields, shown) {
		way, err := c.Forms.Way(ctx, code)
		if err != nil {
			return nil, err
		}
		v.Places = append(v.Places, way...)
	}
	return v, nil
}

// places lists the codes of all places in values.
func places(fields []form.Field, values form.Values) []string {
	var out []string
	for _, f := range fields {
		switch v := values[f.Name].(type) {
		case string:
			if f.Kind == form.Place {
				out = append(out, v)
			}
		case []form.Values:
			for _, row := range v {
				out = append(out, places(f.Fields, row)...)
			}
		}
	}
	return out
}

type revealIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Reason string `json:"reason"`
	}
}

func (c console) reveal(ctx context.Context, in *revealIn) (*submissionView, error) {
	x, f, err := c.answered(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	values, err := c.Forms.Reveal(ctx, x, f, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return c.opened(ctx, x, f, values, values, false)
}

// file shows staff a file of a submission; the look is audited.
func (c console) file(w http.ResponseWriter, r *http.Request) {
	id, err := pathID(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	x, _, err := c.answered(r.Context(), id)
	if err == nil {
		err = c.Forms.Looked(r.Context(), x)
	}
	var file form.Filed
	if err == nil {
		file, err = c.Forms.FileOf(r.Context(), id, r.PathValue("code"))
	}
	if err != nil {
		web.Fail(w, r, errs.Wrap(err, "a file of submission %d", id))
		return
	}
	Serve(w, r, c.Forms, file)
}

// upload keeps a file that staff give for a field of the live version while they fill in a form; the body is the file.
func (c console) upload(w http.ResponseWriter, r *http.Request) {
	kept, err := c.take(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	answer(w, fileView{Code: kept.Code, Field: kept.Field, Name: kept.Name, Type: kept.Type, Size: kept.Size, Purpose: kept.Purpose, Trust: kept.Trust,
		CreatedAt: clock.Millis(kept.CreatedAt)})
}

func (c console) take(r *http.Request) (form.Filed, error) {
	id, err := pathID(r)
	if err != nil {
		return form.Filed{}, err
	}
	sheet, err := c.Forms.Get(r.Context(), id)
	if err != nil {
		return form.Filed{}, err
	}
	e, err := c.Forms.Edition(r.Context(), sheet, 0)
	if err != nil {
		return form.Filed{}, err
	}
	field, ok := e.Form.Field(r.URL.Query().Get("field"))
	if !ok || field.Kind != form.File && field.Kind != form.Signature {
		return form.Filed{}, errs.New(errs.NotFound, "form.none")
	}
	return c.Forms.Upload(r.Context(), form.Me(r.Context()), sheet, field, r.URL.Query().Get("name"), r.Body)
}
