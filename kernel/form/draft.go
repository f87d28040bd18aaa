package form

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"weizheng/kernel/setting"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Draft is a person's unfinished answers; the zero Draft is none.
type Draft struct {
	ID      int64
	Form    int64
	Number  int64 // the version that was filled in
	Slot    string
	Values  Values
	SavedAt time.Time // civil
	owner   Owner
	sealed  []byte
}

// draftMost bounds one draft in bytes: answers of the longest form.
const draftMost = 512 << 10

const draftColumns = `id, form_id, number, slot, coalesce(citizen_id, 0), coalesce(staff_id, 0), sealed, saved_at`

func scanDraft(scan db.Scan) (d Draft, err error) {
	var saved int64
	err = scan(&d.ID, &d.Form, &d.Number, &d.Slot, &d.owner.Citizen, &d.owner.Staff, &d.sealed, &saved)
	d.SavedAt = clock.FromMillis(saved)
	return d, err
}

// ids are the citizen ids under which a person's things may hang; nil for staff.
func (s *Service) ids(ctx context.Context, q db.Queryer, who Owner) ([]int64, error) {
	if who.Citizen == 0 {
		return nil, nil
	}
	return s.Citizens.Same(ctx, q, who.Citizen)
}

// whose writes the condition that finds an owner's rows, with parameters from $first on.
func (s *Service) whose(ctx context.Context, q db.Queryer, who Owner, first int) (string, []any, error) {
	if who == (Owner{}) {
		return "", nil, errs.New(errs.Unauthenticated, "unauthenticated")
	}
	if who.Staff != 0 {
		return fmt.Sprintf("staff_id = $%d", first), []any{who.Staff}, nil
	}
	ids, err := s.ids(ctx, q, who)
	if err != nil {
		return "", nil, err
	}
	marks, args := "", []any{}
	for i, id := range ids {
		if i > 0 {
			marks += ","
		}
		marks += fmt.Sprintf("$%d", first+i)
		args = append(args, id)
	}
	return "citizen_id in (" + marks + ")", args, nil
}

// Draft returns what a person has filled in of a form so far; the zero Draft when nothing, or nothing readable any more.
func (s *Service) Draft(ctx context.Context, who Owner, form int64, slot string) (Draft, error) {
	return s.draft(ctx, s.DB, who, form, slot)
}

func (s *Service) draft(ctx context.Context, q db.Queryer, who Owner, form int64, slot string) (Draft, error) {
	whose, args, err := s.whose(ctx, q, who, 3)
	if err != nil {
		return Draft{}, err
	}
	list, err := db.All(ctx, q, scanDraft, `select `+draftColumns+` from form_draft where form_id = $1 and slot = $2 and `+whose+
		` order by saved_at desc limit 1`, append([]any{form, slot}, args...)...)
	if err != nil || len(list) == 0 {
		return Draft{}, errs.Wrap(err, "draft of form %d", form)
	}
	d := list[0]
	plain, err := s.open(ctx, q, d.owner, d.sealed, d.purpose())
	if err == nil {
		err = json.Unmarshal(plain, &d.Values)
	}
	return d, errs.Wrap(err, "open draft %d", d.ID)
}

// Drafts lists a citizen's unfinished forms without their values, newest first.
func (s *Service) Drafts(ctx context.Context, who Owner, limit int) ([]Draft, error) {
	whose, args, err := s.whose(ctx, s.DB, who, 2)
	if err != nil {
		return nil, err
	}
	list, err := db.All(ctx, s.DB, scanDraft, `select `+draftColumns+` from form_draft where `+whose+` order by saved_at desc limit $1`, append([]any{limit}, args...)...)
	return list, errs.Wrap(err, "list drafts")
}

func (d Draft) purpose() string {
	return fmt.Sprintf("form.draft:%d:%d:%d:%s", d.Form, d.owner.Citizen, d.owner.Staff, d.Slot)
}

func (s *Service) seal(ctx context.Context, q db.Queryer, who Owner, plain []byte, purpose string) ([]byte, error) {
	if who.Staff != 0 {
		return s.Ring.Seal(plain, purpose)
	}
	key, err := s.Citizens.DataKey(ctx, q, who.Citizen)
	if err != nil {
		return nil, err
	}
	return key.Seal(plain, purpose)
}

func (s *Service) open(ctx context.Context, q db.Queryer, who Owner, sealed []byte, purpose string) ([]byte, error) {
	if who.Staff != 0 {
		return s.Ring.Open(sealed, purpose)
	}
	key, err := s.Citizens.DataKey(ctx, q, who.Citizen)
	if err != nil {
		return nil, err
	}
	return key.Open(sealed, purpose)
}

// SaveDraft keeps what a person has filled in, shaped and unjudged, over what was kept before. It says when it did.
func (s *Service) SaveDraft(ctx context.Context, who Owner, sheet Sheet, form Form, slot string, values map[string]any) (time.Time, error) {
	plain, err := json.Marshal(form.Shape(values))
	if err != nil {
		return time.Time{}, errs.Wrap(err, "encode a draft")
	}
	if len(plain) > draftMost {
		return time.Time{}, errs.New(errs.Invalid, "form.answers_large")
	}
	now := s.Civil.Now()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := s.draft(ctx, tx, who, sheet.ID, slot)
		if err != nil {
			return err
		}
		if d.ID == 0 {
			d = Draft{Form: sheet.ID, Slot: slot, owner: who}
		}
		sealed, err := s.seal(ctx, tx, d.owner, plain, d.purpose())
		if err != nil {
			return err
		}
		days := s.Settings.Int(ctx, SettingDraftDays, setting.At{Unit: sheet.Unit, Account: sheet.Account})
		expires := clock.Millis(now.AddDate(0, 0, int(days)))
		column := "citizen_id"
		if d.owner.Staff != 0 {
			column = "staff_id"
		}
		_, err = tx.Exec(ctx, `insert into form_draft (form_id, number, citizen_id, staff_id, slot, sealed, saved_at, expires_at) values ($1,$2,$3,$4,$5,$6,$7,$8)
			on conflict (`+column+`, form_id, slot) where `+column+` is not null do update set number = excluded.number, sealed = excluded.sealed,
			saved_at = excluded.saved_at, expires_at = excluded.expires_at`,
			sheet.ID, form.Version, orNull(d.owner.Citizen), orNull(d.owner.Staff), slot, sealed, clock.Millis(now), expires)
		if err != nil {
			return err
		}
		return s.prolong(ctx, tx, d.owner, form.Codes(form.Shape(values)), expires)
	})
	return now, errs.Wrap(err, "save a draft of form %d", sheet.ID)
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// ForgetDraft is DropDraft in a transaction of its own.
func (s *Service) ForgetDraft(ctx context.Context, who Owner, form int64, slot string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.DropDraft(ctx, tx, who, form, slot) })
}

// DropDraft forgets what a person has filled in; the files go with the next sweep.
func (s *Service) DropDraft(ctx context.Context, tx *db.Tx, who Owner, form int64, slot string) error {
	whose, args, err := s.whose(ctx, tx, who, 3)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `delete from form_draft where form_id = $1 and slot = $2 and `+whose, append([]any{form, slot}, args...)...)
	return errs.Wrap(err, "drop a draft of form %d", form)
}
