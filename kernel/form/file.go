package form

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"weizheng/kernel/setting"
	"weizheng/platform/blob"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Filed is an uploaded file as it is kept, without its bytes.
type Filed struct {
	Kept
	ID         int64
	Form       int64
	Submission int64 // 0: not sent yet, or kept by another part
	Purpose    string
	Trust      string
	CreatedAt  time.Time // civil: of a signature, when it was given
	owner      Owner
	wrapped    []byte
	name       []byte
	state      string
	sent       bool // something that was submitted refers to it
}

// Erased reports whether the file cannot be read any more: it was given up, or its person was erased.
func (f Filed) Erased() bool { return f.state != here }

// The states of a file: coming (its bytes are being written) → here → gone (its bytes are to be deleted).
const (
	coming = "coming"
	here   = "here"
	gone   = "gone"
)

const fileColumns = `id, code, coalesce(form_id, 0), field, coalesce(citizen_id, 0), coalesce(staff_id, 0), coalesce(submission_id, 0), state, kept, purpose, trust,
	type, size, name_sealed, key_wrapped, created_at`

func (s *Service) scanFile(scan db.Scan) (f Filed, err error) {
	var created int64
	if err := scan(&f.ID, &f.Code, &f.Form, &f.Field, &f.owner.Citizen, &f.owner.Staff, &f.Submission, &f.state, &f.sent, &f.Purpose, &f.Trust,
		&f.Type, &f.Size, &f.name, &f.wrapped, &created); err != nil {
		return f, err
	}
	f.CreatedAt = clock.FromMillis(created)
	if len(f.wrapped) == 0 {
		return f, nil
	}
	key, err := s.Ring.UnwrapDataKey(f.wrapped)
	if err != nil {
		return f, err
	}
	name, err := key.Open(f.name, namePurpose+f.Code)
	f.Name = string(name)
	return f, err
}

const (
	bytesPurpose = "form.file:"
	namePurpose  = "form.file.name:"
)

func blobKey(code string, at time.Time) string { return at.UTC().Format("form/2006/01/") + code }

// Upload keeps a file that a person gave for a field until they send the form. Pictures are encoded anew, upright and
// without what the camera noted in them (place, device, time); the bytes are sealed with a key of their own.
func (s *Service) Upload(ctx context.Context, who Owner, sheet Sheet, field Field, name string, r io.Reader) (Filed, error) {
	raw, err := io.ReadAll(blob.Limit(r, field.MaxBytes()))
	if err != nil {
		if errs.As(err).Key() == "blob.large" {
			return Filed{}, fileFault(field, "form.file_large")
		}
		return Filed{}, errs.Wrap(err, "read an upload")
	}
	media, clean, err := cleaned(raw)
	if err != nil || !field.Takes(media) {
		return Filed{}, fileFault(field, "form.file_type")
	}
	f := Filed{Form: sheet.ID, Purpose: field.Purpose, Trust: field.Trust, CreatedAt: s.Civil.Now(), owner: who, state: coming}
	f.Kept = Kept{Code: crypt.RandomToken(), Field: field.Name, Name: fileName(name, media), Type: media, Size: int64(len(clean))}
	wrapped, key, err := s.Ring.NewDataKey()
	if err != nil {
		return Filed{}, errs.Wrap(err, "key of a file")
	}
	f.wrapped = wrapped
	if f.name, err = key.Seal([]byte(f.Name), namePurpose+f.Code); err != nil {
		return Filed{}, err
	}
	sealed, err := key.Seal(clean, bytesPurpose+f.Code)
	if err != nil {
		return Filed{}, err
	}
	return s.put(ctx, sheet, f, sealed)
}

// put writes the row first: bytes that a crash leaves behind are found by it.
func (s *Service) put(ctx context.Context, sheet Sheet, f Filed, sealed []byte) (Filed, error) {
	days := s.Settings.Int(ctx, SettingDraftDays, setting.At{Unit: sheet.Unit, Account: sheet.Account})
	expires := clock.Millis(f.CreatedAt.AddDate(0, 0, int(days)))
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		open, err := s.openFiles(ctx, tx, f.owner)
		if err != nil {
			return err
		}
		if open >= mostOpen {
			return errs.New(errs.Exhausted, "form.too_many_files")
		}
		f.ID, err = db.One(ctx, tx, db.Value[int64], `insert into form_file (code, form_id, field, citizen_id, staff_id, state, purpose, trust, type, size,
			name_sealed, key_wrapped, created_at, expires_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14) returning id`,
			f.Code, orNull(f.Form), f.Field, orNull(f.owner.Citizen), orNull(f.owner.Staff), coming, f.Purpose, f.Trust, f.Type, f.Size,
			f.name, f.wrapped, clock.Millis(f.CreatedAt), expires)
		return err
	})
	if err != nil {
		return Filed{}, errs.Wrap(err, "note an upload")
	}
	if _, err := s.Blobs.Put(ctx, blobKey(f.Code, f.CreatedAt), bytes.NewReader(sealed)); err != nil {
		return Filed{}, errs.Wrap(err, "keep an upload")
	}
	f.state = here
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		return db.ExpectOne(tx.Exec(ctx, `update form_file set state = $2 where id = $1 and state = $3`, f.ID, here, coming))
	})
	return f, errs.Wrap(err, "keep an upload")
}

