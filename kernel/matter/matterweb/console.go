package matterweb

import (
	"context"
	"net/http"
	"strconv"

	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type console struct {
	Deps
	words words
}

func (c console) routes() []web.Route {
	const (
		matters = "/console/api/matters"
		one     = matters + "/{matter}"
		tasks   = "/console/api/tasks"
		begin   = "/console/api/matter-flows/{flow}"
		get     = http.MethodGet
		post    = http.MethodPost
	)
	return []web.Route{
		web.JSON(web.Console, get, tasks, read, web.Anywhere, "我的待办、关注、办过的", c.tasks),
		web.JSON(web.Console, get, tasks+"/counts", read, web.Anywhere, "待办的数目", c.counts),
		web.JSON(web.Console, get, tasks+"/choices", read, web.Anywhere, "列表可以按哪些类别、步骤、经办人筛选", c.choices),
		web.JSON(web.Console, get, "/console/api/deputies", read, web.Anywhere, "谁替我办、我替谁办", c.deputies),
		web.JSON(web.Console, post, "/console/api/deputies", act, web.Anywhere, "外出时请人代办", c.appoint),
		web.JSON(web.Console, http.MethodDelete, "/console/api/deputies/{deputy}", act, own, "不再请人代办", c.dismiss),
		web.JSON(web.Console, get, "/console/api/notices", read, web.Anywhere, "给我的提醒", c.notices),
		web.JSON(web.Console, post, "/console/api/notices/read", read, web.Anywhere, "提醒看过了", c.readNotices),

		web.JSON(web.Console, get, "/console/api/matter-flows", act, web.Anywhere, "可以登记的事项", c.beginnings),
		web.JSON(web.Console, get, begin+"/form", act, c.flowScope, "登记时要填的表单，填到一半的接着填", c.beginForm),
		web.JSON(web.Console, http.MethodPut, begin+"/draft", act, c.flowScope, "登记到一半，先存着", c.saveBeginning),
		web.JSON(web.Console, http.MethodDelete, begin+"/draft", act, c.flowScope, "不要存着的了", c.dropBeginning),
		uploading(web.Raw(web.Console, post, begin+"/files", act, c.flowScope, c.addFirstFile)),
		web.JSON(web.Console, get, "/console/api/colleagues", act, web.Anywhere, "可以交办的同事", c.colleagues),
		web.JSON(web.Console, get, "/console/api/matter-units", read, web.Anywhere, "可以交办的单位", c.places),
		web.JSON(web.Console, get, matters, read, web.Anywhere, "单位的事项", c.list),
		web.JSON(web.Console, post, matters, act, web.Anywhere, "登记一件事项", c.open),
		web.JSON(web.Console, get, matters+"/count", read, web.Anywhere, "单位的事项有多少", c.count),
		web.JSON(web.Console, get, one, read, c.scope, "一件事项", c.detail),
		web.JSON(web.Console, get, one+"/history", read, c.scope, "事项的经过", c.history),
		web.JSON(web.Console, get, one+"/explanation", read, c.scope, "到期时间是怎么算出来的", c.explain),
		web.JSON(web.Console, post, one+"/actions/{action}", act, c.scope, "办理", c.act),
		uploading(web.Raw(web.Console, post, one+"/files", act, c.scope, c.addFile)),
		web.Raw(web.Console, get, one+"/files/{code}", read, c.scope, c.readFile),
		web.JSON(web.Console, post, one+"/assign", assign, c.scope, "派给同事或单位", c.assign),
		web.JSON(web.Console, post, one+"/watch", read, c.scope, "关注", c.watch),
		web.JSON(web.Console, http.MethodDelete, one+"/watch", read, c.scope, "不再关注", c.unwatch),
		web.JSON(web.Console, post, one+"/reveal", reveal, c.scope, "写明理由，看联系方式和证件号码", c.reveal),

		web.JSON(web.Console, post, "/console/api/recomputes/preview", change, c.root, "看看改时限或日历会动哪些事项", c.preview),
		web.JSON(web.Console, get, "/console/api/recomputes/clocks", change, c.root, "可以改的时限和现在的规则", c.changeables),
		web.JSON(web.Console, post, "/console/api/recomputes", change, c.root, "提出改时限，等另一个人批准", c.recompute),
		web.JSON(web.Console, get, "/console/api/recomputes", change, c.root, "提出的、正在重算的和以前的时限变更", c.recomputes),
		web.JSON(web.Console, get, "/console/api/recomputes/{change}/effect", change, c.root, "批准前看看现在会动哪些事项", c.effect),
		web.JSON(web.Console, post, "/console/api/recomputes/{change}/approve", change, c.root, "批准别人提出的时限变更，重算在办事项", c.approve),
		web.JSON(web.Console, post, "/console/api/recomputes/{change}/drop", change, c.root, "撤回或不批准时限变更", c.drop),
	}
}

// root is the scope of what concerns every matter: they all hang under the unit that stands above the others.
func (c console) root(ctx context.Context, _ *http.Request) (access.Object, error) {
	list, err := c.Org.Units(ctx, access.Reach{All: true})
	if err != nil || len(list) == 0 {
		return access.Object{}, err
	}
	return access.Object{Unit: list[0].Path}, nil
}

// own is the scope of what belongs to whoever asks; the verb looks at nothing else.
func own(ctx context.Context, _ *http.Request) (access.Object, error) {
	return access.Object{Unit: access.From(ctx).Unit}, nil
}

func (c console) scope(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := strconv.ParseInt(r.PathValue("matter"), 10, 64)
	if err != nil {
		return access.Object{}, errs.New(errs.NotFound, "matter.none")
	}
	return c.Matters.Object(ctx, id)
}
