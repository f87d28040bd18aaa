package app

import (
	"context"
	"slices"
	"strings"

	"weizheng/kernel/form"
	"weizheng/module/menu"
)

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
