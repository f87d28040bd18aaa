package db

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// wireChannel is the one PostgreSQL channel; our channels travel inside the payload, so that listening to one more
	// needs no statement on a connection that is busy waiting.
	wireChannel = "weizheng"
	// reconnectPause is short: without the connection consoles go stale, and the server refuses cheaply.
	reconnectPause = time.Second
	// firstWait bounds how long the first Listen waits for the connection.
	firstWait = 5 * time.Second
)

// remote keeps one connection that listens, for as long as the process lives.
type remote struct {
	config *pgx.ConnConfig
	log    *slog.Logger
	ctx    context.Context

	once   sync.Once
	cancel context.CancelFunc
	tried  chan struct{} // closed after the first attempt
	ended  chan struct{}
	mu     sync.Mutex // guards cancel against close without start
}

// start connects in the background, once, and waits for the first attempt.
func (r *remote) start(w *wire) {
	r.once.Do(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		ctx, cancel := context.WithCancel(r.ctx)
		r.cancel, r.tried, r.ended = cancel, make(chan struct{}), make(chan struct{})
		go r.loop(ctx, w)
	})
	t := time.NewTimer(firstWait)
	defer t.Stop()
	select {
	case <-r.tried:
	case <-t.C:
	}
}

func (r *remote) close() {
	r.once.Do(func() {}) // no start after this
	r.mu.Lock()
	cancel := r.cancel
	r.mu.Unlock()
	if cancel == nil {
		return
	}
	cancel()
	<-r.ended
}

// loop listens, and connects again whenever the connection ends.
func (r *remote) loop(ctx context.Context, w *wire) {
	defer close(r.ended)
	first := true
	report := func() {
		if first {
			first = false
			close(r.tried)
		}
	}
	for {
		deaf := !first
		err := r.listen(ctx, w, func() {
			if deaf {
				w.lost()
			}
			report()
		})
		report()
		if ctx.Err() != nil {
			return
		}
		r.log.WarnContext(ctx, "the listening database connection ended; connecting again", "error", err)
		if !sleep(ctx, reconnectPause) {
			return
		}
	}
}

// listen connects, reports it, and receives until the connection or the context ends.
func (r *remote) listen(ctx context.Context, w *wire, connected func()) error {
	conn, err := pgx.ConnectConfig(ctx, r.config.Copy())
	if err != nil {
		return err
	}
	defer func() {
		// The context is over by now; a polite goodbye must not hold up the shutdown.
		bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(bye)
	}()
	if _, err := conn.Exec(ctx, "listen "+wireChannel); err != nil {
		return err
	}
	connected()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		channel, payload, _ := strings.Cut(n.Payload, "\n")
		w.publish([]note{{channel, payload}})
	}
}
