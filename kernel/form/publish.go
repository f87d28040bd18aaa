package form

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Publish makes the draft that the editor saw the live version; the one before is retired. What is being filled in goes on
// in the new version, what was submitted keeps its own. Every fault of the form is told at once, among them the questions
// that a flow in use speaks of and that are not asked any more.
func (s *Service) Publish(ctx context.Context, id, version int64) (Sheet, error) {
	sheet, err := s.Get(ctx, id)
	if err != nil {
		return sheet, err
	}
	missed, err := s.Missed(ctx, sheet, sheet.Draft)
	if err != nil {
		return sheet, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if sheet, err = get(ctx, tx, id); err != nil {
			return err
		}
		if sheet.Version != version {
			return errs.New(errs.Conflict, "db.stale")
		}
		if err := errs.InvalidFields(append(sheet.Draft.Validate(s.SourceNames()), missed...)); err != nil {
			return err
		}
		if sheet.Live > 0 {
			before, err := edition(ctx, tx, sheet, 0)
			if err != nil {
				return err
			}
			if len(Diff(before.Form, sheet.Draft)) == 0 {
				return errs.New(errs.Conflict, "form.unchanged")
			}
		}
		number, err := s.issue(ctx, tx, sheet)
		if err != nil {
			return err
		}
		sheet, err = get(ctx, tx, id)
		if err != nil {
			return err
		}
		return s.record(ctx, tx, "publish", sheet, map[string]any{"number": number})
	})
	return sheet, errs.Wrap(err, "publish form %d", id)
}

func (s *Service) issue(ctx context.Context, tx *db.Tx, sheet Sheet) (int64, error) {
	content, err := encodeForm(sheet.Draft)
	if err != nil {
		return 0, err
	}
	now := clock.Millis(s.Wall.Now())
	number, err := db.One(ctx, tx, db.Value[int64], `select coalesce(max(number), 0) + 1 from form_version where form_id = $1`, sheet.ID)
	if err != nil {
		return 0, err
	}
	if err := retire(ctx, tx, sheet.ID, now); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `insert into form_version (form_id, number, content, state, published_by, published_at) values ($1,$2,$3,$4,$5,$6)`,
		sheet.ID, number, content, string(Live), access.From(ctx).ID, now)
	if err != nil {
		return 0, err
	}
	return number, db.ExpectOne(tx.Exec(ctx, `update form set live = $3, updated_at = $4, version = version + 1 where id = $1 and version = $2`,
		sheet.ID, sheet.Version, number, now))
}

func retire(ctx context.Context, tx *db.Tx, id, now int64) error {
	_, err := tx.Exec(ctx, `update form_version set state = $2, retired_at = $3 where form_id = $1 and state = $4`, id, string(Retired), now, string(Live))
	return err
}

// Retire takes a form out of use: its page is gone, nobody can begin or send it any more. Publishing brings it back. While
// something does not work without it, such as a flow in use, that is Conflict "form.needed"; matters that run keep theirs.
func (s *Service) Retire(ctx context.Context, id, version int64) (Sheet, error) {
	sheet, err := s.Get(ctx, id)
	if err != nil {
		return sheet, err
	}
	usage, err := s.Usage(ctx, sheet)
	if err != nil {
		return sheet, err
	}
	if use := usage.needed(); use != "" {
		return sheet, errs.New(errs.Conflict, "form.needed").With("use", use)
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		now := clock.Millis(s.Wall.Now())
		n, err := tx.Exec(ctx, `update form set live = 0, updated_at = $3, version = version + 1 where id = $1 and version = $2`, id, version, now)
		if err := db.ExpectOne(n, err); err != nil {
			return err
		}
		if err := retire(ctx, tx, id, now); err != nil {
			return err
		}
		if sheet, err = get(ctx, tx, id); err != nil {
			return err
		}
		return s.record(ctx, tx, "retire", sheet, nil)
	})
	return sheet, errs.Wrap(err, "retire form %d", id)
}
