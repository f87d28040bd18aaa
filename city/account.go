package city

import (
	"context"
	"fmt"
	"net/http"

	"weizheng/kernel/account"
	"weizheng/module/reply"
	"weizheng/wechat"
)

// buildAccounts opens the accounts at WeChat (the sandbox) and registers them here with the credentials found there, as a
// clerk copies them; then the callback address is entered there, which WeChat checks at once.
func (b *builder) buildAccounts(ctx context.Context) error {
	for _, p := range accounts {
		a, err := b.openAccount(ctx, p)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		b.city.Accounts = append(b.city.Accounts, a)
	}
	return nil
}

func (b *builder) openAccount(ctx context.Context, p accountPlan) (Account, error) {
	var out struct {
		Account struct {
			OriginalID     string `json:"original_id"`
			AppID          string `json:"appid"`
			Secret         string `json:"secret"`
			Token          string `json:"token"`
			EncodingAESKey string `json:"encoding_aes_key"`
		} `json:"account"`
	}
	err := b.act(ctx, http.MethodPost, "/accounts", fields{
		"id": p.slug, "name": p.name, "kind": p.kind, "verified": p.verified, "mode": p.mode, "intro": p.intro,
		"principal": "青云市人民政府", "asr": true,
	}, &out)
	if err != nil {
		return Account{}, err
	}
	o := out.Account
	a := Account{
		ID: p.slug, Name: p.name, Kind: string(p.kind), Verified: p.verified, OriginalID: o.OriginalID, AppID: o.AppID,
		Secret: o.Secret, Token: o.Token, EncodingAESKey: o.EncodingAESKey, Mode: string(p.mode),
		Callback: b.PublicURL + "/wx/" + p.slug, rules: map[string]reply.Rule{}, plan: p,
	}
	authorises := p.kind == wechat.Service && p.verified
	registered, err := b.Accounts.Register(ctx, account.RegisterIn{
		Slug: p.slug, Kind: p.kind, Verified: p.verified, UnitID: b.units[p.unit], Mode: p.mode,
		Profile: account.Profile{
			Name: p.name, Intro: p.intro, Principal: "青云市人民政府", Contact: p.phone,
			Farewell: "感谢您的关注，需要时随时回来。", Persona: account.Persona{Name: p.persona, Tone: "亲切、简短、说清楚下一步"},
		},
		OriginalID: o.OriginalID, AppID: o.AppID, Secret: o.Secret, Token: o.Token, Key: o.EncodingAESKey,
		Endpoints: b.Endpoints, OAuthDomain: authorises,
	})
	if err != nil {
		return Account{}, err
	}
	a.number = registered.ID
	if p.slug == accounts[0].slug {
		if _, err := b.Accounts.SetIdentity(ctx, registered.ID, registered.Version); err != nil {
			return Account{}, err
		}
	}
	return a, b.act(ctx, http.MethodPatch, "/accounts/"+p.slug, fields{"callback": a.Callback}, nil)
}

// buildRules writes what the accounts answer by themselves.
func (b *builder) buildRules(ctx context.Context) error {
	for i := range b.city.Accounts {
		a := &b.city.Accounts[i]
		for _, p := range a.plan.rules {
			in := reply.In{Account: a.number, Name: p.name, Trigger: p.trigger, Match: p.match, Words: p.words, Enabled: true}
			for _, r := range p.say {
				raw, err := wechat.MarshalReply(r)
				if err != nil {
					return err
				}
				in.Answers = append(in.Answers, raw)
			}
			rule, err := b.Replies.Create(ctx, in)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", a.Name, p.name, err)
			}
			a.rules[p.name] = rule
		}
	}
	return nil
}

// buildMenus saves and publishes the menus of the accounts whose kind has them.
func (b *builder) buildMenus(ctx context.Context) error {
	for _, a := range b.city.Accounts {
		if a.plan.menu == nil {
			continue
		}
		buttons := a.plan.menu(func(name string) string { return a.rules[name].Source() })
		m, err := b.Menus.Save(ctx, a.number, 0, buttons)
		if err != nil {
			return fmt.Errorf("menu of %s: %w", a.Name, err)
		}
		if _, err := b.Menus.Publish(ctx, a.number, m.Version); err != nil {
			return fmt.Errorf("menu of %s: %w", a.Name, err)
		}
	}
	return nil
}
