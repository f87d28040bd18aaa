package matter

import (
	"context"
	"embed"
	"log/slog"
	"sync"

	"weizheng/kernel/audit"
	"weizheng/kernel/flow"
	"weizheng/kernel/org"
	"weizheng/kernel/worktime"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/job"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema returns the tables of this package; they refer to those of kernel/org, account and citizen.
func Schema() db.Schema {
	return db.Embedded("matter", schemaFiles)
}

// Auditor records what was done, in the verb's transaction.
type Auditor interface {
	Record(ctx context.Context, tx *db.Tx, e audit.Entry) error
}

// Flows gives the definition that new matters of a key run under, with its version.
type Flows interface {
	Live(ctx context.Context, key string) (*flow.Definition, int64, error)
}

// Calendars gives the working time of a unit, named by its path.
type Calendars interface {
	Calendar(ctx context.Context, unit string) (*worktime.Calendar, error)
}

// Units is the tree of government.
type Units interface {
	Unit(ctx context.Context, id int64) (org.Unit, error)
	Units(ctx context.Context, reach access.Reach) ([]org.Unit, error)
}

// Staff says what a member of staff may do, Unauthenticated or NotFound for one who is not there any more; and who holds a
// permission for a unit, the nearest first.
type Staff interface {
	Actor(ctx context.Context, staff int64) (access.Actor, error)
	Holders(ctx context.Context, f org.HolderFilter) ([]org.Holder, error)
}

// Hints tells browsers that something changed.
type Hints interface {
	Publish(tx *db.Tx, topic string, id, version int64) error
}

// Guard answers whether a condition that a definition names holds for a matter.
type Guard func(ctx context.Context, tx *db.Tx, matter int64, params map[string]string) (bool, error)

// Effect is a consequence that a definition names. It runs in the transaction of the action; what must reach the outside
// world it enqueues there as a job.
type Effect func(ctx context.Context, tx *db.Tx, matter int64, params map[string]string) error

// Told is one notice of a matter to one person: To.Who is staff or the citizen outside, never empty; Role, Lead and Unit
// of To say as what a member of staff is told. One person is told once by one notice of one event (Event, Kind and To.Who
// together are its key). Hooks that hear of it run in the transaction of what it tells of, and enqueue what they send: it
// commits once, whatever was tried again or crashed.
//
// Staff find theirs among their Notices as well. The party outside has no such list here: To.Who.CitizenID() says who it
// is, and a hook of the part that talks to citizens sends it, or it is not sent.
type Told struct {
	Matter, Event int64
	Kind          string // "yellow", "red", or the notice's name in the definition
	Text          string // key of its text; "" for lights
	To            flow.Waiter
	At            int64 // civil ms
}

// Deps is what a Service is made of. Guards and Effects are asked when serving; unknown names are a defect of the
// definition, which flow's validation finds before it goes live.
type Deps struct {
	DB          *db.DB
	Jobs        *job.Jobs
	Ring        *crypt.Ring
	Wall, Civil clock.Clock
	Log         *slog.Logger
	Audit       Auditor
	Flows       Flows
	Calendars   Calendars
	Units       Units
	Staff       Staff
	Hints       Hints
	Forms       Forms
	Guards      func(name string) (Guard, bool)
	Effects     func(name string) (Effect, bool)
	Told        []func(ctx context.Context, tx *db.Tx, told []Told) error
	Keeps       Keeping
	Purging     []func(ctx context.Context, tx *db.Tx, matters []int64) error // lets go of matters that are about to be removed
}

// Topic is the hints' topic: its id is the matter's.
const Topic = "matter"

// Service holds the verbs. It remembers facets, definitions and, for less than a second, units and who holds what there;
// it is safe for concurrent use.
type Service struct {
	Deps
	facets  *facets
	units   unitCache
	holders holderCache

	mu     sync.RWMutex
	papers map[int64]*paper
}

// New makes the service and registers its jobs.
func New(d Deps) *Service {
	s := &Service{Deps: d, facets: newFacets(), papers: map[int64]*paper{}}
	s.units.seen = map[int64]unitSeen{}
	s.holders.seen = map[org.HolderFilter]holdersSeen{}
	job.Handle(d.Jobs, job.Bulk, s.recomputeStep)
	job.Handle(d.Jobs, job.Bulk, s.rehangStep)
	return s
}
