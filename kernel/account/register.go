package account

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// RegisterIn is a new account. Endpoints may be zero: the real WeChat.
type RegisterIn struct {
	Slug        string
	Kind        wechat.Kind
	Verified    bool
	UnitID      int64
	Profile     Profile
	OriginalID  string
	AppID       string
	Secret      string // may be empty and come later
	Token       string
	Key         string // EncodingAESKey
	Mode        wechat.Mode
	Endpoints   client.Endpoints
	OAuthDomain bool
}

// Validate reports every fault of the input.
func (in RegisterIn) Validate() error {
	var f faults
	f.form("slug", in.Slug, slugForm, "account.slug")
	f.oneOf("kind", string(in.Kind), string(wechat.Subscription), string(wechat.Service))
	if in.UnitID <= 0 {
		f.add("unit_id", "account.unit")
	}
	f.profile(in.Profile)
	f.optional("original_id", in.OriginalID, originalForm, "account.original_id")
	f.form("appid", in.AppID, appIDForm, "account.appid")
	f.optional("secret", in.Secret, secretForm, "account.secret")
	f.form("token", in.Token, tokenForm, "account.token")
	if in.Key != "" && !validKey(in.Key) {
		f.add("encoding_aes_key", "account.key")
	}
	f.modeNeeds(in.Mode, in.Key != "")
	f.endpoints(in.Endpoints)
	f.oauthDomain(in.OAuthDomain, in.Kind, in.Verified)
	return f.err()
}

// oauthDomain: only verified service accounts may authorise on web pages. WeChat docs: Wechat_webpage_authorization.
func (f *faults) oauthDomain(set bool, kind wechat.Kind, verified bool) {
	if set && (kind != wechat.Service || !verified) {
		f.add("oauth_domain", "account.oauth_domain")
	}
}

// Register adds an account to a unit that the actor may edit accounts of.
func (s *Service) Register(ctx context.Context, in RegisterIn) (Account, error) {
	if in.Endpoints == (client.Endpoints{}) {
		in.Endpoints = client.Real()
	}
	if err := in.Validate(); err != nil {
		return Account{}, err
	}
	secrets, err := s.sealAll(in)
	if err != nil {
		return Account{}, err
	}
	var a Account
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		id, err := s.insert(ctx, tx, in, secrets)
		if err != nil {
			return err
		}
		if a, err = s.GetIn(ctx, tx, id); err != nil {
			return err
		}
		if err := s.announce(tx, id); err != nil {
			return err
		}
		return s.audit(ctx, tx, "register", a, map[string]any{"appid": in.AppID, "kind": in.Kind, "mode": in.Mode})
	})
	return a, errs.Wrap(err, "register account %q", in.Slug)
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, in RegisterIn, secrets row) (int64, error) {
	path, err := unitPath(ctx, tx, in.UnitID)
	if err != nil {
		return 0, err
	}
	if !access.From(ctx).Can("account.edit", access.Object{Unit: path}) {
		return 0, errs.New(errs.Denied, "account.unit_denied")
	}
	f, err := taken(ctx, tx, in.Slug, in.AppID, 0)
	if err != nil {
		return 0, err
	}
	if err := f.err(); err != nil {
		return 0, err
	}
	now, p := clock.Millis(s.Wall.Now()), in.Profile
	var keyChanged int64
	if in.Key != "" {
		keyChanged = now
	}
	return db.One(ctx, tx, db.Value[int64], `insert into account (slug, name, kind, verified, status, unit_id, original_id, appid,
		secret_sealed, token_sealed, key_sealed, key_changed_at, mode, endpoints, oauth_domain, identity,
		intro, principal, contact, farewell, avatar, persona_name, persona_tone, created_at, updated_at, version)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$24,1) returning id`,
		in.Slug, p.Name, string(in.Kind), in.Verified, string(Active), in.UnitID, in.OriginalID, in.AppID,
		secrets.secret, secrets.token, secrets.key, keyChanged, string(in.Mode), encodeEndpoints(in.Endpoints), in.OAuthDomain, false,
		p.Intro, p.Principal, p.Contact, p.Farewell, p.Avatar, p.Persona.Name, p.Persona.Tone, now)
}

func (s *Service) sealAll(in RegisterIn) (r row, err error) {
	if r.secret, err = s.sealed(secretPurpose, in.Slug, in.Secret); err != nil {
		return r, err
	}
	if r.token, err = s.sealed(tokenPurpose, in.Slug, in.Token); err != nil {
		return r, err
	}
	r.key, err = s.sealed(keyPurpose, in.Slug, in.Key)
	return r, err
}
