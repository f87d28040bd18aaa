package app

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"weizheng/kernel/form"
	"weizheng/module/menu"
	"weizheng/platform/access"
	"weizheng/platform/errs"
)

// mostFlows bounds how many flows are looked through for the forms they speak of.
const mostFlows = 500

// formInFlows finds the flows that speak of a form: one in use needs it, and the fields it names.
func (h *House) formInFlows(ctx context.Context, s form.Sheet) ([]form.Use, error) {
	list, err := h.Flows.List(ctx, access.Reach{All: true}, 0, mostFlows)
	if err != nil {
		return nil, err
	}
	var uses []form.Use
	for _, f := range list {
		at := "/flow/" + strconv.FormatInt(f.ID, 10)
		live, _, err := h.Flows.Live(ctx, f.Key)
		switch {
		case err == nil && live.Form == s.Key:
			uses = append(uses, form.Use{Kind: "flow", Title: "流程“" + live.Title + "”", URL: at, Needs: true, Fields: live.FieldNames()})
		case err != nil && !errs.Is(err, errs.NotFound):
			return nil, err
		case f.Draft.Form == s.Key && f.UnitID != 0:
			uses = append(uses, form.Use{Kind: "flow", Title: "流程“" + f.Draft.Title + "”的草稿", URL: at})
		}
	}
	return uses, nil
}

// formInMatters tells that matters run, or ran, under a version of a form. They keep theirs whatever becomes of it.
func (h *House) formInMatters(ctx context.Context, s form.Sheet) ([]form.Use, error) {
	open, any, err := h.Matters.FormUse(ctx, s.ID)
	switch {
	case err != nil || !any:
		return nil, err
	case open == 0:
		return []form.Use{{Kind: "matter", Title: "办结的事项"}}, nil
	}
	return []form.Use{{Kind: "matter", Title: strconv.Itoa(open) + " 件在办的事项"}}, nil
}

// formSources fill in what is known of staff who fill in a form themselves.
func (h *House) formSources() []form.Source {
	return []form.Source{
		{Name: "staff_name", Text: "填写的工作人员的姓名", Load: func(ctx context.Context, who form.Owner, _ form.Field) (any, error) {
			if who.Staff == 0 {
				return nil, nil
			}
			names, err := h.Org.Names(ctx, []int64{who.Staff})
			return names[who.Staff], err
		}},
		{Name: "staff_unit", Text: "填写的工作人员的单位", Load: func(ctx context.Context, who form.Owner, _ form.Field) (any, error) {
			if who.Staff == 0 {
				return nil, nil
			}
			id := access.UnitID(access.From(ctx).Unit)
			names, err := h.Org.UnitNames(ctx, []int64{id})
			return names[id], err
		}},
	}
}

// formInMenus finds a form's page behind the buttons of its account's menu, the draft or what phones show.
func (h *House) formInMenus(ctx context.Context, s form.Sheet) ([]form.Use, error) {
	if s.Account == 0 {
		return nil, nil
	}
	a, err := h.Accounts.Known(ctx, s.Account)
	if err != nil {
		return nil, err
	}
	m, err := h.Menus.Get(ctx, s.Account)
	if err != nil {
		return nil, err
	}
	buttons := m.Draft
	versions, err := h.Menus.Versions(ctx, s.Account, 0, 10)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		if v.State == menu.Live || v.State == menu.Sending {
			buttons = append(slices.Clip(buttons), v.Buttons...)
		}
	}
	if opens(buttons, "/c/"+a.Slug+"/form/"+s.Key) {
		return []form.Use{{Kind: "menu", Title: a.Profile.Name + "的菜单", URL: "/menu"}}, nil
	}
	return nil, nil
}

func opens(buttons []menu.Button, page string) bool {
	for _, b := range buttons {
		if strings.HasSuffix(b.URL, page) || opens(b.Sub, page) {
			return true
		}
	}
	return false
}
