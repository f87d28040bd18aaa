package matter

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Matter is one matter as lists and heads show it. Instants are civil milliseconds.
type Matter struct {
	ID       int64
	Number   string
	Code     string
	Kind     string
	FlowID   int64
	State    string
	Held     Held
	Version  int64
	Account  int64 // 0: none
	Owner    int64 // unit where it was opened
	Unit     int64 // unit where it lies
	Assignee int64 // 0: nobody
	Opener   Actor
	Citizen  int64 // 0: none
	Subject  Ref
	Parent   int64
	Sealed   bool
	OpenedAt int64
	YellowAt int64 // never: no clock runs
	DueAt    int64
	ClosedAt int64 // 0: open
	Worst    Light // that a stopped clock reached
	Outcome  string
	Updated  int64
	Title    string // of a sealed one only for its parties

	parentRef string
	seal      []byte
	run       string
}

// Ref is a thing that a matter is about: part.Ref without the contract.
type Ref struct {
	Kind string `json:"kind"`
	ID   int64  `json:"id"`
}

// Actor is who did something, as it is kept.
type Actor struct {
	Kind string
	ID   int64
}

// actorOf returns the actor of ctx as it is kept.
func actorOf(ctx context.Context) Actor {
	who := access.From(ctx)
	return Actor{who.Kind.String(), who.ID}
}

// Light is the matter's light at a civil instant.
func (m *Matter) Light(now int64) Light {
	if m.Held == Over {
		return m.Worst
	}
	return lightAt(now, m.YellowAt, m.DueAt)
}

// Due returns when the first running clock falls due; 0 when none runs.
func (m *Matter) Due() int64 {
	if m.DueAt >= never {
		return 0
	}
	return m.DueAt
}

const matterColumns = `m.id, m.number, m.code, m.kind, m.flow_id, m.state, m.held, m.version, coalesce(m.account_id, 0), m.owner_id,
	m.unit_id, coalesce(m.assignee_id, 0), m.opener_kind, m.opener_id, coalesce(m.citizen_id, 0), m.subject, m.subject_id,
	coalesce(m.parent_id, 0), m.parent_ref, m.sealed, m.opened_at, m.yellow_at, m.due_at, m.closed_at, m.worst, m.outcome, m.updated_at,
	m.title, m.seal`

func (m *Matter) columns() []any {
	return []any{&m.ID, &m.Number, &m.Code, &m.Kind, &m.FlowID, &m.State, &m.Held, &m.Version, &m.Account, &m.Owner,
		&m.Unit, &m.Assignee, &m.Opener.Kind, &m.Opener.ID, &m.Citizen, &m.Subject.Kind, &m.Subject.ID,
		&m.Parent, &m.parentRef, &m.Sealed, &m.OpenedAt, &m.YellowAt, &m.DueAt, &m.ClosedAt, &m.Worst, &m.Outcome, &m.Updated, &m.Title, &m.seal}
}

// scanHead reads a matter without its run.
func scanHead(scan db.Scan) (m Matter, err error) { return m, scan(m.columns()...) }

func scanMatter(scan db.Scan) (m Matter, err error) { return m, scan(append(m.columns(), &m.run)...) }

var errNone = errs.New(errs.NotFound, "matter.none")

func known(err error) error {
	if errs.Is(err, errs.NotFound) {
		return errNone
	}
	return err
}

// load reads a matter with its run; lock keeps others from changing it until the commit.
func load(ctx context.Context, q db.Queryer, id int64, lock string) (Matter, error) {
	m, err := db.One(ctx, q, scanMatter, `select `+matterColumns+`, m.run from matter m where m.id = $1`+lock, id)
	return m, errs.Wrap(known(err), "load matter %d", id)
}

// heads reads matters in the order of ids; those that are gone are left out.
func heads(ctx context.Context, q db.Queryer, ids []int64) ([]Matter, error) {
	if len(ids) == 0 {
		return []Matter{}, nil
	}
	in, args := inList(1, ids)
	found, err := db.All(ctx, q, scanHead, `select `+matterColumns+` from matter m where m.id in `+in, args...)
	if err != nil {
		return nil, errs.Wrap(err, "load %d matters", len(ids))
	}
	byID := make(map[int64]int, len(found))
	for i := range found {
		byID[found[i].ID] = i
	}
	out := make([]Matter, 0, len(found))
	for _, id := range ids {
		if i, ok := byID[id]; ok {
			out = append(out, found[i])
		}
	}
	return out, nil
}

func (s *Service) now() int64 { return clock.Millis(s.Civil.Now()) }

// orNull keeps a missing reference out of a foreign key.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
