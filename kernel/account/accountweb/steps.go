package accountweb

import (
	"context"

	"weizheng/kernel/account"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// validate gathers the faults of every verb that the changes lead to.
func (b changes) validate(a account.Account) error {
	var faults []errs.Field
	note := func(err error) {
		if err != nil {
			faults = append(faults, errs.As(err).Fields()...)
		}
	}
	note(b.profile(a).Validate())
	note(b.credentials(a).Validate())
	if b.Slug != nil && *b.Slug != a.Slug {
		faults = append(faults, errs.Field{Field: "slug", Key: "account.slug_fixed"})
	}
	if _, err := wechat.NewAESKey(b.Key); b.Key != "" && err != nil {
		faults = append(faults, errs.Field{Field: "encoding_aes_key", Key: "account.key"})
	}
	switch mode := or(b.Mode, string(a.Mode)); wechat.Mode(mode) {
	case wechat.Plain:
	case wechat.Compatible, wechat.Safe:
		if b.Key == "" && !a.HasKey {
			faults = append(faults, errs.Field{Field: "encoding_aes_key", Key: "account.key_needed"})
		}
	default:
		faults = append(faults, errs.Field{Field: "mode", Key: "account.choice"})
	}
	return errs.InvalidFields(faults)
}

// profile is everything but secrets and mode after the change. The endpoints stay: see the package comment. A right that
// the new kind cannot have goes with it, unless it was asked for.
func (b changes) profile(a account.Account) account.ChangeIn {
	p := a.Profile
	in := account.ChangeIn{
		ID: a.ID, Kind: wechat.Kind(or(b.Kind, string(a.Kind))), Verified: or(b.Verified, a.Verified), UnitID: or(b.UnitID, a.UnitID),
		OriginalID: or(b.OriginalID, a.OriginalID), Endpoints: a.Endpoints,
		Profile: account.Profile{
			Name: or(b.Name, p.Name), Intro: or(b.Intro, p.Intro), Principal: or(b.Principal, p.Principal),
			Contact: or(b.Contact, p.Contact), Farewell: or(b.Farewell, p.Farewell), Avatar: or(b.Avatar, p.Avatar),
			Persona: account.Persona(or(b.Persona, persona(p.Persona))),
		},
	}
	in.OAuthDomain = or(b.OAuthDomain, a.OAuthDomain && in.Kind == wechat.Service && in.Verified)
	return in
}

func (b changes) credentials(a account.Account) account.CredentialsIn {
	return account.CredentialsIn{ID: a.ID, AppID: or(b.AppID, a.AppID), Secret: b.Secret, Token: b.Token}
}

func or[T any](given *T, present T) T {
	if given != nil {
		return *given
	}
	return present
}

// step is one verb of a change; name is the key of what it saves.
type step struct {
	name string
	run  func(ctx context.Context, version int64) (account.Account, error)
}

// steps are the verbs that have something to do. The key comes before the mode that may need it; what is likeliest to
// be refused comes first.
func (c console) steps(a account.Account, b changes) []step {
	var list []step
	if in := b.credentials(a); in.AppID != a.AppID || in.Secret != "" || in.Token != "" {
		list = append(list, step{"account.saved.credentials", func(ctx context.Context, v int64) (account.Account, error) {
			in.Version = v
			return c.Accounts.ChangeCredentials(ctx, in)
		}})
	}
	if in := b.profile(a); in != unchanged(a) {
		list = append(list, step{"account.saved.profile", func(ctx context.Context, v int64) (account.Account, error) {
			in.Version = v
			return c.Accounts.Change(ctx, in)
		}})
	}
	if b.Key != "" {
		list = append(list, step{"account.saved.key", func(ctx context.Context, v int64) (account.Account, error) {
			return c.Accounts.RotateKey(ctx, a.ID, v, b.Key)
		}})
	}
	if mode := wechat.Mode(or(b.Mode, string(a.Mode))); mode != a.Mode {
		list = append(list, step{"account.saved.mode", func(ctx context.Context, v int64) (account.Account, error) {
			return c.Accounts.SetMode(ctx, a.ID, v, mode)
		}})
	}
	return list
}

// unchanged is the change that changes nothing.
func unchanged(a account.Account) account.ChangeIn { return changes{}.profile(a) }
