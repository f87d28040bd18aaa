package menuweb

import (
	"context"
	"net/http"
	"strconv"

	"weizheng/module/menu"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	"weizheng/wechat"
)

type console struct{ Deps }

func (c console) routes() []web.Route {
	const base = "/console/api/menus/{account}"
	return []web.Route{
		web.JSON(web.Console, http.MethodGet, base, read, c.scope, "公众号的菜单", c.get),
		web.JSON(web.Console, http.MethodPut, base, edit, c.scope, "保存菜单草稿", c.save),
		web.JSON(web.Console, http.MethodPost, base+"/publish", publish, c.scope, "发布菜单", c.publish),
		web.JSON(web.Console, http.MethodPost, base+"/rollback", publish, c.scope, "恢复到以前的菜单", c.rollBack),
		web.JSON(web.Console, http.MethodGet, base+"/versions", read, c.scope, "发布过的菜单", c.versions),
		web.JSON(web.Console, http.MethodGet, base+"/taps", read, c.scope, "菜单点击次数", c.taps),
		web.JSON(web.Console, http.MethodGet, "/console/api/targets/{account}", read, c.scope, "菜单可以指向的内容", c.targets),
	}
}

func (c console) scope(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := strconv.ParseInt(r.PathValue("account"), 10, 64)
	if err != nil {
		return access.Object{}, errs.New(errs.NotFound, "account.none")
	}
	return c.Accounts.Object(ctx, id)
}

type accountIn struct {
	Account int64 `path:"account"`
}

type menuView struct {
	AccountID       int64         `json:"account_id"`
	Draft           menuDraft     `json:"draft"`
	Version         int64         `json:"version"`
	UpdatedAt       int64         `json:"updated_at"`
	PublishedNumber int64         `json:"published_version" doc:"0: never published"`
	PublishedAt     int64         `json:"published_at"`
	Versions        []versionView `json:"versions" doc:"the newest ones, newest first"`
}

type menuDraft struct {
	Buttons []menu.Button `json:"buttons"`
}

type versionView struct {
	Number    int64         `json:"version"`
	Buttons   []menu.Button `json:"buttons"`
	State     menu.State    `json:"state"`
	Problem   string        `json:"problem" doc:"why it is not live, in words"`
	Code      int64         `json:"code" doc:"WeChat's errcode"`
	CreatedBy string        `json:"created_by" doc:"who published it, by name"`
	CreatedAt int64         `json:"created_at"`
}

func viewVersion(v menu.Version, names map[int64]string) versionView {
	return versionView{v.Number, v.Buttons, v.State, problemOf(v), v.Code, names[v.CreatedBy], clock.Millis(v.CreatedAt)}
}

// problemOf tells why a version is not live; WeChat's codes have words of their own.
func problemOf(v menu.Version) string {
	switch {
	case v.State != menu.Failed:
		return ""
	case v.Code > 0:
		return wechat.Code(v.Code).Meaning()
	default:
		return "没有连上微信，菜单没有变。请过几分钟再发布一次；如果还是不行，请在公众号页面做一次自检。"
	}
}

// viewVersions names who published each, with one look-up.
func (c console) viewVersions(ctx context.Context, list []menu.Version) ([]versionView, error) {
	ids := make([]int64, len(list))
	for i, v := range list {
		ids[i] = v.CreatedBy
	}
	names, err := c.Staff.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := []versionView{}
	for _, v := range list {
		out = append(out, viewVersion(v, names))
	}
	return out, nil
}

func (c console) shownVersion(ctx context.Context, v menu.Version) (*versionView, error) {
	views, err := c.viewVersions(ctx, []menu.Version{v})
	if err != nil {
		return nil, err
	}
	return &views[0], nil
}

func (c console) get(ctx context.Context, in *accountIn) (*menuView, error) {
	m, err := c.Menus.Get(ctx, in.Account)
	if err != nil {
		return nil, err
	}
	return c.shown(ctx, m)
}

