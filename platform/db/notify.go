package db

import (
	"errors"
	"strings"
	"sync"

	"weizheng/platform/errs"
)

// payloadLimit is PostgreSQL's limit for one notification (8000 bytes with the terminator), less our channel name.
const payloadLimit = 7900

// note is one notification on its way.
type note struct{ channel, payload string }

// Notify tells every listener of the channel, in all processes on this database, after the commit and in the order of
// commits. Nobody is told when the transaction rolls back. A notification is a hint and may be lost with a connection:
// say what to look at, not what happened. Channel and payload together take at most 7900 bytes; the channel must not
// hold a line break.
//
// On PostgreSQL commits with a notification wait for each other: keep it out of paths that run a thousand times a second.
func (t *Tx) Notify(channel, payload string) error {
	if len(channel)+len(payload) > payloadLimit || strings.ContainsAny(channel, "\n\x00") || strings.Contains(payload, "\x00") {
		return errs.New(errs.Internal, "db.notify").Because(errors.New("the notification is too long or has a bad channel: " + channel))
	}
	if t.db.dialect == Postgres {
		_, err := t.Exec(t.ctx, "select pg_notify($1, $2)", wireChannel, channel+"\n"+payload)
		return err
	}
	if _, err := t.enter(t.ctx); err != nil {
		return err
	}
	t.notes = append(t.notes, note{channel, payload})
	return nil
}

// Listen calls fn for every notification of the channel from now on, one at a time, in a goroutine of its own, until
// stop is called; stop waits for a running call, so fn must not call it. An empty payload means that notifications may
// have been lost (the connection was away, or fn was slower than 256 notifications): look at everything. Send no empty
// payload yourself unless that is what you mean.
//
// On PostgreSQL the first Listen opens the one connection that all listeners share and waits up to 5 s for it; without
// it the listener starts deaf and is told by an empty payload once the connection is there.
func (d *DB) Listen(channel string, fn func(payload string)) (stop func()) {
	return d.wire.listen(channel, fn)
}

// wire delivers notifications to the listeners of this process. With a remote they come from PostgreSQL, without one
// from the writer.
type wire struct {
	remote *remote

	mu        sync.Mutex
	listeners map[*listener]bool
	closed    bool
}

func newWire(r *remote) *wire { return &wire{remote: r, listeners: map[*listener]bool{}} }

// backlog is how many notifications wait for a slow listener before they become one empty payload.
const backlog = 256

type listener struct {
	channel string
	fn      func(string)
	wake    chan struct{} // one pending wake-up
	ended   chan struct{}

	mu      sync.Mutex
	pending []string
	gone    bool
}

func (w *wire) listen(channel string, fn func(string)) func() {
	l := &listener{channel: channel, fn: fn, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	w.mu.Lock()
	closed := w.closed
	if !closed {
		w.listeners[l] = true
	}
	w.mu.Unlock()
	if closed {
		return func() {}
	}
	go l.deliver()
	if w.remote != nil {
		w.remote.start(w)
	}
	return func() {
		w.mu.Lock()
		delete(w.listeners, l)
		w.mu.Unlock()
		l.stop()
	}
}

// publish hands notes to the listeners without waiting for any.
func (w *wire) publish(notes []note) {
	if len(notes) == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range notes {
		for l := range w.listeners {
			if l.channel == n.channel {
				l.put(n.payload)
			}
		}
	}
}

// lost tells every listener that notifications may be missing.
func (w *wire) lost() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for l := range w.listeners {
		l.put("")
	}
}

func (w *wire) close() {
	w.mu.Lock()
	w.closed = true
	all := w.listeners
	w.listeners = map[*listener]bool{}
	w.mu.Unlock()
	if w.remote != nil {
		w.remote.close()
	}
	for l := range all {
		l.stop()
	}
}

func (l *listener) put(payload string) {
	l.mu.Lock()
	if len(l.pending) >= backlog {
		l.pending = append(l.pending[:0], "")
	} else {
		l.pending = append(l.pending, payload)
	}
	l.mu.Unlock()
	l.nudge()
}

func (l *listener) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *listener) stop() {
	l.mu.Lock()
	l.gone = true
	l.mu.Unlock()
	l.nudge()
	<-l.ended
}

func (l *listener) deliver() {
	defer close(l.ended)
	for range l.wake {
		for {
			l.mu.Lock()
			if l.gone {
				l.mu.Unlock()
				return
			}
			if len(l.pending) == 0 {
				l.mu.Unlock()
				break
			}
			payload := l.pending[0]
			l.pending = l.pending[1:]
			l.mu.Unlock()
			l.fn(payload)
		}
	}
}
