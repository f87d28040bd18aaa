package formweb

import (
	"context"

	"weizheng/kernel/form"
	"weizheng/platform/errs"
)

type checkIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Number int64          `json:"number" doc:"of the version; 0: the live one"`
		Values map[string]any `json:"values"`
		Draft  *form.Form     `json:"draft,omitempty" doc:"judge by this draft instead: a trial in the designer"`
	}
}

type checkOut struct {
	Values map[string]any `json:"values" doc:"as they would be kept"`
}

// check judges values for staff who fill in a form; faults come as the problem's errors, field by field.
func (c console) check(ctx context.Context, in *checkIn) (*checkOut, error) {
	sheet, err := c.Forms.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	var asked form.Form
	if in.Body.Draft != nil {
		asked = *in.Body.Draft
	} else {
		e, err := c.Forms.Edition(ctx, sheet, in.Body.Number)
		if err != nil {
			return nil, err
		}
		asked = e.Form
	}
	clean, faults, err := c.Forms.Judge(ctx, form.Me(ctx), asked, in.Body.Values)
	if err == nil {
		err = errs.InvalidFields(faults)
	}
	return &checkOut{clean}, err
}

type sourceView struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type sourcesOut struct {
	Items []sourceView `json:"items"`
}

func (c console) sources(context.Context, *struct{}) (*sourcesOut, error) {
	out := &sourcesOut{Items: []sourceView{}}
	for _, s := range c.Forms.Sources {
		out.Items = append(out.Items, sourceView{s.Name, s.Text})
	}
	return out, nil
}

type areasIn struct {
	Of string `query:"of" maxLength:"12"`
}

type areasOut struct {
	Items []form.Area `json:"items"`
	Way   []form.Area `json:"way" doc:"the place itself and those above it, the highest first"`
}

func (c console) areas(ctx context.Context, in *areasIn) (*areasOut, error) {
	list, err := c.Forms.Areas(ctx, in.Of)
	if err != nil {
		return nil, err
	}
	way, err := c.Forms.Way(ctx, in.Of)
	return &areasOut{list, way}, err
}

type importIn struct {
	Body struct {
		Lines []form.AreaIn `json:"lines" maxItems:"60000"`
	}
}

type importOut struct {
	Lines int `json:"lines"`
}

func (c console) importAreas(ctx context.Context, in *importIn) (*importOut, error) {
	n, err := c.Forms.ImportAreas(ctx, in.Body.Lines)
	return &importOut{n}, err
}
