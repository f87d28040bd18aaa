package form

import (
	"context"
	"time"

	"weizheng/kernel/setting"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// sweepBatch is how many rows of each kind one run takes; the next is a second away.
const sweepBatch = 200

// Sweep forgets what is due at a civil time: unfinished answers, files that nothing refers to, submissions past their
// retention, and the bytes of files that are gone. It returns how many rows it handled.
func (s *Service) Sweep(ctx context.Context, now time.Time) (int, error) {
	due, days := clock.Millis(now), s.Settings.Int(ctx, SettingSubmissionDays, setting.At{})
	total := int64(0)
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		total = 0
		for _, step := range []struct {
			statement string
			before    int64
		}{
			{`delete from form_draft where id in (select id from form_draft where expires_at <= $1 order by expires_at limit $2)`, due},
			{`update form_file set state = 'gone', key_wrapped = null, name_sealed = null, expires_at = 0 where id in
				(select id from form_file where expires_at > 0 and expires_at <= $1 order by expires_at limit $2)`, due},
			{`update form_file set state = 'gone', key_wrapped = null, name_sealed = null, submission_id = null where submission_id in
				(select id from form_submission where submitted_at <= $1 order by submitted_at limit $2)`, clock.Millis(now.AddDate(0, 0, -int(days)))},
			{`delete from form_submission where id in (select id from form_submission where submitted_at <= $1 order by submitted_at limit $2)`,
				clock.Millis(now.AddDate(0, 0, -int(days)))},
		} {
			n, err := tx.Exec(ctx, step.statement, step.before, sweepBatch)
			if err != nil {
				return err
			}
			total += n
		}
		return nil
	})
	if err != nil {
		return 0, errs.Wrap(err, "sweep forms")
	}
	n, err := s.clear(ctx)
	return int(total) + n, err
}

// clear deletes the bytes of files that are gone, then their rows: a crash in between deletes bytes twice, which is no error.
func (s *Service) clear(ctx context.Context) (int, error) {
	list, err := db.All(ctx, s.DB, s.scanFile, `select `+fileColumns+` from form_file where state = 'gone' order by id limit $1`, sweepBatch)
	if err != nil {
		return 0, errs.Wrap(err, "list files that are gone")
	}
	for _, f := range list {
		if err := s.Blobs.Delete(ctx, blobKey(f.Code, f.CreatedAt)); err != nil {
			return 0, errs.Wrap(err, "delete a file")
		}
		err := s.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `delete from form_file where id = $1`, f.ID)
			return err
		})
		if err != nil {
			return 0, errs.Wrap(err, "delete a file's row")
		}
	}
	return len(list), nil
}

// Held counts what is kept of one citizen row: submissions, unfinished answers, files.
func (s *Service) Held(ctx context.Context, citizen int64) (submissions, drafts, files int64, err error) {
	err = s.DB.QueryRow(ctx, `select (select count(*) from form_submission where citizen_id = $1), (select count(*) from form_draft where citizen_id = $1),
		(select count(*) from form_file where citizen_id = $1 and state <> 'gone')`, citizen).Scan(&submissions, &drafts, &files)
	return submissions, drafts, files, errs.Wrap(err, "count what is held of citizen %d", citizen)
}

// Erase removes what is kept of one citizen row; files that other parts refer to stay unreadable. The bytes follow with the
// next sweep.
func (s *Service) Erase(ctx context.Context, tx *db.Tx, citizen int64) error {
	for _, statement := range []string{
		`delete from form_draft where citizen_id = $1`,
		`update form_file set state = 'gone', key_wrapped = null, name_sealed = null, submission_id = null, expires_at = 0 where citizen_id = $1`,
		`delete from form_submission where citizen_id = $1`,
	} {
		if _, err := tx.Exec(ctx, statement, citizen); err != nil {
			return errs.Wrap(err, "erase the forms of citizen %d", citizen)
		}
	}
	return nil
}
