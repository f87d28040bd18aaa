package accountweb

import (
	"context"

	"weizheng/kernel/account"
	"weizheng/platform/errs"
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
