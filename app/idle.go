package app

import (
	"context"
	"time"
)

// idlePoll is how often Settled and Idle look; they are for the demo's history and for tests.
const idlePoll = time.Millisecond

// Settled returns when every recorded callback was handed to the subscribers.
func (h *House) Settled(ctx context.Context) error {
	return until(ctx, func() (bool, error) {
		unread, err := h.Gateway.Unread(ctx)
		return unread == 0, err
	})
}

// Idle returns when, besides, no job is due or running.
func (h *House) Idle(ctx context.Context) error {
	if err := h.Settled(ctx); err != nil {
		return err
	}
	return until(ctx, func() (bool, error) {
		stats, err := h.Jobs.Stats(ctx)
		for _, s := range stats {
			if s.Waiting+s.Running > 0 {
				return false, err
			}
		}
		return true, err
	})
}

func until(ctx context.Context, done func() (bool, error)) error {
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(idlePoll):
		}
	}
}
