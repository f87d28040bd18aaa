package settingweb

import (
	"context"
	"net/http"
	"strconv"

	"weizheng/kernel/setting"
	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type console struct{ Deps }

func (c console) routes() []web.Route {
	return []web.Route{
		web.JSON(web.Console, http.MethodGet, "/console/api/settings", read, web.Anywhere, "各项设置在某处的值", c.list),
		web.JSON(web.Console, http.MethodPut, "/console/api/settings/{name}", edit, c.scope, "给设置定值", c.set),
		web.JSON(web.Console, http.MethodDelete, "/console/api/settings/{name}", edit, c.scope, "取消某处自己的值", c.unset),
	}
}

// Place is where a setting is looked at or changed, in the query.
type Place struct {
	Unit    int64 `query:"unit" minimum:"0" doc:"单位编号；0 是整个系统"`
	Account int64 `query:"account" minimum:"0" doc:"公众号编号；给了就不看单位"`
}

// scope maps the place in the query to what it belongs to; the setting's name says nothing about it.
func (c console) scope(ctx context.Context, r *http.Request) (access.Object, error) {
	number := func(name string) (int64, error) {
		text := r.URL.Query().Get(name)
		if text == "" {
			return 0, nil
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			return 0, errs.New(errs.NotFound, "not_found")
		}
		return n, nil
	}
	unit, err := number("unit")
	if err != nil {
		return access.Object{}, err
	}
	account, err := number("account")
	if err != nil {
		return access.Object{}, err
	}
	_, o, err := c.at(ctx, Place{unit, account})
	return o, err
}

// at returns a place as the service knows it, and what it belongs to.
func (c console) at(ctx context.Context, p Place) (setting.At, access.Object, error) {
	switch {
	case p.Account != 0:
		o, err := c.Accounts.Object(ctx, p.Account)
		return setting.At{Unit: o.Unit, Account: p.Account}, o, err
	case p.Unit != 0:
		path, err := c.Units.UnitPath(ctx, p.Unit)
		return setting.At{Unit: path}, access.Object{Unit: path}, err
	}
	return setting.At{}, access.Object{}, nil
}

// view is one setting as it stands at a place.
type view struct {
	Name      string        `json:"name"`
	Type      setting.Type  `json:"type" enum:"text,int,bool,duration,json"`
	Unit      string        `json:"unit" doc:"计量单位"`
	Default   string        `json:"default"`
	Value     string        `json:"value" doc:"现在起作用的值"`
	Text      string        `json:"text" doc:"它管什么"`
	Source    string        `json:"source" doc:"默认值的依据"`
	Scope     setting.Scope `json:"scope" enum:"installation,unit,account" doc:"最细可以定到哪里"`
	Min       int64         `json:"min"`
	Max       int64         `json:"max"`
	From      setting.Scope `json:"from" doc:"值来自哪里；空是默认值"`
	FromID    int64         `json:"from_id"`
	Own       bool          `json:"own" doc:"是不是这里自己定的值"`
	Editable  bool          `json:"editable" doc:"这里能不能自己定值"`
	Version   int64         `json:"version" doc:"这里自己的值的版本；没有是 0"`
	ChangedBy string        `json:"changed_by"`
	ChangedAt int64         `json:"changed_at"`
}

type listIn struct {
	Place
	Part string `query:"part" maxLength:"40" doc:"只看一个部分的设置"`
}

type listOut struct {
	Items []view `json:"items"`
	Next  string `json:"next"`
}

// list shows what holds at a place, to whoever may read settings there. What holds for everybody is no secret among
// staff, so the installation's values are shown to all who may read settings anywhere.
func (c console) list(ctx context.Context, in *listIn) (*listOut, error) {
	at, o, err := c.at(ctx, in.Place)
	if err == nil && at != (setting.At{}) && !access.From(ctx).Can(read, o) {
		err = errs.New(errs.NotFound, "not_found")
	}
	if err != nil {
		return nil, err
	}
	items, err := c.views(ctx, c.Settings.List(ctx, at, in.Part))
	return &listOut{Items: items}, err
}

func (c console) views(ctx context.Context, items []setting.Item) ([]view, error) {
	var ids []int64
	for _, it := range items {
		if it.UpdatedBy != 0 {
			ids = append(ids, it.UpdatedBy)
		}
	}
	names, err := c.Staff.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := []view{}
	for _, it := range items {
		out = append(out, view{Name: it.Name, Type: it.Type, Unit: it.Unit, Default: it.Default, Value: it.Value, Text: it.Text,
			Source: it.Source, Scope: it.Scope, Min: it.Min, Max: it.Max, From: it.From, FromID: it.FromID, Own: it.Own,
			Editable: it.Editable, Version: it.Version, ChangedBy: names[it.UpdatedBy], ChangedAt: it.UpdatedAt})
	}
	return out, nil
}

type setIn struct {
	Place
	Name string `path:"name"`
	Body struct {
		Value   string `json:"value"`
		Version *int64 `json:"version,omitempty" doc:"看到的版本；不给就直接覆盖"`
	}
}

func (c console) set(ctx context.Context, in *setIn) (*view, error) {
	at, _, err := c.at(ctx, in.Place)
	if err != nil {
		return nil, err
	}
	version, err := c.version(ctx, in.Name, at, in.Body.Version)
	if err != nil {
		return nil, err
	}
	if err := c.Settings.Set(ctx, setting.SetIn{Name: in.Name, At: at, Value: in.Body.Value, Version: version}); err != nil {
		return nil, err
	}
	return c.shown(ctx, in.Name, at)
}

type unsetIn struct {
	Place
	Name    string `path:"name"`
	Version int64  `query:"version" minimum:"1" required:"true"`
}

func (c console) unset(ctx context.Context, in *unsetIn) (*view, error) {
	at, _, err := c.at(ctx, in.Place)
	if err != nil {
		return nil, err
	}
	if err := c.Settings.Unset(ctx, in.Name, at, in.Version); err != nil {
		return nil, err
	}
	return c.shown(ctx, in.Name, at)
}

// version is the one that the editor saw, or the present one when they do not say.
func (c console) version(ctx context.Context, name string, at setting.At, seen *int64) (int64, error) {
	if seen != nil {
		return *seen, nil
	}
	it, err := c.item(ctx, name, at)
	return it.Version, err
}

func (c console) item(ctx context.Context, name string, at setting.At) (setting.Item, error) {
	for _, it := range c.Settings.List(ctx, at, "") {
		if it.Name == name {
			return it, nil
		}
	}
	return setting.Item{}, errs.New(errs.NotFound, "setting.unknown").With("name", name)
}

func (c console) shown(ctx context.Context, name string, at setting.At) (*view, error) {
	it, err := c.item(ctx, name, at)
	if err != nil {
		return nil, err
	}
	views, err := c.views(ctx, []setting.Item{it})
	if err != nil {
		return nil, err
	}
	return &views[0], nil
}
