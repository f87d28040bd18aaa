package crowd

import (
	"context"
	"sync"

	"weizheng/wechat/sandbox/push"
)

// Watch hands what became of callbacks to the citizens who wait for it; its zero value is ready.
type Watch struct {
	mu      sync.Mutex
	waiting map[pair]chan push.Ended
}

type pair struct{ account, citizen int64 }

// Ended is for push.Config.
func (w *Watch) Ended(e push.Ended) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.waiting[pair{e.Account, e.Citizen}] <- e: // nobody waits: a nil channel
	default: // somebody who is told of more than they asked for
	}
}

// expect begins to collect what ends for one citizen of an account; forget ends it.
func (w *Watch) expect(p pair) (ended <-chan push.Ended, forget func()) {
	c := make(chan push.Ended, 8)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting == nil {
		w.waiting = map[pair]chan push.Ended{}
	}
	w.waiting[p] = c
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.waiting, p)
	}
}

// await waits for the end of the callback of a cue.
func await(ctx context.Context, ended <-chan push.Ended, cue string) (push.Ended, bool) {
	for {
		select {
		case e := <-ended:
			if e.Cue == cue {
				return e, true
			}
		case <-ctx.Done():
			return push.Ended{}, false
		}
	}
}
