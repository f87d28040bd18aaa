package account

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// ChangeIn is everything about an account that is neither a secret, the mode nor its state. Version is the one that was
// read.
type ChangeIn struct {
	ID          int64
	Version     int64
	Kind        wechat.Kind
	Verified    bool
	UnitID      int64
	Profile     Profile
	OriginalID  string
	Endpoints   client.Endpoints
	OAuthDomain bool
}

// Validate reports every fault of the input.
func (in ChangeIn) Validate() error {
	var f faults
	f.oneOf("kind", string(in.Kind), string(wechat.Subscription), string(wechat.Service))
	f.profile(in.Profile)
	f.optional("original_id", in.OriginalID, originalForm, "account.original_id")
	f.endpoints(in.Endpoints)
	f.oauthDomain(in.OAuthDomain, in.Kind, in.Verified)
	if in.UnitID <= 0 {
		f.add("unit_id", "account.unit")
	}
	return f.err()
}

// Change edits an account. Moving it to another unit needs account.edit there too. An upgrade or a new verification
// forgets what WeChat had refused the account before: it may be allowed now.
func (s *Service) Change(ctx context.Context, in ChangeIn) (Account, error) {
	if in.Endpoints == (client.Endpoints{}) {
		in.Endpoints = client.Real()
	}
	if err := in.Validate(); err != nil {
		return Account{}, err
	}
	var a Account
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := s.GetIn(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := mayChange(ctx, tx, old, in); err != nil {
			return err
		}
		old.Version = in.Version
		p := in.Profile
		err = s.touch(ctx, tx, old, `name = $4, kind = $5, verified = $6, unit_id = $7, original_id = $8, endpoints = $9,
			oauth_domain = $10, intro = $11, principal = $12, contact = $13, farewell = $14, avatar = $15, persona_name = $16, persona_tone = $17`,
			p.Name, string(in.Kind), in.Verified, in.UnitID, in.OriginalID, encodeEndpoints(in.Endpoints),
			in.OAuthDomain, p.Intro, p.Principal, p.Contact, p.Farewell, p.Avatar, p.Persona.Name, p.Persona.Tone)
		if err != nil {
			return err
		}
		if old.Kind != in.Kind || old.Verified != in.Verified {
			if err := forgetRefusals(ctx, tx, in.ID); err != nil {
				return err
			}
		}
		if a, err = s.GetIn(ctx, tx, in.ID); err != nil {
			return err
		}
		return s.audit(ctx, tx, "change", a, difference(old, a))
	})
	return a, errs.Wrap(err, "change account %d", in.ID)
}

func mayChange(ctx context.Context, tx *db.Tx, old Account, in ChangeIn) error {
	if old.Identity && (in.Kind != wechat.Service || !in.Verified || !in.OAuthDomain) {
		return errs.New(errs.Conflict, "account.identity_needs")
	}
	if in.UnitID == old.UnitID {
		return nil
	}
	path, err := unitPath(ctx, tx, in.UnitID)
	if err != nil {
		return err
	}
	if !access.From(ctx).Can("account.edit", access.Object{Unit: path, Account: old.ID}) {
		return errs.New(errs.Denied, "account.unit_denied")
	}
	return nil
}

// difference says what changed for the audit row: facts with their old and new value, words by name only.
func difference(old, now Account) map[string]any {
	d := map[string]any{}
	for name, pair := range map[string][2]any{
		"kind": {old.Kind, now.Kind}, "verified": {old.Verified, now.Verified}, "unit_id": {old.UnitID, now.UnitID},
		"original_id": {old.OriginalID, now.OriginalID}, "endpoints": {old.Endpoints, now.Endpoints},
		"oauth_domain": {old.OAuthDomain, now.OAuthDomain},
	} {
		if pair[0] != pair[1] {
			d[name] = map[string]any{"from": pair[0], "to": pair[1]}
		}
	}
	if old.Profile != now.Profile {
		d["profile"] = "changed"
	}
	return d
}
