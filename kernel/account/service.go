package account

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema returns the tables of this package; they refer to those of kernel/org.
func Schema() db.Schema {
	return db.Embedded("account", schema)
}

// Deps is what a Service is made of.
type Deps struct {
	DB        *db.DB
	Ring      *crypt.Ring
	Wall      clock.Clock
	Civil     clock.Clock
	Log       *slog.Logger
	Audit     auditor
	HTTP      http.RoundTripper // to WeChat, and to ourselves for the self-check
	PublicURL string            // where the Internet reaches us, without a trailing slash
	Replica   string            // a name unique per process, for leases
}

// Service holds the verbs and the memory of accounts; it is safe for concurrent use.
type Service struct {
	Deps
	cache cache
	tally tally
	stop  context.CancelFunc
	done  chan struct{}
}

// New makes the service; Start begins to write its counts.
func New(d Deps) *Service {
	s := &Service{Deps: d}
	s.cache.init()
	s.tally.init()
	return s
}

// flushEvery is how long counts of calls and callbacks may be lost by a crash.
const flushEvery = 2 * time.Second

// Start listens for changes by other replicas and writes counts every two seconds; it returns at once.
func (s *Service) Start(ctx context.Context) error {
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.done = make(chan struct{})
	unlisten := s.DB.Listen(channel, s.cache.forget)
	go func() {
		defer close(s.done)
		defer unlisten()
		tick := time.NewTicker(flushEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				s.flushAndLog(ctx)
			}
		}
	}()
	return nil
}

// Stop writes what was counted and ends; ctx bounds it.
func (s *Service) Stop(ctx context.Context) error {
	if s.stop == nil {
		return nil
	}
	s.stop()
	select {
	case <-s.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	return s.Flush(ctx)
}

func (s *Service) flushAndLog(ctx context.Context) {
	if err := s.Flush(ctx); err != nil && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "counts of calls are not written yet", "error", err)
	}
}
