package formweb

import (
	"context"
	"net/http"
	"strconv"

	"weizheng/kernel/form"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type console struct {
	Deps
	faces *Faces
}

func (c console) routes() []web.Route {
	const base = "/console/api/forms"
	const sent = "/console/api/form-submissions/{id}"
	return []web.Route{
		web.JSON(web.Console, http.MethodGet, base, read, web.Anywhere, "表单列表", c.list),
		web.JSON(web.Console, http.MethodPost, base, edit, web.Anywhere, "新建表单", c.create),
		web.JSON(web.Console, http.MethodGet, base+"/{id}", read, c.scope, "一张表单", c.get),
		web.JSON(web.Console, http.MethodPut, base+"/{id}", edit, c.scope, "保存表单草稿", c.save),
		web.JSON(web.Console, http.MethodDelete, base+"/{id}", edit, c.scope, "删除没用过的表单", c.remove),
		web.JSON(web.Console, http.MethodPost, base+"/{id}/publish", publish, c.scope, "发布表单", c.publish),
		web.JSON(web.Console, http.MethodPost, base+"/{id}/retire", publish, c.scope, "停用表单", c.retire),
		web.JSON(web.Console, http.MethodPost, base+"/{id}/judge", read, c.scope, "检查草稿能不能发布、会改动什么", c.judge),
		web.JSON(web.Console, http.MethodPost, base+"/{id}/check", read, c.scope, "检查填写的内容", c.check),
		web.JSON(web.Console, http.MethodGet, base+"/{id}/versions", read, c.scope, "发布过的版本", c.versions),
		web.JSON(web.Console, http.MethodGet, base+"/{id}/usage", read, c.scope, "表单用在哪里", c.usage),
		web.JSON(web.Console, http.MethodGet, base+"/{id}/submissions", read, c.scope, "提交的内容", c.submissions),
		web.Raw(web.Console, http.MethodPost, base+"/{id}/files", read, c.scope, c.upload).Sized(form.MaxFile + 1<<10).Lasting(postTime),
		web.Raw(web.Console, http.MethodGet, "/console/api/form-files/{code}", web.Self, c.faces.fileScope, c.faces.file),
		web.Raw(web.Console, http.MethodPost, base+"/{id}/preview", read, c.scope, c.preview),
		web.JSON(web.Console, http.MethodGet, sent, read, c.sentScope, "一份提交，个人信息打码", c.submission),
		web.JSON(web.Console, http.MethodPost, sent+"/reveal", reveal, c.sentScope, "查看提交内容里的个人信息", c.reveal),
		web.Raw(web.Console, http.MethodGet, sent+"/files/{code}", reveal, c.sentScope, c.file),
		web.JSON(web.Console, http.MethodGet, "/console/api/form-sources", read, web.Anywhere, "可以自动填写的来源", c.sources),
		web.JSON(web.Console, http.MethodGet, "/console/api/areas", web.Self, nil, "下一级地方", c.areas),
		web.JSON(web.Console, http.MethodPost, "/console/api/areas/import", edit, web.Anywhere, "导入区划代码", c.importAreas).Sized(8 << 20),
	}
}

func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, errs.New(errs.NotFound, "form.none")
	}
	return id, nil
}

// scope maps a form's id to its unit and account.
func (c console) scope(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := pathID(r)
	if err != nil {
		return access.Object{}, err
	}
	sheet, err := c.Forms.Get(ctx, id)
	return sheet.Object(), err
}

// sentScope maps a submission's id to the unit of its form.
func (c console) sentScope(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := pathID(r)
	if err != nil {
		return access.Object{}, err
	}
	sent, err := c.Forms.Submission(ctx, id)
	return sent.Object(), err
}

// Summary is a form as a list shows it.
type Summary struct {
	ID          int64  `json:"id"`
	Key         string `json:"key" doc:"its word in addresses"`
	Title       string `json:"title"`
	UnitID      int64  `json:"unit_id"`
	Unit        string `json:"unit" doc:"the unit's name"`
	AccountID   int64  `json:"account_id" doc:"whose page shows it by itself; 0: none"`
	Live        int64  `json:"live" doc:"number of the live version; 0: none"`
	Questions   int    `json:"questions"`
	UpdatedAt   int64  `json:"updated_at"`
	Version     int64  `json:"version"`
	Unpublished bool   `json:"unpublished" doc:"the draft differs from what is live"`

	Uses []form.Use `json:"uses" doc:"where else it is used"`
}

