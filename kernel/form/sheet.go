package form

import (
	"context"
	"encoding/json"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Sheet is a form as it is kept: its draft, and which version is live.
type Sheet struct {
	ID        int64
	Key       string
	UnitID    int64
	Unit      string // path
	Account   int64  // whose page shows it by itself; 0: none
	Draft     Form
	Live      int64 // number of the live version; 0: none
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int64 // of the row: what an editor saw
}

// Object is what permissions are asked for.
func (s Sheet) Object() access.Object { return access.Object{Unit: s.Unit, Account: s.Account} }

// State is where a version stands.
type State string

// The states of a published version: live → retired.
const (
	Live    State = "live"
	Retired State = "retired"
)

// Edition is one published version; its Form never changes.
type Edition struct {
	Form        Form
	State       State
	PublishedBy int64
	PublishedAt time.Time
	RetiredAt   time.Time // zero while live
}

const (
	sheetColumns = `f.id, f.key, f.unit_id, u.path, coalesce(f.account_id, 0), f.draft, f.live, f.created_at, f.updated_at, f.version`
	fromSheet    = ` from form f join unit u on u.id = f.unit_id `
)

func scanSheet(scan db.Scan) (s Sheet, err error) {
	var draft []byte
	var created, updated int64
	if err := scan(&s.ID, &s.Key, &s.UnitID, &s.Unit, &s.Account, &draft, &s.Live, &created, &updated, &s.Version); err != nil {
		return s, err
	}
	s.CreatedAt, s.UpdatedAt = clock.FromMillis(created), clock.FromMillis(updated)
	err = json.Unmarshal(draft, &s.Draft)
	s.Draft.Key = s.Key
	return s, err
}

var errNone = errs.New(errs.NotFound, "form.none")

func known(err error) error {
	if errs.Is(err, errs.NotFound) {
		return errNone
	}
	return err
}

// Get returns a form by its id; NotFound "form.none".
func (s *Service) Get(ctx context.Context, id int64) (Sheet, error) { return get(ctx, s.DB, id) }

func get(ctx context.Context, q db.Queryer, id int64) (Sheet, error) {
	sheet, err := db.One(ctx, q, scanSheet, `select `+sheetColumns+fromSheet+`where f.id = $1`, id)
	return sheet, errs.Wrap(known(err), "load form %d", id)
}

// ByKey returns a form by its key; NotFound "form.none".
func (s *Service) ByKey(ctx context.Context, key string) (Sheet, error) {
	sheet, err := db.One(ctx, s.DB, scanSheet, `select `+sheetColumns+fromSheet+`where f.key = $1`, key)
	return sheet, errs.Wrap(known(err), "load form %q", key)
}

// Live returns a form by its key with the version that is in use; NotFound "form.none" when none is.
func (s *Service) Live(ctx context.Context, q db.Queryer, key string) (Sheet, Form, error) {
	sheet, err := db.One(ctx, q, scanSheet, `select `+sheetColumns+fromSheet+`where f.key = $1 and f.live > 0`, key)
	if err != nil {
		return sheet, Form{}, errs.Wrap(known(err), "load form %q", key)
	}
	e, err := edition(ctx, q, sheet, 0)
	return sheet, e.Form, err
}

// List returns the forms within reach after an id, in the order they were made.
func (s *Service) List(ctx context.Context, reach access.Reach, after int64, limit int) ([]Sheet, error) {
	where, args := reach.Where("u.path", "f.account_id", 3)
	list, err := db.All(ctx, s.DB, scanSheet, `select `+sheetColumns+fromSheet+`where f.id > $1 and `+where+` order by f.id limit $2`,
		append([]any{after, limit}, args...)...)
	return list, errs.Wrap(err, "list forms")
}

// OfAccount returns the forms that an account's pages show and that are live.
func (s *Service) OfAccount(ctx context.Context, account int64) ([]Sheet, error) {
	list, err := db.All(ctx, s.DB, scanSheet, `select `+sheetColumns+fromSheet+`where f.account_id = $1 and f.live > 0 order by f.id`, account)
	return list, errs.Wrap(err, "list forms of account %d", account)
}

const editionColumns = `number, content, state, published_by, published_at, retired_at`

func scanEdition(key string) func(db.Scan) (Edition, error) {
	return func(scan db.Scan) (e Edition, err error) {
		var content []byte
		var number, published, retired int64
		if err := scan(&number, &content, &e.State, &e.PublishedBy, &published, &retired); err != nil {
			return e, err
		}
		e.PublishedAt = clock.FromMillis(published)
		if retired > 0 {
			e.RetiredAt = clock.FromMillis(retired)
		}
		err = json.Unmarshal(content, &e.Form)
		e.Form.Key, e.Form.Version = key, number
		return e, err
	}
}

// Editions returns a form's published versions, newest first.
func (s *Service) Editions(ctx context.Context, sheet Sheet) ([]Edition, error) {
	list, err := db.All(ctx, s.DB, scanEdition(sheet.Key), `select `+editionColumns+` from form_version where form_id = $1 order by number desc`, sheet.ID)
	return list, errs.Wrap(err, "versions of form %d", sheet.ID)
}

// Edition returns one published version; number 0 is the live one. A form that is not live has none: NotFound.
func (s *Service) Edition(ctx context.Context, sheet Sheet, number int64) (Edition, error) {
	return edition(ctx, s.DB, sheet, number)
}

func edition(ctx context.Context, q db.Queryer, sheet Sheet, number int64) (Edition, error) {
	if number == 0 {
		number = sheet.Live
	}
	e, err := db.One(ctx, q, scanEdition(sheet.Key), `select `+editionColumns+` from form_version where form_id = $1 and number = $2`, sheet.ID, number)
	return e, errs.Wrap(known(err), "version %d of form %d", number, sheet.ID)
}
