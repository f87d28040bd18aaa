package formweb

import (
	"context"
	"net/http"
	"strconv"

	"weizheng/kernel/form"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type sentRow struct {
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
	Items []sentRow `json:"items"`
	Next  string    `json:"next"`
}

func (c console) submissions(ctx context.Context, in *sentIn) (*sentOut, error) {
	list, err := c.Forms.Submissions(ctx, in.ID, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &sentOut{Items: []sentRow{}}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Next = strconv.FormatInt(list[in.Limit-1].ID, 10)
	}
	for _, x := range list {
		out.Items = append(out.Items, sentRow{x.ID, x.Code, x.Number, clock.Millis(x.At)})
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
	sentRow
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
	v := &submissionView{sentRow: sentRow{x.ID, x.Code, x.Number, clock.Millis(x.At)}, Form: f, Values: shown, Masked: masked, Files: []fileView{}}
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
	c.faces.serveFile(w, r, file)
}
