package form

import (
	"context"
	"encoding/json"
	"strings"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// CreateIn begins a form. Fields may be empty.
type CreateIn struct {
	Key    string
	UnitID int64
	Draft  Form
}

// Create begins a form with a draft; nobody sees it before it is published.
func (s *Service) Create(ctx context.Context, in CreateIn) (Sheet, error) {
	in.Key = strings.TrimSpace(in.Key)
	v := &validator{}
	if !keyForm.MatchString(in.Key) {
		v.fault("key", "form.key", nil)
	}
	v.text("title", in.Draft.Title, 1, 40)
	if err := errs.InvalidFields(append(v.faults, draftFaults(in.Draft)...)); err != nil {
		return Sheet{}, err
	}
	draft, err := encodeForm(in.Draft)
	if err != nil {
		return Sheet{}, err
	}
	var sheet Sheet
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		now := clock.Millis(s.Wall.Now())
		ids, err := db.All(ctx, tx, db.Value[int64], `insert into form (key, unit_id, title, draft, created_at, updated_at)
			values ($1,$2,$3,$4,$5,$5) on conflict (key) do nothing returning id`, in.Key, in.UnitID, in.Draft.Title, draft, now)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return errs.InvalidFields([]errs.Field{{Field: "key", Key: "form.key_taken"}})
		}
		if sheet, err = get(ctx, tx, ids[0]); err != nil {
			return err
		}
		return s.record(ctx, tx, "create", sheet, map[string]any{"key": in.Key})
	})
	return sheet, errs.Wrap(err, "create form %q", in.Key)
}

// draftFaults bounds what a draft may hold; whether it makes sense is Validate's to say when it is published.
func draftFaults(f Form) []errs.Field {
	n, longest := 0, 0
	f.Walk(func(_ string, field Field) {
		n++
		longest = max(longest, len(field.Options))
	})
	raw, err := json.Marshal(f)
	switch {
	case err != nil || len(raw) > draftLimit:
		return []errs.Field{{Field: "fields", Key: "form.draft_large"}}
	case n > mostFields*2 || longest > mostOptions:
		return []errs.Field{{Field: "fields", Key: "shape.max_items", Params: map[string]any{"max": mostFields}}}
	}
	return nil
}

// draftLimit bounds a form in bytes: eighty questions with long explanations take a tenth.
const draftLimit = 256 << 10

func encodeForm(f Form) (string, error) {
	f.Key, f.Version = "", 0 // the row knows
	if f.Fields == nil {
		f.Fields = []Field{}
	}
	b, err := json.Marshal(f)
	return string(b), errs.Wrap(err, "encode a form")
}
