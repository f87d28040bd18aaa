package accountweb

import (
	"context"
	"fmt"
	"strings"

	"weizheng/kernel/account"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

type health struct {
	Deps
	words words
}

// findings tells of accounts in service that WeChat shut out, and of what failed in the last self-checks. An account
// that a person suspended is as it should be.
func (h health) findings(ctx context.Context) ([]part.Finding, error) {
	list, err := h.Accounts.List(ctx, access.Reach{All: true})
	if err != nil {
		return nil, err
	}
	var all []part.Finding
	for _, a := range list {
		if a.Status != account.Active {
			continue
		}
		if a.Fault.Code != 0 {
			all = append(all, h.fault(a))
		}
		short, err := h.short(ctx, a)
		if err != nil {
			return nil, err
		}
		failed, err := h.failed(ctx, a, len(short) > 0)
		if err != nil {
			return nil, err
		}
		all = append(append(all, failed...), short...)
	}
	return all, nil
}

// short lists the features that an account lacks although its kind has them: WeChat refused them, or the day's calls are
// used up or nearly so. What a kind does not have is no finding; its faces say so.
func (h health) short(ctx context.Context, a account.Account) ([]part.Finding, error) {
	standings, err := h.Accounts.Standings(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	var list []part.Finding
	add := func(one account.Standing, state account.State, key, detail, next string) {
		list = append(list, part.Finding{
			Name: "account:feature", State: string(state), Unit: a.Unit, Detail: detail, Next: next,
			Title: h.words.say(key, map[string]any{"name": a.Profile.Name, "title": h.words.say("account.feature."+string(one.Feature), nil)}),
		})
	}
	for _, one := range standings {
		why := h.words.say(string(one.Why), one.Params())
		switch {
		case one.Why == account.WeChatSays:
			add(one, account.Warn, "account.health.refused", why, h.words.say("account.health.recheck", nil))
		case one.Why == account.UsedUp:
			add(one, account.Fail, "account.health.spent", why, h.words.say("account.health.recheck", nil))
		case one.Allowed() && one.Usage.Share() >= account.NearEnd:
			p := map[string]any{"used": one.Usage.Calls, "limit": one.Usage.Daily}
			add(one, account.Warn, "account.health.near", h.words.say("account.health.near.detail", p), h.words.say("account.health.near.next", nil))
		}
	}
	return list, nil
}

func (h health) fault(a account.Account) part.Finding {
	p := map[string]any{
		"name": a.Profile.Name, "code": a.Fault.Code, "meaning": wechat.Code(a.Fault.Code).Meaning(), "at": moment(a.Fault.At),
	}
	return part.Finding{
		Name: "account.fault", State: string(account.Fail), Unit: a.Unit, Title: h.words.say("account.health.fault", p),
		Detail: h.words.say("account.health.fault.detail", p), Next: h.words.say("account.health.fault.next", p),
	}
}

// failed lists what the last self-check found not working. What a fault, or a feature that is short, says already is not
// said again.
func (h health) failed(ctx context.Context, a account.Account, short bool) ([]part.Finding, error) {
	report, err := h.Accounts.LastCheck(ctx, a.ID)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []part.Finding
	for _, f := range report.Findings {
		said := a.Fault.Code != 0 && (f.Name == "credentials" || f.Name == "token") || short && f.Name == "quota"
		if f.State != account.Fail || said {
			continue
		}
		told := h.words.finding(f)
		list = append(list, part.Finding{
			Name: "account." + f.Name, State: string(f.State), Unit: a.Unit, Next: told.Next, Detail: told.Detail +
				h.words.say("account.health.checked", map[string]any{"at": moment(report.At)}),
			Title: h.words.say("account.health.check", map[string]any{"name": a.Profile.Name, "title": told.Title}),
		})
	}
	return list, nil
}

// find looks for accounts by name, slug, AppID or original id.
func (d Deps) find(ctx context.Context, reach access.Reach, words string, limit int) ([]part.Line, error) {
	list, err := d.Accounts.List(ctx, reach)
	if err != nil {
		return nil, err
	}
	words = strings.ToLower(strings.TrimSpace(words))
	var lines []part.Line
	for _, a := range list {
		names := strings.ToLower(strings.Join([]string{a.Profile.Name, a.Slug, a.AppID, a.OriginalID}, "\n"))
		if len(lines) < limit && words != "" && strings.Contains(names, words) {
			lines = append(lines, part.Line{Title: a.Profile.Name, Note: a.Slug, URL: fmt.Sprintf("/console/account/%d", a.ID)})
		}
	}
	return lines, nil
}
