package later_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"sync"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/wechat/sandbox/later"
	"weizheng/wechat/sandbox/state"
)

// bench is a store, its clocks, and what was done.
type bench struct {
	t     *testing.T
	dir   string
	wall  *hand
	civil *clock.Civil
	store *state.Store

	mu   sync.Mutex
	done []string
}

// hand is a wall clock that tests turn.
type hand struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hand) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hand) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func setup(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), wall: &hand{now: time.UnixMilli(1_000_000)}}
	b.civil = clock.NewCivil(b.wall, 0)
	b.open()
	t.Cleanup(func() { b.close() })
	return b
}

func (b *bench) open() {
	b.t.Helper()
	store, err := state.Open(b.t.Context(), state.Config{Dir: b.dir, Log: slog.New(slog.DiscardHandler), Wall: b.wall, Civil: b.civil})
	if err != nil {
		b.t.Fatal(err)
	}
	b.store = store
}

func (b *bench) close() {
	b.t.Helper()
	if err := b.store.Close(context.WithoutCancel(b.t.Context())); err != nil {
		b.t.Error(err)
	}
}

func (b *bench) engine(handlers map[string]later.Handler) *later.Engine {
	return later.New(later.Config{Store: b.store, Log: slog.New(slog.DiscardHandler), Handlers: handlers})
}

// note is a handler that says what it did.
func (b *bench) note(_ context.Context, tx *db.Tx, row state.Later) error {
	var word string
	if err := json.Unmarshal(row.Doc, &word); err != nil {
		return err
	}
	tx.AfterCommit(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.done = append(b.done, word)
	})
	return nil
}

func (b *bench) did() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string{}, b.done...)
}

func (b *bench) add(after time.Duration, kind, word string) {
	b.t.Helper()
	if err := b.store.Write(b.t.Context(), func(tx *db.Tx) error {
		return b.store.AddLater(b.t.Context(), tx, b.store.Civil()+after.Milliseconds(), kind, word)
	}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) sweep(e *later.Engine) {
	b.t.Helper()
	if err := e.Sweep(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) move(d time.Duration) {
	b.t.Helper()
	if err := b.civil.SetOffset(b.civil.Offset() + d); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) want(label string, words ...string) {
	b.t.Helper()
	if got := b.did(); !reflect.DeepEqual(got, append([]string{}, words...)) {
		b.t.Errorf("%s: did %v, want %v", label, got, words)
	}
}

func TestRowsAreDoneInOrderAndNotBeforeTheyAreDue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	e := b.engine(map[string]later.Handler{"note": b.note})
	b.add(2*time.Hour, "note", "third")
	b.add(time.Hour, "note", "first")
	b.add(time.Hour, "note", "second")
	b.sweep(e)
	b.want("at once")
	b.move(time.Hour - time.Millisecond)
	b.sweep(e)
	b.want("a moment before")
	b.move(time.Millisecond)
	b.sweep(e)
	b.sweep(e)
	b.want("after an hour", "first", "second")
	b.move(100 * time.Hour)
	b.sweep(e)
	b.want("long after", "first", "second", "third")
}

func TestWhatARowCausesIsDoneInTheSameSweep(t *testing.T) {
	t.Parallel()
	b := setup(t)
	e := b.engine(map[string]later.Handler{
		"note": b.note,
		"cause": func(ctx context.Context, tx *db.Tx, row state.Later) error {
			return b.store.AddLater(ctx, tx, row.DueAt+1000, "note", "caused")
		},
	})
	b.add(0, "cause", "")
	b.sweep(e)
	b.want("at once: it is due a second later")
	b.move(time.Second)
	b.sweep(e)
	b.want("a second later", "caused")
	b.add(0, "cause", "")
	b.move(time.Minute)
	b.sweep(e)
	b.want("both at once", "caused", "caused")
}

func TestAFailureKeepsTheRowAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	broken, tries := true, 0
	e := b.engine(map[string]later.Handler{"note": b.note, "shaky": func(ctx context.Context, tx *db.Tx, row state.Later) error {
		tries++
		if err := b.store.AddLater(ctx, tx, 0, "note", "by the shaky one"); err != nil {
			return err
		}
		if broken {
			return errors.New("broken")
		}
		return nil
	}})
	b.add(0, "shaky", "")
	b.add(0, "note", "after it")
	b.add(0, "nobody's", "")
	b.sweep(e)
	b.want("with a broken one", "after it")
	b.sweep(e)
	if tries != 1 {
		t.Errorf("tried %d times without a pause", tries)
	}
	broken = false
	b.wall.pass(time.Second)
	b.sweep(e)
	b.want("mended, a second later", "after it", "by the shaky one")
}

func TestARestartLosesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(time.Hour, "note", "kept")
	b.close()
	b.open()
	b.move(time.Hour)
	e := b.engine(map[string]later.Handler{"note": b.note})
	b.sweep(e)
	b.want("after a restart", "kept")
}

func TestMovingTheClockDoesWhatIsDue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	seen := make(chan string, 10)
	e := b.engine(map[string]later.Handler{"tell": func(_ context.Context, tx *db.Tx, row state.Later) error {
		tx.AfterCommit(func() { seen <- string(row.Doc) })
		return nil
	}})
	e.Start(t.Context())
	defer e.Stop()
	for i := range 3 {
		b.add(time.Hour, "tell", fmt.Sprint(i))
	}
	b.move(time.Hour)
	for i := range 3 {
		select {
		case word := <-seen:
			if word != fmt.Sprintf("%q", fmt.Sprint(i)) {
				t.Errorf("row %d came as %s", i, word)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("nothing was done")
		}
	}
}
