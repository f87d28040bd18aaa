package orgweb

import (
	"context"
	"net/http"
	"strconv"

	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type console struct{ Deps }

const base = "/console/api"

func (c console) routes() []web.Route {
	const f = web.Console
	return []web.Route{
		web.JSON(f, http.MethodPost, base+"/login", web.Anyone, nil, "登录", c.login).Limited(web.LimitLogin),
		web.JSON(f, http.MethodPost, base+"/activate/look", web.Anyone, nil, "启用链接是给谁的", c.look).Limited(web.LimitLogin),
		web.JSON(f, http.MethodPost, base+"/activate", web.Anyone, nil, "用启用链接设置密码", c.activate).Limited(web.LimitLogin),
		web.JSON(f, http.MethodPost, base+"/logout", web.Self, nil, "退出", c.logout),
		web.JSON(f, http.MethodGet, base+"/session", web.Self, nil, "我是谁，能做什么", c.session),
		web.JSON(f, http.MethodPost, base+"/password", web.Self, nil, "修改自己的密码", c.password),
		web.JSON(f, http.MethodPost, base+"/factor", web.Self, nil, "取一个新的动态验证码密钥", c.beginFactor),
		web.JSON(f, http.MethodPut, base+"/factor", web.Self, nil, "用验证码确认新的动态验证码密钥", c.confirmFactor),
		web.JSON(f, http.MethodGet, base+"/sessions", web.Self, nil, "自己登录的设备", c.sessions),
		web.JSON(f, http.MethodDelete, base+"/sessions/{session}", web.Self, c.ownSession, "让一台设备退出", c.endSession),

		web.JSON(f, http.MethodGet, base+"/units", unitRead, web.Anywhere, "机构", c.units),
		web.JSON(f, http.MethodPost, base+"/units", unitEdit, web.Anywhere, "新增机构", c.createUnit),
		web.JSON(f, http.MethodGet, base+"/units/{id}", unitRead, c.unitScope, "一个机构", c.unit),
		web.JSON(f, http.MethodPatch, base+"/units/{id}", unitEdit, c.unitScope, "修改机构", c.changeUnit),
		web.JSON(f, http.MethodPost, base+"/units/{id}/move", unitEdit, c.unitScope, "调整机构隶属", c.moveUnit),
		web.JSON(f, http.MethodDelete, base+"/units/{id}", unitEdit, c.unitScope, "删除没有用过的机构", c.removeUnit),

		web.JSON(f, http.MethodGet, base+"/staff", staffRead, web.Anywhere, "人员", c.staff),
		web.JSON(f, http.MethodPost, base+"/staff", staffEdit, web.Anywhere, "添加人员", c.createStaff),
		web.JSON(f, http.MethodGet, base+"/staff/{id}", staffRead, c.staffScope, "一个人", c.person),
		web.JSON(f, http.MethodPatch, base+"/staff/{id}", staffEdit, c.staffScope, "修改人员资料", c.changeStaff),
		web.JSON(f, http.MethodPost, base+"/staff/{id}/disable", staffEdit, c.staffScope, "停用账号", c.disable),
		web.JSON(f, http.MethodPost, base+"/staff/{id}/enable", staffEdit, c.staffScope, "恢复账号", c.enable),
		web.JSON(f, http.MethodPost, base+"/staff/{id}/reset", staffEdit, c.staffScope, "重置密码", c.reset),
		web.JSON(f, http.MethodPost, base+"/staff/{id}/expel", staffEdit, c.staffScope, "让他的所有设备退出", c.expel),
		web.JSON(f, http.MethodPost, base+"/staff/{id}/reveal", staffReveal, c.staffScope, "查看完整电话", c.reveal),
		web.JSON(f, http.MethodGet, base+"/staff/{id}/holdings", staffEdit, c.staffScope, "名下还有什么要移交", c.holdings),
		web.JSON(f, http.MethodPost, base+"/staff/{id}/handover", staffEdit, c.staffScope, "移交并停用", c.handover),
		web.JSON(f, http.MethodPut, base+"/staff/{id}/grants", staffGrant, c.staffScope, "设定一个人的岗位", c.putGrants),

		web.JSON(f, http.MethodGet, base+"/roles", staffRead, web.Anywhere, "岗位", c.roles),
		web.JSON(f, http.MethodPut, base+"/roles/{key}", roleEdit, installation, "修改或新增岗位", c.putRole),
		web.JSON(f, http.MethodGet, base+"/permissions", staffRead, web.Anywhere, "全部权限", c.permissions),
	}
}

// installation is the Scope of what belongs to no unit.
func installation(context.Context, *http.Request) (access.Object, error) { return access.Object{}, nil }

func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, errs.New(errs.NotFound, "not_found")
	}
	return id, nil
}

func (c console) unitScope(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := pathID(r)
	if err != nil {
		return access.Object{}, err
	}
	path, err := c.Org.UnitPath(ctx, id)
	return access.Object{Unit: path}, err
}

func (c console) staffScope(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := pathID(r)
	if err != nil {
		return access.Object{}, err
	}
	p, err := c.Org.Staff(ctx, id)
	return access.Object{Unit: p.Unit}, err
}

// ownSession lets everybody reach their own sessions only.
func (c console) ownSession(ctx context.Context, r *http.Request) (access.Object, error) {
	list, err := c.Sessions.List(ctx, web.StaffSession, access.From(ctx).ID)
	if err != nil {
		return access.Object{}, err
	}
	for _, s := range list {
		if s.ID == r.PathValue("session") {
			return access.Object{}, nil
		}
	}
	return access.Object{}, errs.New(errs.NotFound, "not_found")
}

type idIn struct {
	ID int64 `path:"id"`
}
