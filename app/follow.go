package app

import (
	"context"
	"time"
)

// follower keeps this replica's civil clock with the newest move; on a house whose clock cannot be moved it does nothing.
type follower struct {
	house    *House
	unlisten func()
	stop     context.CancelFunc
}

const followEvery = 5 * time.Second // heals a lost notification

func (f *follower) Start(ctx context.Context) error {
	if !f.house.config.Movable {
		return nil
	}
	ctx, f.stop = context.WithCancel(context.WithoutCancel(ctx))
	again := make(chan struct{}, 1)
	f.unlisten = f.house.DB.Listen(civilChannel, func(string) {
		select {
		case again <- struct{}{}:
		default:
		}
	})
	go func() {
		ticker := time.NewTicker(followEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-again:
			case <-ticker.C:
			}
			if err := f.house.followCivil(ctx); err != nil && ctx.Err() == nil {
				f.house.log.WarnContext(ctx, "civil clock not followed; will try again", "error", err)
			}
		}
	}()
	return nil
}

func (f *follower) Stop(context.Context) error {
	if f.stop != nil {
		f.stop()
		f.unlisten()
	}
	return nil
}
