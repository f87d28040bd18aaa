package setting

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema returns the tables of this package.
func Schema() db.Schema {
	return db.Embedded("setting", schemaFiles)
}

// Change is what the audit is told.
type Change struct {
	Verb     string // "set" or "unset"
	Name     string
	At       At
	Old, New string // effective texts; Old of a first value is the default
}

// Deps is what the service needs. Declared is asked when serving, so that it may see parts built later. Audit records a
// change in its transaction; this package stands before kernel/audit.
type Deps struct {
	DB       *db.DB
	Wall     clock.Clock
	Log      *slog.Logger
	Declared func() []Declaration
	Audit    func(ctx context.Context, tx *db.Tx, c Change) error
}

// Service answers what a setting's value is, and changes it. It is safe for concurrent use.
type Service struct {
	Deps
	declared func() (map[string]Declaration, []Declaration)
	values   atomic.Pointer[snapshot]
	mu       sync.Mutex // one reload at a time
	stop     func()
}

// channel is where replicas hear that a value changed.
const channel = "setting"

// New makes the service; it reads the values at Start, or at the first question.
func New(d Deps) *Service {
	s := &Service{Deps: d}
	s.declared = sync.OnceValues(func() (map[string]Declaration, []Declaration) {
		list := d.Declared()
		byName := make(map[string]Declaration, len(list))
		for _, x := range list {
			byName[x.Name] = x
		}
		return byName, list
	})
	return s
}

// Start checks the declarations, reads all values and listens for changes from now on.
func (s *Service) Start(ctx context.Context) error {
	byName, list := s.declared()
	for _, d := range list {
		if f := d.fault(); f != "" {
			return fmt.Errorf("setting %q %s", d.Name, f)
		}
	}
	if len(byName) != len(list) {
		return fmt.Errorf("a setting is declared twice among %d", len(list))
	}
	if err := s.reload(ctx); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	s.stop = s.DB.Listen(channel, func(string) {
		if err := s.reload(ctx); err != nil {
			s.Log.WarnContext(ctx, "settings not read again, the last known hold", "error", err)
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

// declaration returns what was declared under a name. Asking for a name that no part declares is a defect of the caller,
// and an invented value would hide it: it panics.
func (s *Service) declaration(name string, t Type) Declaration {
	byName, _ := s.declared()
	d, ok := byName[name]
	if !ok || d.Type != t {
		panic(fmt.Sprintf("setting: no part declares %q of type %s", name, t))
	}
	return d
}
