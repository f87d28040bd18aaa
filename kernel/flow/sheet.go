package flow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Sheet is a flow as it is kept: its draft, and which version is live.
type Sheet struct {
	ID        int64
	Key       string
	UnitID    int64  // 0: of the whole house
	Unit      string // path; "" of the whole house
	Draft     Definition
	Live      int64 // number of the live version; 0: none
	CreatedAt time.Time
	UpdatedAt time.Time
	EditedBy  int64 // staff who changed the draft last; 0: the house
	Version   int64 // of the row: what an editor saw

	seed string
}

// Object is what permissions are asked for.
func (s Sheet) Object() access.Object { return access.Object{Unit: s.Unit} }

// VersionState is where a version stands.
type VersionState string

// The states of a version: live → retired; offered (it came with a release and waits to be taken over) → live; waiting (a
// colleague looks at it) → live, refused or taken back.
const (
	Live      VersionState = "live"
	Retired   VersionState = "retired"
	Offered   VersionState = "offered"
	Proposed  VersionState = "waiting"
	Refused   VersionState = "refused"
	TakenBack VersionState = "withdrawn"
)

// Origins of a version.
const (
	Local       = "local"
	FromRelease = "shipped"
)

// Edition is one version; its Definition never changes.
type Edition struct {
	ID         int64 // names it for ever: what a matter was opened with
	Number     int64
	Definition Definition
	Digest     string
	Origin     string
	State      VersionState
	MadeBy     int64 // staff; 0: the house
	SettledBy  int64 // staff who approved or refused it; 0: nobody was asked
	Matter     int64 // its review; 0: none
	MadeAt     time.Time
	RetiredAt  time.Time // zero while it is not
}

const (
	sheetColumns = `f.id, f.key, coalesce(f.unit_id, 0), coalesce(u.path, ''), f.draft, f.live, f.seed, f.edited_by, f.created_at, f.updated_at, f.version`
	fromSheet    = ` from flow f left join unit u on u.id = f.unit_id `
)

func scanSheet(scan db.Scan) (s Sheet, err error) {
	var draft []byte
	var created, updated int64
	if err := scan(&s.ID, &s.Key, &s.UnitID, &s.Unit, &draft, &s.Live, &s.seed, &s.EditedBy, &created, &updated, &s.Version); err != nil {
		return s, err
	}
	s.CreatedAt, s.UpdatedAt = clock.FromMillis(created), clock.FromMillis(updated)
	return s, json.Unmarshal(draft, &s.Draft)
}

var errNone = errs.New(errs.NotFound, "flow.none")

func none(err error) error {
	if errs.Is(err, errs.NotFound) {
		return errNone
	}
	return err
}

// Get returns a flow by its id; NotFound "flow.none".
func (s *Service) Get(ctx context.Context, id int64) (Sheet, error) { return get(ctx, s.DB, id) }

func get(ctx context.Context, q db.Queryer, id int64) (Sheet, error) {
	f, err := db.One(ctx, q, scanSheet, `select `+sheetColumns+fromSheet+`where f.id = $1`, id)
	return f, errs.Wrap(none(err), "load flow %d", id)
}

func byKey(ctx context.Context, q db.Queryer, key string) (Sheet, error) {
	f, err := db.One(ctx, q, scanSheet, `select `+sheetColumns+fromSheet+`where f.key = $1`, key)
	return f, errs.Wrap(none(err), "load flow %q", key)
}

// List returns the flows within reach and those of the whole house after an id, in the order they were made.
func (s *Service) List(ctx context.Context, reach access.Reach, after int64, limit int) ([]Sheet, error) {
	where, args := reach.Where("u.path", "", 3)
	list, err := db.All(ctx, s.DB, scanSheet, `select `+sheetColumns+fromSheet+`where f.id > $1 and (f.unit_id is null or `+where+`) order by f.id limit $2`,
		append([]any{after, limit}, args...)...)
	return list, errs.Wrap(err, "list flows")
}

// Keys lists the keys of all flows.
func (s *Service) Keys(ctx context.Context) ([]string, error) {
	list, err := db.All(ctx, s.DB, db.Value[string], `select key from flow order by key`)
	return list, errs.Wrap(err, "list keys of flows")
}

const editionColumns = `id, number, content, digest, origin, state, made_by, made_at, retired_at, settled_by, matter_id`

func scanEdition(scan db.Scan) (e Edition, err error) {
	var content []byte
	var made, retired int64
	if err := scan(&e.ID, &e.Number, &content, &e.Digest, &e.Origin, &e.State, &e.MadeBy, &made, &retired, &e.SettledBy, &e.Matter); err != nil {
		return e, err
	}
	e.MadeAt = clock.FromMillis(made)
	if retired > 0 {
		e.RetiredAt = clock.FromMillis(retired)
	}
	return e, json.Unmarshal(content, &e.Definition)
}

// Editions returns a flow's versions before a number (0: from the newest), newest first.
func (s *Service) Editions(ctx context.Context, id, before int64, limit int) ([]Edition, error) {
	where, args := `flow_id = $1`, []any{id, limit}
	if before > 0 {
		where, args = where+` and number < $3`, append(args, before)
	}
	list, err := db.All(ctx, s.DB, scanEdition, `select `+editionColumns+` from flow_version where `+where+` order by number desc limit $2`, args...)
	return list, errs.Wrap(err, "versions of flow %d", id)
}

// Edition returns one version of a flow; NotFound "flow.none".
func (s *Service) Edition(ctx context.Context, id, number int64) (Edition, error) {
	return edition(ctx, s.DB, id, number)
}

func edition(ctx context.Context, q db.Queryer, id, number int64) (Edition, error) {
	e, err := db.One(ctx, q, scanEdition, `select `+editionColumns+` from flow_version where flow_id = $1 and number = $2`, id, number)
	return e, errs.Wrap(none(err), "version %d of flow %d", number, id)
}

// Live returns the live definition of a key and the id of its version; NotFound "flow.none" when nothing is live. The
// definition is shared: do not change it.
func (s *Service) Live(ctx context.Context, key string) (*Definition, int64, error) {
	s.mu.RLock()
	l, ok := s.live[key]
	s.mu.RUnlock()
	if ok {
		return l.definition, l.version, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := db.One(ctx, s.DB, scanEdition, `select v.id, v.number, v.content, v.digest, v.origin, v.state, v.made_by, v.made_at, v.retired_at, v.settled_by, v.matter_id
		from flow_version v join flow f on f.id = v.flow_id and f.live = v.number where f.key = $1`, key)
	if err != nil {
		return nil, 0, errs.Wrap(none(err), "live version of flow %q", key)
	}
	s.live[key] = live{&e.Definition, e.ID}
	return &e.Definition, e.ID, nil
}

// encode is how a definition is kept, and the digest of that text: the same definition, the same digest.
func encode(d Definition) (text, digest string, err error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return "", "", errs.Wrap(err, "encode flow %q", d.Key)
	}
	sum := sha256.Sum256(raw)
	return string(raw), hex.EncodeToString(sum[:]), nil
}
