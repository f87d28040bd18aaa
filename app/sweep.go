package app

import (
	"context"
	"log/slog"
	"time"

	"weizheng/part"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// sweeper runs every part's sweeps each second on one replica, and at every move of the civil clock.
type sweeper struct {
	db      *db.DB
	log     *slog.Logger
	civil   *clock.Civil
	replica string
	sweeps  []part.Sweep
	poke    chan struct{}
	stop    context.CancelFunc
	done    chan struct{}
}

const (
	sweepLease = "house.sweep"
	sweepEvery = time.Second
	sweepTTL   = 10 * time.Second
)

func newSweeper(d *db.DB, log *slog.Logger, civil *clock.Civil, replica string, sweeps []part.Sweep) *sweeper {
	s := &sweeper{db: d, log: log, civil: civil, replica: replica, sweeps: sweeps, poke: make(chan struct{}, 1)}
	civil.Watch(s.wake)
	return s
}

func (s *sweeper) wake() {
	select {
	case s.poke <- struct{}{}:
	default:
	}
}

func (s *sweeper) Start(ctx context.Context) error {
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.done = make(chan struct{})
	go s.run(ctx)
	return nil
}

func (s *sweeper) Stop(ctx context.Context) error {
	if s.stop == nil {
		return nil
	}
	s.stop()
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
		return errs.Wrap(ctx.Err(), "stop the sweeps")
	}
}

func (s *sweeper) run(ctx context.Context) {
	defer close(s.done)
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			_ = s.db.Release(bye, sweepLease, s.replica)
			return
		case <-ticker.C:
		case <-s.poke:
		}
		ok, err := s.db.Lease(ctx, sweepLease, s.replica, sweepTTL)
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "lease of the sweeps", "error", err)
		}
		if ok {
			s.sweep(ctx)
		}
	}
}

// sweep runs each sweep once; one that fails does not stop the others.
func (s *sweeper) sweep(ctx context.Context) {
	for _, one := range s.sweeps {
		if ctx.Err() != nil {
			return
		}
		if _, err := one.Run(ctx, s.civil.Now()); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "sweep failed; will run again", "sweep", one.Name, "error", err)
		}
	}
}
