package citizenweb

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
		all, one = "/console/api/followers", "/console/api/followers/{id}"
		tags     = "/console/api/tags"
		tag      = "/console/api/tags/{id}"
		sync     = "/console/api/accounts/{id}/sync"
	)
	get, post, patch := http.MethodGet, http.MethodPost, http.MethodPatch
	return []web.Route{
		web.JSON(web.Console, get, all, read, web.Anywhere, "粉丝列表", c.list),
		web.JSON(web.Console, get, one, read, c.follower, "一位粉丝", c.get),
		web.JSON(web.Console, patch, one, edit, c.follower, "改备注、重点关注、黑名单", c.change),
		web.JSON(web.Console, post, one+"/tags", edit, c.follower, "定标签", c.setTags),
		web.JSON(web.Console, post, one+"/reveal", reveal, c.follower, "写明理由，看微信标识", c.reveal),
		web.JSON(web.Console, post, one+"/separate", edit, c.follower, "与误认为同一人的粉丝分开", c.separate),
		web.JSON(web.Console, get, tags, read, web.Anywhere, "一个公众号的标签", c.tags),
		web.JSON(web.Console, post, tags, edit, web.Anywhere, "新建标签", c.createTag),
		web.JSON(web.Console, patch, tag, edit, c.tag, "改标签名", c.renameTag),
		web.JSON(web.Console, http.MethodDelete, tag, edit, c.tag, "删除标签", c.deleteTag),
		web.JSON(web.Console, post, tag+"/followers", edit, c.tag, "给多位粉丝加上或去掉标签", c.tagMany),
		web.JSON(web.Console, get, sync, read, c.account, "与微信核对到哪里了", c.sync),
		web.JSON(web.Console, post, sync, edit, c.account, "与微信核对粉丝", c.startSync),
	}
}

// number reads the id of a path; what is no number is no thing.
func number(r *http.Request, none string) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, errs.New(errs.NotFound, none)
	}
	return id, nil
}

func (c console) follower(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := number(r, "citizen.unknown")
	if err != nil {
		return access.Object{}, err
	}
	f, err := c.Citizens.Get(ctx, c.Citizens.DB, id)
	return f.Object(), err
}

func (c console) tag(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := number(r, "citizen.tag_unknown")
	if err != nil {
		return access.Object{}, err
	}
	t, err := c.Citizens.Tag(ctx, id)
	if err != nil {
		return access.Object{}, err
	}
	a, err := c.Accounts.Known(ctx, t.Account)
	return a.Object(), err
}

func (c console) account(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := number(r, "account.unknown")
	if err != nil {
		return access.Object{}, err
	}
	a, err := c.Accounts.Known(ctx, id)
	return a.Object(), err
}

// within checks that an account named in a query or body is within the actor's reach; one outside does not exist.
func (c console) within(ctx context.Context, permission string, id int64) error {
	a, err := c.Accounts.Known(ctx, id)
	if err != nil {
		return err
	}
	if !access.From(ctx).Can(permission, a.Object()) {
		return errs.New(errs.NotFound, "account.unknown")
	}
	return nil
}

type idIn struct {
	ID int64 `path:"id"`
}
