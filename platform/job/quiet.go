package job

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"weizheng/platform/clock"
)

// every is how often the same line of River's may appear: with the database away it has one for every poll.
const every = 10 * time.Second

// quiet is River's logger: warnings and errors only, each text once per 10 seconds.
func quiet(log *slog.Logger, c clock.Clock) *slog.Logger {
	return slog.New(&quietHandler{Handler: log.Handler(), clock: c, seen: &seen{last: map[string]time.Time{}}})
}

type quietHandler struct {
	slog.Handler
	clock clock.Clock
	seen  *seen
}

// seen is shared by the handlers that With makes. River has a few dozen texts, so it stays small.
type seen struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// Enabled lets warnings and errors pass.
func (h *quietHandler) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

// Handle drops a text that was there a moment ago.
func (h *quietHandler) Handle(ctx context.Context, r slog.Record) error {
	now := h.clock.Now()
	h.seen.mu.Lock()
	last, known := h.seen.last[r.Message]
	fresh := !known || now.Sub(last) >= every
	if fresh {
		h.seen.last[r.Message] = now
	}
	h.seen.mu.Unlock()
	if !fresh {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the memory.
func (h *quietHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &quietHandler{Handler: h.Handler.WithAttrs(attrs), clock: h.clock, seen: h.seen}
}

// WithGroup keeps the memory.
func (h *quietHandler) WithGroup(name string) slog.Handler {
	return &quietHandler{Handler: h.Handler.WithGroup(name), clock: h.clock, seen: h.seen}
}
