package form

import (
	"context"
	"encoding/json"
	"time"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Submission is a form that was sent, with its values as far as they were opened.
type Submission struct {
	ID      int64
	Form    int64
	Number  int64
	Account int64
	Unit    string // path of the form's unit
	Citizen int64
	Code    string
	At      time.Time // civil
	open    []byte
	sealed  []byte
}

// Object is what permissions are asked for.
func (s Submission) Object() access.Object { return access.Object{Unit: s.Unit, Account: s.Account} }

// SubmitIn is one sending of a form's own page. Token is the page's: the same one again is the same submission.
type SubmitIn struct {
	Sheet   Sheet
	Account int64
	Slot    string
	Token   string
	Values  map[string]any
}

// Judge checks values of a form for a person: places by the table, files by what the person uploaded.
func (s *Service) Judge(ctx context.Context, who Owner, form Form, values map[string]any) (Values, []errs.Field, error) {
	return s.judge(ctx, s.DB, who, form, values)
}

func (s *Service) judge(ctx context.Context, q db.Queryer, who Owner, form Form, values map[string]any) (Values, []errs.Field, error) {
	env, failed := s.env(ctx, q)
	env.File = func(code string) (Kept, bool) { f, err := s.own(ctx, q, who, code); return f.Kept, failed.note(err) }
	clean, faults := form.Check(values, env)
	return clean, faults, failed.err
}

// Attach ties the files of judged values to what was submitted, so that they are kept with it; other parts pass 0 for
// submission and keep the codes in what they store.
func (s *Service) Attach(ctx context.Context, tx *db.Tx, who Owner, form Form, clean Values, submission int64) error {
	whose, args, err := s.whose(ctx, tx, who, 3)
	if err != nil {
		return err
	}
	for _, code := range form.Codes(clean) {
		n, err := tx.Exec(ctx, `update form_file set kept = true, expires_at = 0, submission_id = $2 where code = $1 and state = 'here' and `+whose,
			append([]any{code, orNull(submission)}, args...)...)
		if err := db.ExpectOne(n, err); err != nil {
			return errs.Wrap(err, "attach a file")
		}
	}
	return nil
}

// Submit judges and keeps what a citizen sent, forgets the draft, and keeps the files. All faults come at once.
func (s *Service) Submit(ctx context.Context, who Owner, form Form, in SubmitIn) (Submission, error) {
	if who.Citizen == 0 {
		return Submission{}, errs.New(errs.Unauthenticated, "unauthenticated")
	}
	if len(in.Token) < 20 || len(in.Token) > 64 {
		return Submission{}, errs.New(errs.Invalid, "web.form_token")
	}
	var sub Submission
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := s.byToken(ctx, tx, who, in.Token)
		if err != nil || before.ID != 0 {
			sub = before
			return err
		}
		clean, faults, err := s.judge(ctx, tx, who, form, in.Values)
		if err == nil {
			err = errs.InvalidFields(faults)
		}
		if err != nil {
			return err
		}
		if sub, err = s.keep(ctx, tx, who, form, in, clean); err != nil {
			return err
		}
		if err := s.Attach(ctx, tx, who, form, clean, sub.ID); err != nil {
			return err
		}
		if err := s.DropDraft(ctx, tx, who, in.Sheet.ID, in.Slot); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "submit", Object: "form", ID: in.Sheet.ID, Unit: in.Sheet.Unit, Account: in.Account,
			Detail: map[string]any{"submission": sub.ID, "number": form.Version}})
	})
	return sub, errs.Wrap(err, "submit form %d", in.Sheet.ID)
}

func (s *Service) byToken(ctx context.Context, q db.Queryer, who Owner, token string) (Submission, error) {
	sub, err := db.One(ctx, q, scanSubmission, `select `+submissionColumns+fromSubmission+`where x.citizen_id = $1 and x.token = $2`, who.Citizen, token)
	if errs.Is(err, errs.NotFound) {
		return Submission{}, nil
	}
	return sub, err
}

