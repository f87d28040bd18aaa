package accountweb

import (
	"context"

	"weizheng/kernel/account"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// changes is what the console sends to change an account; what is missing stays. Empty secrets stay, too.
type changes struct {
	Version     int64    `json:"version" doc:"the one that was looked at"`
	Slug        *string  `json:"slug,omitempty" doc:"never changes; accepted when it is the present one"`
	Name        *string  `json:"name,omitempty"`
	Kind        *string  `json:"kind,omitempty"`
	Verified    *bool    `json:"verified,omitempty"`
	UnitID      *int64   `json:"unit_id,omitempty"`
	OriginalID  *string  `json:"original_id,omitempty"`
	Intro       *string  `json:"intro,omitempty"`
	Principal   *string  `json:"principal,omitempty"`
	Contact     *string  `json:"contact,omitempty"`
	Farewell    *string  `json:"farewell,omitempty"`
	Avatar      *string  `json:"avatar,omitempty"`
	Persona     *persona `json:"persona,omitempty"`
	OAuthDomain *bool    `json:"oauth_domain,omitempty"`
	AppID       *string  `json:"appid,omitempty"`
	Mode        *string  `json:"mode,omitempty"`
	Secret      string   `json:"secret,omitempty" doc:"write-only"`
	Token       string   `json:"token,omitempty" doc:"write-only"`
	Key         string   `json:"encoding_aes_key,omitempty" doc:"write-only"`
}

type changeIn struct {
	ID   int64 `path:"id"`
	Body changes
}

func (c console) change(ctx context.Context, in *changeIn) (*accountView, error) {
	return c.shown(ctx)(c.apply(ctx, in.ID, in.Body))
}

type credentialsIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version int64  `json:"version"`
		AppID   string `json:"appid,omitempty" doc:"empty: the present one"`
		Secret  string `json:"secret,omitempty" doc:"write-only; empty: the present one"`
		Token   string `json:"token,omitempty" doc:"write-only; empty: the present one"`
	}
}

func (c console) credentials(ctx context.Context, in *credentialsIn) (*accountView, error) {
	b := changes{Version: in.Body.Version, Secret: in.Body.Secret, Token: in.Body.Token}
	if in.Body.AppID != "" {
		b.AppID = &in.Body.AppID
	}
	return c.shown(ctx)(c.apply(ctx, in.ID, b))
}

type rotateIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Version int64  `json:"version,omitempty" doc:"0: whatever is there, since what is replaced cannot be seen"`
		Token   string `json:"token,omitempty" doc:"write-only; empty: the present one"`
		Key     string `json:"encoding_aes_key,omitempty" doc:"write-only; empty: the present one"`
	}
}

func (c console) rotate(ctx context.Context, in *rotateIn) (*accountView, error) {
	b := changes{Version: in.Body.Version, Token: in.Body.Token, Key: in.Body.Key}
	if b.Token == "" && b.Key == "" {
		return nil, errs.InvalidFields([]errs.Field{{Field: "encoding_aes_key", Key: "required"}})
	}
	if b.Version == 0 {
		a, err := c.Accounts.Get(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		b.Version = a.Version
	}
	return c.shown(ctx)(c.apply(ctx, in.ID, b))
}

// apply runs the verbs that the changes ask for. Whatever can be known to be wrong is said before the first of them, so
// that nothing is changed; what only the database knows may still stop a later one, and then the answer says what was
// saved.
func (c console) apply(ctx context.Context, id int64, b changes) (account.Account, error) {
	b.trim()
	a, err := c.Accounts.Get(ctx, id)
	if err != nil {
		return a, err
	}
	if a.Version != b.Version {
		return a, errs.New(errs.Conflict, "db.stale")
	}
	if err := b.validate(a); err != nil {
		return a, err
	}
	saved := ""
	for _, s := range c.steps(a, b) {
		next, err := s.run(ctx, a.Version)
		if err != nil && saved != "" {
			return a, errs.New(errs.Conflict, "account.partly").With("saved", saved).With("problem", c.words.problem(err)).Because(err)
		}
		if err != nil {
			return a, err
		}
		a = next
		if saved != "" {
			saved += "、"
		}
		saved += c.words.say(s.name, nil)
	}
	return a, nil
}

func (b *changes) trim() {
	trim(&b.Secret, &b.Token, &b.Key)
	for _, s := range []*string{b.Name, b.OriginalID, b.Intro, b.Principal, b.Contact, b.AppID} {
		if s != nil {
			trim(s)
		}
	}
}

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
