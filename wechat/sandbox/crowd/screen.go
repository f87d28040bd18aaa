package crowd

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"weizheng/wechat/sandbox/page"
	"weizheng/wechat/sandbox/state"
)

// leaf is a button that can be tapped without scanning or photographing anything.
type leaf struct {
	path   []int
	button state.Button
}

// tappable are the types of buttons that need nothing of the phone.
var tappable = map[string]bool{"click": true, "view": true, "text": true, "media_id": true, "view_limited": true,
	"article_id": true, "article_view_limited": true, "miniprogram": true}

func leaves(buttons []state.Button) []leaf {
	var list []leaf
	for i, b := range buttons {
		if len(b.Sub) == 0 && tappable[b.Type] {
			list = append(list, leaf{[]int{i}, b})
		}
		for j, sub := range b.Sub {
			if tappable[sub.Type] {
				list = append(list, leaf{[]int{i, j}, sub})
			}
		}
	}
	return list
}

func (p *scene) menu(ctx context.Context) ([]leaf, error) {
	menu, ok, err := p.crowd.home.Store.PhoneMenu(ctx, p.crowd.account, p.citizen)
	if err != nil || !ok {
		return nil, err
	}
	return leaves(menu.Buttons), nil
}

// tap taps the button at path, or one that is drawn.
func (p *scene) tap(ctx context.Context, path []int) (Seen, error) {
	list, err := p.menu(ctx)
	if err != nil {
		return Seen{}, err
	}
	var chosen *leaf
	for i := range list {
		if fmt.Sprint(list[i].path) == fmt.Sprint(path) {
			chosen = &list[i]
		}
	}
	if len(path) == 0 && len(list) > 0 {
		chosen = &list[p.rng.IntN(len(list))]
	}
	if chosen == nil {
		return Seen{Outcome: Skipped, Did: fmt.Sprint(path)}, nil
	}
	seen, err := p.press(ctx, *chosen)
	if seen.Did == "" {
		seen.Did = chosen.button.Name
	}
	return seen, err
}

func (p *scene) press(ctx context.Context, l leaf) (Seen, error) {
	x, account := p.crowd.home.Acts, p.crowd.account.ID
	if l.button.Type == "click" {
		return p.awaited(ctx, "event:CLICK", func() (bool, error) {
			_, err := x.Tap(ctx, account, p.citizen.ID, l.path, nil)
			return true, err
		})
	}
	tapped, err := x.Tap(ctx, account, p.citizen.ID, l.path, nil)
	if err != nil {
		return Seen{}, err
	}
	if tapped.Kind != "page" {
		return Seen{Outcome: Answered, Kind: tapped.Kind, Saw: tapped.PagePath}, nil
	}
	seen, _, err := p.visit(ctx, tapped.URL)
	return seen, err
}

// address is what to open: what is said, or one of the pages.
func (p *scene) address(ctx context.Context, said string) (string, error) {
	list, err := p.addresses(ctx, said)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0], nil
}

// addresses are what can be opened, in the order in which this citizen tries: what is said, or the order's pages and those that
// the menu leads to.
func (p *scene) addresses(ctx context.Context, said string) ([]string, error) {
	if said != "" {
		return []string{said}, nil
	}
	list, err := p.menu(ctx)
	if err != nil {
		return nil, err
	}
	pages := slices.Clone(p.crowd.order.Pages)
	for _, l := range list {
		if l.button.Type == "view" && !slices.Contains(pages, l.button.URL) {
			pages = append(pages, l.button.URL)
		}
	}
	if len(pages) == 0 {
		return nil, nil
	}
	first := p.rng.IntN(len(pages))
	return slices.Concat(pages[first:], pages[:first]), nil
}

func (p *scene) visit(ctx context.Context, address string) (Seen, sheet, error) {
	s, err := p.crowd.home.browser.open(ctx, p.citizen.ID, address)
	seen := Seen{Did: address, Saw: s.title}
	switch {
	case errors.Is(err, page.ErrOrigin):
		seen.Outcome, seen.Saw = Skipped, "沙箱只打开已配置公众号的网页和本机的网页"
	case err != nil && ctx.Err() != nil:
		seen.Outcome = Lost
	case err != nil:
		seen.Outcome, seen.Saw = Unavailable, err.Error()
	default:
		seen.Outcome, seen.Kind = s.outcome(), "page"
	}
	return seen, s, nil
}

func (p *scene) open(ctx context.Context, said string) (Seen, error) {
	address, err := p.address(ctx, said)
	if err != nil || address == "" {
		return Seen{Outcome: Skipped}, err
	}
	seen, _, err := p.visit(ctx, address)
	return seen, err
}
