package matter

import (
	"context"
	"slices"
	"strings"

	"weizheng/kernel/audit"
	"weizheng/kernel/form"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// File is a file that came with an event of a matter. Its bytes kernel/form keeps.
type File struct {
	form.Filed
	Event    int64
	Field    string // of the form; "" for evidence
	Personal bool   // of a field of class 个人 or 敏感
}

// fileRef begins an evidence that is a file's code and not a document's number.
const fileRef = "file:"

// fileCode is the least length of a file's code: no document's number is like it.
const fileCode = 20

// EvidenceFile is the code of the file that an evidence of an event names; "" when it is words.
func EvidenceFile(evidence string) string {
	code, is := strings.CutPrefix(evidence, fileRef)
	if !is || len(code) < fileCode {
		return ""
	}
	return code
}

// attached is a file as it is tied to a matter.
type attached struct {
	code     string
	event    int64
	field    string
	personal bool
}

func filesOf(ctx context.Context, q db.Queryer, matter int64) ([]attached, error) {
	list, err := db.All(ctx, q, func(scan db.Scan) (x attached, err error) { return x, scan(&x.code, &x.event, &x.field, &x.personal) },
		`select code, event_id, field, personal from matter_file where matter_id = $1 order by event_id, code`, matter)
	return list, errs.Wrap(err, "files of matter %d", matter)
}

// evidence turns the files that are given as evidence into references beside the words.
func (in *In) evidence() (refs []string, files []attached) {
	refs = slices.Clone(in.Evidence)
	for _, code := range in.Files {
		refs, files = append(refs, fileRef+code), append(files, attached{code: code})
	}
	return refs, files
}

// hangFiles ties the files of a change to the matter, from then on they are kept as long as it is.
func (s *Service) hangFiles(ctx context.Context, tx *db.Tx, c *change) error {
	if len(c.files) == 0 {
		return nil
	}
	var codes []string
	for _, f := range c.files {
		codes = append(codes, f.code)
	}
	err := s.Forms.Hang(ctx, tx, form.Me(ctx), codes)
	if errs.Is(err, errs.NotFound) { // fields' files were judged: this is evidence
		return errs.InvalidFields([]errs.Field{{Field: "files", Key: "form.file_gone"}})
	}
	if err != nil {
		return errs.Wrap(err, "keep the files of matter %d", c.m.ID)
	}
	for _, f := range c.files {
		if _, err := tx.Exec(ctx, `insert into matter_file (code, matter_id, event_id, field, personal) values ($1, $2, $3, $4, $5)`,
			f.code, c.m.ID, c.event, f.field, f.personal); err != nil {
			return errs.Wrap(err, "tie a file to matter %d", c.m.ID)
		}
	}
	return nil
}

// files lists the files of a matter, in the order in which they came.
func (s *Service) files(ctx context.Context, q db.Queryer, matter int64) ([]File, error) {
	list, err := filesOf(ctx, q, matter)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var codes []string
	for _, x := range list {
		codes = append(codes, x.code)
	}
	found, err := s.Forms.Hung(ctx, q, codes)
	if err != nil {
		return nil, err
	}
	var out []File
	for _, x := range list {
		i := slices.IndexFunc(found, func(f form.Filed) bool { return f.Code == x.code })
		if i >= 0 && !found[i].Erased() {
			out = append(out, File{found[i], x.event, x.field, x.personal})
		}
	}
	return out, nil
}

// File finds a file of a matter for whoever may read the matter; a sealed matter's is NotFound for all but its parties. One
// of a field of class 个人 or 敏感 needs the right to reveal besides, which the caller has checked (personal), and each look
// at it is audited before anything is shown.
func (s *Service) File(ctx context.Context, id int64, code string, personal bool) (File, error) {
	m, err := s.openFor(ctx, id)
	if err != nil {
		return File{}, err
	}
	list, err := s.files(ctx, s.DB, id)
	if err != nil {
		return File{}, err
	}
	i := slices.IndexFunc(list, func(f File) bool { return f.Code == code })
	if i < 0 {
		return File{}, errs.New(errs.NotFound, "form.file_none")
	}
	if !list[i].Personal || own(ctx, &m) {
		return list[i], nil
	}
	if !personal {
		return File{}, errs.New(errs.Denied, "matter.file_personal")
	}
	path, err := s.path(ctx, m.Unit)
	if err != nil {
		return File{}, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "look", Object: "matter", ID: m.ID, Unit: path, Account: m.Account, Detail: map[string]any{"event": list[i].Event}})
	})
	return list[i], errs.Wrap(err, "note a look at a file of matter %d", id)
}

// discard makes files of matters unreadable: all of them when a matter is purged, what is personal when a person is erased.
// which is a condition on matter_file with its parameters.
func (s *Service) discard(ctx context.Context, tx *db.Tx, which string, args ...any) error {
	codes, err := db.All(ctx, tx, db.Value[string], `select code from matter_file where `+which, args...)
	if err != nil || len(codes) == 0 {
		return errs.Wrap(err, "find files to discard")
	}
	for part := range slices.Chunk(codes, 500) {
		if err := s.Forms.Discard(ctx, tx, part); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `delete from matter_file where `+which, args...)
	return errs.Wrap(err, "discard files")
}