// mostOpen is how many files one person may have uploaded and not sent.
const mostOpen = 60

func (s *Service) openFiles(ctx context.Context, q db.Queryer, who Owner) (int, error) {
	whose, args, err := s.whose(ctx, q, who, 1)
	if err != nil {
		return 0, err
	}
	return db.One(ctx, q, db.Value[int], `select count(*) from form_file where not kept and state <> 'gone' and `+whose, args...)
}

func fileFault(f Field, key string) error {
	return errs.InvalidFields([]errs.Field{{Field: f.Name, Key: key, Params: map[string]any{"max": f.MaxBytes() >> 20}}})
}

// fileName keeps what people called a file, with the ending of what it is.
func fileName(name, media string) string {
	name = line(strings.NewReplacer("/", " ", `\`, " ").Replace(name))
	name = strings.TrimSuffix(name, path.Ext(name))
	if r := []rune(name); len(r) > 60 {
		name = string(r[:60])
	}
	if name == "" || !utf8.ValidString(name) {
		name = "file"
	}
	return name + map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}[media]
}

// prolong keeps files as long as the draft that refers to them.
func (s *Service) prolong(ctx context.Context, tx *db.Tx, who Owner, codes []string, expires int64) error {
	whose, args, err := s.whose(ctx, tx, who, 3)
	if err != nil {
		return err
	}
	for _, code := range codes {
		if _, err := tx.Exec(ctx, `update form_file set expires_at = $2 where code = $1 and not kept and `+whose, append([]any{code, expires}, args...)...); err != nil {
			return errs.Wrap(err, "keep the files of a draft")
		}
	}
	return nil
}

// Own finds a file that a person uploaded; nobody else's: NotFound "form.file_none".
func (s *Service) Own(ctx context.Context, who Owner, code string) (Filed, error) {
	return s.own(ctx, s.DB, who, code)
}

func (s *Service) own(ctx context.Context, q db.Queryer, who Owner, code string) (Filed, error) {
	whose, args, err := s.whose(ctx, q, who, 2)
	if err != nil {
		return Filed{}, err
	}
	f, err := db.One(ctx, q, s.scanFile, `select `+fileColumns+` from form_file where code = $1 and state = 'here' and `+whose, append([]any{code}, args...)...)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "form.file_none")
	}
	return f, errs.Wrap(err, "find a file")
}

// FileOf finds a file of a submission, for staff who may read it.
func (s *Service) FileOf(ctx context.Context, submission int64, code string) (Filed, error) {
	f, err := db.One(ctx, s.DB, s.scanFile, `select `+fileColumns+` from form_file where code = $1 and submission_id = $2 and state = 'here'`, code, submission)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "form.file_none")
	}
	return f, errs.Wrap(err, "find a file of submission %d", submission)
}

// Files lists the files of a submission.
func (s *Service) Files(ctx context.Context, submission int64) ([]Filed, error) {
	list, err := db.All(ctx, s.DB, s.scanFile, `select `+fileColumns+` from form_file where submission_id = $1 and state = 'here' order by id`, submission)
	return list, errs.Wrap(err, "files of submission %d", submission)
}

// Read opens a file's bytes.
func (s *Service) Read(ctx context.Context, f Filed) ([]byte, error) {
	stored, size, err := s.Blobs.Open(ctx, blobKey(f.Code, f.CreatedAt))
	if err != nil {
		return nil, errs.Wrap(err, "open a file")
	}
	defer stored.Close() //nolint:errcheck // it was only read
	sealed := make([]byte, size)
	if _, err := io.ReadFull(stored, sealed); err != nil {
		return nil, fmt.Errorf("read a file: %w", err)
	}
	key, err := s.Ring.UnwrapDataKey(f.wrapped)
	if err != nil {
		return nil, fmt.Errorf("key of a file: %w", err)
	}
	plain, err := key.Open(sealed, bytesPurpose+f.Code)
	return plain, errs.Wrap(err, "open a file")
}
