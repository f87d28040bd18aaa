package form

import (
	"context"
	"fmt"
	"strings"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Hang keeps files that a person uploaded with something of another part, which stores their codes and says who may read
// them. A code that is not theirs, or hangs elsewhere already, is NotFound "form.file_none".
func (s *Service) Hang(ctx context.Context, tx *db.Tx, who Owner, codes []string) error {
	whose, args, err := s.whose(ctx, tx, who, 2)
	if err != nil {
		return err
	}
	for _, code := range codes {
		n, err := tx.Exec(ctx, `update form_file set kept = true, expires_at = 0 where code = $1 and state = 'here' and not kept and `+whose,
			append([]any{code}, args...)...)
		if err != nil {
			return errs.Wrap(err, "keep a file")
		}
		if n == 0 {
			return errs.New(errs.NotFound, "form.file_none")
		}
	}
	return nil
}

// Hung finds files by the codes that another part stores, in no order; who may know of them that part has checked. Of one
// that was erased the row is there without its name, or nothing is.
func (s *Service) Hung(ctx context.Context, q db.Queryer, codes []string) ([]Filed, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	in, args := placeholders(1, codes)
	list, err := db.All(ctx, q, s.scanFile, `select `+fileColumns+` from form_file where kept and code in `+in, args...)
	return list, errs.Wrap(err, "find files that are kept")
}

func (s *Service) filed(ctx context.Context, q db.Queryer, code string) (Filed, error) {
	list, err := s.Hung(ctx, q, []string{code})
	if err == nil && len(list) == 0 {
		err = errs.New(errs.NotFound, "form.file_none")
	}
	if err != nil {
		return Filed{}, err
	}
	return list[0], nil
}

// Discard makes files that another part kept unreadable for good; their bytes follow with the next sweep.
func (s *Service) Discard(ctx context.Context, tx *db.Tx, codes []string) error {
	if len(codes) == 0 {
		return nil
	}
	in, args := placeholders(1, codes)
	_, err := tx.Exec(ctx, `update form_file set state = 'gone', key_wrapped = null, name_sealed = null, submission_id = null, expires_at = 0 where code in `+in, args...)
	return errs.Wrap(err, "discard files")
}

// placeholders writes "($1,$2)" for a list of codes.
func placeholders(first int, codes []string) (string, []any) {
	marks, args := make([]string, len(codes)), make([]any, len(codes))
	for i, code := range codes {
		marks[i], args[i] = fmt.Sprintf("$%d", first+i), code
	}
	return "(" + strings.Join(marks, ",") + ")", args
}
