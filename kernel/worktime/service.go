package worktime

import (
	"context"
	"embed"
	"log/slog"
	"sync"
	"sync/atomic"

	"weizheng/kernel/audit"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema returns the tables of this package.
func Schema() db.Schema {
	return db.Embedded("worktime", schemaFiles)
}

// Auditor records what was done, in the verb's transaction.
type Auditor interface {
	Record(ctx context.Context, tx *db.Tx, e audit.Entry) error
}

// Hints tells browsers that something changed.
type Hints interface {
	Publish(tx *db.Tx, topic string, id, version int64) error
}

// Deps is what the service needs. Changed, unless nil, is told in the transaction of every change, so that running terms can
// be counted again.
type Deps struct {
	DB          *db.DB
	Wall, Civil clock.Clock
	Log         *slog.Logger
	Audit       Auditor
	Hints       Hints
	Changed     func(ctx context.Context, tx *db.Tx, v Version) error
}

// Service keeps what calendars are made of, and hands them out from memory. It is safe for concurrent use.
type Service struct {
	Deps
	known atomic.Pointer[snapshot]
	mu    sync.Mutex // one reload at a time
	stop  func()
}

// channel is where replicas hear that a version was added.
const channel = "worktime"

// New makes the service; it reads the versions at Start, or at the first question.
func New(d Deps) *Service { return &Service{Deps: d} }

// Start reads all versions and listens for changes from now on.
func (s *Service) Start(ctx context.Context) error {
	if err := s.reload(ctx); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	s.stop = s.DB.Listen(channel, func(string) {
		if err := s.reload(ctx); err != nil {
			s.Log.WarnContext(ctx, "working calendars not read again, the last known hold", "error", err)
		}
	})
	return nil
}

// Stop ends the listening.
func (s *Service) Stop(context.Context) error {
	if s.stop != nil {
		s.stop()
	}
	return nil
}

// Calendar returns the calendar of a unit, given by its path ("/1/4/"); "" or "/" is that of the whole installation. Local days of units above
// hold for those below, a lower unit's over them; of the hours those of the nearest unit hold.
func (s *Service) Calendar(ctx context.Context, unit string) (*Calendar, error) {
	snap, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	return snap.calendar(unit)
}

// Would returns what a unit's calendar would be if a list took the place of its year's: to show what moves before it counts.
func (s *Service) Would(ctx context.Context, unit string, list Year) (*Calendar, error) {
	if err := list.Validate(); err != nil {
		return nil, err
	}
	snap, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	trial, err := newSnapshot(append([]Version{{Kind: OfYear, Year: &list}}, snap.versions...))
	if err != nil {
		return nil, err
	}
	return trial.calendar(unit)
}

func (s *Service) current(ctx context.Context) (*snapshot, error) {
	if snap := s.known.Load(); snap != nil {
		return snap, nil
	}
	if err := s.reload(ctx); err != nil {
		return nil, err
	}
	return s.known.Load(), nil
}

func (s *Service) reload(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	versions, err := newest(ctx, s.DB)
	if err != nil {
		return errs.Wrap(err, "read the working calendars")
	}
	snap, err := newSnapshot(versions)
	if err != nil {
		return errs.Wrap(err, "build the working calendars")
	}
	s.known.Store(snap)
	return nil
}