func (s *Service) keep(ctx context.Context, tx *db.Tx, who Owner, form Form, in SubmitIn, clean Values) (Submission, error) {
	open, sealed := form.Split(clean)
	content, err := json.Marshal(open)
	if err != nil {
		return Submission{}, errs.Wrap(err, "encode a submission")
	}
	secret, err := json.Marshal(sealed)
	if err != nil {
		return Submission{}, errs.Wrap(err, "encode a submission")
	}
	code := crypt.RandomCode(10)
	envelope, err := s.seal(ctx, tx, who, secret, submissionPurpose+code)
	if err != nil {
		return Submission{}, err
	}
	id, err := db.One(ctx, tx, db.Value[int64], `insert into form_submission (form_id, number, account_id, citizen_id, code, token, content, sealed, submitted_at)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9) returning id`, in.Sheet.ID, form.Version, in.Account, who.Citizen, code, in.Token, string(content),
		envelope, clock.Millis(s.Civil.Now()))
	if err != nil {
		return Submission{}, err
	}
	return s.submission(ctx, tx, id)
}

const submissionPurpose = "form.submission:"

const (
	submissionColumns = `x.id, x.form_id, x.number, x.account_id, u.path, x.citizen_id, x.code, x.submitted_at, x.content, x.sealed`
	fromSubmission    = ` from form_submission x join form f on f.id = x.form_id join unit u on u.id = f.unit_id `
)

func scanSubmission(scan db.Scan) (x Submission, err error) {
	var at int64
	err = scan(&x.ID, &x.Form, &x.Number, &x.Account, &x.Unit, &x.Citizen, &x.Code, &at, &x.open, &x.sealed)
	x.At = clock.FromMillis(at)
	return x, err
}

// Submission returns one that was sent; NotFound "form.none".
func (s *Service) Submission(ctx context.Context, id int64) (Submission, error) {
	return s.submission(ctx, s.DB, id)
}

func (s *Service) submission(ctx context.Context, q db.Queryer, id int64) (Submission, error) {
	x, err := db.One(ctx, q, scanSubmission, `select `+submissionColumns+fromSubmission+`where x.id = $1`, id)
	return x, errs.Wrap(known(err), "load submission %d", id)
}

// Submissions lists what was sent by a form before an id (0: from the newest), newest first.
func (s *Service) Submissions(ctx context.Context, form, before int64, limit int) ([]Submission, error) {
	where, args := `x.form_id = $1`, []any{form, limit}
	if before > 0 {
		where, args = where+` and x.id < $3`, append(args, before)
	}
	list, err := db.All(ctx, s.DB, scanSubmission, `select `+submissionColumns+fromSubmission+`where `+where+` order by x.id desc limit $2`, args...)
	return list, errs.Wrap(err, "submissions of form %d", form)
}

// Sent lists what a person sent, newest first.
func (s *Service) Sent(ctx context.Context, who Owner, limit int) ([]Submission, error) {
	if who.Citizen == 0 {
		return []Submission{}, nil // staff's own work is kept by the part that asked for it
	}
	whose, args, err := s.whose(ctx, s.DB, who, 2)
	if err != nil {
		return nil, err
	}
	list, err := db.All(ctx, s.DB, scanSubmission, `select `+submissionColumns+fromSubmission+`where `+whose+` order by x.id desc limit $1`, append([]any{limit}, args...)...)
	return list, errs.Wrap(err, "what a citizen sent")
}

// Values opens a submission: everything that was answered. Those who are not its sender get them Masked.
func (s *Service) Values(ctx context.Context, x Submission, form Form) (Values, error) {
	return s.values(ctx, s.DB, x, form)
}

func (s *Service) values(ctx context.Context, q db.Queryer, x Submission, form Form) (Values, error) {
	all := map[string]any{}
	if err := json.Unmarshal(x.open, &all); err != nil {
		return nil, errs.Wrap(err, "decode submission %d", x.ID)
	}
	plain, err := s.open(ctx, q, Owner{Citizen: x.Citizen}, x.sealed, submissionPurpose+x.Code)
	if err != nil {
		return nil, errs.Wrap(err, "open submission %d", x.ID)
	}
	if err := json.Unmarshal(plain, &all); err != nil {
		return nil, errs.Wrap(err, "decode submission %d", x.ID)
	}
	return form.Shape(all), nil
}
