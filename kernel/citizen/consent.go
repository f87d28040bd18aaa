package citizen

import (
	"context"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Consent is one entry of the ledger of what a citizen agreed to: for what, to which wording, where, when, and when it
// was taken back. Entries are never changed but for that. PIPL art. 14–16.
type Consent struct {
	ID          int64
	Citizen     int64
	Purpose     string
	TextVersion string
	Source      string // page, chat, window
	GivenAt     time.Time
	WithdrawnAt time.Time // zero while it holds
}

const consentColumns = `id, citizen_id, purpose, text_version, source, given_at, withdrawn_at`

func scanConsent(scan db.Scan) (c Consent, err error) {
	var given, withdrawn int64
	err = scan(&c.ID, &c.Citizen, &c.Purpose, &c.TextVersion, &c.Source, &given, &withdrawn)
	c.GivenAt, c.WithdrawnAt = instant(given), instant(withdrawn)
	return c, err
}

// Agree notes that a citizen agreed; agreeing again to the same wording returns the entry that holds.
func (s *Service) Agree(ctx context.Context, tx *db.Tx, citizen int64, purpose, textVersion, source string) (Consent, error) {
	if purpose == "" || textVersion == "" {
		return Consent{}, errs.InvalidFields([]errs.Field{{Field: "purpose", Key: "citizen.purpose"}})
	}
	c, err := db.One(ctx, tx, scanConsent, `select `+consentColumns+` from citizen_consent where citizen_id = $1 and purpose = $2
		and text_version = $3 and withdrawn_at = 0 order by id desc limit 1`, citizen, purpose, textVersion)
	if !errs.Is(err, errs.NotFound) {
		return c, errs.Wrap(err, "find consent of citizen %d", citizen)
	}
	c, err = db.One(ctx, tx, scanConsent, `insert into citizen_consent (citizen_id, purpose, text_version, source, given_at)
		values ($1,$2,$3,$4,$5) returning `+consentColumns, citizen, purpose, textVersion, source, clock.Millis(s.Civil.Now()))
	return c, errs.Wrap(err, "note consent of citizen %d", citizen)
}

// Withdraw takes every consent for a purpose back; it returns how many held.
func (s *Service) Withdraw(ctx context.Context, tx *db.Tx, citizen int64, purpose string) (int, error) {
	ids, err := s.Same(ctx, tx, citizen)
	if err != nil {
		return 0, err
	}
	var n int64
	for _, id := range ids {
		changed, err := tx.Exec(ctx, `update citizen_consent set withdrawn_at = $3 where citizen_id = $1 and purpose = $2 and withdrawn_at = 0`,
			id, purpose, clock.Millis(s.Civil.Now()))
		if err != nil {
			return 0, errs.Wrap(err, "withdraw consent of citizen %d", citizen)
		}
		n += changed
	}
	return int(n), nil
}

// Consents lists a person's entries, the newest first.
func (s *Service) Consents(ctx context.Context, q db.Queryer, citizen int64) ([]Consent, error) {
	list, err := db.All(ctx, q, scanConsent, `select `+consentColumns+` from citizen_consent where citizen_id in
		(select c.id from citizen c join citizen me on c.id = coalesce(me.joined_into, me.id) or c.joined_into = coalesce(me.joined_into, me.id) where me.id = $1)
		order by id desc`, citizen)
	return list, errs.Wrap(err, "list consents of citizen %d", citizen)
}

// Agreed reports whether a person agrees to a purpose now, in any wording.
func (s *Service) Agreed(ctx context.Context, q db.Queryer, citizen int64, purpose string) (bool, error) {
	list, err := s.Consents(ctx, q, citizen)
	for _, c := range list {
		if c.Purpose == purpose && c.WithdrawnAt.IsZero() {
			return true, nil
		}
	}
	return false, err
}