func (c console) shown(ctx context.Context, m menu.Menu) (*menuView, error) {
	versions, err := c.Menus.Versions(ctx, m.Account, 0, 10)
	if err != nil {
		return nil, err
	}
	v := &menuView{
		AccountID: m.Account, Draft: menuDraft{m.Draft}, Version: m.Version, PublishedNumber: m.PublishedNumber,
	}
	if v.Versions, err = c.viewVersions(ctx, versions); err != nil {
		return nil, err
	}
	if !m.UpdatedAt.IsZero() {
		v.UpdatedAt = clock.Millis(m.UpdatedAt)
	}
	if !m.PublishedAt.IsZero() {
		v.PublishedAt = clock.Millis(m.PublishedAt)
	}
	return v, nil
}

type saveIn struct {
	Account int64 `path:"account"`
	Body    struct {
		Version int64     `json:"version"`
		Draft   menuDraft `json:"draft"`
	}
}

func (c console) save(ctx context.Context, in *saveIn) (*menuView, error) {
	m, err := c.Menus.Save(ctx, in.Account, in.Body.Version, in.Body.Draft.Buttons)
	if err != nil {
		return nil, err
	}
	return c.shown(ctx, m)
}

type publishIn struct {
	Account int64 `path:"account"`
	Body    struct {
		Version int64 `json:"version" doc:"of the draft that was looked at"`
	}
}

func (c console) publish(ctx context.Context, in *publishIn) (*versionView, error) {
	v, err := c.Menus.Publish(ctx, in.Account, in.Body.Version)
	if err != nil {
		return nil, err
	}
	return c.shownVersion(ctx, v)
}

type rollBackIn struct {
	Account int64 `path:"account"`
	Body    struct {
		Number int64 `json:"version" doc:"the published version to go back to"`
	}
}

func (c console) rollBack(ctx context.Context, in *rollBackIn) (*versionView, error) {
	v, err := c.Menus.RollBack(ctx, in.Account, in.Body.Number)
	if err != nil {
		return nil, err
	}
	return c.shownVersion(ctx, v)
}

type versionsIn struct {
	Account int64 `path:"account"`
	Cursor  int64 `query:"cursor" minimum:"0"`
	Limit   int   `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type versionsOut struct {
	Items []versionView `json:"items"`
	Next  string        `json:"next"`
}

func (c console) versions(ctx context.Context, in *versionsIn) (*versionsOut, error) {
	list, err := c.Menus.Versions(ctx, in.Account, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &versionsOut{}
	list, out.Next = web.More(list, in.Limit, func(v menu.Version) int64 { return v.Number })
	out.Items, err = c.viewVersions(ctx, list)
	return out, err
}

type tapsOut struct {
	Items []tapView `json:"items"`
}

type tapView struct {
	Button string `json:"button"`
	Taps   int64  `json:"taps"`
}

const tapDays = 30

func (c console) taps(ctx context.Context, in *accountIn) (*tapsOut, error) {
	since := clock.Day(c.Civil.Now().AddDate(0, 0, -tapDays))
	list, err := c.Menus.TapsSince(ctx, in.Account, since)
	if err != nil {
		return nil, err
	}
	out := &tapsOut{Items: []tapView{}}
	for _, t := range list {
		out.Items = append(out.Items, tapView(t))
	}
	return out, nil
}

type targetsOut struct {
	Items []part.Target `json:"items"`
}

// targets lists what every part offers to point at.
func (c console) targets(ctx context.Context, in *accountIn) (*targetsOut, error) {
	out := &targetsOut{Items: []part.Target{}}
	for _, source := range c.Lists.Targets() {
		list, err := source.List(ctx, in.Account)
		if err != nil {
			return nil, errs.Wrap(err, "targets of %s", source.Name)
		}
		out.Items = append(out.Items, list...)
	}
	return out, nil
}
