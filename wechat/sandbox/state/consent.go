package state

import (
	"context"

	"weizheng/platform/db"
)

// Consent is what a citizen said to a notice's template.
type Consent struct {
	Template int64
	Remain   int  // one-time consents not used yet
	Always   bool // a long-term one
	Refused  bool // switched off
}

// Consent returns what a contact said to a template; the zero value when they were never asked.
func (s *Store) Consent(ctx context.Context, q db.Queryer, contact, template int64) (Consent, error) {
	list, err := s.consents(ctx, q, "where contact=$1 and template=$2", contact, template)
	if err != nil || len(list) == 0 {
		return Consent{Template: template}, err
	}
	return list[0], nil
}

// Consents lists what a contact said to all templates.
func (s *Store) Consents(ctx context.Context, q db.Queryer, contact int64) ([]Consent, error) {
	return s.consents(ctx, q, "where contact=$1 order by template", contact)
}

func (s *Store) consents(ctx context.Context, q db.Queryer, where string, args ...any) ([]Consent, error) {
	return db.All(ctx, q, func(scan db.Scan) (Consent, error) {
		var c Consent
		err := scan(&c.Template, &c.Remain, &c.Always, &c.Refused)
		return c, err
	}, "select template, remain, always, refused from consent "+where, args...)
}

// SetConsent stores what a contact says now.
func (s *Store) SetConsent(ctx context.Context, tx *db.Tx, contact int64, c Consent) error {
	_, err := tx.Exec(ctx, `insert into consent (contact, template, remain, always, refused) values ($1, $2, $3, $4, $5)
		on conflict (contact, template) do update set remain=excluded.remain, always=excluded.always, refused=excluded.refused`,
		contact, c.Template, c.Remain, c.Always, c.Refused)
	return err
}

// SpendConsent takes one consent; false when there is none, or the citizen has switched the template off. A long-term one
// stays.
func (s *Store) SpendConsent(ctx context.Context, tx *db.Tx, contact, template int64) (bool, error) {
	c, err := s.Consent(ctx, tx, contact, template)
	if err != nil || c.Refused || !c.Always && c.Remain == 0 {
		return false, err
	}
	if c.Always {
		return true, nil
	}
	c.Remain--
	return true, s.SetConsent(ctx, tx, contact, c)
}

// AllowOnce lets the account write once to a contact under a scene.
func (s *Store) AllowOnce(ctx context.Context, tx *db.Tx, contact int64, scene int) error {
	_, err := tx.Exec(ctx, `insert into once_grant (contact, scene, made_at) values ($1, $2, $3)
		on conflict (contact, scene) do update set made_at=excluded.made_at`, contact, scene, s.Civil())
	return err
}

// SpendOnce takes that; false when there is nothing to take.
func (s *Store) SpendOnce(ctx context.Context, tx *db.Tx, contact int64, scene int) (bool, error) {
	n, err := tx.Exec(ctx, "delete from once_grant where contact=$1 and scene=$2", contact, scene)
	return n > 0, err
}

// OnceTemplate is the id of the account's one template for one-time subscriptions.
func (s *Store) OnceTemplate(a *Account) string { return letters(s.derive("once template", a.ID), 43) }

// AddOutcomes says what is to come of the next sends of a kind, after those that were said before.
func (s *Store) AddOutcomes(ctx context.Context, account int64, kind string, values []string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for _, v := range values {
			if _, err := tx.Exec(ctx, "insert into outcome (account, kind, value) values ($1, $2, $3)", account, kind, v); err != nil {
				return err
			}
		}
		return nil
	})
}

// NextOutcome takes what is to come of this send; "" when nothing was said.
func (s *Store) NextOutcome(ctx context.Context, tx *db.Tx, account int64, kind string) (string, error) {
	list, err := db.All(ctx, tx, db.Value[string], `delete from outcome where n=(select min(n) from outcome
		where account=$1 and kind=$2) returning value`, account, kind)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0], nil
}

// CategoryChanges counts the changes of an account's categories since the civil instant.
func (s *Store) CategoryChanges(ctx context.Context, account, since int64) (int64, error) {
	return db.One(ctx, s.db, db.Value[int64], "select count(*) from category_change where account=$1 and at>=$2", account, since)
}

// CountCategoryChange notes one more.
func (s *Store) CountCategoryChange(ctx context.Context, account int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "insert into category_change (account, at) values ($1, $2)", account, s.Civil())
		return err
	})
}
