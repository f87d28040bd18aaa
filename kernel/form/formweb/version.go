package formweb

import (
	"context"

	"weizheng/kernel/form"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type versionIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version int64 `json:"version" doc:"what the editor saw"`
	}
}

func (c console) publish(ctx context.Context, in *versionIn) (*view, error) {
	sheet, err := c.Forms.Publish(ctx, in.ID, in.Body.Version)
	return c.shown(ctx, sheet, err)
}

func (c console) retire(ctx context.Context, in *versionIn) (*view, error) {
	sheet, err := c.Forms.Retire(ctx, in.ID, in.Body.Version)
	return c.shown(ctx, sheet, err)
}

type removeIn struct {
	ID      int64 `path:"id"`
	Version int64 `query:"version"`
}

func (c console) remove(ctx context.Context, in *removeIn) (*web.None, error) {
	return nil, c.Forms.Remove(ctx, in.ID, in.Version)
}

type faultView struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

func (c console) faults(list []errs.Field) []faultView {
	out := []faultView{}
	for _, f := range list {
		out = append(out, faultView{f.Field, c.faces.texts.Say(f.Key, f.Params)})
	}
	return out
}

type judgeIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Draft form.Form `json:"draft" doc:"as it stands in the editor"`
	}
}

type judgeOut struct {
	Faults  []faultView   `json:"faults" doc:"what keeps it from being published"`
	Changes []form.Change `json:"changes" doc:"what publishing it would change"`
}

// judge says while one edits what publishing would say, and what it would change.
func (c console) judge(ctx context.Context, in *judgeIn) (*judgeOut, error) {
	sheet, err := c.Forms.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	missed, err := c.Forms.Missed(ctx, sheet, in.Body.Draft)
	if err != nil {
		return nil, err
	}
	out := &judgeOut{Faults: c.faults(append(in.Body.Draft.Validate(c.Forms.SourceNames()), missed...))}
	var live form.Form
	if sheet.Live > 0 {
		e, err := c.Forms.Edition(ctx, sheet, 0)
		if err != nil {
			return nil, err
		}
		live = e.Form
	}
	out.Changes = form.Diff(live, in.Body.Draft)
	return out, nil
}

type editionView struct {
	Form        form.Form  `json:"form"`
	State       form.State `json:"state" enum:"live,retired"`
	PublishedBy int64      `json:"published_by"`
	PublishedAt int64      `json:"published_at"`
}

type versionsOut struct {
	Items []editionView `json:"items"`
}

func (c console) versions(ctx context.Context, in *idIn) (*versionsOut, error) {
	sheet, err := c.Forms.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	list, err := c.Forms.Editions(ctx, sheet)
	out := &versionsOut{Items: []editionView{}}
	for _, e := range list {
		out.Items = append(out.Items, editionView{e.Form, e.State, e.PublishedBy, clock.Millis(e.PublishedAt)})
	}
	return out, err
}

type usageOut struct {
	Submissions int64      `json:"submissions"`
	Drafts      int64      `json:"drafts" doc:"people who have begun it"`
	Uses        []form.Use `json:"uses"`
	Free        bool       `json:"free" doc:"it may be deleted"`
}

func (c console) usage(ctx context.Context, in *idIn) (*usageOut, error) {
	sheet, err := c.Forms.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	u, err := c.Forms.Usage(ctx, sheet)
	return &usageOut{u.Submissions, u.Drafts, u.Uses, u.Free()}, err
}
