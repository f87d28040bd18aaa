package flow

import (
	"context"
	"embed"
	"log/slog"
	"sync"

	"weizheng/kernel/audit"
	"weizheng/platform/clock"
	"weizheng/platform/db"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema returns the tables of this package; they refer to those of org.
func Schema() db.Schema {
	return db.Embedded("flow", schema)
}

// channel is where replicas tell each other that another version is live; the payload is the flow's key.
const channel = "flow"

type auditor interface {
	Record(ctx context.Context, tx *db.Tx, e audit.Entry) error
}

type hints interface {
	Publish(tx *db.Tx, topic string, id, version int64) error
}

// Deps is what a Service needs. Known tells what the parts of the house offer to definitions whose form has that key.
type Deps struct {
	DB    *db.DB
	Wall  clock.Clock
	Log   *slog.Logger
	Audit auditor
	Hints hints
	Known func(ctx context.Context, form string) (Known, error)

	Reviews Reviews // nil: nobody is asked
}

// Service keeps definitions in versions. Live answers from memory; everything else asks the database.
type Service struct {
	Deps

	mu       sync.RWMutex
	live     map[string]live
	unlisten func()
}

type live struct {
	definition *Definition
	version    int64
}

// New makes the service; Start seeds what is shipped.
func New(d Deps) *Service { return &Service{Deps: d, live: map[string]live{}} }

// Start brings shipped definitions up to date and listens for what other replicas publish.
func (s *Service) Start(ctx context.Context) error {
	s.unlisten = s.DB.Listen(channel, s.forget)
	return s.Seed(ctx)
}

// Stop ends the listening.
func (s *Service) Stop(context.Context) error {
	if s.unlisten != nil {
		s.unlisten()
	}
	return nil
}

// forget drops what is remembered of a key; an empty payload (a lost connection healed) drops all.
func (s *Service) forget(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key == "" {
		clear(s.live)
		return
	}
	delete(s.live, key)
}

// record notes a verb in its transaction and tells browsers and replicas.
func (s *Service) record(ctx context.Context, tx *db.Tx, verb string, f Sheet, detail map[string]any) error {
	err := s.Audit.Record(ctx, tx, audit.Entry{Verb: verb, Object: "flow", ID: f.ID, Unit: f.Unit, Detail: detail})
	if err != nil {
		return err
	}
	if err := tx.Notify(channel, f.Key); err != nil {
		return err
	}
	return s.Hints.Publish(tx, "flow", f.ID, f.Version)
}
