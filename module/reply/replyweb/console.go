package replyweb

import (
	"context"
	"net/http"
	"strconv"

	"weizheng/module/reply"
	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

const (
	read = "reply.read"
	edit = "reply.edit"
)

// Accounts tells what an account belongs to.
type Accounts interface {
	Object(ctx context.Context, account int64) (access.Object, error)
}

type console struct {
	Deps
}

func (c console) routes() []web.Route {
	return []web.Route{
		web.JSON(web.Console, http.MethodGet, "/console/api/replies", read, web.Anywhere, "应答规则列表", c.list),
		web.JSON(web.Console, http.MethodPost, "/console/api/replies", edit, web.Anywhere, "新增应答规则", c.create),
		web.JSON(web.Console, http.MethodPost, "/console/api/replies/try", read, web.Anywhere, "试一试会怎么回答", c.try),
		web.JSON(web.Console, http.MethodGet, "/console/api/replies/{id}", read, c.scope, "一条应答规则", c.get),
		web.JSON(web.Console, http.MethodPut, "/console/api/replies/{id}", edit, c.scope, "修改应答规则", c.change),
		web.JSON(web.Console, http.MethodDelete, "/console/api/replies/{id}", edit, c.scope, "删除应答规则", c.remove),
		web.JSON(web.Console, http.MethodPost, "/console/api/replies/{id}/enable", edit, c.scope, "启用应答规则", c.enable),
		web.JSON(web.Console, http.MethodPost, "/console/api/replies/{id}/disable", edit, c.scope, "停用应答规则", c.disable),
		web.JSON(web.Console, http.MethodPost, "/console/api/replies/{id}/withdraw", edit, c.scope, "撤回待复审的修改", c.withdraw),
		web.JSON(web.Console, http.MethodGet, "/console/api/replies/{id}/versions", read, c.scope, "应答规则的历次版本", c.versions),
	}
}

// scope maps a rule's id to its account's unit.
func (c console) scope(ctx context.Context, r *http.Request) (access.Object, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return access.Object{}, errs.New(errs.NotFound, "reply.none")
	}
	rule, err := c.Replies.Get(ctx, id)
	if err != nil {
		return access.Object{}, err
	}
	return c.Accounts.Object(ctx, rule.Account)
}

// may checks a permission for an account that the body names; one out of reach looks like one that is not there.
func (c console) may(ctx context.Context, permission string, account int64) error {
	o, err := c.Accounts.Object(ctx, account)
	if err == nil && !access.From(ctx).Can(permission, o) {
		err = errs.New(errs.NotFound, "account.none")
	}
	return err
}

type listIn struct {
	Account int64         `query:"account"`
	Trigger reply.Trigger `query:"trigger"`
	Q       string        `query:"q" maxLength:"60"`
	Cursor  int64         `query:"cursor" minimum:"0"`
	Limit   int           `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type listOut struct {
	Items []ruleView `json:"items"`
	Next  string     `json:"next" doc:"cursor of the next page; empty at the end"`
}

func (c console) list(ctx context.Context, in *listIn) (*listOut, error) {
	rules, err := c.Replies.List(ctx, access.From(ctx).Reach(read), reply.Filter{
		Account: in.Account, Trigger: in.Trigger, Words: in.Q, After: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := &listOut{Items: []ruleView{}}
	if len(rules) > in.Limit {
		rules = rules[:in.Limit]
		out.Next = strconv.FormatInt(rules[in.Limit-1].ID, 10)
	}
	for _, r := range rules {
		v, err := view(r, c.Civil.Now())
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, v)
	}
	return out, c.proposed(ctx, rules, out.Items)
}

type createIn struct {
	Body struct {
		AccountID int64 `json:"account_id"`
		RuleBody
	}
}

func (c console) create(ctx context.Context, in *createIn) (*ruleView, error) {
	if err := c.may(ctx, edit, in.Body.AccountID); err != nil {
		return nil, err
	}
	return c.shown(ctx)(c.Replies.Create(ctx, in.Body.in(in.Body.AccountID)))
}

type idIn struct {
	ID int64 `path:"id"`
}

func (c console) get(ctx context.Context, in *idIn) (*ruleView, error) {
	return c.shown(ctx)(c.Replies.Get(ctx, in.ID))
}

type changeIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version int64 `json:"version"`
		RuleBody
	}
}

func (c console) change(ctx context.Context, in *changeIn) (*ruleView, error) {
	return c.shown(ctx)(c.Replies.Change(ctx, in.ID, in.Body.Version, in.Body.in(0)))
}

type removeIn struct {
	ID      int64 `path:"id"`
	Version int64 `query:"version" required:"true"`
}

func (c console) remove(ctx context.Context, in *removeIn) (*web.None, error) {
	return &web.None{}, c.Replies.Remove(ctx, in.ID, in.Version)
}

type versionIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version int64 `json:"version"`
	}
}

func (c console) enable(ctx context.Context, in *versionIn) (*ruleView, error) {
	return c.shown(ctx)(c.Replies.Enable(ctx, in.ID, in.Body.Version, true))
}

func (c console) disable(ctx context.Context, in *versionIn) (*ruleView, error) {
	return c.shown(ctx)(c.Replies.Enable(ctx, in.ID, in.Body.Version, false))
}

// shown tells a rule as it is after a verb, with what of it is not live.
func (c console) shown(ctx context.Context) func(reply.Rule, error) (*ruleView, error) {
	return func(r reply.Rule, err error) (*ruleView, error) {
		if err != nil {
			return nil, err
		}
		v, err := view(r, c.Civil.Now())
		if err != nil {
			return nil, err
		}
		one := []ruleView{v}
		err = c.proposed(ctx, []reply.Rule{r}, one)
		return &one[0], err
	}
}
