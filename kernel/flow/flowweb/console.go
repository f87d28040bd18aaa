package flowweb

import (
	"context"
	"net/http"
	"strconv"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type console struct{ Deps }

func (c console) routes() []web.Route {
	const base = "/console/api/flows"
	return []web.Route{
		web.JSON(web.Console, http.MethodGet, base, read, web.Anywhere, "流程列表", c.list),
		web.JSON(web.Console, http.MethodPost, base, edit, web.Anywhere, "新建流程，可以照着已有的", c.create).Sized(maxBody),
		web.JSON(web.Console, http.MethodGet, base+"/{id}", read, c.readable, "一个流程的草稿", c.get),
		web.JSON(web.Console, http.MethodPut, base+"/{id}/draft", edit, c.scope, "保存流程草稿", c.save).Sized(maxBody),
		web.JSON(web.Console, http.MethodPost, base+"/{id}/validate", read, c.readable, "检查流程，不保存", c.validate).Sized(maxBody),
		web.JSON(web.Console, http.MethodPost, base+"/{id}/simulate", read, c.readable, "试运行，不保存", c.simulate).Sized(maxBody),
		web.JSON(web.Console, http.MethodPost, base+"/{id}/propose", edit, c.scope, "请能发布的同事看过再上线", c.propose),
		web.JSON(web.Console, http.MethodPost, base+"/{id}/publish", publish, c.scope, "发布流程", c.publish),
		web.JSON(web.Console, http.MethodPost, base+"/{id}/retire", publish, c.scope, "停用流程", c.retire),
		web.JSON(web.Console, http.MethodPost, base+"/{id}/restore", edit, c.scope, "把一个版本拿回来当草稿", c.restore),
		web.JSON(web.Console, http.MethodGet, base+"/{id}/versions", read, c.readable, "流程的版本", c.versions),
		web.JSON(web.Console, http.MethodGet, base+"/{id}/versions/{number}", read, c.readable, "流程的一个版本", c.version),
		web.JSON(web.Console, http.MethodGet, base+"/{id}/diff", read, c.readable, "两个版本的不同", c.diff),
		web.JSON(web.Console, http.MethodGet, base+"/{id}/yaml", read, c.readable, "流程写成 YAML", c.yaml),
		web.JSON(web.Console, http.MethodGet, "/console/api/flow-words", read, web.Anywhere, "流程里可以用的词", c.words),
	}
}

// maxBody holds the longest definition beside a trial, in bytes.
const maxBody = 1 << 20

func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, errs.New(errs.NotFound, "flow.none")
	}
	return id, nil
}

// scope maps a flow's id to its unit; one of the whole house needs a grant over everything.
func (c console) scope(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := pathID(r)
	if err != nil {
		return access.Object{}, err
	}
	f, err := c.Flows.Get(ctx, id)
	return f.Object(), err
}

// readable is scope for looking: a flow of the whole house is the same in every installation or made for everybody, so
// whoever may read flows anywhere may read it.
func (c console) readable(ctx context.Context, r *http.Request) (access.Object, error) {
	o, err := c.scope(ctx, r)
	if err != nil || o.Unit != "" {
		return o, err
	}
	for _, g := range access.From(ctx).Grants {
		if g.Permission == read {
			return access.Object{Unit: g.Unit, Account: g.Account}, nil
		}
	}
	return o, nil
}

type listIn struct {
	Cursor int64 `query:"cursor" minimum:"0"`
	Limit  int   `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type listOut struct {
	Items []summary `json:"items"`
	Next  string    `json:"next" doc:"cursor of the next page; empty at the end"`
}

func (c console) list(ctx context.Context, in *listIn) (*listOut, error) {
	sheets, err := c.Flows.List(ctx, access.From(ctx).Reach(read), in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &listOut{Items: []summary{}}
	sheets, out.Next = web.More(sheets, in.Limit, func(s flow.Sheet) int64 { return s.ID })
	for _, f := range sheets {
		v, err := c.summary(ctx, f)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}

type createIn struct {
	Body struct {
		Key    string           `json:"key"`
		Title  string           `json:"title"`
		UnitID int64            `json:"unit_id,omitempty" doc:"0: the unit of who makes it"`
		From   int64            `json:"from,omitempty" doc:"id of a flow to copy"`
		Draft  *flow.Definition `json:"draft,omitempty"`
	}
}

func (c console) create(ctx context.Context, in *createIn) (*view, error) {
	actor := access.From(ctx)
	if in.Body.UnitID == 0 {
		in.Body.UnitID = access.UnitID(actor.Unit)
	}
	path, err := c.Units.UnitPath(ctx, in.Body.UnitID)
	if err == nil && !actor.Can(edit, access.Object{Unit: path}) {
		err = errs.New(errs.Denied, "denied")
	}
	if err == nil && in.Body.From != 0 {
		err = c.mayCopy(ctx, actor, in.Body.From)
	}
	if err != nil {
		return nil, err
	}
	f, err := c.Flows.Create(ctx, flow.CreateIn{Key: in.Body.Key, Title: in.Body.Title, UnitID: in.Body.UnitID, From: in.Body.From, Draft: in.Body.Draft})
	return c.shown(ctx, f, err)
}

// mayCopy refuses a copy of what the actor may not read.
func (c console) mayCopy(ctx context.Context, actor access.Actor, id int64) error {
	f, err := c.Flows.Get(ctx, id)
	if err == nil && f.Unit != "" && !actor.Can(read, f.Object()) {
		return errs.New(errs.NotFound, "flow.none")
	}
	return err
}

type idIn struct {
	ID int64 `path:"id"`
}

func (c console) get(ctx context.Context, in *idIn) (*view, error) {
	f, err := c.Flows.Get(ctx, in.ID)
	return c.shown(ctx, f, err)
}

type saveIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version int64            `json:"version" doc:"what the editor saw"`
		Draft   *flow.Definition `json:"draft,omitempty"`
		YAML    string           `json:"yaml,omitempty" doc:"instead of draft"`
	}
}

func (c console) save(ctx context.Context, in *saveIn) (*view, error) {
	d, problems := definition(in.Body.Draft, in.Body.YAML)
	if d == nil {
		return nil, refusal(problems)
	}
	f, err := c.Flows.Save(ctx, in.ID, in.Body.Version, *d)
	return c.shown(ctx, f, err)
}

type versionIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version int64 `json:"version" doc:"what the editor saw"`
	}
}

func (c console) publish(ctx context.Context, in *versionIn) (*view, error) {
	f, err := c.Flows.Publish(ctx, in.ID, in.Body.Version)
	return c.shown(ctx, f, err)
}

func (c console) retire(ctx context.Context, in *versionIn) (*view, error) {
	f, err := c.Flows.Retire(ctx, in.ID, in.Body.Version)
	return c.shown(ctx, f, err)
}

type restoreIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version int64 `json:"version" doc:"what the editor saw"`
		Number  int64 `json:"number" doc:"the version that becomes the draft"`
	}
}

func (c console) restore(ctx context.Context, in *restoreIn) (*view, error) {
	f, err := c.Flows.Restore(ctx, in.ID, in.Body.Version, in.Body.Number)
	return c.shown(ctx, f, err)
}
