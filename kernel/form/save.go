package form

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Save keeps a draft and whose page shows the form (account 0: nobody's). The draft may be unfinished, so only its size is
// checked. version is what the editor saw, else Conflict "db.stale".
func (s *Service) Save(ctx context.Context, id, version, account int64, draft Form) (Sheet, error) {
	if err := errs.InvalidFields(draftFaults(draft)); err != nil {
		return Sheet{}, err
	}
	encoded, err := encodeForm(draft)
	if err != nil {
		return Sheet{}, err
	}
	var sheet Sheet
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		var page any
		if account != 0 {
			page = account
		}
		n, err := tx.Exec(ctx, `update form set draft = $3, title = $4, account_id = $5, updated_at = $6, version = version + 1
			where id = $1 and version = $2`, id, version, encoded, draft.Title, page, clock.Millis(s.Wall.Now()))
		if err := db.ExpectOne(n, err); err != nil {
			return err
		}
		if sheet, err = get(ctx, tx, id); err != nil {
			return err
		}
		return s.record(ctx, tx, "save", sheet, map[string]any{"fields": len(draft.Fields)})
	})
	return sheet, errs.Wrap(err, "save form %d", id)
}
