package form

import (
	"context"
	"slices"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Usage is where a form is used, and how much hangs on it.
type Usage struct {
	Submissions int64
	Drafts      int64
	Uses        []Use
}

// Free reports whether nothing would be lost or broken if the form went away.
func (u Usage) Free() bool { return u.Submissions == 0 && len(u.Uses) == 0 }

// needed is what does not work without the form; "" for nothing.
func (u Usage) needed() string {
	for _, use := range u.Uses {
		if use.Needs {
			return use.Title
		}
	}
	return ""
}

// Missed lists the questions that something else speaks of and that a draft does not ask any more.
func (s *Service) Missed(ctx context.Context, sheet Sheet, draft Form) ([]errs.Field, error) {
	usage, err := s.Usage(ctx, sheet)
	if err != nil {
		return nil, err
	}
	var faults []errs.Field
	for _, use := range usage.Uses {
		for _, name := range use.Fields {
			if !slices.ContainsFunc(draft.Fields, func(f Field) bool { return f.Name == name && f.Asks() }) {
				faults = append(faults, errs.Field{Field: "fields", Key: "form.field_needed", Params: map[string]any{"field": name, "use": use.Title}})
			}
		}
	}
	return faults, nil
}

// Usage inspects what depends on a form.
func (s *Service) Usage(ctx context.Context, sheet Sheet) (Usage, error) {
	u := Usage{Uses: []Use{}}
	err := s.DB.QueryRow(ctx, `select (select count(*) from form_submission where form_id = $1), (select count(*) from form_draft where form_id = $1)`,
		sheet.ID).Scan(&u.Submissions, &u.Drafts)
	if err != nil {
		return u, errs.Wrap(err, "count what hangs on form %d", sheet.ID)
	}
	for _, find := range s.Users {
		uses, err := find(ctx, sheet)
		if err != nil {
			return u, errs.Wrap(err, "where form %d is used", sheet.ID)
		}
		u.Uses = append(u.Uses, uses...)
	}
	return u, nil
}

// Remove deletes a form that was never answered and that nothing uses, with its versions and unfinished answers; else
// Conflict "form.used".
func (s *Service) Remove(ctx context.Context, id, version int64) error {
	sheet, err := s.Get(ctx, id)
	if err != nil {
		return err
	}
	usage, err := s.Usage(ctx, sheet)
	if err != nil {
		return err
	}
	if !usage.Free() {
		return errs.New(errs.Conflict, "form.used")
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		left, err := db.One(ctx, tx, db.Value[int64], `select count(*) from form_submission where form_id = $1`, id)
		if err != nil {
			return err
		}
		files, err := db.One(ctx, tx, db.Value[int64], `select count(*) from form_file where form_id = $1`, id)
		if err != nil {
			return err
		}
		if left > 0 || files > 0 { // files of drafts go by their own sweep
			return errs.New(errs.Conflict, "form.used")
		}
		for _, statement := range []string{`delete from form_draft where form_id = $1`, `delete from form_version where form_id = $1`} {
			if _, err := tx.Exec(ctx, statement, id); err != nil {
				return err
			}
		}
		if err := db.ExpectOne(tx.Exec(ctx, `delete from form where id = $1 and version = $2`, id, version)); err != nil {
			return err
		}
		return s.record(ctx, tx, "delete", sheet, map[string]any{"key": sheet.Key})
	})
	return errs.Wrap(err, "delete form %d", id)
}
