package matter

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

var all = access.Reach{All: true}

var errCrash = errors.New("the power is off")

// breaker fails at the nth thing that the package asks of others inside a transaction.
type breaker struct {
	mu   sync.Mutex
	left int // 0: never
	next Auditor
}

func (b *breaker) step() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left--; b.left == 0 {
		return errCrash
	}
	return nil
}

func (b *breaker) Record(ctx context.Context, tx *db.Tx, e audit.Entry) error {
	if err := b.step(); err != nil {
		return err
	}
	return b.next.Record(ctx, tx, e)
}

// Whatever fails between two steps of a change, the matter is as it was before, and the same call works afterwards.
func TestBeforeOrAfterNeverBetween(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		b := &breaker{next: h.Audit}
		h.Audit = b
		effects := h.Effects
		h.Effects = func(name string) (Effect, bool) {
			effect, ok := effects(name)
			return func(ctx context.Context, tx *db.Tx, id int64, params map[string]string) error {
				if err := b.step(); err != nil {
					return err
				}
				return effect(ctx, tx, id, params)
			}, ok
		}
		h.Told = append(h.Told, func(context.Context, *db.Tx, []Told) error { return b.step() })
		o := h.errand()
		h.ready.Store(o.Matter, true)
		h.do(deskA, o.Matter, "take", In{})
		h.do(deskB, o.Matter, "assign", In{Staff: handA})
		h.do(handA, o.Matter, "finish", In{})
		for n := 1; ; n++ {
			before := h.everything()
			b.left = n
			_, err := h.Act(h.as(deskB), o.Matter, "approve", In{Key: "the end"})
			b.left = 0
			if err == nil {
				if n < 3 {
					t.Errorf("only %d steps were broken", n-1)
				}
				break
			}
			if !errors.Is(err, errCrash) {
				t.Fatal(err)
			}
			if after := h.everything(); after != before {
				t.Errorf("broken at step %d, yet something changed:\n%s\n%s", n, before, after)
			}
			h.sound()
		}
		if done := h.do(deskB, o.Matter, "approve", In{Key: "the end"}); !done.Again {
			t.Error("the key was not kept with what it did")
		}
		h.sound()
	})
}

// everything counts the rows of all tables.
func (h *house) everything() string {
	h.t.Helper()
	var text string
	for _, table := range []string{"matter", "matter_event", "matter_clock", "matter_deadline", "matter_party", "matter_unit", "matter_once",
		"matter_notice", "audit_entry", "river_job"} {
		n, err := db.One(h.t.Context(), h.DB, db.Value[int64], "select count(*) from "+table)
		if err != nil {
			h.t.Fatal(err)
		}
		text += fmt.Sprintf("%s %d ", table, n)
	}
	m := h.get(1)
	return text + fmt.Sprint(m.State, m.Version, m.run)
}

// Many people at once on one matter: each action happens once or is refused with what came before it; none is lost.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand()
		var done, refused sync.Map
		var people sync.WaitGroup
		for i := range 8 {
			people.Go(func() {
				_, err := h.Act(h.as(deskA), o.Matter, "note", In{Version: 1, Reason: fmt.Sprint("第", i, "条")})
				switch {
				case err == nil:
					done.Store(i, true)
				case errs.Is(err, errs.Conflict):
					refused.Store(i, true)
				default:
					t.Error(err)
				}
			})
		}
		people.Wait()
		if size(&done) != 1 || size(&refused) != 7 {
			t.Errorf("%d done, %d refused", size(&done), size(&refused))
		}
		h.sound()
	})
}

// The same request under the same key from many at the same moment happens once, and all hear the same; of different
// requests under one key the first counts.
func TestTheSameKeyAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.errand()
		for _, c := range []struct {
			label string
			do    func(n int) (Done, error)
			taken int
		}{
			{"an action after which it cannot be done again", func(int) (Done, error) { return h.Act(h.as(deskA), o.Matter, "take", In{Key: "take"}) }, 8},
			{"an opening", func(int) (Done, error) {
				o, err := h.Open(h.as(deskA), OpenIn{Flow: "errand", Unit: 1, Title: "一件", Key: "open"})
				return o.Done, err
			}, 8},
			{"different words under one key", func(n int) (Done, error) {
				return h.Act(h.as(deskA), o.Matter, "note", In{Key: "note", Reason: fmt.Sprint(n)})
			}, 1},
		} {
			var people sync.WaitGroup
			var done sync.Map
			firsts := make(chan bool, 8)
			begin := make(chan struct{})
			for n := range 8 {
				people.Go(func() {
					<-begin
					d, err := c.do(n)
					if errs.Is(err, errs.Conflict) && c.taken == 1 {
						return
					}
					if err != nil {
						t.Errorf("%s: %v", c.label, err)
						return
					}
					firsts <- !d.Again
					d.Again = false
					done.Store(d, true)
				})
			}
			close(begin)
			people.Wait()
			close(firsts)
			n, first := 0, 0
			for one := range firsts {
				n++
				if one {
					first++
				}
			}
			if n != c.taken || first != 1 || size(&done) != 1 {
				t.Errorf("%s: %d heard of %d, %d of them did it, %d different things", c.label, n, c.taken, first, size(&done))
			}
		}
		h.sound()
	})
}

func size(m *sync.Map) (n int) {
	m.Range(func(any, any) bool { n++; return true })
	return n
}