type view struct {
	Summary
	Draft   form.Form `json:"draft"`
	Address string    `json:"address" doc:"its own page; empty when no account shows it"`
}

type listIn struct {
	Cursor int64 `query:"cursor" minimum:"0"`
	Limit  int   `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type listOut struct {
	Items []Summary `json:"items"`
	Next  string    `json:"next" doc:"cursor of the next page; empty at the end"`
}

func (c console) list(ctx context.Context, in *listIn) (*listOut, error) {
	sheets, err := c.Forms.List(ctx, access.From(ctx).Reach(read), in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &listOut{Items: []Summary{}}
	sheets, out.Next = web.More(sheets, in.Limit, func(s form.Sheet) int64 { return s.ID })
	for _, s := range sheets {
		v, err := c.summed(ctx, s)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}

func (c console) summed(ctx context.Context, s form.Sheet) (Summary, error) {
	v := Summary{ID: s.ID, Key: s.Key, Title: s.Draft.Title, UnitID: s.UnitID, AccountID: s.Account, Live: s.Live,
		UpdatedAt: clock.Millis(s.UpdatedAt), Version: s.Version, Unpublished: true}
	s.Draft.Walk(func(_ string, f form.Field) {
		if f.Asks() && f.Kind != form.Group {
			v.Questions++
		}
	})
	if s.Live > 0 {
		e, err := c.Forms.Edition(ctx, s, 0)
		if err != nil {
			return v, err
		}
		v.Unpublished = len(form.Diff(e.Form, s.Draft)) > 0
	}
	usage, err := c.Forms.Usage(ctx, s)
	if err != nil {
		return v, err
	}
	v.Uses = usage.Uses
	v.Unit, err = c.faces.owner(ctx, s)
	return v, err
}

func (c console) shown(ctx context.Context, s form.Sheet, err error) (*view, error) {
	if err != nil {
		return nil, err
	}
	v := &view{Draft: s.Draft}
	v.Draft.Key = ""
	if v.Summary, err = c.summed(ctx, s); err != nil {
		return nil, err
	}
	if s.Account != 0 {
		a, err := c.Accounts.Known(ctx, s.Account)
		if err != nil {
			return nil, err
		}
		v.Address = "/c/" + a.Slug + "/form/" + s.Key
	}
	return v, nil
}

type createIn struct {
	Body struct {
		Key    string    `json:"key"`
		UnitID int64     `json:"unit_id" doc:"0: the unit of who makes it"`
		Draft  form.Form `json:"draft"`
	}
}

func (c console) create(ctx context.Context, in *createIn) (*view, error) {
	if in.Body.UnitID == 0 {
		in.Body.UnitID = access.UnitID(access.From(ctx).Unit)
	}
	path, err := c.Units.UnitPath(ctx, in.Body.UnitID)
	if err == nil && !access.From(ctx).Can(edit, access.Object{Unit: path}) {
		err = errs.New(errs.Denied, "denied")
	}
	if err != nil {
		return nil, err
	}
	sheet, err := c.Forms.Create(ctx, form.CreateIn{Key: in.Body.Key, UnitID: in.Body.UnitID, Draft: in.Body.Draft})
	return c.shown(ctx, sheet, err)
}

type idIn struct {
	ID int64 `path:"id"`
}

func (c console) get(ctx context.Context, in *idIn) (*view, error) {
	sheet, err := c.Forms.Get(ctx, in.ID)
	return c.shown(ctx, sheet, err)
}

type saveIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version   int64     `json:"version" doc:"what the editor saw"`
		AccountID int64     `json:"account_id" doc:"whose page shows it by itself; 0: none"`
		Draft     form.Form `json:"draft"`
	}
}

func (c console) save(ctx context.Context, in *saveIn) (*view, error) {
	before, err := c.Forms.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if in.Body.AccountID != 0 && in.Body.AccountID != before.Account {
		a, err := c.Accounts.Known(ctx, in.Body.AccountID)
		if err == nil && !access.From(ctx).Can(edit, a.Object()) {
			err = errs.New(errs.Denied, "denied")
		}
		if err != nil {
			return nil, err
		}
	}
	sheet, err := c.Forms.Save(ctx, in.ID, in.Body.Version, in.Body.AccountID, in.Body.Draft)
	return c.shown(ctx, sheet, err)
}
