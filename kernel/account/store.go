package account

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// row is an account as it is stored: with its sealed secrets.
type row struct {
	Account
	secret, token, key, keyBefore []byte
}

const columns = `a.id, a.slug, a.name, a.kind, a.verified, a.status, a.status_reason, a.unit_id, u.path, a.original_id, a.appid,
	a.secret_sealed, a.token_sealed, a.key_sealed, a.key_before_sealed, a.key_changed_at, a.mode, a.endpoints, a.oauth_domain,
	a.identity, a.intro, a.principal, a.contact, a.farewell, a.avatar, a.persona_name, a.persona_tone, a.fault_code, a.fault_at,
	a.created_at, a.updated_at, a.version`

const from = ` from account a join unit u on u.id = a.unit_id `

func scanRow(scan db.Scan) (row, error) {
	var (
		r                               row
		endpoints                       []byte
		kind, status, mode              string
		keyChanged, fault, made, edited int64
	)
	p := &r.Profile
	err := scan(&r.ID, &r.Slug, &p.Name, &kind, &r.Verified, &status, &r.StatusReason, &r.UnitID, &r.Unit, &r.OriginalID, &r.AppID,
		&r.secret, &r.token, &r.key, &r.keyBefore, &keyChanged, &mode, &endpoints, &r.OAuthDomain,
		&r.Identity, &p.Intro, &p.Principal, &p.Contact, &p.Farewell, &p.Avatar, &p.Persona.Name, &p.Persona.Tone, &r.Fault.Code, &fault,
		&made, &edited, &r.Version)
	if err != nil {
		return row{}, err
	}
	r.Kind, r.Status, r.Mode = wechat.Kind(kind), Status(status), wechat.Mode(mode)
	r.HasSecret, r.HasToken = len(r.secret) > 0, len(r.token) > 0
	r.HasKey, r.HasKeyBefore = len(r.key) > 0, len(r.keyBefore) > 0
	r.CreatedAt, r.UpdatedAt = clock.FromMillis(made), clock.FromMillis(edited)
	if keyChanged != 0 {
		r.KeyChangedAt = clock.FromMillis(keyChanged)
	}
	if fault != 0 {
		r.Fault.At = clock.FromMillis(fault)
	}
	r.Endpoints, err = decodeEndpoints(endpoints)
	return r, err
}

func scanAccount(scan db.Scan) (Account, error) {
	r, err := scanRow(scan)
	return r.Account, err
}

var errUnknown = errs.New(errs.NotFound, "account.unknown")

// known turns the database's "no row" into this package's.
func known(err error) error {
	if errs.Is(err, errs.NotFound) {
		return errUnknown
	}
	return err
}

func byID(ctx context.Context, q db.Queryer, id int64) (row, error) {
	r, err := db.One(ctx, q, scanRow, `select `+columns+from+`where a.id = $1`, id)
	return r, known(err)
}

func bySlug(ctx context.Context, q db.Queryer, slug string) (row, error) {
	r, err := db.One(ctx, q, scanRow, `select `+columns+from+`where a.slug = $1`, slug)
	return r, known(err)
}

// Get returns one account.
func (s *Service) Get(ctx context.Context, id int64) (Account, error) {
	r, err := byID(ctx, s.DB, id)
	return r.Account, errs.Wrap(err, "load account %d", id)
}

// GetIn is Get inside a transaction or on any reader.
func (s *Service) GetIn(ctx context.Context, q db.Queryer, id int64) (Account, error) {
	r, err := byID(ctx, q, id)
	return r.Account, errs.Wrap(err, "load account %d", id)
}

// BySlug returns one account by its slug.
func (s *Service) BySlug(ctx context.Context, slug string) (Account, error) {
	r, err := bySlug(ctx, s.DB, slug)
	return r.Account, errs.Wrap(err, "load account %q", slug)
}

// UnitOf returns the path of the unit that an account belongs to, from memory.
func (s *Service) UnitOf(ctx context.Context, id int64) (string, error) {
	a, err := s.Known(ctx, id)
	return a.Unit, err
}

// List returns the accounts within reach by slug; there are few (tens), so it has no pages.
func (s *Service) List(ctx context.Context, reach access.Reach) ([]Account, error) {
	where, args := reach.Where("u.path", "a.id", 1)
	list, err := db.All(ctx, s.DB, scanAccount, `select `+columns+from+`where `+where+` order by a.slug`, args...)
	return list, errs.Wrap(err, "list accounts")
}

// unitPath returns the path of a unit that an account is to belong to.
func unitPath(ctx context.Context, q db.Queryer, unit int64) (string, error) {
	path, err := db.One(ctx, q, db.Value[string], `select path from unit where id = $1 and not closed`, unit)
	if errs.Is(err, errs.NotFound) {
		return "", errs.InvalidFields([]errs.Field{{Field: "unit_id", Key: "account.unit"}})
	}
	return path, err
}

// taken tells which of an account's names another one has already.
func taken(ctx context.Context, q db.Queryer, slug, appid string, except int64) (faults, error) {
	type pair struct{ slug, appid string }
	others, err := db.All(ctx, q, func(scan db.Scan) (p pair, err error) {
		err = scan(&p.slug, &p.appid)
		return p, err
	}, `select slug, appid from account where (slug = $1 or appid = $2) and id <> $3`, slug, appid, except)
	var f faults
	for _, o := range others {
		if o.slug == slug {
			f.add("slug", "account.taken")
		}
		if o.appid == appid {
			f.add("appid", "account.taken")
		}
	}
	return f, err
}

// touch runs an update of one account under its version and tells every replica. set uses $4 and up.
func (s *Service) touch(ctx context.Context, tx *db.Tx, a Account, set string, args ...any) error {
	all := append([]any{a.ID, a.Version, clock.Millis(s.Wall.Now())}, args...)
	err := db.ExpectOne(tx.Exec(ctx, `update account set `+set+`, updated_at = $3, version = version + 1 where id = $1 and version = $2`, all...))
	if err != nil {
		return err
	}
	return s.announce(tx, a.ID)
}
